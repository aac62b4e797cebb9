"""Words of an objection with a fixed meaning; the table of allowed moves stands in moves.py (ux.md 5.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Staff's word. A draft lives on the citizen's phone and is none of these. Citizens read stages.py."""

    SUBMITTED = "SUBMITTED", _("Baru")
    INCOMPLETE = "INCOMPLETE", _("Menunggu warga")
    CHECKING = "CHECKING", _("Sedang dicek")
    READY = "READY", _("Siap diputus")
    PROPOSED = "PROPOSED", _("Menunggu persetujuan kedua")
    UPHELD_HERE = "UPHELD_HERE", _("Disetujui (kewenangan kabupaten)")
    UPHELD_TO_CENTRE = "UPHELD_TO_CENTRE", _("Disetujui, diusulkan ke pusat")
    CENTRE_CHANGED = "CENTRE_CHANGED", _("Selesai: pusat mengubah data")
    CENTRE_KEPT = "CENTRE_KEPT", _("Selesai: pusat tidak mengubah data")
    REJECTED = "REJECTED", _("Tidak disetujui")
    REEXAMINED = "REEXAMINED", _("Pemeriksaan ulang")
    WITHDRAWN = "WITHDRAWN", _("Dicabut warga")
    MERGED = "MERGED", _("Digabung")


OUTCOMES = (State.UPHELD_HERE, State.UPHELD_TO_CENTRE, State.REJECTED)


class EventKind(models.TextChoices):
    FILED = "FILED", _("sanggahan masuk")
    MATCHED = "MATCHED", _("dicocokkan dengan data")
    CONFIRMED = "CONFIRMED", _("kecocokan dipastikan petugas")
    MOVED = "MOVED", _("pindah tahap")
    ASSIGNED = "ASSIGNED", _("diserahkan kepada petugas")
    ESCALATED = "ESCALATED", _("terlambat, diteruskan ke atasan")
    ADDED = "ADDED", _("warga menambah keterangan")
    EXPLAINED = "EXPLAINED", _("dijelaskan kepada warga")
    MERGED_IN = "MERGED_IN", _("sanggahan lain digabung ke sini")
    PLANNED = "PLANNED", _("kunjungan direncanakan")
    VISITED = "VISITED", _("kunjungan dicatat")
    MUSDES = "MUSDES", _("dibahas di musyawarah desa")
    REMOVED = "REMOVED", _("bukti dihapus, masa simpan habis")
    PROVEN = "PROVEN", _("warga membuktikan memegang HP-nya")
    PHONE_OK = "PHONE_OK", _("HP dipastikan milik keluarga")
    PHONE_END = "PHONE_END", _("HP tidak lagi membuka data keluarga")
    NEW_PHONE = "NEW_PHONE", _("nomor HP diganti")
    OPENED = "OPENED", _("data keluarga dibuka dengan kode dari HP")
    NOTICE_BY = "NOTICE_BY", _("warga memilih cara dikabari")


class Kind(models.TextChoices):
    """What the case is about (domain.md 6.4, 6.6). For a report the family of the case is never the reporter's."""

    OWN_RESULT = "OWN_RESULT", _("Hasil bantuan sendiri")
    OWN_DECILE = "OWN_DECILE", _("Desil sendiri")
    OWN_DATA = "OWN_DATA", _("Data sendiri salah")
    NIK_MISUSED = "NIK_MISUSED", _("NIK dipakai orang lain")
    NOT_DEAD = "NOT_DEAD", _("Dicatat meninggal, masih hidup")
    WELL_OFF = "WELL_OFF", _("Laporan penerima yang mampu")
    PBI_URGENT = "PBI_URGENT", _("BPJS gratis berhenti, sedang sakit")


# The family of the case may be strangers to who filed it: a code sent to the filer's phone must not open it.
NOT_OWN_FAMILY = (Kind.WELL_OFF, Kind.NIK_MISUSED)


class CodePurpose(models.TextChoices):
    """What a code does: prove that the phone is held, or open the family's data."""

    CONFIRM = "CONFIRM", _("membuktikan HP")
    OPEN = "OPEN", _("membuka data keluarga")


class PhoneHow(models.TextChoices):
    """How staff know that the phone is the family's own."""

    DESK = "DESK", _("orangnya datang, KTP dicocokkan")
    VISIT = "VISIT", _("ditanyakan saat kunjungan")


