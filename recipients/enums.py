"""Words with a fixed meaning in recipients; what people read is Indonesian (ux.md 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    DISTRICT = "DISTRICT", _("Kabupaten")
    SUBDISTRICT = "SUBDISTRICT", _("Kecamatan")
    VILLAGE = "VILLAGE", _("Desa/kelurahan")


class VillageKind(models.TextChoices):
    DESA = "DESA", _("Desa")
    KELURAHAN = "KELURAHAN", _("Kelurahan")


class BatchState(models.TextChoices):
    RECEIVED = "RECEIVED", _("Berkas masuk, menunggu diperiksa")
    VALIDATED = "VALIDATED", _("Isi sudah diperiksa")
    PREVIEWED = "PREVIEWED", _("Menunggu persetujuan")
    APPROVED = "APPROVED", _("Disetujui, sedang diterapkan")
    WITHHELD = "WITHHELD", _("Diterapkan, belum diterbitkan")
    RELEASING = "RELEASING", _("Sedang diterbitkan")
    UNDOING = "UNDOING", _("Sedang dibatalkan")
    APPLIED = "APPLIED", _("Terbit, keputusan dihitung")
    DECIDED = "DECIDED", _("Selesai")
    REFUSED = "REFUSED", _("Ditolak")
    UNDONE = "UNDONE", _("Dibatalkan, data seperti semula")


class ImportEventKind(models.TextChoices):
    APPROVED = "APPROVED", _("disetujui untuk diterapkan")
    WITHDRAWN = "WITHDRAWN", _("ditolak")
    PUBLISHED = "PUBLISHED", _("diterbitkan")
    UNDO_ASKED = "UNDO_ASKED", _("pembatalan diminta")
    UNDO_DROPPED = "UNDO_DROPPED", _("permintaan pembatalan dicabut")
    UNDONE = "UNDONE", _("pembatalan disetujui")
    RECHECKED = "RECHECKED", _("diperiksa ulang dengan perbaikan")
    SHEETS = "SHEETS", _("lembar dipilih, diperiksa ulang")


class FixKind(models.TextChoices):
    """What a person decided about refused rows of a delivery."""

    CELLS = "CELLS", _("isi baris diganti")
    FILE = "FILE", _("isi diganti dari berkas perbaikan")
    MAP = "MAP", _("isi yang sama diganti di seluruh berkas")
    BLANK = "BLANK", _("dikosongkan di semua baris sejenis")
    SWAP = "SWAP", _("NIK dan No. KK ditukar kembali di seluruh berkas")
    ACCEPT = "ACCEPT", _("tetap tidak dipakai, diterima dengan catatan")


class FamilyOddity(models.TextChoices):
    """What a delivery says of a family that cannot be right, or has to be looked into (domain.md 10, kind 28)."""

    NO_HEAD = "NO_HEAD", _("tanpa kepala keluarga")
    TWO_HEADS = "TWO_HEADS", _("lebih dari satu kepala keluarga")
    COUNT_DIFFERS = "COUNT_DIFFERS", _("jumlah anggota tidak cocok")
    LARGE = "LARGE", _("lebih dari 15 anggota")
    DROPPED = "DROPPED", _("tidak ada lagi di rilis")


class GuardCode(models.TextChoices):
    """What about a whole delivery looks wrong."""

    NOTHING_NEW = "NOTHING_NEW", _("isi sama dengan rilis yang berlaku")
    OLD_CONTENT = "OLD_CONTENT", _("isi seperti rilis lama")
    FAMILIES_MISSING = "FAMILIES_MISSING", _("banyak keluarga tidak ada")
    VILLAGES_MISSING = "VILLAGES_MISSING", _("desa tidak ada")
    FAMILIES_MANY = "FAMILIES_MANY", _("banyak keluarga baru")
    DECILES_MOVED = "DECILES_MOVED", _("banyak desil berubah")
    DECILE_SHARES = "DECILE_SHARES", _("bagian desil berbeda")
    NUMBERS_ROUNDED = "NUMBERS_ROUNDED", _("nomor terpotong")
    NUMBERS_SWAPPED = "NUMBERS_SWAPPED", _("NIK dan No. KK tertukar")
    OTHER_CODE_BOOK = "OTHER_CODE_BOOK", _("kode dari buku kode lain")


class Limit(models.TextChoices):
    """From where on a delivery is held, or a village named as odd. In percent unless said otherwise."""

    MISSING_SHARE = "MISSING_SHARE", _("keluarga yang hilang, % dari yang ada")
    NEW_SHARE = "NEW_SHARE", _("keluarga baru, % dari yang ada")
    MOVED_SHARE = "MOVED_SHARE", _("keluarga yang berganti desil, %")
    DECILE_POINTS = "DECILE_POINTS", _("pergeseran bagian satu desil, poin persen")
    BACK_SHARE = "BACK_SHARE", _("desil yang kembali ke rilis lama, %")
    VILLAGE_FROM = "VILLAGE_FROM", _("desa yang hilang seluruhnya, mulai berapa keluarga")
    ROUNDED_SHARE = "ROUNDED_SHARE", _("nomor berupa angka yang berakhir 0, %")
    SWAPPED_FROM = "SWAPPED_FROM", _("NIK dan No. KK tertukar, mulai berapa baris")
    VILLAGE_POINTS = "VILLAGE_POINTS", _("desa janggal: pergeseran bagian desil 1, poin persen")
    VILLAGE_ROWS_SHARE = "VILLAGE_ROWS_SHARE", _("desa janggal: perubahan jumlah keluarga, %")
    LIST_GONE_SHARE = "LIST_GONE_SHARE", _("penerima yang hilang dari daftar lengkap, %")


class FileKind(models.TextChoices):
    FAMILY = "FAMILY", _("Keluarga")
    MEMBER = "MEMBER", _("Anggota")


class ListKind(models.TextChoices):
    """What a list says; its fields stand in importing/lists/kinds.py."""

    RECIPIENTS = "RECIPIENTS", _("Daftar penerima")
    PAYOUT = "PAYOUT", _("Daftar pembayaran")
    FLAGS = "FLAGS", _("Daftar tanda dari instansi lain")
    NATIONAL_CHECK = "NATIONAL_CHECK", _("Daftar pemeriksaan dari pusat")
    VILLAGE_PROGRAMME = "VILLAGE_PROGRAMME", _("Daftar program desa")
    REGION_CODES = "REGION_CODES", _("Daftar kode wilayah BPS")


class ListState(models.TextChoices):
    RECEIVED = "RECEIVED", _("Berkas masuk, menunggu dibaca")
    MAPPING = "MAPPING", _("Menunggu kolom dicocokkan")
    MAPPED = "MAPPED", _("Isi sedang diperiksa")
    PREVIEWED = "PREVIEWED", _("Menunggu persetujuan")
    APPROVED = "APPROVED", _("Disetujui, sedang diterapkan")
    APPLIED = "APPLIED", _("Sudah diterapkan")
    REFUSED = "REFUSED", _("Ditolak")


class Direction(models.TextChoices):
    """UP means judged better off: for a recipient usually bad news, so the label says it in words."""

    UP = "UP", _("dianggap lebih mampu")
    DOWN = "DOWN", _("dianggap kurang mampu")
    NEWLY_RANKED = "NEWLY_RANKED", _("baru diperingkat")
    DROPPED = "DROPPED", _("tidak lagi diperingkat")


class Unit(models.TextChoices):
    FAMILY = "FAMILY", _("keluarga")
    PERSON = "PERSON", _("perorangan")


class Access(models.TextChoices):
    OPEN_FAMILY = "OPEN_FAMILY", _("membuka data keluarga")
    OPEN_OBJECTION = "OPEN_OBJECTION", _("membuka sanggahan")
    REVEAL = "REVEAL", _("melihat nomor lengkap")
    SEARCH = "SEARCH", _("mencari nomor")
    EXPORT = "EXPORT", _("mengunduh daftar")
    PRINT_LETTER = "PRINT_LETTER", _("mencetak surat")
    OWN_CODE = "OWN_CODE", _("keluarga membuka datanya sendiri dengan kode")


class EnrolmentState(models.TextChoices):
    """Where a family or person stands with a programme; meeting the rule is none of these (domain.md 6.3)."""

    WAITLISTED = "WAITLISTED", _("menunggu kuota")
    ENROLLED = "ENROLLED", _("terdaftar")
    ACTIVE = "ACTIVE", _("menerima")
    SUSPENDED = "SUSPENDED", _("ditunda sementara")
    EXITED = "EXITED", _("berhenti menerima")


class ExitReason(models.TextChoices):
    NO_LONGER_ELIGIBLE = "NO_LONGER_ELIGIBLE", _("tidak lagi memenuhi syarat")
    DECEASED = "DECEASED", _("meninggal")
    MOVED = "MOVED", _("pindah")
    GRADUATED = "GRADUATED", _("sudah mandiri")
    REFUSED = "REFUSED", _("minta berhenti sendiri")
    OFF_LIST = "OFF_LIST", _("tidak ada lagi di daftar penerima")
    OTHER = "OTHER", _("sebab lain")


class PayoutState(models.TextChoices):
    """How a payment ended, as the payout list says (domain.md 6.3)."""

    ORDERED = "ORDERED", _("sudah diperintahkan bayar")
    PAID = "PAID", _("sudah dibayar")
    FAILED = "FAILED", _("gagal bayar")
    NOT_COLLECTED = "NOT_COLLECTED", _("belum diambil")
    EXCLUDED = "EXCLUDED", _("dikeluarkan oleh pusat")


class FlagKind(models.TextChoices):
    """What a list says of a person or family that a rule may ask about (domain.md 5.1). A lead, not a verdict."""

    ADDR_NOT_FOUND = "ADDR_NOT_FOUND", _("alamat tidak ditemukan")
    PERSON_NOT_FOUND = "PERSON_NOT_FOUND", _("orang tidak ditemukan")
    DECEASED = "DECEASED", _("meninggal")
    MOVED = "MOVED", _("pindah")
    CIVIL_SERVANT = "CIVIL_SERVANT", _("ASN, TNI, atau Polri")
    STATE_CONTRACT = "STATE_CONTRACT", _("pegawai kontrak pemerintah (PPPK)")
    PENSIONER = "PENSIONER", _("pensiunan negara")
    CERTIFIED_TEACHER = "CERTIFIED_TEACHER", _("guru bersertifikat")
    VILLAGE_OFFICIAL = "VILLAGE_OFFICIAL", _("perangkat desa")
    STATE_INCOME = "STATE_INCOME", _("penghasilan dari APBN atau APBD")
    SOCIAL_FACILITATOR = "SOCIAL_FACILITATOR", _("pendamping sosial")
    WAGE_OVER_MINIMUM = "WAGE_OVER_MINIMUM", _("upah di atas upah minimum")
    COMPANY_OFFICER = "COMPANY_OFFICER", _("pengurus perusahaan")
    POWER_HIGH = "POWER_HIGH", _("daya listrik tinggi")
    VEHICLE = "VEHICLE", _("kendaraan")
    LAND = "LAND", _("tanah atau bangunan lain")
    BANK_ANOMALY = "BANK_ANOMALY", _("transaksi bank tidak wajar")
    GAMBLING = "GAMBLING", _("judi daring")
    DUPLICATE = "DUPLICATE", _("menerima dua kali")
    REFUSED = "REFUSED", _("menolak bantuan")
    GRADUATED = "GRADUATED", _("sudah mandiri")
    CARD_NEVER_USED = "CARD_NEVER_USED", _("kartu tidak pernah diambil")
    CENTRAL_CHECK = "CENTRAL_CHECK", _("diminta diperiksa oleh pusat")


# Of one person; every other kind speaks of the whole family.
PERSON_FLAGS = frozenset(
    {
        FlagKind.PERSON_NOT_FOUND, FlagKind.DECEASED, FlagKind.MOVED, FlagKind.CIVIL_SERVANT, FlagKind.STATE_CONTRACT,
        FlagKind.PENSIONER, FlagKind.CERTIFIED_TEACHER, FlagKind.VILLAGE_OFFICIAL, FlagKind.STATE_INCOME,
        FlagKind.SOCIAL_FACILITATOR, FlagKind.WAGE_OVER_MINIMUM, FlagKind.COMPANY_OFFICER, FlagKind.VEHICLE,
        FlagKind.LAND, FlagKind.BANK_ANOMALY, FlagKind.GAMBLING, FlagKind.DUPLICATE,
    }
)  # fmt: skip


class FlagStatus(models.TextChoices):
    """An alleged flag asks for a person's look; only a confirmed one refuses; a refuted one never returns."""

    ALLEGED = "ALLEGED", _("belum dicek")
    CONFIRMED = "CONFIRMED", _("terbukti")
    REFUTED = "REFUTED", _("tidak terbukti")


