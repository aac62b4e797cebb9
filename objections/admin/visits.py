"""Field visits for staff: planned by village, written down on a phone, read beside the case."""

from __future__ import annotations

from typing import Any

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

from bansos.common.admin import AreaAdmin, address_of, keys_of
from bansos.common.uploads import Received
from objections import case_page, services, visit_page
from objections.admin.visit_forms import PlanForm, VisitForm
from objections.attachments import keeping
from objections.attachments.refused import FileRefused
from objections.models import Attachment, FieldVisit, Objection
from recipients import family_page
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, FamilyCardNumber
from recipients.roles import holders

VISITORS = ("village_operator", "facilitator", "office_verifier")


@admin.register(FieldVisit)
class FieldVisitAdmin(AreaAdmin):
    change_list_template = "objections/visits.html"
    list_display = ("case", "for_day", "visitor", "place", "met", "recorded")
    list_display_links = None
    list_filter = ("not_met",)
    list_select_related = ("objection__village__parent", "visitor")

    @admin.display(description=gettext_lazy("sanggahan"))
    def case(self, visit: FieldVisit) -> str:
        url = address_of("admin:objections_fieldvisit_change", visit.pk)
        return format_html('<a href="{}">{}</a>', url, visit.objection)

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def place(self, visit: FieldVisit) -> str:
        village = visit.objection.village
        return f"{village}, {village.parent}" if village else ""

    @admin.display(description=gettext_lazy("bertemu"), empty_value="")
    def met(self, visit: FieldVisit) -> str:
        return visit.get_not_met_display() if visit.not_met else visit.met_whom

    @admin.display(description=gettext_lazy("dicatat"), empty_value=gettext_lazy("belum"))
    def recorded(self, visit: FieldVisit) -> Any:
        return timezone.localdate(visit.done_at) if visit.done_at else None

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("rencana/", wrap(self.plan_view), name="objections_fieldvisit_plan"),
            path("<int:pk>/catat/", wrap(self.record_view), name="objections_fieldvisit_record"),
            path("<int:pk>/tempat/", wrap(require_POST(self.place_view)), name="objections_fieldvisit_place"),
            *super().get_urls(),
        ]

    # --- planning ---

    def plan_view(self, request: HttpRequest) -> HttpResponse:
        _need(request, services.VISIT)
        visitors = _visitors(request.user)
        form = PlanForm(visitors, request.POST or None, initial={"for_day": timezone.localdate()})
        if request.method == "POST" and form.is_valid() and self._planned(request, form, visitors):
            return redirect("admin:objections_fieldvisit_plan")
        return self.own_page(
            request,
            "objections/visit_plan.html",
            title=_("Rencana kunjungan"),
            mine=visit_page.mine(request.user),
            places=visit_page.places(request.user),
            form=form,
            today=timezone.localdate(),
            ticked=request.POST.getlist("kasus"),
        )

    def _planned(self, request: HttpRequest, form: PlanForm, visitors: list[Any]) -> bool:
        keys = keys_of(request.POST.getlist("kasus")[:200])
        told = form.cleaned_data
        try:
            count = services.plan_visits(
                cases=Objection.objects.visible_to(request.user).filter(pk__in=keys),
                visitor=next(user for user in visitors if str(user.pk) == told["visitor"]),
                for_day=told["for_day"],
                by=request.user,
                now=timezone.now(),
            )
        except services.MoveRefused as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(request, _("%d kunjungan direncanakan.") % count)
        return True

    # --- writing one down ---

    def record_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _need(request, services.VISIT)
        visit = self._visit(request, pk)
        case = visit.objection
        if visit.done_at or case.state not in services.VISITED_IN:
            return redirect("admin:objections_fieldvisit_change", pk)
        family = self._looked_at(request, visit)
        snapshot = family_page.standing_snapshot(family) if family else None
        form = VisitForm(family, snapshot, case.reasons, request.POST or None)
        if request.method == "POST" and form.is_valid() and self._recorded(request, visit, form):
            messages.success(request, _("Kunjungan dicatat."))
            return redirect("admin:objections_fieldvisit_plan")
        page = self.own_page(
            request,
            "objections/visit_form.html",
            title=_("Catat kunjungan"),
            visit=visit,
            form=form,
            snapshot=snapshot,
            card_no=FamilyCardNumber.objects.get(family=family).masked() if family else "",
            reasons=case_page.reasons(case),
            may_finish=case.state == "CHECKING",
        )
        page.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
        return page

    def _recorded(self, request: HttpRequest, visit: FieldVisit, form: VisitForm) -> bool:
        """Photos first: sent again they are the same photos, and a refused one leaves the visit unwritten."""
        try:
            for file in request.FILES.getlist("photos")[: Attachment.MOST_OF_A_KIND]:
                _take_photo(file, visit.objection, request.user)
            services.record_visit(
                visit=visit,
                report=form.report(),
                by=request.user,
                now=timezone.now(),
                is_check_done=form.cleaned_data["is_check_done"] and visit.objection.state == "CHECKING",
            )
        except (FileRefused, services.MoveRefused) as refused:
            form.add_error(None, str(refused))
            return False
        return True

    # --- reading one ---

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(request, self._visit(request, object_id))

    def place_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _need(request, services.CHECK)
        visit = self._visit(request, pk)
        self._looked_at(request, visit, reason=_("tempat kunjungan"))
        return self._show(request, visit, place=services.place_of(visit), is_place_asked=True)

    def _show(self, request: HttpRequest, visit: FieldVisit, **more: Any) -> HttpResponse:
        family = self._looked_at(request, visit)
        hides_family = visit.objection.family_id is not None and family is None
        return self.own_page(
            request,
            "objections/visit.html",
            title=_("Kunjungan %s") % visit.objection,
            shown=None if hides_family else visit_page.shown([visit])[0],
            visit=visit,
            may_see_place=bool(visit.place_sealed) and request.user.has_perm(services.CHECK),
            may_record=visit.done_at is None
            and visit.objection.state in services.VISITED_IN
            and request.user.has_perm(services.VISIT),
            **more,
        )

    def _visit(self, request: HttpRequest, pk: Any) -> FieldVisit:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal():
            raise Http404
        rows = self.get_queryset(request).select_related("objection__village__parent", "visitor", "done_by")
        return get_object_or_404(rows, pk=pk)

    def _looked_at(self, request: HttpRequest, visit: FieldVisit, reason: str = "") -> Family | None:
        """The family of the case, if in the user's area; the look is logged first."""
        family = case_page.visible_family(visit.objection, request.user)
        subject = visit.objection.reference
        record_access(
            by=request.user, kind=Access.OPEN_OBJECTION, family=family, subject=subject, reason=reason
        )
        return family


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied(permission)


def _visitors(user: Any) -> list[Any]:
    """Who checks cases sends anybody of the field; others plan for themselves."""
    if user.has_perm(services.CHECK):
        others = [each for each in holders(*VISITORS) if each.pk != user.pk]
        return [user, *others]
    return [user]


def _take_photo(file: Any, objection: Objection, by: Any) -> None:
    if not isinstance(file, Received) or file.is_too_big:
        raise FileRefused(_("Foto lebih dari 8 MB. Kirim yang lebih kecil."))
    keeping.take_photo(
        data=file.data, form_key=objection.form_key, objection=objection, by=by, now=timezone.now(),
        most=Attachment.MOST_OF_A_KIND,
    )  # fmt: skip
