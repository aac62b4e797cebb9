"""Runs for the staff: what goes on, what last night did, and the word of a person where a run was held."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout
from bansos.common.admin import ReadOnlyAdmin
from eligibility import services
from eligibility.models import HandState, ReverificationRun, RuleSet, RunState
from eligibility.services import reporting
from recipients.enums import FlagKind
from recipients.models import Programme
from recipients.roles import SETTLE_RUN

CAUSES = {**dict(FlagKind.choices), **dict(HandState.choices)}
PAGE = "admin:eligibility_reverificationrun_change"
MOVING = (RunState.WAITING, RunState.RUNNING)


def cause_in_words(run: ReverificationRun) -> str:
    """Why it was asked for, with the names that people know instead of the codes that programs write."""
    text = re.sub(r"^list:\d+ ", _("daftar "), run.reason)
    return " ".join(str(CAUSES.get(word, word)) for word in text.split(" "))


@admin.register(ReverificationRun)
class ReverificationRunAdmin(ReadOnlyAdmin):
    list_display = (
        "started_at", "scope", "region", "cause", "stage", "looked_at", "written", "finished_at",
    )  # fmt: skip
    list_filter = ("scope", "state")
    list_select_related = ("region",)

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, run: ReverificationRun) -> str:
        return format_html('<span class="mark {}">{}</span>', run.state.lower(), run.get_state_display())

    @admin.display(description=gettext_lazy("sebab"))
    def cause(self, run: ReverificationRun) -> str:
        return cause_in_words(run)

    @admin.display(description=gettext_lazy("diperiksa"), ordering="subjects")
    def looked_at(self, run: ReverificationRun) -> str:
        compared = number_format(run.subjects, force_grouping=True)
        if not run.proven:
            return compared
        proven = number_format(run.proven, force_grouping=True)
        return _("%(compared)s, terbukti tetap %(proven)s") % {"compared": compared, "proven": proven}

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = "eligibility_reverificationrun"
        return [
            path("<int:pk>/laporan.csv", wrap(self.csv_view), name=f"{name}_csv"),
            path("<int:pk>/lanjutkan/", wrap(require_POST(self.release_view)), name=f"{name}_release"),
            path("<int:pk>/hentikan/", wrap(require_POST(self.stop_view)), name=f"{name}_stop"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Progress while it goes on, the report when it is done; while something moves it looks again by itself."""
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return self.own_page(
            request, "admin/eligibility/reverificationrun/page.html", **page_of(run, request.user)
        )

    def csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Counts only, so nothing to log."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ReverificationRun, pk=pk)
        rows = reporting.csv_rows(run)
        return csvout.answer(f"pemeriksaan-{run.as_of}-{run.pk}.csv", reporting.CSV_HEADER, rows)

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._settle(request, pk, services.release_held_run)

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._settle(request, pk, services.stop_held_run)

    def _settle(self, request: HttpRequest, pk: int, step: Callable[..., None]) -> HttpResponse:
        if not request.user.has_perm(SETTLE_RUN):
            raise PermissionDenied
        run = get_object_or_404(ReverificationRun, pk=pk)
        reason = request.POST.get("reason", "").replace("\x00", "")
        try:
            step(run=run, by=request.user, reason=reason, now=timezone.now())
        except services.RunRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(PAGE, pk)


def page_of(run: ReverificationRun, user: Any) -> dict[str, Any]:
    """Everything the page of one run shows."""
    measured = run.results.exclude(measured_at=None).count()
    programmes = dict(Programme.objects.values_list("code", "name"))
    seconds = int((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None
    return {
        "title": _("Pemeriksaan malam") if run.is_nightly else _("Pemeriksaan ulang"),
        "run": run,
        "stages": _stages(run, measured),
        "is_moving": run.state in MOVING,
        "measured": measured,
        "shards": reporting.shard_rows(run),
        "compared": reporting.compared_in_words(run),
        "moves": reporting.moves_of(run),
        "spikes": [
            {**spike, "programme": programmes.get(spike["programme"], spike["programme"])}
            for spike in run.spikes
        ],
        "findings": reporting.findings_in_words(run),
        "cause": cause_in_words(run),
        "spikes_in_words": reporting.spikes_in_words(run),
        "rule_sets": RuleSet.objects.filter(pk__in=run.rule_sets).select_related("programme"),
        "seconds": seconds,
        "may_settle": run.state == RunState.HELD and user.has_perm(SETTLE_RUN),
    }


def _stages(run: ReverificationRun, measured: int) -> list[tuple[str, str]]:
    """Where the run is; the first step is there only for runs that measure before they write."""
    done = [measured >= run.shards > 0] if run.is_guarded else []
    labels = [_("Mengukur")] if run.is_guarded else []
    labels += [_("Menulis keputusan"), _("Selesai")]
    done += [run.state == RunState.DONE] * 2
    now = done.index(False) if False in done and run.state == RunState.RUNNING else -1
    return [
        (label, "done" if is_done else "now" if at == now else "")
        for at, (label, is_done) in enumerate(zip(labels, done, strict=True))
    ]
