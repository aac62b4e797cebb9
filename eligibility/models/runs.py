"""Runs that decide everyone, or whoever is stale; and what stands decided for whole sub-districts."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from eligibility.enums import RunState, Scope
from eligibility.models.rules import RuleSet
from recipients.models import Family, Person, Programme, Region, RegistryRelease


class ReverificationRunQuerySet(models.QuerySet["ReverificationRun"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=[RunState.WAITING, RunState.RUNNING, RunState.HELD])

    def under_way(self) -> Self:
        """The one that goes on, or is held: no other starts before it ends."""
        return self.filter(state__in=[RunState.RUNNING, RunState.HELD])


class ReverificationRun(models.Model):
    """One run over families: what it covered, what it used, what it wrote, how it ended.

    One goes on at a time; the next waits and starts when it ends. A run over everyone reads pinned inputs: `release`,
    `rule_sets` and the flags as they stood at `pinned_at` (docs/decisions/0009). A guarded run is measured before it
    writes, and held where too many would change. `subjects`: families and persons looked at; `proven`: those of whom a
    night knows that nothing was written since they were (docs/decisions/0039); `decided`: verdicts computed;
    `written`: new rows. For a run over what is stale, `release` is the one its last shard was read at.
    """

    scope = models.CharField(_("cakupan"), max_length=5, choices=Scope.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("wilayah"))
    as_of = models.DateField(_("untuk tanggal"))
    reason = models.CharField(_("sebab"), max_length=100)
    state = models.CharField(_("keadaan"), max_length=7, choices=RunState.choices, default=RunState.RUNNING)
    release = models.ForeignKey(
        RegistryRelease, models.PROTECT, null=True, related_name="+", verbose_name=_("rilis yang dipakai")
    )
    rule_sets = ArrayField(models.BigIntegerField(), default=list)
    pinned_at = models.DateTimeField(null=True)
    looks_back = models.BooleanField(default=False)  # at an older release than the published one
    is_guarded = models.BooleanField(default=False)
    spikes: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    # Kind -> standing, opened, changed, resolved; the digest they hold for, and since when.
    findings: models.JSONField[dict[str, dict[str, Any]], dict[str, dict[str, Any]]] = models.JSONField(
        default=dict
    )
    held_at = models.DateTimeField(_("ditahan"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(null=True)
    settled_reason = notes.NoteField(_("alasan"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("mulai"), db_default=Now())
    finished_at = models.DateTimeField(_("selesai"), null=True)
    shards = models.SmallIntegerField(_("kecamatan"), default=0)
    shards_done = models.SmallIntegerField(_("kecamatan selesai"), default=0)
    subjects = models.IntegerField(_("subjek"), default=0)
    proven = models.IntegerField(_("terbukti tidak berubah"), default=0)
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
                fields=["state"], condition=Q(state=RunState.RUNNING), name="run_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state=RunState.HELD), name="run_one_held"),
            models.UniqueConstraint(
                fields=["batch_id"], condition=~Q(state=RunState.FAILED), name="run_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.as_of}"

    @property
    def is_nightly(self) -> bool:
        return self.key is not None and self.key.startswith("nightly:")

    @property
    def takes_shards(self) -> bool:
        """Once it ended its marks are the next run's, and the flags it copied are gone."""
        return self.state == RunState.RUNNING


class ShardResult(models.Model):
    """What a run found in one sub-district: when it was measured, and when its decisions stood.

    A night first notes the `digest` of what it will find there (services/proving.py). Where nothing was written since
    everyone was compared, on the day `proven_since`, it takes over what is known: decided last on `proven_on`, and how
    many subjects stand.
    `moves`: programme id -> how many verdicts went from what to what ("ELIGIBLE>INELIGIBLE"), "subjects" among them.
    """

    run = models.ForeignKey(ReverificationRun, models.PROTECT, related_name="results")
    subdistrict = models.ForeignKey(Region, models.PROTECT, related_name="+")
    measured_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    digest: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    proven_since = models.DateField(null=True)
    proven_on = models.DateField(null=True)
    standing = models.IntegerField(default=0)
    standing_by_programme: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    subjects = models.IntegerField(default=0)
    proven = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    moves: models.JSONField[dict[str, dict[str, int]], dict[str, dict[str, int]]] = models.JSONField(
        default=dict
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "subdistrict"], name="shard_result_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.subdistrict}"


class PinnedFlag(models.Model):
    """A flag as it stood when a run over everyone began; its shards read these, and they go with the run's end.

    Copied in one statement (engine/beside.py) from rows whose references are guarded.
    """

    run = models.ForeignKey(
        ReverificationRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    family = models.ForeignKey(Family, models.PROTECT, db_constraint=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=9)

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"


class ShardProof(models.Model):
    """A sub-district found in order: what everything there was when it was last compared or decided by the calendar.

    `compared_on`: the day everyone was last compared, who were so many `subjects`, and by programme.
    """

    subdistrict = models.OneToOneField(Region, models.PROTECT, primary_key=True, related_name="+")
    digest: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    proven_on = models.DateField()
    compared_on = models.DateField()
    subjects = models.IntegerField()
    by_programme: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()

    def __str__(self) -> str:
        return f"{self.subdistrict}: {self.proven_on}"


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
