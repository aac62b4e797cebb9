"""The queue: seven columns, tabs, one search box, and handing cases to a colleague."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from bansos.common import ids, vault
from bansos.common.admin import AreaAdmin, DetailedChangeList, key_of, keys_of
from objections import case_page, phones, receipts, services
from objections.clock import Clock
from objections.enums import Kind, Reason, State
from objections.models import Objection
from objections.stages import OPEN
from recipients import family_page
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, FamilyMembership, WelfareSnapshot
from recipients.roles import SEE_REPORTER, holders, named

TABS: dict[str, tuple[Any, Any]] = {
    "saya": (gettext_lazy("Punya saya"), None),
    "bebas": (gettext_lazy("Belum dipegang"), None),
    "baru": (gettext_lazy("Baru"), [State.SUBMITTED]),
    "cek": (gettext_lazy("Sedang dicek"), [State.CHECKING, State.REEXAMINED]),
    "warga": (gettext_lazy("Menunggu warga"), [State.INCOMPLETE]),
    "putus": (gettext_lazy("Siap diputus"), [State.READY]),
    "setuju": (gettext_lazy("Menunggu persetujuan kedua"), [State.PROPOSED]),
    "hampir": (gettext_lazy("Hampir terlambat"), None),
    "terlambat": (gettext_lazy("Terlambat"), None),
    "pusat": (gettext_lazy("Menunggu pusat"), [State.UPHELD_TO_CENTRE, State.CENTRE_KEPT]),
    "selesai": (gettext_lazy("Selesai"), None),
    "semua": (gettext_lazy("Semua"), None),
}


class TabFilter(admin.SimpleListFilter):
    """The queue shows open cases unless told otherwise."""

    title = gettext_lazy("tahap")
    parameter_name = "tahap"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, label) for name, (label, _states) in TABS.items()]

    def choices(self, changelist: Any) -> Any:
        named_tabs = list(super().choices(changelist))
        named_tabs[0]["display"] = _("Belum diputus")
        return named_tabs

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        tab = self.value()
        _label, states = TABS.get(tab or "", ("", None))
        if states:
            return queryset.filter(state__in=states)
        match tab:
            case "saya":
                return queryset.open().filter(handled_by=request.user)
            case "bebas":
                return queryset.open().filter(handled_by=None)
            case "hampir":
                return queryset.filter(pk__in=Clock.load().nearly_late(queryset, timezone.localdate()))
            case "terlambat":
                return queryset.late(timezone.localdate())
            case "selesai":
                return queryset.exclude(state__in=OPEN)
            case "semua":
                return queryset
        return queryset.open()


class QueuePages(AreaAdmin):
    """The list side of the admin of objections."""

    change_list_template = "objections/queue.html"
    list_display = ("pick", "receipt_no", "name", "place", "why", "left", "holder")
    list_display_links = ("receipt_no",)
    list_filter = (TabFilter,)
    list_select_related = ("village__parent", "handled_by")
    search_fields = ("receipt_no",)
    sortable_by = ("place", "left")

    class Media:
        css = {"all": ["css/case.css"]}

    def get_ordering(self, request: HttpRequest) -> Any:
        rank = Case(When(kind=Kind.PBI_URGENT, state__in=OPEN, then=0), default=1)
        return [rank.asc(), "due_on", "id"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return DetailedChangeList

    def with_details(self, cases: list[Objection]) -> list[Objection]:
        """Heads of the families, where the registry has them: one query for the page."""
        families = [case.family_id for case in cases if case.family_id]
        heads = WelfareSnapshot.objects.standing().filter(family__in=families).head_names()
        clock, today = Clock.load(), timezone.localdate()
        for case in cases:
            case.left_words = case_page.days_left(case, today, clock)  # type: ignore[attr-defined]
            case.head = heads.get(case.family_id or 0, "")  # type: ignore[attr-defined]
        return cases

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Objection], bool]:
        """By receipt number or by name alone: a NIK typed here would stand in the address and in logs."""
        words = search_term.split()
        if not words:
            return queryset, False
        number = receipts.normalise(search_term)
        if number:
            return queryset.filter(receipt_no=number), False
        if any(sign.isdigit() for sign in search_term):
            return queryset.none(), False
        return queryset.filter(family__in=_families_named(queryset, request.user, words)), False

    @admin.display(description=gettext_lazy("pilih"))
    def pick(self, case: Objection) -> str:
        return format_html(
            '<input type="checkbox" name="kasus" value="{}" form="hand" aria-label="{}">', case.pk, case
        )

    @admin.display(description=gettext_lazy("keluarga"))
    def name(self, case: Objection) -> str:
        if case.kind == Kind.WELL_OFF:
            return _("(laporan, pelapor dilindungi)")
        first, *rest = case.head.split() or [""]  # type: ignore[attr-defined]
        return " ".join([first, *(f"{word[0]}." for word in rest)]) if first else _("belum dicocokkan")

    @admin.display(description=gettext_lazy("desa/kelurahan"), ordering="village__name")
    def place(self, case: Objection) -> str:
        village = case.village
        return (
            f"{village.name}, {village.parent.name}" if village and village.parent else _("belum diketahui")
        )

    @admin.display(description=gettext_lazy("yang tidak benar"))
    def why(self, case: Objection) -> str:
        if case.kind == Kind.PBI_URGENT:
            return format_html('<strong class="left-late">{}</strong>', _("MENDESAK: BPJS, sedang sakit"))
        first = str(Reason(case.reasons[0]).label)
        more = len(case.reasons) - 1
        return f"{first} (+{more})" if more else first

    @admin.display(description=gettext_lazy("sisa hari dan tahap"), ordering="due_on")
    def left(self, case: Objection) -> str:
        words = case.left_words  # type: ignore[attr-defined]
        stage = case.get_state_display()
        if case.state == State.PROPOSED:  # who approves many together sees what each would become
            stage = f"{stage}: {case.get_proposed_outcome_display()}"
        return format_html('<span class="left left-{}">{}</span><br>{}', words["kind"], words["text"], stage)

    @admin.display(description=gettext_lazy("pemegang"))
    def holder(self, case: Objection) -> str:
        return case_page.holder(case)

    def queue_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("cari/", wrap(require_POST(self.search_view)), name="objections_objection_search"),
            path("setujui/", wrap(require_POST(self.approve_view)), name="objections_objection_approve"),
            path("serahkan/", wrap(require_POST(self.hand_view)), name="objections_objection_hand"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_hand = services.may_assign(request.user)
        colleagues = holders("office_verifier") if may_hand else []
        here = request.GET.get("tahap", "")
        tabs = [("", _("Belum diputus")), *((name, label) for name, (label, _states) in TABS.items())]
        context = {
            "title": _("Sanggahan"),
            "colleagues": [(user.pk, named(user)) for user in colleagues],
            "tabs": [{"name": name, "label": label, "is_here": name == here} for name, label in tabs],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """One box. NIK, card number and phone are looked up by their blind index, and the look is logged."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.POST.get("q", "").replace("\x00", "").strip()[:60]
        number = phones.local(typed) or ids.ungrouped(typed)
        if _is_secret(number):
            return self._open_by_number(request, number)
        if receipts.normalise(typed) or not any(sign.isdigit() for sign in number):
            address = reverse("admin:objections_objection_changelist")
            return HttpResponseRedirect(f"{address}?{urlencode({'tahap': 'semua', 'q': typed})}")
        messages.error(
            request,
            _("Nomor itu bukan NIK atau No. KK (16 angka), nomor HP (mulai 08), atau nomor sanggahan."),
        )
        return redirect("admin:objections_objection_changelist")

    def _open_by_number(self, request: HttpRequest, number: str) -> HttpResponse:
        found = _by_number(self.get_queryset(request), request.user, number)
        family = case_page.visible_family(found, request.user) if found else None
        record_access(by=request.user, kind=Access.SEARCH, family=family, subject="sanggahan")
        if found is None:
            messages.warning(request, _("Tidak ada sanggahan dengan nomor itu di wilayah Anda."))
            return redirect("admin:objections_objection_changelist")
        return redirect("admin:objections_objection_change", found.pk)

    def hand_view(self, request: HttpRequest) -> HttpResponse:
        """Hand the ticked cases to a colleague."""
        if not services.may_assign(request.user):
            raise PermissionDenied
        to = holders("office_verifier").filter(pk=key_of(request.POST.get("kepada", ""))).first()
        keys = _ticked(request)
        if to is None or not keys:
            messages.error(request, _("Centang dulu sanggahannya, lalu pilih petugas yang menerima."))
        else:
            self._hand(request, self.get_queryset(request).filter(pk__in=keys), to)
        return redirect("admin:objections_objection_changelist")

    def _hand(self, request: HttpRequest, cases: QuerySet[Objection], to: Any) -> None:
        try:
            count = services.assign(cases=cases, to=to, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
            return
        words = ngettext(
            "%(n)d sanggahan diserahkan kepada %(who)s.",
            "%(n)d sanggahan diserahkan kepada %(who)s.",
            count,
        )
        messages.success(request, words % {"n": count, "who": named(to)})

    def approve_view(self, request: HttpRequest) -> HttpResponse:
        """Approve the ticked proposals together; refused unless each was opened since it was proposed."""
        if not request.user.has_perm(services.DECIDE):
            raise PermissionDenied
        keys = _ticked(request)
        cases = list(self.get_queryset(request).filter(pk__in=keys))
        try:
            services.approve_together(cases=cases, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("%d usul disetujui.") % len(cases))
        return redirect(f"{reverse('admin:objections_objection_changelist')}?tahap=setuju")


def _ticked(request: HttpRequest) -> list[int]:
    return keys_of(request.POST.getlist("kasus")[:200])


def _is_secret(number: str) -> bool:
    return bool(ids.SIXTEEN_DIGITS.fullmatch(number)) or phones.local(number) is not None


def _families_named(cases: QuerySet[Objection], user: Any, words: list[str]) -> QuerySet[Family]:
    """Families of these cases, in the user's area, with a member whose name has each word at a word's start."""
    members = FamilyMembership.objects.standing().filter(family__in=cases.order_by().values("family"))
    for word in words[:5]:
        members = members.filter(Q(name__istartswith=word) | Q(name__icontains=f" {word}"))
    return Family.objects.visible_to(user).filter(pk__in=members.values("family"))


def _by_number(cases: QuerySet[Objection], user: Any, number: str) -> Objection | None:
    """The case with this NIK, card number or phone that is due first; others stand on its page.

    A report is not found by its reporter's numbers, except by those who may know who that is.
    """
    theirs = Q() if user.has_perm(SEE_REPORTER) else ~Q(kind=Kind.WELL_OFF)
    if ids.SIXTEEN_DIGITS.fullmatch(number):
        family = family_page.find_by_number(user=user, number=number)
        fits = theirs & Q(nik_index=vault.blind_index(vault.NIK, number))
        cases = cases.filter(fits | Q(family=family) if family else fits)
    else:
        cases = cases.filter(theirs, phone_index=vault.blind_index(vault.PHONE, number))
    return cases.order_by("decided_at", "due_on", "pk").first()
