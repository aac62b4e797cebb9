import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

CLIPS_STAY = """
CREATE FUNCTION objections_keep_audio_clip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a recording is never rewritten or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audio_clip_settled BEFORE UPDATE ON objections_audioclip FOR EACH ROW
WHEN (OLD.state <> 'WAITING'
      OR (OLD.about, OLD.version, OLD.transcript, OLD.sound, OLD.media_type, OLD.written_by_id, OLD.written_at)
      IS DISTINCT FROM
      (NEW.about, NEW.version, NEW.transcript, NEW.sound, NEW.media_type, NEW.written_by_id, NEW.written_at))
EXECUTE FUNCTION objections_keep_audio_clip();

CREATE TRIGGER audio_clip_kept BEFORE DELETE ON objections_audioclip FOR EACH ROW
EXECUTE FUNCTION objections_keep_audio_clip();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0011_village_help'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AudioClip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='versi')),
                ('state', models.CharField(choices=[('WAITING', 'menunggu orang kedua'), ('APPROVED', 'disetujui'), ('WITHDRAWN', 'dibatalkan')], default='WAITING', max_length=9, verbose_name='keadaan')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ditulis')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='diputus')),
                ('about', models.CharField(choices=[('HOME_ID', 'halaman awal, bahasa Indonesia'), ('HOME_SAS', 'halaman awal, bahasa Sasak'), ('REASONS_ID', 'pilihan yang tidak benar, bahasa Indonesia'), ('REASONS_SAS', 'pilihan yang tidak benar, bahasa Sasak'), ('RECEIPT_ID', 'tanda terima, bahasa Indonesia'), ('RECEIPT_SAS', 'tanda terima, bahasa Sasak'), ('HELP_ID', 'halaman bantuan, bahasa Indonesia'), ('HELP_SAS', 'halaman bantuan, bahasa Sasak')], max_length=11, verbose_name='untuk')),
                ('transcript', models.TextField(blank=True, max_length=600, verbose_name='kata-katanya')),
                ('sound', models.BinaryField(blank=True)),
                ('media_type', models.CharField(blank=True, max_length=12)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diputus oleh')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ditulis oleh')),
            ],
            options={
                'verbose_name': 'rekaman suara',
                'verbose_name_plural': 'rekaman suara',
                'ordering': ['about', '-version'],
                'permissions': [('approve_audioclip', 'May approve a recording that somebody else brought')],
                'constraints': [models.UniqueConstraint(fields=('about', 'version'), name='audio_clip_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('about',), name='audio_clip_one_draft_a_place'), models.CheckConstraint(condition=models.Q(('about__in', ['HOME_ID', 'HOME_SAS', 'REASONS_ID', 'REASONS_SAS', 'RECEIPT_ID', 'RECEIPT_SAS', 'HELP_ID', 'HELP_SAS'])), name='audio_clip_about_known'), models.CheckConstraint(condition=models.Q(models.Q(('media_type', ''), ('sound', b''), ('transcript', '')), models.Q(models.Q(('media_type', ''), _negated=True), models.Q(('sound', b''), _negated=True), models.Q(('transcript', ''), _negated=True)), _connector='OR'), name='audio_clip_has_sound_and_words'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), models.Q(('settled_by__isnull', False), models.Q(('settled_by', models.F('written_by')), _negated=True)), _connector='OR'), name='audio_clip_approved_by_another')],
            },
        ),
        migrations.RunSQL(CLIPS_STAY),
    ]
