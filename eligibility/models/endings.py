"""The end of a rule without a next version: proposed with its reason, approved by another person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common.notes import NoteField
from bansos.common.two_people import Proposal
from eligibility.enums import EndingState
from eligibility.models.rules import RuleSet


class RuleEnding(Proposal):
    """`ends_on` is the last day on which the rule holds. What was proposed is never rewritten."""

    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, related_name="endings", verbose_name=_("aturan program")
    )
    ends_on = models.DateField(_("hari terakhir berlaku"))
    reason = NoteField(_("alasan dan dasar hukum"), max_length=500)
    state = models.CharField(
        _("keadaan"), max_length=9, choices=EndingState.choices, default=EndingState.PROPOSED
    )

    class Meta:
        verbose_name = _("pengakhiran aturan")
        verbose_name_plural = _("pengakhiran aturan")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set"], condition=Q(state=EndingState.PROPOSED), name="rule_ending_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=EndingState.APPROVED)
                | Q(settled_by__isnull=False) & ~Q(settled_by=F("proposed_by")),
                name="rule_ending_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} sampai {self.ends_on}"
