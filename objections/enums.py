"""States of an objection and the moves between them (ux.md 5.3); what a family can say is wrong (ux.md 5.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Staff's word. The citizen's five stages stand in public/wording.py."""

    SUBMITTED = "SUBMITTED", _("Baru")
    CHECKING = "CHECKING", _("Sedang dicek")
    UPHELD_HERE = "UPHELD_HERE", _("Disetujui (kewenangan kabupaten)")
    UPHELD_TO_CENTRE = "UPHELD_TO_CENTRE", _("Disetujui, diusulkan ke pusat")
    REJECTED = "REJECTED", _("Tidak disetujui")


MOVES: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.CHECKING}),
    State.CHECKING: frozenset({State.UPHELD_HERE, State.UPHELD_TO_CENTRE, State.REJECTED}),
    State.UPHELD_HERE: frozenset(),
    State.UPHELD_TO_CENTRE: frozenset(),
    State.REJECTED: frozenset(),
}


class EventKind(models.TextChoices):
    FILED = "FILED", _("sanggahan masuk")
    MATCHED = "MATCHED", _("dicocokkan dengan data")
    MOVED = "MOVED", _("pindah tahap")


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


class AttachmentKind(models.TextChoices):
    PHOTO = "PHOTO", _("foto")
    VOICE = "VOICE", _("rekaman suara")
    PAPER = "PAPER", _("surat (PDF)")


class Scan(models.TextChoices):
    """What the malware scanner said; NOT_SET_UP is said openly to staff."""

    CLEAN = "CLEAN", _("sudah dipindai, tidak ada virus")
    WAITING = "WAITING", _("menunggu pemindai virus")
    INFECTED = "INFECTED", _("berisi virus, tidak bisa dibuka")
    NOT_SET_UP = "NOT_SET_UP", _("belum dipindai: pemindai virus tidak dipasang")
