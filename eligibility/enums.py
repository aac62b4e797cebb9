"""Words with a fixed meaning in eligibility; what people read is Indonesian (ux.md 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """Eligible means the rule is met; it is not yet receiving (ux.md 5.1)."""

    ELIGIBLE = "ELIGIBLE", _("memenuhi syarat")
    INELIGIBLE = "INELIGIBLE", _("tidak memenuhi syarat saat ini")
    NEEDS_REVIEW = "NEEDS_REVIEW", _("perlu diperiksa")


class Scope(models.TextChoices):
    STALE = "stale", _("yang datanya berubah")
    ALL = "all", _("semua")


class RunState(models.TextChoices):
    WAITING = "WAITING", _("menunggu giliran")
    RUNNING = "RUNNING", _("berjalan")
    HELD = "HELD", _("ditahan, menunggu orang")
    DONE = "DONE", _("selesai")
    FAILED = "FAILED", _("gagal")
    STOPPED = "STOPPED", _("dihentikan")


class HandState(models.TextChoices):
    """A decision by hand takes two people, holds for a time, and may be ended before it."""

    PROPOSED = "PROPOSED", _("menunggu persetujuan")
    APPROVED = "APPROVED", _("disetujui")
    REFUSED = "REFUSED", _("tidak disetujui")
    ENDED = "ENDED", _("diakhiri lebih awal")


class DraftState(models.TextChoices):
    """A draft binds nobody; an approved one is a rule set with its own day of coming into force."""

    DRAFT = "DRAFT", _("sedang ditulis")
    CHECKED = "CHECKED", _("lolos pemeriksaan")
    APPROVED = "APPROVED", _("disetujui")
    WITHDRAWN = "WITHDRAWN", _("dibatalkan")
