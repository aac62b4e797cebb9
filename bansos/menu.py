"""The staff's menu: their lists in the order of the work, in a few groups that open without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MENU = (
    (_("Keluarga"), ("recipients.Family", "recipients.DecileChange")),
    (
        _("Bantuan"),
        (
            "recipients.Enrolment",
            "recipients.PayoutRecord",
            "recipients.ExternalFlag",
            "recipients.ProposedStep",
            "recipients.Quota",
        ),
    ),
    (
        _("Sanggahan"),
        (
            "objections.Objection",
            "objections.FieldVisit",
            "objections.Musdes",
            "objections.Letter",
            "objections.Remedy",
            "recipients.UpdateProposal",
            "recipients.ProposalPack",
        ),
    ),
    (
        _("Kelayakan"),
        (
            "eligibility.Finding",
            "eligibility.EligibilityDecision",
            "eligibility.HandDecision",
            "eligibility.ReverificationRun",
        ),
    ),
    (
        _("Data masuk"),
        (
            "recipients.ImportBatch",
            "recipients.ImportRow",
            "recipients.RegistryRelease",
            "recipients.ListDelivery",
            "recipients.ListRow",
        ),
    ),
    (
        _("Aturan"),
        ("eligibility.RuleSet", "eligibility.RuleDraft", "eligibility.Trial", "recipients.DecileCeiling"),
    ),
    (
        _("Pengaturan"),
        (
            "recipients.SubmissionWindow",
            "objections.ServiceTime",
            "objections.Holiday",
            "objections.VillageHelp",
            "objections.LetterTemplate",
            "objections.AudioClip",
            "objections.OfficeRule",
            "recipients.Tolerance",
            "recipients.CodeBook",
            "recipients.Region",
            "recipients.StaffArea",
            "auth.User",
            "auth.Group",
        ),
    ),
    (
        _("Catatan sistem"),
        (
            "recipients.AccessLog",
            "admin.LogEntry",
            "common.Job",
            "common.Message",
            "common.ShelvedMessage",
        ),
    ),
)
OWN_NAMES = {
    "admin.LogEntry": _("catatan perubahan login"),
    "objections.Letter": _("surat sanggahan"),
    "objections.Remedy": _("perbaikan dari sanggahan"),
    "recipients.UpdateProposal": _("usulan ke pusat"),
    "recipients.ExternalFlag": _("tanda"),
    "recipients.ListRow": _("baris belum terpakai"),
}
FLAT = 6  # links that stand in one row without groups


def menu(request: HttpRequest, site: AdminSite) -> list[dict[str, Any]]:
    """What this person may see: links, and groups of links where there are too many for one row."""
    lists = {model._meta.label: admin for model, admin in site._registry.items()}
    groups: list[dict[str, Any]] = []
    for name, labels in MENU:
        seen = [label for label in labels if lists[label].has_view_or_change_permission(request)]
        links = [_link(request, label, lists[label]) for label in seen]
        groups.append({"name": name, "links": links, "is_here": any(link["is_here"] for link in links)})
    if sum(len(group["links"]) for group in groups) <= FLAT:
        return [link for group in groups for link in group["links"]]
    return [group if len(group["links"]) > 1 else group["links"][0] for group in groups if group["links"]]


def _link(request: HttpRequest, label: str, admin: ModelAdmin[Any]) -> dict[str, Any]:
    url = reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_changelist")
    return {
        "name": OWN_NAMES.get(label, capfirst(admin.opts.verbose_name_plural)),
        "url": url,
        "is_here": request.path.startswith(url),
    }