class Channel(models.TextChoices):
    ONLINE = "ONLINE", _("diisi sendiri")
    ASSISTED = "ASSISTED", _("dibantu petugas")
    PAPER = "PAPER", _("formulir kertas")


class NoticeBy(models.TextChoices):
    """How the citizen hears of the case; those to a phone are channels of the outbox by the same name."""

    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    LETTER = "LETTER", _("Surat saja, jangan kirim SMS")


class Consent(models.TextChoices):
    """How somebody agreed that staff files for them."""

    SPOKEN = "SPOKEN", _("lisan")
    WRITTEN = "WRITTEN", _("tertulis")
    THUMB = "THUMB", _("cap jempol")


class Conflict(models.TextChoices):
    """What ties the one who files for somebody to the case, as they declare it; who decides reads it."""

    OWN = "OWN", _("sanggahan keluarganya sendiri")
    KIN = "KIN", _("sanggahan kerabatnya")


class Step(models.TextChoices):
    """What the office promises a time for (table ServiceTime)."""

    URGENT = "URGENT", _("membaca sanggahan mendesak")
    TRIAGE = "TRIAGE", _("membaca sanggahan")
    VISIT = "VISIT", _("mengecek")
    DECISION = "DECISION", _("memutuskan")
    REEXAM = "REEXAM", _("memeriksa ulang")
    EXPLAIN = "EXPLAIN", _("menjelaskan jawaban pusat")
    COMPLETION = "COMPLETION", _("warga melengkapi")
    OBJECT = "OBJECT", _("masa sanggah sejak rilis terbit")
    ASK_AGAIN = "ASK_AGAIN", _("warga minta diperiksa ulang")


class Reason(models.TextChoices):
    POWER_NOT_OURS = "POWER_NOT_OURS", _("Listrik itu bukan milik kami")
    PROPERTY_NOT_OURS = "PROPERTY_NOT_OURS", _("Tanah, kendaraan, atau usaha itu bukan milik kami")
    INCOME_FELL = "INCOME_FELL", _("Kami sudah tidak bekerja, atau penghasilan turun")
    EARNER_GONE = "EARNER_GONE", _("Pencari nafkah meninggal atau pergi")
    ILL_OR_OLD = "ILL_OR_OLD", _("Ada yang sakit berat, punya disabilitas, atau lansia di rumah")
    NIK_MISUSED = "NIK_MISUSED", _("NIK kami dipakai orang lain")
    NOT_DEAD = "NOT_DEAD", _("Yang dicatat meninggal masih hidup")
    FAMILY_SIZE = "FAMILY_SIZE", _("Jumlah anggota keluarga salah")
    ADDRESS = "ADDRESS", _("Alamat atau desa salah")
    HOUSE = "HOUSE", _("Keadaan rumah berbeda dari data")
    NOT_VISITED = "NOT_VISITED", _("Petugas belum pernah datang")
    OTHER = "OTHER", _("Lainnya")
    UNKNOWN = "UNKNOWN", _("Saya tidak tahu, tolong periksa")


class NotMet(models.TextChoices):
    """Why a visit met nobody of the family."""

    AWAY = "AWAY", _("tidak ada orang di rumah")
    MOVED = "MOVED", _("keluarga sudah pindah")
    NOT_FOUND = "NOT_FOUND", _("rumah tidak ditemukan")
    REFUSED = "REFUSED", _("keluarga menolak dikunjungi")
    NO_ROAD = "NO_ROAD", _("jalan tidak bisa dilewati")


class AttachmentKind(models.TextChoices):
    PHOTO = "PHOTO", _("foto")
    VOICE = "VOICE", _("rekaman suara")
    PAPER = "PAPER", _("surat (PDF)")
    CONSENT = "CONSENT", _("foto persetujuan")


class Scan(models.TextChoices):
    """What the malware scanner said; NOT_SET_UP is said openly to staff."""

    CLEAN = "CLEAN", _("sudah dipindai, tidak ada virus")
    WAITING = "WAITING", _("menunggu pemindai virus")
    INFECTED = "INFECTED", _("berisi virus, tidak bisa dibuka")
    NOT_SET_UP = "NOT_SET_UP", _("belum dipindai: pemindai virus tidak dipasang")


class RemedyKind(models.TextChoices):
    """What an upheld objection makes happen."""

    CORRECT = "CORRECT", _("data yang salah kita baca diperbaiki")
    REFUTE = "REFUTE", _("tanda dari daftar lain dinyatakan tidak terbukti")
    PROPOSE = "PROPOSE", _("data yang berbeda diusulkan ke pusat")
    ELSEWHERE = "ELSEWHERE", _("dibereskan di luar portal")


