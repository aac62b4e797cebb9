"""Decisions: what the rule says of somebody, and why. They are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from eligibility.enums import Verdict
from eligibility.models.rules import RuleSet
from recipients.models import Family, Person, Programme, Region, RegistryRelease
from recipients.models.region import AreaQuerySet


class Grounds(models.Model):
    """What a decision rests on: the facts its rule set asked for, and what each condition says to them.

    Shared by all who stand the same: a district of 100,000 families has some 1,400 (docs/decisions/0024). `inputs` are
    the facts in the rule set's order; `findings` a list of objects with `code`, `verdict`, `seen`, `limit` and
    `source`, one per condition. Rule set and inputs give the findings again, bit for bit. A row is only ever added;
    two workers that need the same at once add it twice, which changes nothing.
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, db_index=False, related_name="+")
    inputs = ArrayField(models.SmallIntegerField(null=True), default=list)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    findings: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["rule_set", "inputs"], name="grounds_by_inputs")]

    def __str__(self) -> str:
        return f"{self.rule_set_id} {self.inputs}: {self.verdict}"


class EligibilityDecisionQuerySet(AreaQuerySet["EligibilityDecision"]):
    village_path = "family__village"

    def standing(self) -> Self:
        return self.filter(superseded_at=None)

    def standing_on(self, day: date) -> Self:
        """Those that readers may go by that day: what a rule said that ended at midnight waits for the night run only
        to be superseded."""
        return self.standing().filter(programme__in=RuleSet.objects.programmes_on(day))


class EligibilityDecisionManager(models.Manager.from_queryset(EligibilityDecisionQuerySet)):  # type: ignore[misc]
    """A decision is read together with its grounds."""

    def get_queryset(self) -> EligibilityDecisionQuerySet:
        return super().get_queryset().select_related("grounds")  # type: ignore[no-any-return]


class EligibilityDecision(models.Model):
    """What the rule of a programme says of a family or person, and why. Never changed: a later one supersedes it.

    `person` is null for programmes whose unit is the family. The references are guarded a statement at a time: checking
    half a million rows one by one took 8 of 20 seconds (docs/decisions/0005). A trigger refuses every change but
    superseding.
    """

    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("program"),
    )
    family = models.ForeignKey(
        Family, models.PROTECT, db_constraint=False, db_index=False, related_name="decisions"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="decisions"
    )
    subdistrict = models.ForeignKey(
        Region, models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    verdict = models.CharField(_("hasil"), max_length=12, choices=Verdict.choices)
    grounds = models.ForeignKey(
        Grounds,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("alasan"),
    )
    rule_set = models.ForeignKey(
        RuleSet,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("aturan"),
    )
    release = models.ForeignKey(
        RegistryRelease,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("rilis"),
    )
    as_of = models.DateField(_("untuk tanggal"))
    decided_at = models.DateTimeField(_("dihitung"), db_default=Now())
    superseded_at = models.DateTimeField(_("diganti"), null=True)
    superseded_as_of = models.DateField(null=True)

    objects = EligibilityDecisionManager()

    class Meta:
        verbose_name = _("keputusan")
        verbose_name_plural = _("keputusan")
        constraints = [
            models.UniqueConstraint(
                fields=["family", "programme"],
                condition=Q(superseded_at=None, person=None),
                name="decision_one_standing_per_family",
            ),
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=Q(superseded_at=None, person__isnull=False),
                name="decision_one_standing_per_person",
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_verdict_known"),
        ]
        indexes = [
            models.Index(fields=["family"], name="decision_of_family"),
            models.Index(
                fields=["subdistrict", "programme"],
                condition=Q(superseded_at=None),
                name="decision_standing_of_shard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}: {self.get_verdict_display()}"

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.grounds.findings
