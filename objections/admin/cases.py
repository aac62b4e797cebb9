"""Objections for staff: the queue, one page per case, its moves, and the notice letters."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin
from objections import case_page, receipts, services
from objections.admin import steps
from objections.admin.evidence import EvidenceViews
from objections.admin.letters import LetterPages
from objections.enums import OUTCOMES, Reason
from objections.models import Objection
from objections.stages import OPEN
from recipients.access import record_access
from recipients.enums import Access
from recipients.roles import PRINT_LETTER


class StageFilter(admin.SimpleListFilter):
    """The queue shows open cases unless told otherwise."""

    title = gettext_lazy("tahap")
    parameter_name = "tahap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("terlambat", _("Terlambat")), ("selesai", _("Selesai")), ("semua", _("Semua"))]

    def choices(self, changelist: Any) -> Any:
        named = list(super().choices(changelist))
        named[0]["display"] = _("Belum diputus")
        return named

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "terlambat":
                return queryset.late(timezone.localdate())
            case "selesai":
                return queryset.exclude(state__in=OPEN)
            case "semua":
                return queryset
        return queryset.open()


@admin.register(Objection)
class ObjectionAdmin(EvidenceViews, LetterPages, AreaAdmin):
    change_list_template = "objections/queue.html"
    list_display = ("receipt_no", "place", "why", "left", "stage", "holder")
    list_filter = (StageFilter,)
    list_select_related = ("village__parent", "handled_by")
    search_fields = ("receipt_no",)
    search_help_text = gettext_lazy("Cari dengan nomor sanggahan, misalnya SGH-26-4K7Q-2")
    sortable_by = ("place", "left", "stage")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objection]:
        return super().get_queryset(request).order_by("due_on", "id")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Objection], bool]:
        """By receipt number alone: a NIK typed here would stand in the address and in logs."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(receipt_no=receipts.normalise(search_term) or ""), False

    @admin.display(description=gettext_lazy("desa/kelurahan"), ordering="village__name")
    def place(self, objection: Objection) -> str:
        village = objection.village
        return (
            f"{village.name}, {village.parent.name}" if village and village.parent else _("belum diketahui")
        )

    @admin.display(description=gettext_lazy("yang tidak benar"))
    def why(self, objection: Objection) -> str:
        first = str(Reason(objection.reasons[0]).label)
        more = len(objection.reasons) - 1
        return f"{first} (+{more})" if more else first

    @admin.display(description=gettext_lazy("sisa hari"), ordering="due_on")
    def left(self, objection: Objection) -> str:
        words = case_page.days_left(objection, timezone.localdate())
        return format_html('<span class="left left-{}">{}</span>', words["kind"], words["text"])

    @admin.display(description=gettext_lazy("tahap"), ordering="state")
    def stage(self, objection: Objection) -> str:
        return str(objection.get_state_display())

    @admin.display(description=gettext_lazy("pemegang"))
    def holder(self, objection: Objection) -> str:
        return str(objection.handled_by or _("belum dipegang"))

    class Media:
        css = {"all": ["css/case.css"]}

    # --- pages of our own ---

    def get_urls(self) -> list[Any]:
        ours = [
            *self.letter_urls(),
            path(
                "<path:object_id>/langkah/",
                self.admin_site.admin_view(require_POST(self.move_view)),
                name="objections_objection_move",
            ),
        ]
        return ours + self.evidence_urls() + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Sanggahan"), **(extra_context or {})})

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
            subject=f"objection:{objection.receipt_no}",
        )
        return self._page(
            request,
            "objections/case.html",
            status=status,
            title=_("Sanggahan %s") % objection.receipt_no,
            typed=_typed(request),
            typed_step=request.POST.get("step", ""),
            seen=seen_as(objection),
            steps=steps.offered(objection, request.user, timezone.now()),
            outcomes=[{"value": state.value, "label": state.label} for state in OUTCOMES],
            may_print=request.user.has_perm(PRINT_LETTER),
            **case_page.of(objection, timezone.localdate(), request.user),
        )

    def _page(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": context["title"]}
        return TemplateResponse(request, template, context, status=status)


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
