"""Rule sets, the decisions they lead to, and the runs that made them. Decisions are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recipients.models import Family, Person, Programme, Region, RegistryRelease
from recipients.models.region import AreaQuerySet


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
    DONE = "DONE", _("selesai")
    FAILED = "FAILED", _("gagal")


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)


class RuleSet(models.Model):
    """One dated version of a programme's rule: conditions with their limits, as data."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="rule_sets", verbose_name=_("program")
    )
    version = models.SmallIntegerField(_("versi"))
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True)
    legal_basis = models.TextField(_("dasar hukum"))
    to_be_confirmed = models.TextField(_("masih perlu dipastikan"), blank=True)
    conditions: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(_("syarat"))
    source_file = models.CharField(_("berkas"), max_length=100)
    loaded_at = models.DateTimeField(_("dimuat"), db_default=Now())

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan program")
        verbose_name_plural = _("aturan program")
        ordering = ["programme", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="rule_set_version_once"),
            models.UniqueConstraint(fields=["programme", "effective_from"], name="rule_set_start_once"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="rule_set_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} versi {self.version}"


class ReverificationRunQuerySet(models.QuerySet["ReverificationRun"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[RunState.WAITING, RunState.RUNNING])


class ReverificationRun(models.Model):
    """One run over families: what it covered, what it used, what it wrote, how it ended.

    One runs at a time per scope; the next waits (WAITING) and starts when it ends. `release` is the one its last
    shard was read at. `subjects`: families and persons looked at; `decided`: verdicts computed; `written`: new rows.
    """

    scope = models.CharField(_("cakupan"), max_length=5, choices=Scope.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("wilayah"))
    as_of = models.DateField(_("untuk tanggal"))
    reason = models.CharField(_("sebab"), max_length=100)
    state = models.CharField(_("keadaan"), max_length=7, choices=RunState.choices, default=RunState.RUNNING)
    release = models.ForeignKey(
        RegistryRelease, models.PROTECT, null=True, related_name="+", verbose_name=_("rilis yang dipakai")
    )
    started_at = models.DateTimeField(_("mulai"), db_default=Now())
    finished_at = models.DateTimeField(_("selesai"), null=True)
    shards = models.SmallIntegerField(_("kecamatan"), default=0)
    shards_done = models.SmallIntegerField(_("kecamatan selesai"), default=0)
    subjects = models.IntegerField(_("subjek"), default=0)
    decided = models.IntegerField(_("diputus"), default=0)
    written = models.IntegerField(_("keputusan baru"), default=0)
    error = models.TextField(_("kesalahan"), blank=True)
    key = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001 - null: runs that may repeat
    batch_id = models.IntegerField(null=True)  # the import that caused it, told when the run is done

    objects = ReverificationRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemeriksaan ulang")
        verbose_name_plural = _("pemeriksaan ulang")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scope"], condition=Q(state=RunState.RUNNING), name="run_one_at_a_time_per_scope"
            ),
            models.UniqueConstraint(
                fields=["batch_id"], condition=~Q(state=RunState.FAILED), name="run_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.as_of}"


class EligibilityDecisionQuerySet(AreaQuerySet["EligibilityDecision"]):
    village_path = "family__village"

    def standing(self) -> Self:
        return self.filter(superseded_at=None)


class EligibilityDecision(models.Model):
    """What the rule of a programme says of a family or person, and why. Never changed: a later one supersedes it.

    `person` is null for programmes whose unit is the family. `findings` is a list of objects with `code`,
    `verdict`, `seen`, `limit` and `source`, one per condition, in the rule set's order. `inputs` are the facts the
    rule set asked for, in its order: rule set and inputs give the findings again, bit for bit.

    The references are guarded a statement at a time (migration 0005): checking half a million rows one by one took 8
    of 20 seconds (docs/decisions/0005). A trigger refuses every change but superseding.
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
    findings: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(_("alasan"))
    inputs = ArrayField(models.SmallIntegerField(null=True), verbose_name=_("fakta"), default=list)
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

    objects = EligibilityDecisionQuerySet.as_manager()

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
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}: {self.get_verdict_display()}"


class DecidedShard(models.Model):
    """Which rule set, read at which release, stands decided for everyone of a sub-district.

    Another rule set in force makes all of it stale, and so does a published release that was moved back.
    """

    subdistrict = models.ForeignKey(Region, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    release = models.ForeignKey(RegistryRelease, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subdistrict", "programme"], name="decided_shard_once")
        ]

    def __str__(self) -> str:
        return f"{self.subdistrict}: {self.rule_set}"
