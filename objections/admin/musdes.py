"""Village deliberations: an agenda made of cases under check, printed, its results keyed, closed by signed minutes."""

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
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin, address_of, key_of, keys_of
from bansos.common.uploads import Received
from eligibility.services import open_to_hand
from objections import musdes_page, services
from objections.admin import papers
from objections.attachments import keeping
from objections.attachments.refused import FileRefused
from objections.enums import MusdesResult, Scan
from objections.models import Musdes
from objections.paper import agenda
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Region
from recipients.roles import ASK_BY_HAND, HOLD_MUSDES


class PlanForm(forms.Form):
    held_on = forms.DateField(
        label=gettext_lazy("Hari musyawarah"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    place = forms.CharField(label=gettext_lazy("Tempat"), max_length=120)


class ResultForm(forms.Form):
    attended = forms.IntegerField(
        label=gettext_lazy("Banyak yang hadir"), min_value=1, max_value=5000, required=False
    )
    minutes_no = forms.CharField(label=gettext_lazy("Nomor berita acara"), max_length=80, required=False)


@admin.register(Musdes)
class MusdesAdmin(AreaAdmin):
    change_list_template = "objections/musdes_list.html"
    list_display = ("when", "village", "place", "minutes_no", "stage")
    list_display_links = None
    list_select_related = ("village__parent",)

    class Media:
        css = {"all": ["css/case.css"]}

    @admin.display(description=gettext_lazy("hari"))
    def when(self, musdes: Musdes) -> str:
        url = address_of("admin:objections_musdes_change", musdes.pk)
        return format_html('<a href="{}">{}</a>', url, musdes.held_on.strftime("%d-%m-%Y"))

    @admin.display(description=gettext_lazy("tahap"))
    def stage(self, musdes: Musdes) -> str:
        return _("berita acara masuk") if musdes.closed_at else _("menunggu berita acara")

    def get_urls(self) -> list[Any]:
        wrap, name = self.admin_site.admin_view, "objections_musdes"
        return [
            path("rencana/", wrap(self.plan_view), name=f"{name}_plan"),
            path("<int:pk>/acara/", wrap(require_POST(self.agenda_view)), name=f"{name}_agenda"),
            path("<int:pk>/hasil/", wrap(require_POST(self.results_view)), name=f"{name}_results"),
            path("<int:pk>/tutup/", wrap(require_POST(self.close_view)), name=f"{name}_close"),
            path("<int:pk>/berita-acara/", wrap(self.minutes_view), name=f"{name}_minutes"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        villages = Region.objects.visible_to(request.user).villages().select_related("parent")
        may = request.user.has_perm(HOLD_MUSDES)
        context = {"villages": villages.order_by("parent__name", "name") if may else []}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def plan_view(self, request: HttpRequest) -> HttpResponse:
        _need(request)
        key = key_of(request.GET.get("desa", ""))
        villages = Region.objects.visible_to(request.user).villages().select_related("parent")
        village = villages.filter(pk=key).first()
        if village is None:
            messages.error(request, _("Pilih dulu desanya."))
            return redirect("admin:objections_musdes_changelist")
        form = PlanForm(request.POST or None, initial={"held_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            made = self._planned(request, village, form)
            if made is not None:
                return redirect("admin:objections_musdes_change", made.pk)
        _log(request, village)
        return self.own_page(
            request,
            "objections/musdes_plan.html",
            title=_("Musyawarah desa %s") % village.name,
            village=village,
            form=form,
            lines=musdes_page.lines_for(village, request.user),
            ticked=request.POST.getlist("kasus"),
        )

    def _planned(self, request: HttpRequest, village: Region, form: PlanForm) -> Musdes | None:
        told = form.cleaned_data
        try:
            return services.plan_musdes(
                village=village,
                held_on=told["held_on"],
                place=told["place"],
                cases=keys_of(request.POST.getlist("kasus")),
                by=request.user,
                now=timezone.now(),
            )
        except services.MoveRefused as refused:
            form.add_error(None, str(refused))
            return None

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        return self._show(request, self._musdes(request, int(object_id)))

    def results_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _need(request)
        musdes = self._musdes(request, pk)
        form = ResultForm(request.POST)
        if not form.is_valid():
            return self._show(request, musdes, form)
        items = list(musdes.items.values_list("pk", flat=True))
        said = {
            item: services.Said(
                request.POST.get(f"hasil-{item}", ""), request.POST.get(f"catatan-{item}", "")
            )
            for item in items
        }
        self._try(request, lambda: services.record_musdes(
            musdes=musdes, said=said, by=request.user, now=timezone.now(), **form.cleaned_data
        ), _("Hasil disimpan."))  # fmt: skip
        return redirect("admin:objections_musdes_change", pk)

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _need(request)
        musdes = self._musdes(request, pk)
        file = request.FILES.get("minutes")
        if not isinstance(file, Received) or file.is_too_big:
            messages.error(request, _("Pilih PDF berita acara, paling besar 8 MB."))
        else:
            self._try(request, lambda: services.close_musdes(
                musdes=musdes, minutes=file.data, by=request.user, now=timezone.now()
            ), _("Berita acara masuk. Hasilnya ada di riwayat tiap sanggahan."))  # fmt: skip
        return redirect("admin:objections_musdes_change", pk)

    def _try(self, request: HttpRequest, act: Any, done: str) -> None:
        try:
            act()
        except (FileRefused, services.MoveRefused) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)

    def agenda_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Names leave the portal on paper: a POST, logged."""
        _need(request)
        musdes = self._musdes(request, pk)
        lines = musdes_page.lines_of(musdes, request.user)
        subject = f"acara musyawarah {musdes.village.code}"
        record_access(by=request.user, kind=Access.EXPORT, subject=subject, rows=len(lines))
        rows = [
            (line.case.receipt_no, line.head or "-", line.address or "-", line.why,
             line.item.get_result_display() if line.item else "", line.item.note if line.item else "")
            for line in lines
        ]  # fmt: skip
        return papers.answer(
            agenda.pdf(musdes, rows), f"musyawarah-{musdes.village.code}-{musdes.held_on}.pdf"
        )

    def minutes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        musdes = self._musdes(request, pk)
        paper = keeping.minutes_of(musdes)
        if paper is None or paper.scan in (Scan.WAITING, Scan.INFECTED):
            raise Http404
        _log(request, musdes.village)
        return papers.answer(keeping.content(paper), f"berita-acara-{musdes.pk}.pdf")

    def _show(self, request: HttpRequest, musdes: Musdes, form: ResultForm | None = None) -> HttpResponse:
        _log(request, musdes.village)
        initial = {"attended": musdes.attended, "minutes_no": musdes.minutes_no}
        return self.own_page(
            request,
            "objections/musdes.html",
            title=_("Musyawarah desa %s") % musdes.village.name,
            musdes=musdes,
            lines=musdes_page.lines_of(musdes, request.user),
            results=MusdesResult.choices,
            form=form or ResultForm(initial=initial),
            may_hold=request.user.has_perm(HOLD_MUSDES),
            hand_query=_hand_query(musdes, request.user),
            minutes=keeping.minutes_of(musdes),
        )

    def _musdes(self, request: HttpRequest, pk: int) -> Musdes:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("village__parent", "made_by")
        return get_object_or_404(rows, pk=pk)


def _hand_query(musdes: Musdes, user: Any) -> str:
    """What a decision of the district that stands on these minutes is asked for with; empty where none may be."""
    if musdes.closed_at is None or not user.has_perm(ASK_BY_HAND):
        return ""
    if not any(programme.is_local for programme in open_to_hand(timezone.localdate())):
        return ""
    return urlencode(
        {
            "reference": f"musdes:{musdes.pk}",
            "minutes_no": musdes.minutes_no,
            "minutes_on": musdes.held_on.isoformat(),
        }
    )


def _need(request: HttpRequest) -> None:
    if not request.user.has_perm(HOLD_MUSDES):
        raise PermissionDenied(HOLD_MUSDES)


def _log(request: HttpRequest, village: Region) -> None:
    record_access(by=request.user, kind=Access.OPEN_OBJECTION, subject=f"musyawarah desa {village.code}")
