"""Coba aturan: ask what would change, see it by region, open the lists behind the numbers, download them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout
from bansos.common.admin import ReadOnlyAdmin, address_of
from bansos.common.models import JobState
from eligibility import cost_page, trial_page
from eligibility.engine.compare import NARROWED, Changed
from eligibility.models import Trial
from eligibility.services import outcomes, trials
from eligibility.services.foreseeing import NoLongerWaiting
from eligibility.trial_forms import TrialForm
from recipients import family_page
from recipients.access import record_access
from recipients.enums import Access, BatchState
from recipients.models import Family, ImportBatch, Region
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
        return self._render(request, "ask", {"title": _("Coba aturan"), "form": form})

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
            return self._render(request, "waiting", {"title": str(trial), "trial": trial, **_progress(trial)})
        subdistrict, found = _region(request, "kecamatan"), trial_page.shown(outcome)
        subdistricts = trial_page.by_subdistrict(outcome, request.user)
        villages = trial_page.by_village(outcome, request.user, subdistrict) if subdistrict else []
        context = {
            "title": str(trial),
            "trial": trial,
            "programmes": [trial_page.shown(one) for one in trial_page.outcomes(trial)],
            "found": found,
            "subdistricts": subdistricts,
            "subdistrict": subdistrict,
            "villages": villages,
            "cost": cost_page.cost(outcome, found),
            "cost_of": cost_page.of_regions(outcome, villages or subdistricts),
            "batch_url": _batch_url(trial),
            "ways": trial_page.WAYS,
            "can_export": request.user.has_perm(EXPORT_CHANGES),
        }
        return self._render(request, "page", context)

    def families_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The families behind a number of one sub-district or village, read anew."""
        trial = self._trial(request, str(pk))
        outcome = trial_page.chosen(trial, request.GET.get("program", ""))
        subdistrict = _region(request, "kecamatan")
        if outcome is None or subdistrict is None:
            return redirect("admin:eligibility_trial_change", trial.pk)
        way = _way(request.GET)
        try:
            changed = _changed(trial, outcome["code"], subdistrict, _region(request, "desa"), way)
        except NoLongerWaiting:
            messages.warning(request, GONE)
            return redirect("admin:eligibility_trial_change", trial.pk)
        seen = _visible(request.user, changed)
        page = Paginator(seen, PER_PAGE).get_page(request.GET.get("p"))
        query = {key: value for key, value in request.GET.items() if key != "p"}
        context = {
            "title": trial_page.WAYS[way],
            "trial": trial,
            "found": trial_page.shown(outcome),
            "subdistrict": subdistrict,
            "village": _region(request, "desa"),
            "page": page,
            "without_page": len(changed) - len(seen),
            "rows": _rows(page.object_list),
            "query": urlencode(query),
        }
        return self._render(request, "families", context)

    def cost_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The cost by village and component as CSV: sums only, so nobody is asked for a reason."""
        trial = self._trial(request, str(pk))
        return csvout.answer(
            f"perkiraan-biaya-{trial.pk}.csv", cost_page.HEADER, cost_page.rows(trial, request.user)
        )

    def export_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list behind a number as CSV: a reason, the log with the number of rows, then the stream."""
        trial = self._trial(request, str(pk))
        if not request.user.has_perm(EXPORT_CHANGES):
            raise PermissionDenied
        outcome, form = trial_page.chosen(trial, request.POST.get("program", "")), ReasonForm(request.POST)
        if outcome is None or not form.is_valid():
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect("admin:eligibility_trial_change", trial.pk)
        if (
            trial.batch_id
            and not ImportBatch.objects.filter(pk=trial.batch_id, state=BatchState.PREVIEWED).exists()
        ):
            messages.warning(request, GONE)
            return redirect("admin:eligibility_trial_change", trial.pk)
        way = _way(request.POST)
        record_access(
            by=request.user,
            kind=Access.EXPORT,
            subject=_("coba aturan no. %(number)d: %(way)s")
            % {"number": trial.pk, "way": trial_page.WAYS[way]},
            reason=form.cleaned_data["reason"],
            rows=_count(outcome, way),
        )
        rows = _export_rows(trial, outcome["code"], way, request.user)
        return csvout.answer(f"coba-aturan-{trial.pk}.csv", EXPORT_HEADER, rows)

    def _trial(self, request: HttpRequest, pk: str) -> Trial:
        trial = self.get_object(request, pk)
        if trial is None:
            raise Http404
        if not self.has_view_permission(request, trial):
            raise PermissionDenied
        return trial

    def _render(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        answer = TemplateResponse(request, f"admin/eligibility/trial/{name}.html", whole)
        answer["Cache-Control"] = "no-store"
        return answer


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


def _way(data: Any) -> str:
    asked = data.get("arah", "")
    return asked if asked in NARROWED else "all"


def _count(outcome: dict[str, Any], way: str) -> int:
    if way == "all":
        return sum(count for move, count in outcome["moves"].items() if len(set(move.split(">"))) == 2)
    return int(outcome["total"][way])


def _changed(trial: Trial, code: str, subdistrict: Region, village: Region | None, way: str) -> list[Changed]:
    return trials.changed_in_trial(
        trial=trial, code=code, subdistrict=subdistrict, village=village, narrowed=way
    )


def _batch_url(trial: Trial) -> str:
    return address_of("admin:recipients_importbatch_change", trial.batch_id) if trial.batch_id else ""


def _visible(user: Any, changed: list[Changed]) -> list[Changed]:
    families = Family.objects.visible_to(user).filter(pk__in={row.family_id for row in changed})
    seen = set(families.values_list("pk", flat=True))
    return [row for row in changed if row.family_id in seen]


def _rows(changed: list[Changed]) -> list[dict[str, Any]]:
    families = Family.objects.filter(pk__in={row.family_id for row in changed}).select_related("village")
    found = {family.pk: family for family in family_page.page_details(list(families))}
    return [
        {
            "family": found[row.family_id],
            "person_id": row.person_id,
            "before": trial_page.RESULTS[row.before or outcomes.NO_RULE],
            "after": trial_page.RESULTS[row.after or outcomes.NO_RULE],
            "tone": (row.after or "").lower(),
            "is_enrolled": row.is_enrolled,
        }
        for row in changed
    ]


EXPORT_HEADER = (
    "keluarga_no", "orang_no", "kepala_keluarga", "kecamatan", "desa_kelurahan", "hasil_sekarang", "hasil_nanti",
    "terdaftar",
)  # fmt: skip


def _export_rows(trial: Trial, code: str, way: str, user: Any) -> Iterator[tuple[Any, ...]]:
    """A sub-district at a time: one list, one look-up of the names."""
    for subdistrict in Region.objects.visible_to(user).subdistricts().order_by("code"):
        changed = _changed(trial, code, subdistrict, None, way)
        families = Family.objects.visible_to(user).filter(pk__in={row.family_id for row in changed})
        named_ones = families.annotate(head=family_page.head_name_of("pk")).select_related("village")
        heads = {family.pk: family for family in named_ones}
        for row in changed:
            family = heads.get(row.family_id)
            if family is not None:
                yield (
                    family.pk,
                    row.person_id,
                    family.head,
                    subdistrict.name,
                    family.village.name,
                    trial_page.RESULTS[row.before or outcomes.NO_RULE],
                    trial_page.RESULTS[row.after or outcomes.NO_RULE],
                    _("ya") if row.is_enrolled else _("tidak"),
                )
