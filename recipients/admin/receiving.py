"""Who receives what, what was paid, and what other lists say: looked at in lists, moved by services only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import AreaAdmin, BoundedPaginator, DetailedChangeList, Panel, address_of, key_of
from recipients import receiving_page, references, services
from recipients.access import record_access
from recipients.admin.filters import SubdistrictFilter, VillageFilter
from recipients.admin.steps import asked, steps_of
from recipients.enums import Access, EnrolmentState, ExitReason, FlagStatus
from recipients.models import Enrolment, ExternalFlag, Family, PayoutRecord, Person
from recipients.roles import MOVE_ENROLMENT, REPLACE_CARETAKER, SETTLE_FLAG
from recipients.services.enrolment import moves_from

VERDICTS = {"terbukti": FlagStatus.CONFIRMED, "tidak": FlagStatus.REFUTED}


class OfFamily(AreaAdmin):
    """Rows about a family: its head's name and village in the list, the look logged when one is opened."""

    page_template = ""
    list_display_links = ("head",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[Any]) -> list[Any]:
        return receiving_page.with_names(rows)

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, row: Any) -> str:
        return row.page["head"]

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village_name(self, row: Any) -> str:
        return row.page["village"]

    @admin.display(description=gettext_lazy("orang"), empty_value="–")
    def person_name(self, row: Any) -> str | None:
        return row.page["person"] or None

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, row: Any) -> str:
        return state_mark(row)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self._row(request, object_id)
        record_access(
            by=request.user, kind=Access.OPEN_FAMILY, family=row.family, subject=str(self.opts.verbose_name)
        )
        return self.own_page(
            request,
            self.page_template,
            row=row,
            page=receiving_page.with_names([row])[0].page,
            mark=state_mark(row),
            **self.page_context(request, row),
        )

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {}

    def _row(self, request: HttpRequest, pk: Any) -> Any:
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row


def state_mark(row: Any) -> str:
    state = getattr(row, "status", "") or row.state
    words = row.get_status_display() if hasattr(row, "status") else row.get_state_display()
    return format_html('<span class="mark {}">{}</span>', state.lower(), words)


