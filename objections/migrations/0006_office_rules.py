import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

RULES_STAY = """
CREATE FUNCTION objections_keep_office_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of an office rule is never rewritten or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER office_rule_settled BEFORE UPDATE ON objections_officerule FOR EACH ROW
WHEN (OLD.state <> 'WAITING' OR (OLD.name, OLD.version, OLD.value, OLD.basis, OLD.written_by_id, OLD.written_at)
      IS DISTINCT FROM (NEW.name, NEW.version, NEW.value, NEW.basis, NEW.written_by_id, NEW.written_at))
EXECUTE FUNCTION objections_keep_office_rule();

CREATE TRIGGER office_rule_kept BEFORE DELETE ON objections_officerule FOR EACH ROW
EXECUTE FUNCTION objections_keep_office_rule();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0005_second_look'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='objectionevent',
            name='kind',
            field=models.CharField(choices=[('FILED', 'sanggahan masuk'), ('MATCHED', 'dicocokkan dengan data'), ('CONFIRMED', 'kecocokan dipastikan petugas'), ('MOVED', 'pindah tahap'), ('ASSIGNED', 'diserahkan kepada petugas'), ('ESCALATED', 'terlambat, diteruskan ke atasan'), ('ADDED', 'warga menambah keterangan'), ('EXPLAINED', 'dijelaskan kepada warga'), ('MERGED_IN', 'sanggahan lain digabung ke sini'), ('PLANNED', 'kunjungan direncanakan'), ('VISITED', 'kunjungan dicatat'), ('MUSDES', 'dibahas di musyawarah desa'), ('REMOVED', 'bukti dihapus, masa simpan habis')], max_length=9, verbose_name='kejadian'),
        ),
        migrations.CreateModel(
            name='OfficeRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('EVIDENCE_YEARS', 'lama menyimpan bukti sesudah sanggahan selesai')], max_length=20, verbose_name='aturan')),
                ('version', models.PositiveSmallIntegerField(verbose_name='versi')),
                ('value', models.PositiveSmallIntegerField(verbose_name='nilai')),
                ('basis', models.CharField(max_length=300, verbose_name='dasar hukum')),
                ('state', models.CharField(choices=[('WAITING', 'menunggu orang kedua'), ('APPROVED', 'disetujui'), ('WITHDRAWN', 'dibatalkan')], default='WAITING', max_length=9, verbose_name='keadaan')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='ditulis')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='diputus')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diputus oleh')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ditulis oleh')),
            ],
            options={
                'verbose_name': 'aturan kantor',
                'verbose_name_plural': 'aturan kantor',
                'ordering': ['name', '-version'],
                'permissions': [('approve_officerule', 'May approve a rule of the office that somebody else wrote')],
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='office_rule_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('name',), name='office_rule_one_draft_a_name'), models.CheckConstraint(condition=models.Q(('name', 'EVIDENCE_YEARS'), ('value__range', (1, 30))), name='office_rule_value_known'), models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='office_rule_has_a_basis'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_by', models.F('written_by')), _negated=True)), _connector='OR'), name='office_rule_approved_by_another')],
            },
        ),
        migrations.RunSQL(RULES_STAY),
    ]
