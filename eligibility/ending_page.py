"""The page on which a rule is ended without a next version: what it would leave behind, and whose step is next."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import services
from eligibility.enums import EndingState
from eligibility.models import EligibilityDecision, RuleEnding, RuleSet, Verdict
from recipients.enums import EnrolmentState
from recipients.models import Enrolment
from recipients.roles import APPROVE_RULES, WRITE_RULES, named

RECEIVING = (EnrolmentState.ENROLLED, EnrolmentState.ACTIVE)


class EndingForm(forms.Form):
    ends_on = forms.DateField(
        label=gettext_lazy("Hari terakhir aturan ini berlaku"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan dan dasar hukum"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def may_open(user: Any) -> bool:
    return bool(user.has_perm(WRITE_RULES) or user.has_perm(APPROVE_RULES))


def may_end(rule: RuleSet, user: Any) -> bool:
    """Whether the page has something to say: a rule that gave way to its next version ends no more."""
    return may_open(user) and (rule.effective_to is None or rule.endings.exists())


def take_step(request: HttpRequest, rule: RuleSet, form: EndingForm) -> None:
    """Propose, approve or withdraw, by the button that was pressed; EndingRefused says why not."""
    by: Any = request.user
    step, now, today = request.POST.get("step"), timezone.now(), timezone.localdate()
    if step == "propose":
        if not by.has_perm(WRITE_RULES):
            raise services.EndingRefused(_("Pengelola data yang mengusulkan. Anda menyetujuinya."))
        if form.is_valid():
            services.propose_ending(rule=rule, **form.cleaned_data, by=by, today=today)
        return
    ending = get_object_or_404(rule.endings.filter(state=EndingState.PROPOSED))
    if step == "approve":
        if not by.has_perm(APPROVE_RULES):
            raise services.EndingRefused(_("Kepala dinas yang menyetujui."))
        services.approve_ending(ending=ending, by=by, now=now, today=today)
    else:
        services.withdraw_ending(ending=ending, by=by, now=now)


def shown(rule: RuleSet, user: Any) -> dict[str, Any]:
    endings = list(rule.endings.select_related("proposed_by", "settled_by"))
    waiting = next((one for one in endings if one.state == EndingState.PROPOSED), None)
    decided = EligibilityDecision.objects.standing().filter(programme=rule.programme)
    later = RuleSet.objects.filter(programme=rule.programme, effective_from__gt=rule.effective_from)
    return {
        "successor": later.order_by("effective_from").first(),
        "is_over": rule.effective_to is not None and rule.effective_to < timezone.localdate(),
        "title": _("Akhiri aturan tanpa pengganti: %s") % rule,
        "rule": rule,
        "waiting": waiting,
        "endings": [(one, named(one.proposed_by), _settler(one)) for one in endings],
        "meets": decided.filter(verdict=Verdict.ELIGIBLE).count(),
        "receiving": Enrolment.objects.filter(programme=rule.programme, state__in=RECEIVING).count(),
        "may_propose": waiting is None and rule.effective_to is None and user.has_perm(WRITE_RULES),
        "may_approve": waiting is not None
        and waiting.proposed_by_id != user.pk
        and user.has_perm(APPROVE_RULES),
    }


def _settler(ending: RuleEnding) -> str:
    return named(ending.settled_by) if ending.settled_by else ""
