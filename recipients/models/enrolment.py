"""Programmes with their ceilings and quotas, who is enrolled in them, and what was paid.

Ceilings are written by the rule sets above, through services. Meeting a rule enrols nobody: a list from the centre or a
person of the office does, and every step leaves its event.
"""

from __future__ import annotations

from datetime import date
from secrets import token_hex
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import EnrolmentState, ExitReason, PayoutState, Unit
from recipients.models.people import Family, Person
from recipients.models.region import AreaQuerySet, Region


class Programme(models.Model):
    """A programme of assistance. Meeting its rule is not yet receiving it."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    unit = models.CharField(_("untuk"), max_length=6, choices=Unit.choices)
    owner = models.CharField(_("pemilik"), max_length=80)
    # The office enrols; else the centre does.
    is_local = models.BooleanField(_("milik kabupaten"), default=False)

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("program")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DecileCeilingQuerySet(models.QuerySet["DecileCeiling"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)


class DecileCeiling(models.Model):
    """The highest decile a programme takes, from one day to another (both included)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="ceilings", verbose_name=_("program")
    )
    ceiling = models.SmallIntegerField(_("desil tertinggi"))
    effective_from = models.DateField(_("berlaku dari"))
    effective_to = models.DateField(_("berlaku sampai"), null=True)

    objects = DecileCeilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("batas desil")
        verbose_name_plural = _("batas desil")
        constraints = [
            models.UniqueConstraint(fields=["programme", "effective_from"], name="ceiling_once_per_start"),
            models.CheckConstraint(condition=Q(ceiling__range=(1, 10)), name="ceiling_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} 1-{self.ceiling}"


class Quota(models.Model):
    """How many a programme takes in a region for a period; set from above, follows the poverty rate."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="quotas", verbose_name=_("program"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("wilayah"))
    period = models.CharField(_("tahap"), max_length=10)  # 2026-Q1
    amount = models.IntegerField(_("jumlah"))
    # Of the last tie, drawn once.
    draw_key = models.CharField(max_length=64, default=token_hex, editable=False)

    class Meta:
        verbose_name = _("kuota")
        verbose_name_plural = _("kuota")
        constraints = [
            models.UniqueConstraint(fields=["programme", "region", "period"], name="quota_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="quota_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, {self.region}, {self.period}: {self.amount}"


class EnrolmentQuerySet(AreaQuerySet["Enrolment"]):
    village_path = "family__village"

    def open(self) -> Self:
        return self.exclude(state=EnrolmentState.EXITED)

    def listed(self, day: date) -> Self:
        """On a list of recipients that day, paid or held back for a while: what a rule means by "enrolled"."""
        states = [EnrolmentState.ENROLLED, EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED]
        return self.filter(state__in=states, since__lte=day)


class Enrolment(models.Model):
    """A family, or a person of it, on a programme's list. `person` is null where the programme's unit is the family."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="enrolments", verbose_name=_("program")
    )
    family = models.ForeignKey(Family, models.PROTECT, related_name="enrolments", verbose_name=_("keluarga"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="enrolments", verbose_name=_("orang")
    )
    caretaker = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pengurus")
    )
    state = models.CharField(_("keadaan"), max_length=10, choices=EnrolmentState.choices)
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    exit_reason = models.CharField(_("sebab berhenti"), max_length=20, choices=ExitReason.choices, blank=True)
    card_masked = models.CharField(_("no. KKS"), max_length=25, blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("kepesertaan")
        verbose_name_plural = _("kepesertaan")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "family"],
                condition=Q(person=None) & ~Q(state=EnrolmentState.EXITED),
                name="enrolment_one_open_per_family",
            ),
            models.UniqueConstraint(
                fields=["programme", "person"],
                condition=Q(person__isnull=False) & ~Q(state=EnrolmentState.EXITED),
                name="enrolment_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state=EnrolmentState.EXITED, until__isnull=False) & ~Q(exit_reason="")
                | ~Q(state=EnrolmentState.EXITED) & Q(until=None, exit_reason=""),
                name="enrolment_exit_has_day_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}: {self.get_state_display()}"


class EnrolmentEvent(models.Model):
    """A step of an enrolment, never changed. `reference` names the cause: a list, a finding, an objection."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events")
    state_after = models.CharField(_("keadaan"), max_length=10, choices=EnrolmentState.choices)
    at = models.DateTimeField(_("waktu"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    reference = models.CharField(_("rujukan"), max_length=80, blank=True)
    note = notes.NoteField(_("catatan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("riwayat kepesertaan")
        verbose_name_plural = _("riwayat kepesertaan")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.state_after}"


class PayoutRecordQuerySet(AreaQuerySet["PayoutRecord"]):
    village_path = "enrolment__family__village"


class PayoutRecord(models.Model):
    """One payment of an enrolment in a period, as a payout list tells it."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="payouts")
    period = models.CharField(_("tahap"), max_length=10)
    state = models.CharField(_("keadaan"), max_length=13, choices=PayoutState.choices)
    amount = models.IntegerField(_("jumlah (Rp)"))
    channel = models.CharField(_("saluran"), max_length=40, blank=True)
    failure_reason = models.CharField(_("sebab gagal"), max_length=200, blank=True)
    paid_on = models.DateField(_("tanggal"), null=True, blank=True)
    reference = models.CharField(_("rujukan"), max_length=80, blank=True)

    objects = PayoutRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("pembayaran")
        verbose_name_plural = _("pembayaran")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "period"], name="payout_once_per_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payout_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.period}: {self.get_state_display()}"
