"""On the page of a delivery: who would begin to meet which rule, who no longer, and which families to look into."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common.admin import Panel, address_of
from eligibility import trial_page
from eligibility.models import Finding, FindingKind
from eligibility.services import trials
from recipients.enums import BatchState, FamilyOddity
from recipients.models import ImportBatch


def release_panel(request: HttpRequest, batch: ImportBatch) -> Panel | None:
    if batch.state != BatchState.PREVIEWED or not request.user.has_perm("eligibility.view_trial"):
        return None
    trial = trials.trials_of(batch).first()
    context = {
        "trial": trial,
        "is_old": trial is not None and trial.as_of != timezone.localdate(),
        "outcomes": [trial_page.shown(one) for one in trial_page.outcomes(trial)] if trial else [],
        "address": address_of("admin:eligibility_release_trial", batch.pk),
    }
    return Panel(_("Akibatnya bagi tiap program"), "admin/eligibility/trial/panel.html", context)


WORKLISTS = {
    FamilyOddity.NO_HEAD: FindingKind.ORPHAN_MEMBERS,
    FamilyOddity.TWO_HEADS: FindingKind.TWO_HEADS,
    FamilyOddity.COUNT_DIFFERS: FindingKind.MEMBER_COUNT_DIFFERS,
    FamilyOddity.LARGE: FindingKind.LARGE_FAMILY,
    FamilyOddity.DROPPED: FindingKind.DROPPED_FROM_RELEASE,
}


def families_panel(request: HttpRequest, batch: ImportBatch) -> Panel | None:
    """Counted by the check of the delivery; the families themselves stand on the worklists once it is in force."""
    found = batch.preview.get("odd_families")
    if not found:
        return None
    may_open = request.user.has_perm("eligibility.view_finding")
    waiting = Finding.objects.visible_to(request.user).waiting()
    rows = [
        {
            "label": oddity.label,
            "count": found[oddity],
            "waiting": waiting.filter(kind=kind).count(),
            "address": address_of("admin:eligibility_finding_changelist", kind__exact=kind.value)
            if may_open
            else "",
        }
        for oddity, kind in WORKLISTS.items()
        if oddity in found
    ]
    context = {"rows": rows, "is_decided": batch.state == BatchState.DECIDED}
    return Panel(
        _("Keluarga yang perlu ditelusuri"), "admin/eligibility/finding/delivery_panel.html", context
    )


admin.site.add_import_panel(release_panel)
admin.site.add_import_panel(families_panel)
