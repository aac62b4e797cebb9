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
    APPLIED = "APPLIED", _("Diterapkan, keputusan dihitung")
    DECIDED = "DECIDED", _("Selesai")
    REFUSED = "REFUSED", _("Ditolak")


class FileKind(models.TextChoices):
    FAMILY = "FAMILY", _("Keluarga")
    MEMBER = "MEMBER", _("Anggota")


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
