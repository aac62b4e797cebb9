"""Steps that change who gets money: asked for by one person, taken by another (docs/decisions/0035)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common.notes import NoteField
from bansos.common.two_people import Proposal
from recipients.enums import ExitReason, StepKind, StepState
from recipients.models.enrolment import Enrolment
from recipients.models.facts import ExternalFlag
from recipients.models.people import Family, Person
from recipients.models.region import AreaQuerySet


class ProposedStepQuerySet(AreaQuerySet["ProposedStep"]):
    village_path = "family__village"

    def waiting(self) -> Self:
        return self.filter(state=StepState.PROPOSED)


class ProposedStep(Proposal):
    """What should become of a flag, or of an enrolment: its state (`to`), or its `caretaker`.

    What was asked for is never rewritten; its settling is added, once.
    """

    kind = models.CharField(_("jenis"), max_length=9, choices=StepKind.choices)
    family = models.ForeignKey(Family, models.PROTECT, related_name="+", verbose_name=_("keluarga"))
    flag = models.ForeignKey(ExternalFlag, models.PROTECT, null=True, related_name="steps")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="steps")
    caretaker = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    to = models.CharField(max_length=10, blank=True)
    exit_reason = models.CharField(_("sebab berhenti"), max_length=20, choices=ExitReason.choices, blank=True)
    note = NoteField(_("alasan dan bukti"), max_length=300)
    state = models.CharField(
        _("keadaan"), max_length=9, choices=StepState.choices, default=StepState.PROPOSED
    )
    settled_note = NoteField(_("alasan putusan"), max_length=300, blank=True)

    objects = ProposedStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("usulan langkah")
        verbose_name_plural = _("usulan langkah")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag"], condition=Q(state=StepState.PROPOSED), name="proposed_step_one_open_a_flag"
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=StepState.PROPOSED),
                name="proposed_step_one_open_an_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.FLAG, flag__isnull=False, enrolment=None, caretaker=None)
                | Q(kind=StepKind.CARETAKER, flag=None, enrolment__isnull=False, caretaker__isnull=False)
                | Q(kind=StepKind.MOVE, flag=None, enrolment__isnull=False, caretaker=None),
                name="proposed_step_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=StepState.TAKEN)
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("proposed_by")),
                name="proposed_step_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
