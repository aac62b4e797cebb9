import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was proven stays proven, what was confirmed stays confirmed; either may be ended, once. Nothing is deleted.
CONFIRMATIONS_STAY = """
CREATE FUNCTION objections_keep_phone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a phone or a code is never rewritten (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER phone_confirmation_kept BEFORE UPDATE ON objections_phoneconfirmation FOR EACH ROW
WHEN (OLD.ended_at IS NOT NULL
      OR (OLD.objection_id, OLD.phone_index, OLD.proven_at) IS DISTINCT FROM
         (NEW.objection_id, NEW.phone_index, NEW.proven_at)
      OR OLD.confirmed_at IS NOT NULL AND (OLD.family_id, OLD.how, OLD.confirmed_at, OLD.confirmed_by_id)
         IS DISTINCT FROM (NEW.family_id, NEW.how, NEW.confirmed_at, NEW.confirmed_by_id))
EXECUTE FUNCTION objections_keep_phone();

CREATE TRIGGER phone_confirmation_not_deleted BEFORE DELETE ON objections_phoneconfirmation FOR EACH ROW
EXECUTE FUNCTION objections_keep_phone();
"""
# A code is tried and used, once; a used one is over. Old codes are removed by the nightly upkeep.
CODES_STAY = """
CREATE TRIGGER phone_code_kept BEFORE UPDATE ON objections_phonecode FOR EACH ROW
WHEN (OLD.used_at IS NOT NULL OR NEW.tries < OLD.tries
      OR to_jsonb(OLD) - ARRAY['tries', 'used_at'] IS DISTINCT FROM to_jsonb(NEW) - ARRAY['tries', 'used_at'])
EXECUTE FUNCTION objections_keep_phone();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0007_list_membership'),
        ('recipients', '0005_own_look'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='objectionevent',
            name='kind',
            field=models.CharField(choices=[('FILED', 'sanggahan masuk'), ('MATCHED', 'dicocokkan dengan data'), ('CONFIRMED', 'kecocokan dipastikan petugas'), ('MOVED', 'pindah tahap'), ('ASSIGNED', 'diserahkan kepada petugas'), ('ESCALATED', 'terlambat, diteruskan ke atasan'), ('ADDED', 'warga menambah keterangan'), ('EXPLAINED', 'dijelaskan kepada warga'), ('MERGED_IN', 'sanggahan lain digabung ke sini'), ('PLANNED', 'kunjungan direncanakan'), ('VISITED', 'kunjungan dicatat'), ('MUSDES', 'dibahas di musyawarah desa'), ('REMOVED', 'bukti dihapus, masa simpan habis'), ('PROVEN', 'warga membuktikan memegang HP-nya'), ('PHONE_OK', 'HP dipastikan milik keluarga'), ('PHONE_END', 'HP tidak lagi membuka data keluarga'), ('NEW_PHONE', 'nomor HP diganti'), ('OPENED', 'data keluarga dibuka dengan kode dari HP')], max_length=9, verbose_name='kejadian'),
        ),
        migrations.CreateModel(
            name='PhoneCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('CONFIRM', 'membuktikan HP'), ('OPEN', 'membuka data keluarga')], max_length=7)),
                ('phone_index', models.BinaryField(db_index=True, max_length=16, null=True)),
                ('nonce', models.BinaryField(max_length=16, unique=True)),
                ('made_at', models.DateTimeField(db_index=True)),
                ('valid_until', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_codes', to='objections.objection')),
            ],
            options={
                'verbose_name': 'kode HP',
                'verbose_name_plural': 'kode HP',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PhoneConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phone_index', models.BinaryField(db_index=True, max_length=16)),
                ('proven_at', models.DateTimeField(verbose_name='dibuktikan warga')),
                ('how', models.CharField(blank=True, choices=[('DESK', 'orangnya datang, KTP dicocokkan'), ('VISIT', 'ditanyakan saat kunjungan')], max_length=5, verbose_name='cara')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='dipastikan')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='dibatalkan')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dipastikan oleh')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibatalkan oleh')),
                ('family', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recipients.family')),
                ('objection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_confirmations', to='objections.objection')),
            ],
            options={
                'verbose_name': 'HP terkonfirmasi',
                'verbose_name_plural': 'HP terkonfirmasi',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('objection',), name='phone_one_a_case'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None), ('family', None), ('how', '')), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('family__isnull', False), models.Q(('how', ''), _negated=True)), _connector='OR'), name='phone_confirmed_by_somebody_for_a_family')],
            },
        ),
        migrations.RunSQL(CONFIRMATIONS_STAY),
        migrations.RunSQL(CODES_STAY),
    ]
