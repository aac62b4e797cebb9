"""Drafts of rule sets: written by one person, checked, approved by another; then a rule set that never changes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from eligibility.enums import DraftState
from eligibility.models.rules import RuleSet


class RuleDraftQuerySet(models.QuerySet["RuleDraft"]):
    def open(self) -> Self:
        return self.filter(state__in=[DraftState.DRAFT, DraftState.CHECKED])


class RuleDraft(models.Model):
    """The text (TOML) is the draft; whoever last wrote it does not approve it."""

    title = models.CharField(_("rancangan"), max_length=100)
    text = models.TextField(_("teks"))
    state = models.CharField(_("keadaan"), max_length=9, choices=DraftState.choices, default=DraftState.DRAFT)
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ditulis oleh")
    )
    written_at = models.DateTimeField(_("ditulis"), db_default=Now())
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True)
    rule_set = models.OneToOneField(
        RuleSet, models.PROTECT, null=True, related_name="draft", verbose_name=_("aturan")
    )

    objects = RuleDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("rancangan aturan")
        verbose_name_plural = _("rancangan aturan")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_by=None) | ~Q(state=DraftState.APPROVED) | ~Q(settled_by=F("written_by")),
                name="rule_draft_takes_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.APPROVED, rule_set__isnull=False, settled_by__isnull=False)
                | ~Q(state=DraftState.APPROVED) & Q(rule_set=None),
                name="rule_draft_approved_is_a_rule_set",
            ),
        ]

    def __str__(self) -> str:
        return self.title
