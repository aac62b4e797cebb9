import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from objections.migrations._letters import LETTERS_STAY, TEXTS_STAY, fill


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0001_objections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=100, unique=True)),
                ('text_sealed', models.BinaryField()),
                ('made_at', models.DateTimeField(verbose_name='dibuat')),
                ('prints', models.PositiveSmallIntegerField(default=0, verbose_name='kali dicetak')),
                ('printed_at', models.DateTimeField(null=True, verbose_name='dicetak')),
                ('handed_on', models.DateField(null=True, verbose_name='diserahkan')),
                ('handed_to', models.CharField(blank=True, max_length=120, verbose_name='diterima oleh')),
            ],
            options={
                'verbose_name': 'surat',
                'verbose_name_plural': 'surat',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='LetterTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CHANGE', 'pemberitahuan perubahan (L1)'), ('TO_CENTRE', 'disetujui, diusulkan ke pusat (L2)'), ('UPHELD', 'disetujui, kewenangan kabupaten'), ('REJECTED', 'tidak disetujui (L3)'), ('COMPLETION', 'perlu dilengkapi (L4)'), ('VILLAGE', 'untuk kepala desa (L5)'), ('NEWS', 'kabar sanggahan, bagi yang tidak punya HP')], max_length=10, verbose_name='jenis surat')),
                ('version', models.PositiveSmallIntegerField(verbose_name='versi')),
                ('title', models.CharField(max_length=90, verbose_name='judul surat')),
                ('body', models.TextField(max_length=4000, verbose_name='isi surat')),
                ('state', models.CharField(choices=[('WAITING', 'menunggu orang kedua'), ('APPROVED', 'disetujui'), ('WITHDRAWN', 'dibatalkan')], default='WAITING', max_length=9, verbose_name='keadaan')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ditulis')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='diputus')),
            ],
            options={
                'verbose_name': 'teks surat',
                'verbose_name_plural': 'teks surat',
                'ordering': ['kind', '-version'],
                'permissions': [('approve_lettertemplate', "May approve a letter's text that somebody else wrote")],
            },
        ),
        migrations.RemoveConstraint(
            model_name='servicetime',
            name='service_step_known',
        ),
        migrations.AlterField(
            model_name='servicetime',
            name='step',
            field=models.CharField(choices=[('URGENT', 'membaca sanggahan mendesak'), ('TRIAGE', 'membaca sanggahan'), ('VISIT', 'mengecek'), ('DECISION', 'memutuskan'), ('REEXAM', 'memeriksa ulang'), ('EXPLAIN', 'menjelaskan jawaban pusat'), ('COMPLETION', 'warga melengkapi'), ('OBJECT', 'masa sanggah sejak rilis terbit'), ('ASK_AGAIN', 'warga minta diperiksa ulang')], max_length=10, unique=True, verbose_name='langkah'),
        ),
        migrations.AddConstraint(
            model_name='servicetime',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['URGENT', 'TRIAGE', 'VISIT', 'DECISION', 'REEXAM', 'EXPLAIN', 'COMPLETION', 'OBJECT', 'ASK_AGAIN'])), name='service_step_known'),
        ),
        migrations.AddField(
            model_name='letter',
            name='handed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicatat oleh'),
        ),
        migrations.AddField(
            model_name='letter',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh'),
        ),
        migrations.AddField(
            model_name='letter',
            name='objection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='objections.objection', verbose_name='sanggahan'),
        ),
        migrations.AddField(
            model_name='letter',
            name='printed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dicetak oleh'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diputus oleh'),
        ),
        migrations.AddField(
            model_name='lettertemplate',
            name='written_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ditulis oleh'),
        ),
        migrations.AddField(
            model_name='letter',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='objections.lettertemplate', verbose_name='teks surat'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.UniqueConstraint(fields=('kind', 'version'), name='letter_version_once'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('kind',), name='letter_one_draft_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['CHANGE', 'TO_CENTRE', 'UPHELD', 'REJECTED', 'COMPLETION', 'VILLAGE', 'NEWS'])), name='letter_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='lettertemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('settled_by', None), models.Q(('settled_by', models.F('written_by')), _negated=True), _connector='OR'), name='letter_text_approved_by_another'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('printed_at', None)), fields=['objection'], name='letter_waiting_of_case'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('printed_at', None), ('printed_by', None), ('prints', 0)), models.Q(('printed_at__isnull', False), ('printed_by__isnull', False), ('prints__gte', 1)), _connector='OR'), name='letter_printed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('handed_by', None), ('handed_on', None), ('handed_to', '')), models.Q(('handed_by__isnull', False), ('handed_on__isnull', False), ('printed_at__isnull', False), models.Q(('handed_to', ''), _negated=True)), _connector='OR'), name='letter_handed_to_somebody'),
        ),
        migrations.RunSQL(TEXTS_STAY),
        migrations.RunSQL(LETTERS_STAY),
        migrations.RunPython(fill),
    ]
