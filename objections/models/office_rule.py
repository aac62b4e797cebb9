"""What the office settles for itself: each value with its legal basis, as versions that a second person approves."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from objections.enums import Draft, RuleName


class OfficeRuleQuerySet(models.QuerySet["OfficeRule"]):
    def in_force(self, name: RuleName) -> OfficeRule | None:
        """The newest approved version. None until the office has settled it: no value comes with the portal."""
        return self.filter(name=name, state=Draft.APPROVED).order_by("-version").first()

    def with_newest(self) -> Self:
        """Beside each version the number of the one in force."""
        approved = OfficeRule.objects.filter(name=OuterRef("name"), state=Draft.APPROVED)
        return self.annotate(newest=Subquery(approved.order_by("-version").values("version")[:1]))


class OfficeRule(models.Model):
    """One version of a rule. Never rewritten: another value, or another basis, is another version."""

    MOST_YEARS = 30

    name = models.CharField(_("aturan"), max_length=20, choices=RuleName.choices)
    version = models.PositiveSmallIntegerField(_("versi"))
    value = models.PositiveSmallIntegerField(_("nilai"))
    basis = notes.NoteField(_("dasar hukum"), max_length=300)
    state = models.CharField(_("keadaan"), max_length=9, choices=Draft.choices, default=Draft.WAITING)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ditulis oleh")
    )
    written_at = models.DateTimeField(_("ditulis"), db_default=Now())
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diputus oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True)

    objects = OfficeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan kantor")
        verbose_name_plural = _("aturan kantor")
        ordering = ["name", "-version"]
        permissions = [("approve_officerule", "May approve a rule of the office that somebody else wrote")]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="office_rule_version_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(state=Draft.WAITING), name="office_rule_one_draft_a_name"
            ),
            # A year at least: longer than anybody may take to ask for a second look.
            models.CheckConstraint(
                condition=Q(name=RuleName.EVIDENCE_YEARS, value__range=(1, 30))
                | Q(name=RuleName.LIST_MEMBERSHIP, value__in=(0, 1)),
                name="office_rule_value_known",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="office_rule_has_a_basis"),
            models.CheckConstraint(
                condition=~Q(state=Draft.APPROVED)
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(settled_by=F("written_by")),
                name="office_rule_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s, versi %(version)d") % {
            "name": self.get_name_display(),
            "version": self.version,
        }

    def says(self) -> str:
        """The value in words."""
        if self.name == RuleName.LIST_MEMBERSHIP:
            return str(_("dibuka untuk umum") if self.value else _("ditutup"))
        return _("disimpan %d tahun") % self.value
