"""On the page of a delivery that waits for approval: who would begin to meet which rule, and who no longer."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common.admin import Panel, address_of
from eligibility import trial_page
from eligibility.services import trials
from recipients.enums import BatchState
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


admin.site.add_import_panel(release_panel)
