from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0002_letters'),
    ]

    operations = [
        migrations.AddField(
            model_name='fieldvisit',
            name='denies_tie',
            field=models.BooleanField(default=False, verbose_name='menyatakan bukan keluarga atau kerabat'),
        ),
    ]
