"""Runs that decide everyone, or whoever is stale; and what stands decided for whole sub-districts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from eligibility.enums import RunState, Scope
from eligibility.models.rules import RuleSet
from recipients.models import Programme, Region, RegistryRelease


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
