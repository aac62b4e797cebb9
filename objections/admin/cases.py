"""Objections for staff: the queue, one page per case, its moves, and the notice letters."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from objections import case_page, letter_page, musdes_page, phone_page, remedy_page, services
from objections.admin import steps
from objections.admin.case_letter import CaseLetterPages
from objections.admin.evidence import EvidenceViews
from objections.admin.family_of_case import FamilyOfCasePages
from objections.admin.letters import LetterPages
from objections.admin.phone_of_case import PhoneOfCasePages
from objections.admin.queue import QueuePages
from objections.enums import OUTCOMES
from objections.models import Objection
from recipients.access import record_access
from recipients.enums import Access
from recipients.roles import PRINT_LETTER


@admin.register(Objection)
class ObjectionAdmin(
    CaseLetterPages, EvidenceViews, FamilyOfCasePages, LetterPages, PhoneOfCasePages, QueuePages
):
    # --- pages of our own ---

    def get_urls(self) -> list[Any]:
        ours = [
            *self.queue_urls(),
            *self.letter_urls(),
            *self.family_urls(),
            *self.phone_urls(),
            *self.case_letter_urls(),
            path(
                "<path:object_id>/langkah/",
                self.admin_site.admin_view(require_POST(self.move_view)),
                name="objections_objection_move",
            ),
        ]
        return ours + self.evidence_urls() + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._case(request, self._objection(request, object_id))

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        objection = self._objection(request, object_id)
        try:
            self._move(request, objection)
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
            return self._case(request, self._objection(request, object_id), status=409)
        messages.success(request, _("Tahap sekarang: %s.") % objection.get_state_display())
        return redirect("admin:objections_objection_change", objection.pk)

    def _move(self, request: HttpRequest, objection: Objection) -> None:
        if request.POST.get("seen") != seen_as(objection):
            raise services.MoveRefused(
                _("Petugas lain lebih dulu memindahkan sanggahan ini. Lihat tahap sekarang.")
            )
        step = steps.BY_NAME.get(request.POST.get("step", ""))
        if step is None:
            raise services.MoveRefused(_("Pilih satu langkah."))
        step.verb(objection, _typed(request), request.user, timezone.now())

    def _objection(self, request: HttpRequest, object_id: str) -> Objection:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    def _case(self, request: HttpRequest, objection: Objection, status: int = 200) -> HttpResponse:
        record_access(
            by=request.user,
            kind=Access.OPEN_OBJECTION,
            family=case_page.visible_family(objection, request.user),
            subject=objection.reference,
        )
        return self.own_page(
            request,
            "objections/case.html",
            status=status,
            title=_("Sanggahan %s") % objection.receipt_no,
            typed=_typed(request),
            typed_step=request.POST.get("step", ""),
            seen=seen_as(objection),
            looking=services.others_looking(objection=objection, by=request.user, now=timezone.now()),
            steps=steps.offered(objection, request.user, timezone.now()),
            outcomes=[{"value": state.value, "label": state.label} for state in OUTCOMES],
            may_print=request.user.has_perm(PRINT_LETTER),
            phone_of_case=phone_page.of_case(objection, now=timezone.now(), by=request.user),
            musdes=musdes_page.of_case(objection),
            letters=letter_page.of_case(objection),
            has_letter=letter_page.step_of(objection, "") is not None,
            remedies=remedy_page.shown(objection),
            remedies_url=_remedies_url(objection, request.user),
            **case_page.of(objection, timezone.localdate(), request.user),
        )


def _remedies_url(objection: Objection, user: Any) -> str:
    may = objection.state in services.PREPARED_IN and user.has_perm(services.CHECK)
    return reverse("admin:objections_objection_remedies", args=[objection.pk]) if may else ""


def seen_as(objection: Objection) -> str:
    """What a page saw: state, and for a proposal which one. A page that is out of date moves nothing."""
    return f"{objection.state} {objection.proposed_at.isoformat() if objection.proposed_at else ''}".strip()


def _typed(request: HttpRequest) -> steps.Typed:
    def field(name: str, longest: int) -> str:
        return request.POST.get(name, "").replace("\x00", "")[:longest]

    return steps.Typed(
        note=field("note", 2000),
        answer=field("answer", 4000),
        outcome=field("outcome", 16),
        other=field("other", 20),
    )
