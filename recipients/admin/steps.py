"""Steps that wait for a second person: listed for all to read, agreed to or refused on the page they are about."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin, DetailedChangeList, key_of
from recipients import receiving_page, services
from recipients.admin.filters import SubdistrictFilter, VillageFilter
from recipients.enums import EnrolmentState, FlagStatus, StepKind, StepState
from recipients.models import ProposedStep
from recipients.roles import APPROVE_STEP, PROPOSE_STEP, named


@admin.register(ProposedStep)
class ProposedStepAdmin(AreaAdmin):
    change_list_template = "admin/recipients/proposedstep/list.html"
    list_display = ("what", "stage", "head", "village_name", "note", "proposer", "proposed_at")
    list_display_links = None
    list_filter = ("state", "kind", SubdistrictFilter, VillageFilter)
    list_select_related = (
        "flag",
        "enrolment__programme",
        "family__village__parent",
        "proposed_by",
        "settled_by",
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[Any]) -> list[Any]:
        names = receiving_page.people_names([row.caretaker_id for row in rows])
        for row in rows:
            row.words = words(row, names)
        return receiving_page.with_names(rows)

    @admin.display(description=gettext_lazy("langkah"))
    def what(self, step: Any) -> str:
        return format_html('<a href="{}">{}</a>', page_of(step), step.words)

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, step: Any) -> str:
        return step.page["head"]

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village_name(self, step: Any) -> str:
        return step.page["village"]

    @admin.display(description=gettext_lazy("diusulkan oleh"))
    def proposer(self, step: ProposedStep) -> str:
        return named(step.proposed_by)

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, step: ProposedStep) -> str:
        return format_html('<span class="mark {}">{}</span>', step.state.lower(), step.get_state_display())

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.settle_view))
        return [path("<int:pk>/putus/", view, name="recipients_proposedstep_settle"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A step is shown where its flag or enrolment is."""
        step = get_object_or_404(self.get_queryset(request), pk=key_of(object_id))
        if not self.has_view_permission(request, step):
            raise PermissionDenied
        return redirect(page_of(step))

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Agreed to, refused, or taken back by who asked, by the button that was pressed."""
        is_second = request.user.has_perm(APPROVE_STEP)
        if not (is_second or any(map(request.user.has_perm, PROPOSE_STEP))):
            raise PermissionDenied
        step = get_object_or_404(self.get_queryset(request), pk=pk)
        button, by, now = request.POST.get("step", ""), request.user, timezone.now()
        note = request.POST.get("note", "").replace("\x00", "")
        if button in ("setuju", "tolak") and not is_second:
            raise PermissionDenied
        try:
            if button == "setuju":
                services.take_step(step=step, by=by, now=now, note=note)  # type: ignore[arg-type]
            elif button == "tolak":
                services.refuse_step(step=step, by=by, now=now, note=note)  # type: ignore[arg-type]
            else:
                services.withdraw_step(step=step, by=by, now=now)  # type: ignore[arg-type]
        except services.StepRefused as refusal:
            messages.error(request, str(refusal))
        else:
            step.refresh_from_db()
            messages.success(
                request, _("%(step)s: %(state)s.") % {"step": words(step), "state": step.get_state_display()}
            )
        return redirect(page_of(step))


def page_of(step: ProposedStep) -> str:
    if step.kind == StepKind.FLAG:
        return reverse("admin:recipients_externalflag_change", args=[step.flag_id])
    return reverse("admin:recipients_enrolment_change", args=[step.enrolment_id])


def words(step: ProposedStep, names: dict[int, str] | None = None) -> str:
    """What would be done, as a heading; `names` where they are known for many."""
    if step.flag is not None:
        return _("%(flag)s: %(verdict)s") % {
            "flag": step.flag.get_kind_display().capitalize(),
            "verdict": FlagStatus(step.to).label,
        }
    if step.caretaker_id is not None:
        known = receiving_page.people_names([step.caretaker_id]) if names is None else names
        return _("Pengurus baru: %s") % known.get(step.caretaker_id, "–")
    state = EnrolmentState(step.to).label
    why = f" ({step.get_exit_reason_display()})" if step.exit_reason else ""
    programme = step.enrolment.programme.name if step.enrolment else ""
    return _("%(programme)s: menjadi %(state)s") % {"programme": programme, "state": f"{state}{why}"}


def steps_of(request: HttpRequest, rows: Any) -> dict[str, Any]:
    """For the page of a flag or an enrolment: the step that waits, what this person may do with it, and the refused."""
    steps = list(rows.select_related("flag", "enrolment__programme", "proposed_by", "settled_by"))
    names = receiving_page.people_names([step.caretaker_id for step in steps])
    waiting = next((step for step in steps if step.state == StepState.PROPOSED), None)
    is_own = waiting is not None and waiting.proposed_by_id == request.user.pk
    return {
        "waiting": waiting
        and {"row": waiting, "words": words(waiting, names), "by": named(waiting.proposed_by)},
        "is_own_step": is_own,
        "may_agree": waiting is not None and not is_own and request.user.has_perm(APPROVE_STEP),
        "refused": [
            {"row": step, "words": words(step, names), "by": named(step.settled_by)}
            for step in steps
            if step.state == StepState.REFUSED and step.settled_by
        ],
    }


def asked(request: HttpRequest, propose: Any, **values: Any) -> None:
    """Ask for a step and say what comes next, or why it cannot be asked for."""
    note = request.POST.get("note", "").replace("\x00", "")
    try:
        propose(by=request.user, note=note, **values)
    except services.StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Usulan dicatat. Belum ada yang berubah sampai orang kedua menyetujui."))
