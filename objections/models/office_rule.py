"""What the office settles for itself: each value with its legal basis, as versions that a second person approves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from objections.enums import Draft, RuleName
from objections.models.versions import Version, VersionQuerySet


class OfficeRuleQuerySet(VersionQuerySet["OfficeRule"]):
    def in_force(self, name: RuleName) -> OfficeRule | None:
        """None until the office has settled it: no value comes with the portal."""
        return self.approved(name).first()


class OfficeRule(Version):
    """One version of a rule: another value, or another basis, is another version."""

    ABOUT = "name"
    MOST_YEARS = 30

    name = models.CharField(_("aturan"), max_length=20, choices=RuleName.choices)
    value = models.PositiveSmallIntegerField(_("nilai"))
    basis = notes.NoteField(_("dasar hukum"), max_length=300)

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
            # What shuts a page needs one person only: off is the safe side.
            models.CheckConstraint(
                condition=~Q(state=Draft.APPROVED)
                | Q(settled_by__isnull=False, settled_at__isnull=False)
                & (~Q(settled_by=F("written_by")) | Q(name=RuleName.LIST_MEMBERSHIP, value=0)),
                name="office_rule_approved_by_another",
            ),
        ]

    def says(self) -> str:
        """The value in words."""
        if self.name == RuleName.LIST_MEMBERSHIP:
            return str(_("dibuka untuk umum") if self.value else _("ditutup"))
        return _("disimpan %d tahun") % self.value