class LetterKind(models.TextChoices):
    """What a letter is for (ux.md 5.8, L1-L5). Each kind has its own text, with its own names in braces."""

    CHANGE = "CHANGE", _("pemberitahuan perubahan (L1)")
    TO_CENTRE = "TO_CENTRE", _("disetujui, diusulkan ke pusat (L2)")
    UPHELD = "UPHELD", _("disetujui, kewenangan kabupaten")
    REJECTED = "REJECTED", _("tidak disetujui (L3)")
    COMPLETION = "COMPLETION", _("perlu dilengkapi (L4)")
    VILLAGE = "VILLAGE", _("untuk kepala desa (L5)")
    NEWS = "NEWS", _("kabar sanggahan, bagi yang tidak dikabari lewat HP")


class RuleName(models.TextChoices):
    """What the office itself settles, each with its legal basis; without a rule in force nothing of it happens."""

    EVIDENCE_YEARS = "EVIDENCE_YEARS", _("lama menyimpan bukti sesudah sanggahan selesai")
    LIST_MEMBERSHIP = "LIST_MEMBERSHIP", _("cek daftar penerima dengan NIK dan tanggal lahir")


class Draft(models.TextChoices):
    """Where a text or a rule of the office stands that one person writes and another approves."""

    WAITING = "WAITING", _("menunggu orang kedua")
    APPROVED = "APPROVED", _("disetujui")
    WITHDRAWN = "WITHDRAWN", _("dibatalkan")


class MusdesResult(models.TextChoices):
    """What a village deliberation (musdes) said of one family."""

    AGREED = "AGREED", _("disepakati")
    DECLINED = "DECLINED", _("tidak disepakati")
    POSTPONED = "POSTPONED", _("ditunda")


class HelpRole(models.TextChoices):
    """Who helps near a family's home; the words citizens read."""

    OPERATOR = "OPERATOR", _("Operator desa")
    FACILITATOR = "FACILITATOR", _("Pendamping PKH")
    VILLAGE = "VILLAGE", _("Kantor desa")
    SUBDISTRICT = "SUBDISTRICT", _("Kantor kecamatan")


class ClipPage(models.TextChoices):
    """Pages that may offer a recording, with the words of ux.md 5.9 to begin from."""

    HOME = (
        "HOME",
        _(
            "Selamat datang. Di sini Bapak atau Ibu bisa melihat status bantuan keluarga, dan menyanggah. "
            "Tekan tombol hijau. Siapkan KTP. Semua gratis."
        ),
    )
    REASONS = (
        "REASONS",
        _(
            "Pilih yang tidak benar. Boleh lebih dari satu. Kalau tidak tahu, pilih yang paling bawah. "
            "Petugas akan memeriksa."
        ),
    )
    RECEIPT = (
        "RECEIPT",
        _(
            "Sanggahan sudah masuk. Simpan nomor ini. Petugas datang sebelum tanggal yang tertulis. "
            "Tidak usah membayar siapa pun."
        ),
    )
    HELP = (
        "HELP",
        _(
            "Data belum ditemukan, atau sulit mengisi? Datang ke kantor desa. Bawa KTP atau KK. Operator akan membantu."
        ),
    )


class ClipAbout(models.TextChoices):
    """A page in a language."""

    HOME_ID = "HOME_ID", _("halaman awal, bahasa Indonesia")
    HOME_SAS = "HOME_SAS", _("halaman awal, bahasa Sasak")
    REASONS_ID = "REASONS_ID", _("pilihan yang tidak benar, bahasa Indonesia")
    REASONS_SAS = "REASONS_SAS", _("pilihan yang tidak benar, bahasa Sasak")
    RECEIPT_ID = "RECEIPT_ID", _("tanda terima, bahasa Indonesia")
    RECEIPT_SAS = "RECEIPT_SAS", _("tanda terima, bahasa Sasak")
    HELP_ID = "HELP_ID", _("halaman bantuan, bahasa Indonesia")
    HELP_SAS = "HELP_SAS", _("halaman bantuan, bahasa Sasak")

    @classmethod
    def of_page(cls, page: ClipPage) -> list[str]:
        return [f"{page}_ID", f"{page}_SAS"]

    @property
    def is_sasak(self) -> bool:
        return self.endswith("_SAS")
