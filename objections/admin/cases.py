"""Objections for staff: the queue, one page per case, its moves, and the notice letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin
from objections import case_page, letters, receipts, services
from objections.enums import Reason, State
from objections.evidence_admin import EvidenceViews
from objections.models import Objection
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, Region

PRINT_LETTER = "objections.print_letter"
VERBS = {
    "setuju": services.uphold_here,
    "pusat": services.uphold_to_centre,
    "tolak": services.reject,
}


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
                return queryset.exclude(state__in=[State.SUBMITTED, State.CHECKING])
            case "semua":
                return queryset
        return queryset.open()


class LettersForm(forms.Form):
    village = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("Desa/kelurahan"), empty_label=gettext_lazy("Pilih desa")
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Keluarga"),
        choices=[
            ("crossed", gettext_lazy("Yang melewati batas program di rilis ini")),
            ("all", gettext_lazy("Semua keluarga di desa ini")),
        ],
        widget=forms.RadioSelect,
        initial="crossed",
    )
    part = forms.IntegerField(
        label=gettext_lazy("Bagian"), initial=1, min_value=1, max_value=9999, required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        villages = Region.objects.visible_to(user).villages().select_related("parent")
        self.fields["village"].queryset = villages.order_by("parent__name", "name")  # type: ignore[attr-defined]
        self.fields["village"].label_from_instance = (  # type: ignore[attr-defined]
            lambda village: f"{village.name}, {village.parent.name}"
        )


@admin.register(Objection)
class ObjectionAdmin(EvidenceViews, AreaAdmin):
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
            path("surat/", self.admin_site.admin_view(self.letters_view), name="objections_letters"),
            path(
                "surat/keluarga/<int:family_id>/",
                self.admin_site.admin_view(self.family_letter_view),
                name="objections_letter_family",
            ),
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
        by, now, note = request.user, timezone.now(), request.POST.get("note", "").replace("\x00", "")[:2000]
        if request.POST.get("seen") != objection.state:
            raise services.MoveRefused(
                _("Petugas lain lebih dulu memindahkan sanggahan ini. Lihat tahap sekarang.")
            )
        name = request.POST.get("step", "")
        if name == "cek":
            services.start_check(objection=objection, by=by, now=now, note=note)
        elif name in VERBS:
            answer = request.POST.get("answer", "").replace("\x00", "")[:4000]
            VERBS[name](objection=objection, by=by, now=now, answer=answer, note=note)
        else:
            raise services.MoveRefused(_("Pilih satu langkah."))

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
            answer=request.POST.get("answer", ""),
            note=request.POST.get("note", ""),
            may_check=request.user.has_perm(services.CHECK),
            may_decide=request.user.has_perm(services.DECIDE),
            may_print=request.user.has_perm(PRINT_LETTER),
            **case_page.of(objection, timezone.localdate(), request.user),
        )

    def letters_view(self, request: HttpRequest) -> HttpResponse:
        """Choose a village; printing is a POST because it makes codes."""
        self._may_print(request)
        form = LettersForm(request.POST or None, user=request.user)
        if request.method != "POST" or not form.is_valid():
            return self._page(
                request, "objections/letters.html", title=_("Cetak surat pemberitahuan"), form=form
            )
        village = form.cleaned_data["village"]
        families = Family.objects.visible_to(request.user).filter(village=village)
        if form.cleaned_data["which"] == "crossed":
            families = letters.with_crossed_ceiling(families)
        printed = letters.print_village(
            families=families,
            village=village,
            part=form.cleaned_data["part"] or 1,
            by=request.user,
            today=timezone.localdate(),
        )
        return self._letter(request, printed)

    def family_letter_view(self, request: HttpRequest, family_id: int) -> HttpResponse:
        self._may_print(request)
        family = get_object_or_404(Family.objects.visible_to(request.user), pk=family_id)
        if request.method != "POST":
            return self._page(
                request, "objections/letter_family.html", title=_("Cetak surat pemberitahuan"), family=family
            )
        return self._letter(
            request, letters.print_family(family=family, by=request.user, today=timezone.localdate())
        )

    def _may_print(self, request: HttpRequest) -> None:
        if not request.user.has_perm(PRINT_LETTER):
            raise PermissionDenied(PRINT_LETTER)

    def _letter(self, request: HttpRequest, printed: letters.Print) -> HttpResponse:
        context = {
            "printed": printed,
            "today": timezone.localdate(),
            "back": reverse("admin:objections_letters"),
        }
        return TemplateResponse(request, "objections/letter.html", context)

    def _page(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": context["title"]}
        return TemplateResponse(request, template, context, status=status)
