import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recipients', '0004_name_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='accesslog',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='oleh'),
        ),
        migrations.AlterField(
            model_name='accesslog',
            name='kind',
            field=models.CharField(choices=[('OPEN_FAMILY', 'membuka data keluarga'), ('OPEN_OBJECTION', 'membuka sanggahan'), ('REVEAL', 'melihat nomor lengkap'), ('SEARCH', 'mencari nomor'), ('EXPORT', 'mengunduh daftar'), ('PRINT_LETTER', 'mencetak surat'), ('OWN_CODE', 'keluarga membuka datanya sendiri dengan kode')], max_length=14, verbose_name='perbuatan'),
        ),
        migrations.AddConstraint(
            model_name='accesslog',
            constraint=models.CheckConstraint(condition=models.Q(('by__isnull', False), models.Q(('family__isnull', False), ('kind', 'OWN_CODE')), _connector='OR'), name='access_log_names_who_looked'),
        ),
    ]
