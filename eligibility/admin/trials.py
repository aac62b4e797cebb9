"""Coba aturan: ask what would change, see it by region, open the lists behind the numbers, download them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout
from bansos.common.admin import ReadOnlyAdmin, address_of
from bansos.common.models import JobState
from eligibility import cost_page, trial_groups, trial_lists, trial_page
from eligibility.engine.compare import NARROWED
from eligibility.models import Trial
from eligibility.services import trials
from eligibility.services.foreseeing import NoLongerWaiting
from eligibility.services.trials import Number
from eligibility.trial_forms import TrialForm
from recipients.access import record_access
from recipients.enums import Access, BatchState
from recipients.models import ImportBatch, Region
from recipients.roles import EXPORT_CHANGES, TRY_RULES, named

PER_PAGE = 50
GONE = gettext_lazy(
    "Kiriman itu sudah disetujui atau ditolak, jadi daftarnya tidak bisa dibuka lagi. Angkanya tetap."
)


class ReasonForm(forms.Form):
    reason = forms.CharField(min_length=5, max_length=200)


@admin.register(Trial)
class TrialAdmin(ReadOnlyAdmin):
    list_display = ("what", "as_of", "who", "asked_at", "seconds")
    list_select_related = ("asked_by", "release")
    change_list_template = "admin/eligibility/trial/list.html"

    @admin.display(description=gettext_lazy("yang dicoba"))
    def what(self, trial: Trial) -> str:
        return str(trial)

    @admin.display(description=gettext_lazy("oleh"))
    def who(self, trial: Trial) -> str:
        return named(trial.asked_by) if trial.asked_by else _("sistem")

    @admin.display(description=gettext_lazy("lama (detik)"))
    def seconds(self, trial: Trial) -> Any:
        return trial.result.get("seconds")

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("baru/", wrap(self.ask_view), name="eligibility_trial_ask"),
            path("kiriman/<int:pk>/", wrap(self.release_view), name="eligibility_release_trial"),
            path("<int:pk>/keluarga/", wrap(self.families_view), name="eligibility_trial_families"),
            path("<int:pk>/biaya/", wrap(self.cost_view), name="eligibility_trial_cost"),
            path("<int:pk>/unduh/", wrap(require_POST(self.export_view)), name="eligibility_trial_export"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        ask = reverse("admin:eligibility_trial_ask") if request.user.has_perm(TRY_RULES) else ""
        return super().changelist_view(request, {"ask_url": ask, **(extra_context or {})})

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(TRY_RULES):
            raise PermissionDenied
        form = TrialForm(request.POST or None, initial=request.GET.dict())
        if request.method == "POST" and form.is_valid():
            trial = trials.ask_trial(
                compared=form.cleaned_data["compared"], as_of=form.cleaned_data["as_of"], by=request.user
            )
            return redirect("admin:eligibility_trial_change", trial.pk)
        return self._page(request, "ask", title=_("Coba aturan"), form=form)

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The newest trial of a delivery; a POST counts it again for today."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = get_object_or_404(ImportBatch, pk=pk)
        trial = trials.trials_of(batch).first()
        if request.method == "POST":
            if not request.user.has_perm(TRY_RULES):
                raise PermissionDenied
            trial = (
                trials.ask_release_trial(batch=batch, as_of=timezone.localdate(), by=request.user) or trial
            )
        if trial is None:
            messages.warning(
                request, _("Kiriman ini tidak menunggu persetujuan, jadi akibatnya tidak dihitung.")
            )
            return redirect("admin:eligibility_trial_changelist")
        return redirect("admin:eligibility_trial_change", trial.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        trial = self._trial(request, object_id)
        outcome = trial_page.chosen(trial, request.GET.get("program", ""))
        if trial.finished_at is None or outcome is None:
            return self._page(request, "waiting", title=str(trial), trial=trial, **_progress(trial))
        return self._page(
            request,
            "page",
            **self._answer(request, trial, outcome),
            title=str(trial),
            trial=trial,
            programmes=[trial_page.shown(one) for one in trial_page.outcomes(trial)],
            batch_url=_batch_url(trial),
            ways=trial_page.WAYS,
            can_export=request.user.has_perm(EXPORT_CHANGES),
        )

    def _answer(self, request: HttpRequest, trial: Trial, outcome: dict[str, Any]) -> dict[str, Any]:
        """One programme's numbers: of the user's area, and of one group of the touched where one is asked for."""
        user, subdistrict, group = request.user, _region(request, "kecamatan"), _group(request.GET, outcome)
        subdistricts = trial_page.by_subdistrict(outcome, user)
        villages = trial_page.by_village(outcome, user, subdistrict) if subdistrict else []
        found, told = trial_page.shown(outcome), trial_groups.of_group(outcome, group) if group else outcome
        return {
            "found": found,
            "asked": urlencode({"program": outcome["code"], **({"kelompok": group} if group else {})}),
            "subdistricts": trial_page.by_subdistrict(told, user),
            "subdistrict": subdistrict,
            "villages": trial_page.by_village(told, user, subdistrict) if subdistrict else [],
            "group": trial_groups.WORDS.get(group, group),
            "kinds": trial_groups.kinds(outcome, villages or subdistricts),
            "cost": cost_page.cost(outcome, found),
            "cost_of": cost_page.of_regions(outcome, villages or subdistricts),
        }

    def families_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The families behind a number of one sub-district or village, read anew."""
        trial = self._trial(request, str(pk))
        outcome = trial_page.chosen(trial, request.GET.get("program", ""))
        subdistrict, village = _region(request, "kecamatan"), _region(request, "desa")
        if outcome is None or subdistrict is None:
            return redirect("admin:eligibility_trial_change", trial.pk)
        number = _number(request.GET, outcome)
        try:
            parts = trials.changed_in_trial(
                trial=trial, number=number, subdistricts=[subdistrict], village=village
            )
            changed = trial_lists.visible(trial, [row for part in parts for row in part], request.user)
        except NoLongerWaiting:
            messages.warning(request, GONE)
            return redirect("admin:eligibility_trial_change", trial.pk)
        page = Paginator(changed, PER_PAGE).get_page(request.GET.get("p"))
        query = {key: value for key, value in request.GET.items() if key != "p"}
        return self._page(
            request,
            "families",
            title=trial_page.WAYS[number.narrowed],
            group=trial_groups.WORDS.get(number.group, number.group),
            trial=trial,
            found=trial_page.shown(outcome),
            subdistrict=subdistrict,
            village=village,
            page=page,
            rows=trial_lists.listed(trial, page.object_list, with_cards=True),
            query=urlencode(query),
        )

    def cost_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The cost by village and component as CSV: sums only, so nobody is asked for a reason."""
        trial = self._trial(request, str(pk))
        return csvout.answer(
            f"perkiraan-biaya-{trial.pk}.csv", cost_page.HEADER, cost_page.rows(trial, request.user)
        )

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list behind a number as CSV: a reason, the log with the number of rows, then the file."""
        trial = self._trial(request, str(pk))
        if not request.user.has_perm(EXPORT_CHANGES):
            raise PermissionDenied
        outcome, form = trial_page.chosen(trial, request.POST.get("program", "")), ReasonForm(request.POST)
        if outcome is None or not form.is_valid():
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect("admin:eligibility_trial_change", trial.pk)
        if trial.batch_id and not _still_waits(trial.batch_id):
            messages.warning(request, GONE)
            return redirect("admin:eligibility_trial_change", trial.pk)
        number = _number(request.POST, outcome)
        record_access(
            by=request.user,
            kind=Access.EXPORT,
            subject=_("coba aturan no. %(number)d: %(what)s") % {"number": trial.pk, "what": _what(number)},
            reason=form.cleaned_data["reason"],
            rows=trial_groups.count(outcome, number.narrowed, number.group),
        )
        return csvout.answer(
            f"coba-aturan-{trial.pk}.csv", trial_lists.HEADER, trial_lists.rows(trial, number, request.user)
        )

    def _trial(self, request: HttpRequest, pk: str) -> Trial:
        trial = self.get_object(request, pk)
        if trial is None:
            raise Http404
        if not self.has_view_permission(request, trial):
            raise PermissionDenied
        return trial

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        return self.own_page(request, f"admin/eligibility/trial/{name}.html", **context)


