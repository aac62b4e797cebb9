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


class EndingState(models.TextChoices):
    PROPOSED = "PROPOSED", _("menunggu persetujuan")
    APPROVED = "APPROVED", _("disetujui")
    WITHDRAWN = "WITHDRAWN", _("dibatalkan")


class FindingKind(models.TextChoices):
    """What the night run puts on a worklist; its SQL, severity and advice: engine/finding_kinds.py."""

    ENROLLED_NOT_ELIGIBLE = "ENROLLED_NOT_ELIGIBLE", _("menerima, tetapi tidak lagi memenuhi syarat")
    ENROLLED_TO_REVIEW = "ENROLLED_TO_REVIEW", _("menerima, syaratnya perlu diperiksa")
    ELIGIBLE_NOT_ENROLLED = "ELIGIBLE_NOT_ENROLLED", _("memenuhi syarat, belum terdaftar")
    PLACE_FREE = "PLACE_FREE", _("menunggu kuota, ada tempat kosong")
    DUPLICATE_PERSON = "DUPLICATE_PERSON", _("orang yang sama tercatat dua kali")
    DEAD_HEAD = "DEAD_HEAD", _("kepala keluarga atau pengurus tercatat meninggal")
    ORPHAN_MEMBERS = "ORPHAN_MEMBERS", _("keluarga tanpa kepala keluarga")
    MOVED = "MOVED", _("penerima tercatat pindah")
    FLAG_EXPIRING = "FLAG_EXPIRING", _("tanda segera habis masa berlakunya")
    FIVE_YEARS = "FIVE_YEARS", _("menerima lebih dari 5 tahun")
    PROPOSAL_UNANSWERED = "PROPOSAL_UNANSWERED", _("usulan belum dijawab pusat")
    TWO_HEADS = "TWO_HEADS", _("lebih dari satu kepala keluarga")
    MEMBER_COUNT_DIFFERS = "MEMBER_COUNT_DIFFERS", _("jumlah anggota tidak cocok")
    LARGE_FAMILY = "LARGE_FAMILY", _("lebih dari 15 anggota dalam satu kartu")
    DROPPED_FROM_RELEASE = "DROPPED_FROM_RELEASE", _("keluarga tidak ada lagi di rilis")
    NIK_OTHER_NAME = "NIK_OTHER_NAME", _("NIK dengan nama orang lain")


class FindingState(models.TextChoices):
    OPEN = "OPEN", _("terbuka")
    PROPOSED = "PROPOSED", _("diusulkan, menunggu konfirmasi")
    CONFIRMED = "CONFIRMED", _("dikonfirmasi")
    DISMISSED = "DISMISSED", _("ditutup petugas")
    RESOLVED = "RESOLVED", _("selesai sendiri")


class Outcome(models.TextChoices):
    """Why a finding was closed, or what its confirmation led to."""

    FIXED = "FIXED", _("sudah diperbaiki")
    NOT_TRUE = "NOT_TRUE", _("sudah dicek, tidak benar")
    LEFT = "LEFT", _("sudah dicek, dibiarkan")
    SUSPENDED = "SUSPENDED", _("ditunda sementara")
    WAITLISTED = "WAITLISTED", _("masuk daftar tunggu")
    ENROLLED = "ENROLLED", _("terdaftar")
    TO_CENTRE = "TO_CENTRE", _("diusulkan ke pusat")


CLOSING = (Outcome.FIXED, Outcome.NOT_TRUE, Outcome.LEFT)
