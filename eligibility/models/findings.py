"""Findings: what the night run puts before people, and every step people take with it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from eligibility.enums import FindingKind, FindingState, Outcome
from eligibility.models.rules import RuleSet
from eligibility.models.runs import ReverificationRun
from recipients.models import Family, Person, Programme, Region
from recipients.models.region import AreaQuerySet

WAITING = (FindingState.OPEN, FindingState.PROPOSED)


class FindingQuerySet(AreaQuerySet["Finding"]):
    village_path = "family__village"

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def proposed(self) -> Self:
        return self.filter(state=FindingState.PROPOSED)

    def ruled_on(self, day: date) -> Self:
        """Of a programme that a rule holds for that day: without one there is nothing to warn of or to confirm."""
        return self.filter(programme__in=RuleSet.objects.programmes_on(day))


class Finding(models.Model):
    """One thing about one subject (`subject_key`, such as enrolment:12) that a person has to look at.

    `digest` stands for the facts it rests on. What a person closed is not opened again by the machine while these facts
    are the same, nor when they are so again; what is no longer so is resolved by itself. A consequence takes two
    people: one proposes, another confirms, not before `window_ends_on`.
    """

    kind = models.CharField(_("jenis"), max_length=24, choices=FindingKind.choices)
    subject_key = models.CharField(max_length=40)
    family = models.ForeignKey(Family, models.PROTECT, related_name="findings", verbose_name=_("keluarga"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("orang"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, related_name="+", verbose_name=_("program")
    )
    subdistrict = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("kecamatan"))
    digest = models.CharField(max_length=32)
    evidence: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(
        _("keadaan"), max_length=9, choices=FindingState.choices, default=FindingState.OPEN
    )
    found_at = models.DateTimeField(_("ditemukan"), db_default=Now())
    run = models.ForeignKey(ReverificationRun, models.PROTECT, null=True, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ditangani")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diusulkan oleh"),
    )
    proposed_at = models.DateTimeField(null=True)
    window_ends_on = models.DateField(_("batas sanggah"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(_("selesai"), null=True)
    outcome = models.CharField(_("hasil"), max_length=10, choices=Outcome.choices, blank=True)
    note = notes.NoteField(_("catatan"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("temuan")
        verbose_name_plural = _("temuan")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key"], condition=Q(state__in=WAITING), name="finding_one_waiting"
            ),
            models.CheckConstraint(condition=Q(state__in=FindingState.values), name="finding_state_known"),
            models.CheckConstraint(
                condition=~Q(state=FindingState.PROPOSED)
                | Q(proposed_by__isnull=False, proposed_at__isnull=False, window_ends_on__isnull=False),
                name="finding_proposed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.CONFIRMED)
                | Q(proposed_by__isnull=False, settled_by__isnull=False) & ~Q(settled_by=F("proposed_by")),
                name="finding_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[FindingState.CONFIRMED, FindingState.DISMISSED]) | ~Q(outcome=""),
                name="finding_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_key"], name="finding_by_subject"),
            models.Index(fields=["state", "kind"], name="finding_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FindingEvent(models.Model):
    """A step that a person took with a finding; never changed."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    step = models.CharField(_("langkah"), max_length=80)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    note = notes.NoteField(_("catatan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("riwayat temuan")
        verbose_name_plural = _("riwayat temuan")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.step}"