def _progress(trial: Trial) -> dict[str, Any]:
    job = trials.job_of(trial)
    return {
        "done": job.progress.get("done", 0) if job else 0,
        "of": job.progress.get("of", 0) if job else 0,
        "is_dead": job is not None and job.state == JobState.DEAD,
        "waited": int((timezone.now() - trial.asked_at).total_seconds()),
    }


def _region(request: HttpRequest, name: str) -> Region | None:
    """A region of the user's area named in the address."""
    asked = request.GET.get(name, "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        return None
    return Region.objects.visible_to(request.user).filter(pk=asked).first()


def _number(data: Any, outcome: dict[str, Any]) -> Number:
    asked = data.get("arah", "")
    return Number(outcome["code"], asked if asked in NARROWED else "all", _group(data, outcome))


def _group(data: Any, outcome: dict[str, Any]) -> str:
    asked = data.get("kelompok", "")
    return asked if asked in trial_groups.groups_of(outcome) else ""


def _what(number: Number) -> str:
    """The number in words, for the log."""
    said = str(trial_page.WAYS[number.narrowed])
    return f"{said}, {trial_groups.WORDS[number.group]}" if number.group else said


def _still_waits(batch_id: int) -> bool:
    return ImportBatch.objects.filter(pk=batch_id, state=BatchState.PREVIEWED).exists()


def _batch_url(trial: Trial) -> str:
    return address_of("admin:recipients_importbatch_change", trial.batch_id) if trial.batch_id else ""
