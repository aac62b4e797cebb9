from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0006_office_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='officerule',
            name='office_rule_value_known',
        ),
        migrations.AlterField(
            model_name='officerule',
            name='name',
            field=models.CharField(choices=[('EVIDENCE_YEARS', 'lama menyimpan bukti sesudah sanggahan selesai'), ('LIST_MEMBERSHIP', 'cek daftar penerima dengan NIK dan tanggal lahir')], max_length=20, verbose_name='aturan'),
        ),
        migrations.AddConstraint(
            model_name='officerule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', 'EVIDENCE_YEARS'), ('value__range', (1, 30))), models.Q(('name', 'LIST_MEMBERSHIP'), ('value__in', (0, 1))), _connector='OR'), name='office_rule_value_known'),
        ),
    ]
