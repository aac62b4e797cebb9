"""Decisions by hand: where a rule set lets the district depart from it, on the record and for a time."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from bansos.common.two_people import Proposal
from eligibility.enums import HandState, Verdict
from recipients.models import Family, Person, Programme
from recipients.models.region import AreaQuerySet


class HandDecisionQuerySet(AreaQuerySet["HandDecision"]):
    village_path = "family__village"

    def in_force(self, day: date) -> Self:
        """The same question as engine/beside.py asks for everyone."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=day),
            state__in=[HandState.APPROVED, HandState.ENDED],
            starts_on__lte=day,
            ends_on__gte=day,
        )

    def waiting(self) -> Self:
        return self.filter(state=HandState.PROPOSED)


class HandDecision(Proposal):
    """What a village deliberation (musdes) asked for and a second person of the office approved.

    It outweighs the rule from `starts_on` to `ends_on`, both included, or until before `ended_on`. What was asked for
    is never rewritten (migration 0010).
    """

    VERDICTS = (Verdict.ELIGIBLE, Verdict.INELIGIBLE)

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="hand_decisions", verbose_name=_("program")
    )
    family = models.ForeignKey(
        Family, models.PROTECT, related_name="hand_decisions", verbose_name=_("keluarga")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hand_decisions",
        verbose_name=_("orang"),
    )
    verdict = models.CharField(_("keputusan"), max_length=12, choices=Verdict.choices)
    starts_on = models.DateField(_("berlaku sejak"))
    ends_on = models.DateField(_("berlaku sampai"))
    minutes_no = models.CharField(_("nomor berita acara musdes"), max_length=80)
    minutes_on = models.DateField(_("tanggal berita acara"))
    reason = notes.NoteField(_("alasan"), max_length=500)
    reference = models.CharField(_("rujukan"), max_length=80, blank=True)  # objection:SGH-26-4K7Q-2
    state = models.CharField(
        _("keadaan"), max_length=8, choices=HandState.choices, default=HandState.PROPOSED
    )
    settled_note = notes.NoteField(_("catatan"), max_length=300, blank=True)
    ended_on = models.DateField(_("tidak berlaku lagi sejak"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diakhiri oleh"),
    )
    ended_note = notes.NoteField(_("alasan diakhiri"), max_length=300, blank=True)

    objects = HandDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("keputusan daerah")
        verbose_name_plural = _("keputusan daerah")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[Verdict.ELIGIBLE, Verdict.INELIGIBLE]),
                name="hand_decision_says_yes_or_no",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="hand_decision_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(state=HandState.PROPOSED, settled_by=None)
                | ~Q(state=HandState.PROPOSED) & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="hand_decision_settled_has_person",
            ),
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=F("proposed_by")),
                name="hand_decision_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state=HandState.ENDED, ended_on__isnull=False, ended_by__isnull=False)
                | ~Q(state=HandState.ENDED) & Q(ended_on=None, ended_by=None),
                name="hand_decision_ended_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme}: {self.get_verdict_display()}"
