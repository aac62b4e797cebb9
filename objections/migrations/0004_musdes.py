import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

# Until its minutes are in, results are written piece by piece; then the meeting and what it said of each stay.
CLOSED_STAYS = """
CREATE FUNCTION objections_keep_musdes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'objections_musdes' THEN
        IF OLD.closed_at IS NULL AND TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
    ELSIF NOT EXISTS (SELECT FROM objections_musdes WHERE id = OLD.musdes_id AND closed_at IS NOT NULL) THEN
        IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a deliberation with minutes is never changed or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER musdes_kept BEFORE UPDATE OR DELETE ON objections_musdes FOR EACH ROW
EXECUTE FUNCTION objections_keep_musdes();

CREATE TRIGGER musdes_item_kept BEFORE UPDATE OR DELETE ON objections_musdesitem FOR EACH ROW
EXECUTE FUNCTION objections_keep_musdes();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('objections', '0003_visitor_ties'),
        ('recipients', '0001_registry'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='objectionevent',
            name='kind',
            field=models.CharField(choices=[('FILED', 'sanggahan masuk'), ('MATCHED', 'dicocokkan dengan data'), ('CONFIRMED', 'kecocokan dipastikan petugas'), ('MOVED', 'pindah tahap'), ('ASSIGNED', 'diserahkan kepada petugas'), ('ESCALATED', 'terlambat, diteruskan ke atasan'), ('ADDED', 'warga menambah keterangan'), ('EXPLAINED', 'dijelaskan kepada warga'), ('MERGED_IN', 'sanggahan lain digabung ke sini'), ('PLANNED', 'kunjungan direncanakan'), ('VISITED', 'kunjungan dicatat'), ('MUSDES', 'dibahas di musyawarah desa')], max_length=9, verbose_name='kejadian'),
        ),
        migrations.CreateModel(
            name='Musdes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('held_on', models.DateField(verbose_name='hari musyawarah')),
                ('place', models.CharField(max_length=120, verbose_name='tempat')),
                ('form_key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('attended', models.PositiveSmallIntegerField(null=True, verbose_name='yang hadir')),
                ('minutes_no', models.CharField(blank=True, max_length=80, verbose_name='nomor berita acara')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='berita acara masuk')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='dibuat')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dibuat oleh')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recipients.region', verbose_name='desa/kelurahan')),
            ],
            options={
                'verbose_name': 'musyawarah desa',
                'verbose_name_plural': 'musyawarah desa',
                'ordering': ['-held_on', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='musdes',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='objections.musdes', verbose_name='musyawarah desa'),
        ),
        migrations.CreateModel(
            name='MusdesItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(blank=True, choices=[('AGREED', 'disepakati'), ('DECLINED', 'tidak disepakati'), ('POSTPONED', 'ditunda')], max_length=9, verbose_name='hasil')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='catatan')),
                ('musdes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='objections.musdes')),
                ('objection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='musdes_items', to='objections.objection')),
            ],
            options={
                'verbose_name': 'acara musyawarah',
                'verbose_name_plural': 'acara musyawarah',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='musdes',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('minutes_no', ''), _negated=True), _connector='OR'), name='musdes_minutes_have_a_number'),
        ),
        migrations.AddConstraint(
            model_name='musdesitem',
            constraint=models.UniqueConstraint(fields=('musdes', 'objection'), name='musdes_case_once'),
        ),
        migrations.AddConstraint(
            model_name='musdesitem',
            constraint=models.CheckConstraint(condition=models.Q(('result', ''), ('result__in', ['AGREED', 'DECLINED', 'POSTPONED']), _connector='OR'), name='musdes_result_known'),
        ),
        migrations.RunSQL(CLOSED_STAYS),
    ]
