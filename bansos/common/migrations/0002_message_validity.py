from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0001_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='message',
            name='message_has_an_address',
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_state_known',
        ),
        migrations.AddField(
            model_name='message',
            name='valid_until',
            field=models.DateTimeField(null=True, verbose_name='dikirim paling lambat'),
        ),
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('WAITING', 'menunggu dikirim'), ('SENT', 'terkirim'), ('DEAD', 'tidak terkirim, perlu orang'), ('LAPSED', 'lewat waktunya, tidak dikirim')], default='WAITING', max_length=7, verbose_name='keadaan'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('channel', 'PRINT'), ('user__isnull', False), models.Q(('index__isnull', False), ('sealed__isnull', False)), ('state__in', ['SENT', 'LAPSED']), _connector='OR'), name='message_has_an_address'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'SENT', 'DEAD', 'LAPSED'])), name='message_state_known'),
        ),
    ]
