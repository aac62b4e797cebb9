"""Who people are. Identity is a number of our own; card numbers and NIKs stand in the vault.

`db_constraint=False` marks references that a statement-level trigger guards instead (migrations/_guards.py): the same
refusal of orphans, at the price of one set-based look per statement (docs/decisions/0006-orphan-guards.md).
"""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _

from bansos.common import vault
from recipients.models.region import AreaQuerySet, Region
from recipients.models.registry import CurrentRelease, IntervalQuerySet, RegistryRelease
from recipients.models.vault import PersonNik


def published_only(path: str) -> Q:
    """Rows that a release brought which is published by now; rows from before releases were counted are (null)."""
    return Q(**{path: None}) | Q(**{f"{path}__lte": CurrentRelease.pointer()})


class FamilyQuerySet(AreaQuerySet["Family"]):
    def visible_to(self, user: Any) -> Self:
        return super().visible_to(user).filter(published_only("first_release_id"))

    def with_card_no(self, card_no: str) -> Self:
        return self.filter(card__index=vault.blind_index(vault.CARD_NO, card_no))

    def with_member_nik(self, nik: str) -> Self:
        rows = FamilyMembership.objects.standing().of_nik(vault.blind_index(vault.NIK, nik))
        return self.filter(pk__in=rows.values("family"))


class Family(models.Model):
    """A family card's family. The village is where the last release that names the family puts it."""

    village = models.ForeignKey(
        Region, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("desa/kelurahan")
    )
    first_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="+"
    )

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name = _("keluarga")
        verbose_name_plural = _("keluarga")

    def __str__(self) -> str:
        return _("Keluarga no. %d") % self.pk


class Person(models.Model):
    """A person with a NIK. What is known of them stands in their memberships, release by release."""

    first_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("orang")
        verbose_name_plural = _("orang")

    def __str__(self) -> str:
        return _("Orang no. %d") % self.pk


class FamilyMembershipQuerySet(IntervalQuerySet["FamilyMembership"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(family__in=Family.objects.visible_to(user))

    def of_nik(self, index: bytes) -> Self:
        """By the person as one value: over a join, every membership of the district would be read."""
        return self.filter(person=Subquery(PersonNik.objects.filter(index=index).values("person")[:1]))

    def names(self) -> dict[int, str]:
        """The name of each person, by the person's id; where several of these rows name one, the newest."""
        return dict(self.order_by("from_release_id").values_list("person_id", "name"))


class FamilyMembership(models.Model):
    """A person in a family, with the facts of layout B that a rule or a screen needs, as long as they stand.

    An interval: it holds from release `from_release` until before `until_release` (null: it still stands).
    Codes are the code book's (domain.md 3.3). Health columns are specific personal data (UU 27/2022 art. 4):
    only `has_disability` is kept, because the PKH rule needs it.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, db_constraint=False, db_index=False, related_name="memberships"
    )
    family = models.ForeignKey(
        Family, models.PROTECT, db_constraint=False, db_index=False, related_name="memberships"
    )
    from_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    until_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    row_key = models.BigIntegerField()
    name = models.CharField(_("nama"), max_length=120)
    sex = models.SmallIntegerField(_("jenis kelamin"), null=True)  # 1 male, 2 female
    birth_date = models.DateField(_("tanggal lahir"), null=True)
    marital_status = models.SmallIntegerField(_("status kawin"), null=True)
    relation = models.SmallIntegerField(_("hubungan keluarga"), null=True)  # 1 head ... 8 other
    school_participation = models.SmallIntegerField(_("partisipasi sekolah"), null=True)
    school_level = models.SmallIntegerField(_("jenjang sekolah"), null=True)
    # 5: civil servant, army, police, SOE.
    employment = models.SmallIntegerField(_("status pekerjaan"), null=True)
    has_disability = models.BooleanField(_("disabilitas"), null=True)
    national_pbi = models.SmallIntegerField(_("PBI pusat"), null=True)
    local_pbi = models.SmallIntegerField(_("PBI daerah"), null=True)

    objects = FamilyMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("anggota keluarga")
        verbose_name_plural = _("anggota keluarga")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_release=None), name="membership_one_standing_per_person"
            ),
            models.CheckConstraint(
                condition=Q(until_release=None) | Q(until_release__gt=models.F("from_release")),
                name="membership_interval_runs_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["family"], condition=Q(until_release=None), name="membership_standing"),
            # Ended rows: where a person whom the release names no more was last (eligibility/engine/facts.py).
            models.Index(
                fields=["family"], condition=Q(until_release__isnull=False), name="membership_past_of_family"
            ),
            models.Index(
                fields=["person"], condition=Q(until_release__isnull=False), name="membership_past_of_person"
            ),
            # Whose birthday it is tonight (eligibility/engine/aging.py).
            models.Index(fields=["birth_date"], name="membership_by_birth"),
        ]

    def __str__(self) -> str:
        return self.name


class FactsChange(models.Model):
    """A mark: the facts of this family changed and its decisions have not been made again yet.

    Inserted in the transaction that changes the facts, deleted in the one that decides: a kill loses neither.
    """

    # Null: every family of the sub-district.
    family = models.ForeignKey(
        Family, models.CASCADE, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    subdistrict = models.ForeignKey(
        Region, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["subdistrict", "family"], name="facts_change_by_shard")]

    def __str__(self) -> str:
        return str(self.family_id)
