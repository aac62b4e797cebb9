"""What citizens say about it. The case is public to its owner by number + PIN; the registry is never asked for that."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Now
from django.utils.translation import gettext_lazy as _

from bansos.common import ids, notes, vault
from objections.enums import (
    NOT_OWN_FAMILY,
    OUTCOMES,
    Channel,
    Conflict,
    Consent,
    EventKind,
    Kind,
    NoticeBy,
    Reason,
    State,
)
from objections.stages import ENDED, OPEN, TIMED
from recipients.models import Family, Programme, Region, RegistryRelease, UpdateProposal
from recipients.models.region import AreaQuerySet

REFERENCE = "objection:"


class ObjectionQuerySet(AreaQuerySet["Objection"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def late(self, today: Any) -> Self:
        """The office is late. A citizen who takes long is not: nothing is lost by silence."""
        return self.filter(state__in=TIMED, due_on__lt=today)

    def people_of_phone(self, phone_index: bytes, *, but_for: bytes = b"") -> int:
        """How many different NIK, but for one, stand in cases that name this phone."""
        named = self.filter(phone_index=phone_index).exclude(nik_index=but_for)
        return named.values("nik_index").distinct().count()

    def ended_by(self, moment: datetime) -> Self:
        """Ended by that moment: the office owes nothing, and neither another case of the person or the family nor a
        proposal to the centre still rests on what was brought.
        """
        last_move = ObjectionEvent.objects.filter(objection=OuterRef("pk"), kind=EventKind.MOVED).order_by(
            "-pk"
        )
        same = Q(nik_index=OuterRef("nik_index")) | Q(family=OuterRef("family"))
        others = Objection.objects.filter(same).exclude(state__in=ENDED)
        proposals = UpdateProposal.objects.open().filter(
            reference=Concat(Value(REFERENCE), OuterRef("receipt_no"))
        )
        ended = self.filter(~Exists(others), ~Exists(proposals), state__in=ENDED, due_on=None)
        return ended.annotate(ended_at=Subquery(last_move.values("at")[:1])).filter(ended_at__lte=moment)


class Objection(models.Model):
    """A request to look at the data again. `receipt_no` may be told to anyone; the PIN opens the case."""

    MANY_PEOPLE = 5  # with one phone: more than a household (ux.md A7)

    receipt_no = models.CharField(_("nomor"), max_length=16, unique=True)
    pin_hash = models.CharField(max_length=200)
    state = models.CharField(_("tahap"), max_length=16, choices=State.choices, default=State.SUBMITTED)
    kind = models.CharField(_("jenis"), max_length=11, choices=Kind.choices, default=Kind.OWN_DATA)
    channel = models.CharField(_("jalur"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    consent = models.CharField(_("persetujuan warga"), max_length=7, choices=Consent.choices, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diisi oleh")
    )
    conflicts = ArrayField(
        models.CharField(max_length=20, choices=Conflict.choices),
        default=list,
        verbose_name=_("benturan kepentingan"),
    )
    paper_on = models.DateField(_("tanggal di formulir kertas"), null=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("program")
    )
    release = models.ForeignKey(
        RegistryRelease, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rilis")
    )
    reasons = ArrayField(
        models.CharField(max_length=20, choices=Reason.choices), verbose_name=_("yang tidak benar")
    )
    story = models.TextField(_("cerita"), max_length=2000, blank=True)
    birth_date = models.DateField(_("tanggal lahir"))
    nik_sealed = models.BinaryField()
    nik_index = models.BinaryField(max_length=vault.INDEX_BYTES, db_index=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(max_length=vault.INDEX_BYTES, null=True, db_index=True)
    notice_by = models.CharField(
        _("cara dikabari"), max_length=8, choices=NoticeBy.choices, default=NoticeBy.SMS
    )  # whoever left no phone hears by letter whatever this says
    village = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("desa/kelurahan")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name=_("keluarga")
    )
    match: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(_("kecocokan"), default=dict)
    match_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dipastikan oleh"),
    )
    match_confirmed_at = models.DateTimeField(_("dipastikan"), null=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("digabung ke")
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name=_("lanjutan dari")
    )
    form_key = models.UUIDField(unique=True)  # one case however often Send is pressed
    filed_at = models.DateTimeField(_("masuk"), db_default=Now())
    # The clock (objections/clock.py): dates are worked out from these four whenever the case moves.
    clock_from = models.DateField(_("waktu dihitung sejak"))
    answer_days = models.PositiveSmallIntegerField(_("hari kerja sampai jawaban"))
    paused_on = models.DateField(_("waktu berhenti sejak"), null=True)
    paused_days = models.PositiveSmallIntegerField(_("hari kerja berhenti"), default=0)
    due_on = models.DateField(_("batas"), null=True)  # of this step; none where nothing is awaited
    answer_by = models.DateField(_("jawaban paling lambat"))
    escalated_at = models.DateTimeField(_("diteruskan ke atasan"), null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    asked_for = notes.LongNoteField(_("yang diminta dari warga"), blank=True)
    proposed_outcome = models.CharField(
        _("usul keputusan"),
        max_length=16,
        blank=True,
        choices=[(state.value, state.label) for state in OUTCOMES],
    )
    proposed_answer = notes.LongNoteField(_("usul jawaban"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diusulkan oleh"),
    )
    proposed_at = models.DateTimeField(_("diusulkan"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    decided_at = models.DateTimeField(_("diputus"), null=True)
    answer = notes.LongNoteField(_("jawaban untuk warga"), blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanggahan")
        verbose_name_plural = _("sanggahan")
        ordering = ["due_on", "id"]
        permissions = [
            ("handle_objection", "May check an objection"),
            ("decide_objection", "May decide an objection"),
            ("record_visit", "May record a field visit"),
            ("file_for_others", "May file an objection for somebody who is present"),
            ("print_letter", "May print notice letters with codes"),
            ("see_reporter", "May see who reported a well-off recipient"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="objection_state_known"),
            models.CheckConstraint(
                condition=Q(notice_by__in=NoticeBy.values), name="objection_notice_by_known"
            ),
            models.CheckConstraint(condition=Q(reasons__len__gte=1), name="objection_has_a_reason"),
            models.CheckConstraint(
                condition=Q(channel=Channel.ONLINE) | Q(filed_by__isnull=False) & ~Q(consent=""),
                name="objection_filed_for_somebody_has_consent",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.PAPER, paper_on__isnull=False)
                | ~Q(channel=Channel.PAPER) & Q(paper_on=None),
                name="objection_paper_has_its_date",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.MERGED) & Q(merged_into__isnull=False))
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
                name="objection_merged_names_the_other",
            ),
            models.CheckConstraint(
                condition=Q(paused_on=None) | Q(state=State.INCOMPLETE), name="objection_paused_while_asked"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="objection_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt_no

    @property
    def reference(self) -> str:
        """How rows of the lower apps, and the log of looks, name this case."""
        return f"{REFERENCE}{self.receipt_no}"

    @property
    def is_about_own_family(self) -> bool:
        """As far as the case itself says: else its family may be strangers, and a phone must not open it."""
        return self.kind not in NOT_OWN_FAMILY and Reason.NIK_MISUSED not in self.reasons

    def masked_nik(self) -> str:
        return ids.mask(vault.decrypt(vault.NIK, self.nik_sealed, self.nik_index))


class ObjectionEvent(models.Model):
    """Everything that happened to a case, in order; never changed."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="events")
    kind = models.CharField(_("kejadian"), max_length=9, choices=EventKind.choices)
    state_after = models.CharField(_("tahap"), max_length=16, choices=State.choices, blank=True)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    note = notes.LongNoteField(_("catatan petugas"), blank=True)  # staff only

    class Meta:
        verbose_name = _("kejadian")
        verbose_name_plural = _("kejadian")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.objection} {self.kind}"
