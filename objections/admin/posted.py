"""Letters about cases: which wait for a printer, village by village, and into whose hands they came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import password_again
from bansos.common.admin import AreaAdmin, address_of, key_of
from objections import case_page, letter_page, services
from objections.admin import papers
from objections.models import Letter
from objections.paper import sheets
from recipients.access import record_access
from recipients.admin.filters import SubdistrictFilter, VillageFilter
from recipients.enums import Access
from recipients.models import Region
from recipients.roles import PRINT_LETTER

UNKNOWN = "0"  # letters of cases whose village nobody knows yet


class StageFilter(admin.SimpleListFilter):
    title = gettext_lazy("tahap surat")
    parameter_name = "surat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("menunggu", _("menunggu dicetak")),
            ("dicetak", _("dicetak, belum diserahkan")),
            ("diserahkan", _("diserahkan")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "menunggu":
                return queryset.waiting()
            case "dicetak":
                return queryset.on_the_way()
            case "diserahkan":
                return queryset.filter(handed_on__isnull=False)
        return queryset


class HandOverForm(forms.Form):
    to = forms.CharField(label=gettext_lazy("Diterima oleh"), max_length=120)
    on = forms.DateField(
        label=gettext_lazy("Tanggal diserahkan"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


@admin.register(Letter)
class LetterAdmin(AreaAdmin):
    change_list_template = "objections/posted.html"
    list_display = ("case", "what", "place", "made_at", "stage")
    list_display_links = None
    list_filter = (StageFilter, SubdistrictFilter, VillageFilter)
    list_select_related = ("objection__village__parent", "template")

    class Media:
        css = {"all": ["css/case.css"]}

    @admin.display(description=gettext_lazy("sanggahan"))
    def case(self, letter: Letter) -> str:
        url = address_of("admin:objections_letter_change", letter.pk)
        return format_html('<a href="{}">{}</a>', url, letter.objection)

    @admin.display(description=gettext_lazy("surat"))
    def what(self, letter: Letter) -> str:
        return str(letter.template)

    @admin.display(description=gettext_lazy("desa/kelurahan"), empty_value=gettext_lazy("belum diketahui"))
    def place(self, letter: Letter) -> str | None:
        village = letter.objection.village
        return f"{village}, {village.parent}" if village else None

    @admin.display(description=gettext_lazy("tahap"))
    def stage(self, letter: Letter) -> str:
        told = letter_page.stage(letter)
        return format_html('<span class="left left-{}">{}</span>', told.kind, told.words)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("cetak/", wrap(require_POST(self.print_view)), name="objections_letter_print"),
            path("<int:pk>/cetak-lagi/", wrap(require_POST(self.again_view)), name="objections_letter_again"),
            path("<int:pk>/serahkan/", wrap(require_POST(self.hand_view)), name="objections_letter_hand"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_print = request.user.has_perm(PRINT_LETTER)
        context = {
            "title": _("Surat sanggahan"),
            "places": letter_page.waiting_by_village(request.user) if may_print else [],
            "may_print": may_print,
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @password_again.needed
    def print_view(self, request: HttpRequest) -> HttpResponse:
        """All that waits in one village as one PDF, codes in it; they are marked as printed with it."""
        if not request.user.has_perm(PRINT_LETTER):
            raise PermissionDenied(PRINT_LETTER)
        village = self._village(request)
        if village is None and request.POST.get("desa") != UNKNOWN:
            messages.error(request, _("Pilih desa di wilayah kerja Anda."))
            return redirect("admin:objections_letter_changelist")
        about = village.code if village else "-"
        waiting = Letter.objects.waiting().filter(objection__village=village)
        return self._printed(request, waiting, f"surat sanggahan {about}", f"surat-{about}.pdf")

    @password_again.needed
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One letter, once more: torn, lost, or not arrived. A code in it is a new one."""
        letter = self._letter(request, pk, PRINT_LETTER)
        about = letter.objection.reference
        rows = Letter.objects.filter(pk=letter.pk)
        return self._printed(request, rows, about, f"surat-{letter.objection}.pdf", letter)

    def _printed(
        self, request: HttpRequest, rows: Any, about: str, name: str, letter: Letter | None = None
    ) -> HttpResponse:
        try:
            pages = services.print_letters(letters=rows, about=about, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
            if letter is not None:
                return redirect("admin:objections_letter_change", letter.pk)
            return redirect("admin:objections_letter_changelist")
        return papers.answer(sheets.pdf(pages), name)

    def hand_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        letter = self._letter(request, pk, PRINT_LETTER)
        form = HandOverForm(request.POST)
        if not form.is_valid():
            return self._show(request, letter, form, status=409)
        told = form.cleaned_data
        try:
            services.hand_over(
                letter=letter, to=told["to"], on=told["on"], by=request.user, now=timezone.now()
            )
        except services.MoveRefused as refused:
            form.add_error(None, str(refused))
            return self._show(request, letter, form, status=409)
        messages.success(request, _("Dicatat: surat diterima %s.") % letter.handed_to)
        return redirect("admin:objections_letter_change", letter.pk)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        letter = self._letter(request, int(object_id), "objections.view_letter")
        return self._show(request, letter, HandOverForm(initial={"on": timezone.localdate()}))

    def _show(
        self, request: HttpRequest, letter: Letter, form: HandOverForm, status: int = 200
    ) -> HttpResponse:
        objection = letter.objection
        record_access(
            by=request.user,
            kind=Access.OPEN_OBJECTION,
            family=case_page.visible_family(objection, request.user),
            subject=objection.reference,
        )
        return self.own_page(
            request,
            "objections/posted_letter.html",
            status=status,
            title=_("Surat %s") % objection.receipt_no,
            kept=letter,
            stage=letter_page.stage(letter),
            letter=letter_page.of_letter(letter, request.user, timezone.localdate()),
            may_print=request.user.has_perm(PRINT_LETTER),
            form=form,
        )

    def _letter(self, request: HttpRequest, pk: int, permission: str) -> Letter:
        if not request.user.has_perm(permission):
            raise PermissionDenied(permission)
        rows = self.get_queryset(request).select_related("objection__village__parent", "template")
        return get_object_or_404(rows, pk=pk)

    def _village(self, request: HttpRequest) -> Region | None:
        key = key_of(request.POST.get("desa", ""))
        return Region.objects.visible_to(request.user).villages().filter(pk=key).first()