@admin.register(Enrolment)
class EnrolmentAdmin(OfFamily):
    list_display = ("head", "village_name", "programme", "person_name", "stage", "since", "until")
    list_filter = ("programme", "state", "exit_reason", SubdistrictFilter, VillageFilter)
    list_select_related = ("programme", "family__village__parent")
    ordering = ("-pk",)
    sortable_by = ("since",)
    page_template = "admin/recipients/enrolment/page.html"

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        caretaker = wrap(require_POST(self.caretaker_view))
        return [
            path("<int:pk>/langkah/", wrap(require_POST(self.move_view)), name="recipients_enrolment_move"),
            path("<int:pk>/pengurus/", caretaker, name="recipients_enrolment_caretaker"),
            *super().get_urls(),
        ]

    def page_context(self, request: HttpRequest, row: Enrolment) -> dict[str, Any]:
        waiting = steps_of(request, row.steps)
        may_ask = waiting["waiting"] is None
        steps = moves_from(row) if may_ask and request.user.has_perm(MOVE_ENROLMENT) else []
        events = list(row.events.select_related("by").order_by("-id"))
        told = references.causes(
            [event.reference for event in events if event.reference], reader=request.user
        )
        return {
            "title": _("Kepesertaan %s") % row.programme,
            "events": [(event, told.get(event.reference)) for event in events],
            "payouts": row.payouts.order_by("-period"),
            "steps": [(state.value, state.label) for state in steps if state != EnrolmentState.EXITED],
            "may_exit": EnrolmentState.EXITED in steps,
            "exit_reasons": ExitReason.choices,
            "caretaker": receiving_page.people_names([row.caretaker_id]).get(row.caretaker_id or 0, ""),
            **waiting,
            **(self._caretaker_form(request, row) if may_ask else {"may_replace": False}),
        }

    def _caretaker_form(self, request: HttpRequest, row: Enrolment) -> dict[str, Any]:
        is_open = row.state != EnrolmentState.EXITED and row.person_id is None
        if not is_open or not request.user.has_perm(REPLACE_CARETAKER):
            return {"may_replace": False}
        return {
            "may_replace": True,
            "candidates": services.may_take_care(enrolment=row, day=timezone.localdate()),
        }

    def caretaker_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another adult of the family should take the card; what the family receives goes on."""
        row = self._row(request, pk)
        if not request.user.has_perm(REPLACE_CARETAKER):
            raise PermissionDenied
        person = Person.objects.filter(pk=key_of(request.POST.get("person", ""))).first()
        if person is None:
            messages.error(request, _("Pilih anggota dewasa dari keluarga ini dan tulis alasannya."))
        else:
            asked(request, services.propose_caretaker, enrolment=row, caretaker=person)
        return redirect("admin:recipients_enrolment_change", pk)

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(request, pk)
        if not request.user.has_perm(MOVE_ENROLMENT):
            raise PermissionDenied
        to, reason = request.POST.get("to", ""), request.POST.get("exit_reason", "")
        exit_reason = ExitReason(reason) if reason in ExitReason.values else None
        asked(request, services.propose_move, enrolment=row, to=to, exit_reason=exit_reason)
        return redirect("admin:recipients_enrolment_change", pk)


@admin.register(PayoutRecord)
class PayoutRecordAdmin(OfFamily):
    list_display = ("head", "village_name", "programme", "period", "stage", "amount", "paid_on")
    list_filter = ("period", "state", "enrolment__programme", SubdistrictFilter, VillageFilter)
    list_select_related = ("enrolment__programme", "enrolment__family__village__parent")
    ordering = ("-pk",)
    paginator = BoundedPaginator
    sortable_by = ("amount", "paid_on")

    @admin.display(description=gettext_lazy("program"))
    def programme(self, row: PayoutRecord) -> str:
        return str(row.enrolment.programme)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A payment is shown where its enrolment is."""
        return redirect("admin:recipients_enrolment_change", self._row(request, object_id).enrolment_id)


@admin.register(ExternalFlag)
class ExternalFlagAdmin(OfFamily):
    list_display = ("head", "village_name", "kind", "person_name", "stage", "source", "observed_on")
    list_filter = ("status", "kind", "source", SubdistrictFilter, VillageFilter)
    list_select_related = ("family__village__parent",)
    ordering = ("-pk",)
    sortable_by = ("observed_on",)
    page_template = "admin/recipients/externalflag/page.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.settle_view))
        return [path("<int:pk>/putus/", view, name="recipients_externalflag_settle"), *super().get_urls()]

    def page_context(self, request: HttpRequest, row: ExternalFlag) -> dict[str, Any]:
        waiting = steps_of(request, row.steps)
        told = references.causes([row.source_ref, row.settled_ref], reader=request.user)
        return {
            "title": row.get_kind_display(),
            "cause": told[row.source_ref],
            "settled_cause": told[row.settled_ref],
            "may_settle": waiting["waiting"] is None and request.user.has_perm(SETTLE_FLAG),
            "is_own": row.raised_by_id == request.user.pk,
            **waiting,
        }

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(request, pk)
        if not request.user.has_perm(SETTLE_FLAG):
            raise PermissionDenied
        to = VERDICTS.get(request.POST.get("putusan", ""), FlagStatus.ALLEGED)
        asked(request, services.propose_flag, flag=row, to=to)
        return redirect("admin:recipients_externalflag_change", pk)


def receiving_panel(request: HttpRequest, family: Family) -> Panel | None:
    """What the family receives, what was paid of it, and what other lists say."""
    if not request.user.has_perm("recipients.view_enrolment"):
        return None
    context = receiving_page.of_family(family)
    context["list_url"] = address_of("admin:recipients_enrolment_changelist")
    return Panel(_("Bantuan yang diterima"), "admin/recipients/family/receiving.html", context)


admin.site.add_family_panel(receiving_panel, order=20)
