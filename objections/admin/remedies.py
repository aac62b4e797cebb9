"""What an upheld objection will make happen: written beside the case, before a decision is proposed."""

from __future__ import annotations

from collections.abc import Callable
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

from bansos.common.admin import AreaAdmin, address_of
from objections import musdes_page, remedy_page, services, visit_page
from objections.models import Objection, Remedy
from recipients import family_page
from recipients.access import record_access
from recipients.admin.proposal_forms import CorrectionForm, ProposalForm
from recipients.enums import Access

TABS = (
    ("usul", gettext_lazy("Data pusat berbeda: usulkan")),
    ("perbaiki", gettext_lazy("Kita salah baca: perbaiki")),
    ("tanda", gettext_lazy("Tanda tidak benar")),
    ("lain", gettext_lazy("Dibereskan di luar portal")),
)


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Apa yang dilakukan, dan bagaimana diketahui"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tulis bagaimana diketahui.")},
    )


class FlagForm(NoteForm):
    flag = forms.ChoiceField(label=gettext_lazy("Tanda yang tidak benar"))

    def __init__(self, flags: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["flag"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(flag.pk, remedy_page.flag_words(flag)) for flag in flags]
        self.order_fields(["flag", "note"])

    def head(self) -> list[Any]:
        return [self["flag"], self["note"]]


@admin.register(Remedy)
class RemedyAdmin(AreaAdmin):
    list_display = ("case", "what", "note", "made_by", "done_by", "outcome")
    list_display_links = None
    list_filter = ("kind",)
    list_select_related = ("objection", "made_by", "done_by")

    @admin.display(description=gettext_lazy("sanggahan"))
    def case(self, remedy: Remedy) -> str:
        url = address_of("admin:objections_objection_change", remedy.objection_id)
        return format_html('<a href="{}">{}</a>', url, remedy.objection)

    @admin.display(description=gettext_lazy("perbaikan"))
    def what(self, remedy: Remedy) -> str:
        return str(remedy.get_kind_display())

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("kasus/<int:pk>/", wrap(self.case_view), name="objections_objection_remedies"),
            path("<int:pk>/hapus/", wrap(require_POST(self.drop_view)), name="objections_remedy_drop"),
            *super().get_urls(),
        ]

    def case_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = self._case(request, pk)
        tab = request.GET.get("jenis", TABS[0][0])
        if tab not in dict(TABS):
            raise Http404
        record_access(
            by=request.user,
            kind=Access.OPEN_OBJECTION,
            family=objection.family,
            subject=objection.reference,
        )
        data = request.POST if request.method == "POST" else None
        form = self._form(tab, objection, data, request.GET.get("kunjungan", ""))
        is_sent = request.method == "POST" and form is not None and form.is_valid()
        if is_sent and self._prepared(request, tab, objection, form):
            messages.success(request, _("Ditulis. Ini dijalankan saat orang kedua menyetujui keputusan."))
            return redirect("admin:objections_objection_remedies", pk)
        return self.own_page(
            request,
            "objections/remedies.html",
            title=_("Perbaikan untuk %s") % objection.receipt_no,
            objection=objection,
            remedies=remedy_page.shown(objection),
            tabs=[{"key": key, "label": label, "is_here": key == tab} for key, label in TABS],
            tab=tab,
            form=form,
            is_open=objection.state in services.PREPARED_IN,
        )

    def _case(self, request: HttpRequest, pk: int) -> Objection:
        if not request.user.has_perm(services.CHECK):
            raise PermissionDenied
        return get_object_or_404(Objection.objects.visible_to(request.user), pk=pk)

    def _form(self, tab: str, objection: Objection, data: Any, visit: str) -> Any:
        """The tab's form; None where there is nothing to fill in: no family found, or no flag on it."""
        if tab == "lain":
            return NoteForm(data)
        family = objection.family
        if family is None:
            return None
        if tab == "tanda":
            flags = remedy_page.open_flags(family)
            return FlagForm(flags, data) if flags else None
        snapshot = family_page.standing_snapshot(family)
        if tab == "usul":
            initial = visit_page.initial_for(objection, visit) | musdes_page.initial_for(objection)
            return ProposalForm(family, snapshot, data, initial=initial)
        return CorrectionForm(family, snapshot, data)

    def _prepared(self, request: HttpRequest, tab: str, objection: Objection, form: Any) -> bool:
        told = form.cleaned_data
        common = {"objection": objection, "by": request.user, "now": timezone.now()}
        steps: dict[str, Callable[[], Any]] = {
            "usul": lambda: services.prepare_proposal(
                changes=form.changes(),
                basis=told["basis"],
                basis_ref=told["basis_ref"],
                basis_on=told["basis_on"],
                note=told["note"] or _("lihat catatan pengecekan"),
                **common,
            ),
            "perbaiki": lambda: services.prepare_correction(
                changes=form.changes(), note=told["note"], **common
            ),
            "tanda": lambda: services.prepare_refutation(flag=int(told["flag"]), note=told["note"], **common),
            "lain": lambda: services.prepare_elsewhere(note=told["note"], **common),
        }
        try:
            steps[tab]()
        except services.MoveRefused as refused:
            form.add_error(None, str(refused))
            return False
        return True

    def drop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(services.CHECK):
            raise PermissionDenied
        remedy = get_object_or_404(Remedy.objects.visible_to(request.user), pk=pk)
        try:
            services.drop_remedy(remedy=remedy, by=request.user)
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_remedies", remedy.objection_id)
