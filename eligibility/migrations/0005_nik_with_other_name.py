
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('eligibility', '0004_grounds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='finding',
            name='kind',
            field=models.CharField(choices=[('ENROLLED_NOT_ELIGIBLE', 'menerima, tetapi tidak lagi memenuhi syarat'), ('ENROLLED_TO_REVIEW', 'menerima, syaratnya perlu diperiksa'), ('ELIGIBLE_NOT_ENROLLED', 'memenuhi syarat, belum terdaftar'), ('PLACE_FREE', 'menunggu kuota, ada tempat kosong'), ('DUPLICATE_PERSON', 'orang yang sama tercatat dua kali'), ('DEAD_HEAD', 'kepala keluarga atau pengurus tercatat meninggal'), ('ORPHAN_MEMBERS', 'keluarga tanpa kepala keluarga'), ('MOVED', 'penerima tercatat pindah'), ('FLAG_EXPIRING', 'tanda segera habis masa berlakunya'), ('FIVE_YEARS', 'menerima lebih dari 5 tahun'), ('PROPOSAL_UNANSWERED', 'usulan belum dijawab pusat'), ('TWO_HEADS', 'lebih dari satu kepala keluarga'), ('MEMBER_COUNT_DIFFERS', 'jumlah anggota tidak cocok'), ('LARGE_FAMILY', 'lebih dari 15 anggota dalam satu kartu'), ('DROPPED_FROM_RELEASE', 'keluarga tidak ada lagi di rilis'), ('NIK_OTHER_NAME', 'NIK dengan nama orang lain')], max_length=24, verbose_name='jenis'),
        ),
    ]
