"""The phone that may open its family's data, and the codes sent to it (docs/decisions/0036)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import vault
from objections.enums import NOT_OWN_FAMILY, CodePurpose, PhoneHow, Reason
from objections.models.objection import Objection
from recipients.models import Family, FamilyMembership

PHONE_CODE = b"phone-code"
PHONE_SHOWN = b"phone-shown"
DIGITS = 8


class PhoneConfirmationQuerySet(models.QuerySet["PhoneConfirmation"]):
    def kept(self) -> Self:
        """Not ended, and still about the number that the case names."""
        return self.filter(ended_at=None, phone_index=F("objection__phone_index"))

    def standing(self, now: datetime) -> Self:
        """What opens the family today: lapses after half a year, and once the person is no member any more."""
        members = FamilyMembership.objects.standing().filter(
            person__nik__index=OuterRef("objection__nik_index"), family=OuterRef("family")
        )
        confirmed = self.kept().filter(
            Exists(members),
            confirmed_at__gt=now - PhoneConfirmation.GOOD_FOR,
            family=F("objection__family"),
        )
        strangers = Q(objection__kind__in=NOT_OWN_FAMILY) | Q(
            objection__reasons__contains=[Reason.NIK_MISUSED]
        )
        return confirmed.exclude(strangers)


class PhoneConfirmation(models.Model):
    """That a case's phone is its family's own: proven by a typed code, then confirmed by staff who know the person."""

    GOOD_FOR = timedelta(days=180)  # prepaid numbers lapse, and are sold again
    MOST_FAMILIES = 3  # of one number, before the office itself looks

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="phone_confirmations")
    phone_index = models.BinaryField(max_length=vault.INDEX_BYTES, db_index=True)
    proven_at = models.DateTimeField(_("dibuktikan warga"))
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="+")
    how = models.CharField(_("cara"), max_length=5, choices=PhoneHow.choices, blank=True)
    confirmed_at = models.DateTimeField(_("dipastikan"), null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dipastikan oleh"),
    )
    ended_at = models.DateTimeField(_("dibatalkan"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dibatalkan oleh"),
    )  # none: by the family itself

    objects = PhoneConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("HP terkonfirmasi")
        verbose_name_plural = _("HP terkonfirmasi")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection"], condition=Q(ended_at=None), name="phone_one_a_case"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, family=None, how="")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, family__isnull=False)
                & ~Q(how=""),
                name="phone_confirmed_by_somebody_for_a_family",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def good_until(self) -> datetime | None:
        return self.confirmed_at + self.GOOD_FOR if self.confirmed_at else None

    @property
    def shown_as(self) -> str:
        """What a form says of the phone that its page showed: another proof or number, another word."""
        return vault.blind_index(PHONE_SHOWN, f"{self.pk}|{bytes(self.phone_index).hex()}").hex()


class PhoneCodeQuerySet(models.QuerySet["PhoneCode"]):
    def since(self, moment: datetime) -> Self:
        return self.filter(made_at__gt=moment)

    def live(self, now: datetime) -> Self:
        """What may still be typed."""
        return self.filter(used_at=None, valid_until__gt=now, tries__lt=PhoneCode.MOST_TRIES)


class PhoneCode(models.Model):
    """One code for one case. The row holds none: who sends it and who compares it work it out with the vault's key."""

    VALID_FOR = timedelta(minutes=15)
    KEPT_FOR = timedelta(days=90)
    MOST_TRIES = 5

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="phone_codes")
    purpose = models.CharField(max_length=7, choices=CodePurpose.choices)
    phone_index = models.BinaryField(
        max_length=vault.INDEX_BYTES, null=True, db_index=True
    )  # none: nobody was sent it
    nonce = models.BinaryField(max_length=16, unique=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    valid_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects = PhoneCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("kode HP")
        verbose_name_plural = _("kode HP")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.pk)

    def digits(self) -> str:
        drawn = vault.blind_index(PHONE_CODE, f"{self.purpose}|{self.objection_id}|{bytes(self.nonce).hex()}")
        return f"{int.from_bytes(drawn[:8]) % 10**DIGITS:0{DIGITS}d}"
