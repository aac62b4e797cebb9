"""Facts beside the registry: what lists and visits say of somebody, and facts proposed to the centre."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recipients.enums import CentralResult, FlagKind, FlagStatus, ProposalState
from recipients.models.people import Family, Person
from recipients.models.region import AreaQuerySet
from recipients.models.registry import RegistryRelease


class ExternalFlagQuerySet(AreaQuerySet["ExternalFlag"]):
    village_path = "family__village"

    def in_force(self, day: date) -> Self:
        """Not refuted, and valid on that day."""
        return self.exclude(status=FlagStatus.REFUTED).filter(
            Q(valid_until=None) | Q(valid_until__gte=day), observed_on__lte=day
        )


class ExternalFlag(models.Model):
    """A lead with its source: never a verdict until a person of the office confirms it (domain.md 0, no. 11 and 12).

    `family` is always there; `person` where the kind speaks of one. A refuted flag stays, so that the same source
    cannot raise it again.
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="flags", verbose_name=_("keluarga"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("orang")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=FlagKind.choices)
    status = models.CharField(
        _("keadaan"), max_length=9, choices=FlagStatus.choices, default=FlagStatus.ALLEGED
    )
    source = models.CharField(_("sumber"), max_length=80)  # who says so: "Dukcapil", "BKPSDM", "kunjungan"
    source_ref = models.CharField(_("rujukan sumber"), max_length=80, blank=True)
    observed_on = models.DateField(_("diketahui pada"))
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    evidence = models.CharField(_("keterangan"), max_length=300, blank=True)
    raised_at = models.DateTimeField(_("dicatat"), db_default=Now())
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputus oleh"),
    )
    settled_note = models.CharField(_("alasan"), max_length=300, blank=True)
    settled_ref = models.CharField(
        _("rujukan keputusan"), max_length=80, blank=True
    )  # objection:SGH-26-4K7Q-2

    objects = ExternalFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tanda dari daftar lain")
        verbose_name_plural = _("tanda dari daftar lain")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "person", "kind", "source"],
                name="flag_once_per_source",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(status=FlagStatus.ALLEGED, settled_at=None)
                | ~Q(status=FlagStatus.ALLEGED) & Q(settled_at__isnull=False),
                name="flag_settled_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("observed_on")),
                name="flag_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="flag_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"


class UpdateProposal(models.Model):
    """Facts the district proposes to the centre. The answer is the next ranking: better, worse, or the same.

    `changed_facts` is a list of objects with `field`, `recorded`, `proposed` and `evidence`; a decile is never among
    them: nobody here can propose one (domain.md 0, no. 1 and 2).
    """

    number = models.CharField(_("nomor"), max_length=20, unique=True)
    family = models.ForeignKey(Family, models.PROTECT, related_name="proposals", verbose_name=_("keluarga"))
    changed_facts: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("data yang diusulkan")
    )
    reference = models.CharField(_("rujukan"), max_length=80, blank=True)  # objection:SGH-26-4K7Q-2
    state = models.CharField(
        _("tahap"), max_length=9, choices=ProposalState.choices, default=ProposalState.DRAFT
    )
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    release_before = models.ForeignKey(RegistryRelease, models.PROTECT, null=True, related_name="+")
    decile_before = models.SmallIntegerField(_("desil saat diusulkan"), null=True)
    keyed_on = models.DateField(_("diketik pada"), null=True, blank=True)
    keyed_reference = models.CharField(_("nomor di SIKS-NG"), max_length=60, blank=True)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, null=True, blank=True, related_name="answered_proposals"
    )
    decile_after = models.SmallIntegerField(_("desil menurut jawaban"), null=True)
    result = models.CharField(_("jawaban pusat"), max_length=17, choices=CentralResult.choices, blank=True)

    class Meta:
        verbose_name = _("usulan pembaruan data")
        verbose_name_plural = _("usulan pembaruan data")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.ANSWERED)
                & ~Q(result="")
                & Q(answered_by_release__isnull=False)
                | ~Q(state=ProposalState.ANSWERED) & Q(result=""),
                name="proposal_answer_has_release",
            ),
        ]

    def __str__(self) -> str:
        return self.number
