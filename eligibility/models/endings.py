"""The end of a rule without a next version: proposed with its reason, approved by another person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common.notes import NoteField
from eligibility.enums import EndingState
from eligibility.models.rules import RuleSet


class RuleEnding(models.Model):
    """`ends_on` is the last day on which the rule holds. What was proposed is never rewritten."""

    rule_set = models.ForeignKey(
        RuleSet, models.PROTECT, related_name="endings", verbose_name=_("aturan program")
    )
    ends_on = models.DateField(_("hari terakhir berlaku"))
    reason = NoteField(_("alasan dan dasar hukum"), max_length=500)
    state = models.CharField(
        _("keadaan"), max_length=9, choices=EndingState.choices, default=EndingState.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diusulkan oleh")
    )
    proposed_at = models.DateTimeField(_("diusulkan"), db_default=Now())
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True)

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