class StepKind(models.TextChoices):
    """What a step by hand is about that takes two people."""

    FLAG = "FLAG", _("putusan tanda")
    CARETAKER = "CARETAKER", _("ganti pengurus")
    MOVE = "MOVE", _("keadaan kepesertaan")


class StepState(models.TextChoices):
    PROPOSED = "PROPOSED", _("menunggu orang kedua")
    TAKEN = "TAKEN", _("disetujui")
    REFUSED = "REFUSED", _("tidak disetujui")
    WITHDRAWN = "WITHDRAWN", _("ditarik")


class ProposalState(models.TextChoices):
    """A proposal of facts on its way to the centre, which alone ranks (domain.md 6.5)."""

    DRAFT = "DRAFT", _("disiapkan")
    READY = "READY", _("siap dikirim")
    PACKED = "PACKED", _("dalam berkas kiriman")
    KEYED = "KEYED", _("sudah diketik di SIKS-NG")
    ANSWERED = "ANSWERED", _("pusat sudah menjawab")
    WITHDRAWN = "WITHDRAWN", _("dibatalkan")


class CentralResult(models.TextChoices):
    """What the next release made of it, in the words of the family's decile."""

    JUDGED_POORER = "JUDGED_POORER", _("dianggap kurang mampu")
    JUDGED_BETTER_OFF = "JUDGED_BETTER_OFF", _("dianggap lebih mampu")
    SAME = "SAME", _("desil tetap")
    NEWLY_RANKED = "NEWLY_RANKED", _("sekarang diperingkat")
    NOT_RANKED = "NOT_RANKED", _("tidak diperingkat")


class Basis(models.TextChoices):
    """On what paper a proposal of facts stands: the centre takes none without (domain.md 6.5)."""

    MINUTES = "MINUTES", _("berita acara musyawarah desa")
    STATEMENT = "STATEMENT", _("surat pernyataan (SPTJM)")
    VISIT = "VISIT", _("berita acara kunjungan")
