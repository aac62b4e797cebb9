"""Facts proposed to the centre, and the numbered packs they travel in. The centre alone ranks."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import Basis, CentralResult, ProposalState
from recipients.models.people import Family
from recipients.models.region import AreaQuerySet
from recipients.models.registry import RegistryRelease


class ProposalPack(models.Model):
    """What is handed over at once: one sealed ZIP with the list, the contents with their hashes, and the evidence."""

    number = models.CharField(_("nomor berkas kiriman"), max_length=20, unique=True)  # KIRIM-26-0003
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    proposal_count = models.IntegerField(_("jumlah usulan"))
    stored = models.CharField(max_length=32)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.IntegerField(_("ukuran (bita)"))

    class Meta:
        verbose_name = _("berkas kiriman")
        verbose_name_plural = _("berkas kiriman")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class UpdateProposalQuerySet(AreaQuerySet["UpdateProposal"]):
    village_path = "family__village"

    def open(self) -> Self:
        """On their way: neither answered nor withdrawn."""
        return self.exclude(state__in=[ProposalState.ANSWERED, ProposalState.WITHDRAWN])

    def answerable_by(self, release: RegistryRelease) -> Self:
        """Keyed before that release's data day: what was keyed later can only be answered by the next one."""
        return self.filter(state=ProposalState.KEYED, keyed_on__lt=release.as_of)


class UpdateProposal(models.Model):
    """Facts the district proposes to the centre. The answer is the next ranking: better, worse, or the same.

    `changed_facts` is a list of objects with `field`, `person` (its id, or null where the family is meant), `recorded`
    and `proposed` (codes as in the registry), `note`; a decile is never among them: nobody here can propose one
    (domain.md 0, no. 1 and 2). `facts_taken` counts those that the answering release shows as proposed.
    """

    number = models.CharField(_("nomor"), max_length=20, unique=True)  # USUL-26-00012
    family = models.ForeignKey(Family, models.PROTECT, related_name="proposals", verbose_name=_("keluarga"))
    changed_facts: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("data yang diusulkan")
    )
    basis = models.CharField(_("dasar"), max_length=9, choices=Basis.choices)
    basis_ref = models.CharField(_("nomor surat dasar"), max_length=80)
    basis_on = models.DateField(_("tanggal surat dasar"))
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
    endorsed_at = models.DateTimeField(_("disahkan"), null=True, blank=True)
    endorsed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("disahkan oleh"),
    )
    pack = models.ForeignKey(
        ProposalPack,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("berkas kiriman"),
    )
    keyed_on = models.DateField(_("diketik pada"), null=True, blank=True)
    keyed_reference = models.CharField(_("nomor di SIKS-NG"), max_length=60, blank=True)
    keyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diketik oleh"),
    )
    answered_by_release = models.ForeignKey(
        RegistryRelease,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_proposals",
        verbose_name=_("dijawab oleh rilis"),
    )
    decile_after = models.SmallIntegerField(_("desil menurut jawaban"), null=True)
    result = models.CharField(_("jawaban pusat"), max_length=17, choices=CentralResult.choices, blank=True)
    facts_taken = models.SmallIntegerField(_("data yang dipakai pusat"), null=True)
    withdrawn_at = models.DateTimeField(_("dibatalkan"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dibatalkan oleh"),
    )
    withdrawn_because = notes.NoteField(_("sebab dibatalkan"), max_length=200, blank=True)

    objects = UpdateProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("usulan pembaruan data")
        verbose_name_plural = _("usulan pembaruan data")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["family"],
                condition=~Q(state__in=[ProposalState.ANSWERED, ProposalState.WITHDRAWN]),
                name="proposal_one_open_per_family",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.ANSWERED)
                & ~Q(result="")
                & Q(answered_by_release__isnull=False)
                | ~Q(state=ProposalState.ANSWERED) & Q(result=""),
                name="proposal_answer_has_release",
            ),
            models.CheckConstraint(
                condition=Q(endorsed_by=None) | ~Q(endorsed_by=F("made_by")),
                name="proposal_endorsed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ProposalState.DRAFT, ProposalState.WITHDRAWN])
                | Q(endorsed_by__isnull=False),
                name="proposal_goes_on_endorsed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.PACKED, ProposalState.KEYED, ProposalState.ANSWERED])
                | Q(pack__isnull=False),
                name="proposal_travels_in_a_pack",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ProposalState.KEYED, ProposalState.ANSWERED])
                | Q(keyed_on__isnull=False, keyed_by__isnull=False) & ~Q(keyed_reference=""),
                name="proposal_keyed_with_day_and_number",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="proposal_by_reference")]

    def __str__(self) -> str:
        return self.number
