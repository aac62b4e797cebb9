"""Families: a list in the user's area, and one page that tells everything about one of them.

Opening the page, searching a number and seeing a full number are each written to the access log first.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import ids, limits
from bansos.common.admin import AreaAdmin, DetailedChangeList, address_of, key_of
from recipients import decile_story, family_page
from recipients.access import record_access
from recipients.admin.filters import MovedFilter, StandingDecileFilter, SubdistrictFilter, VillageFilter
from recipients.enums import Access
from recipients.models import Family, FamilyMembership
from recipients.roles import PRINT_LETTER, PROPOSE, REVEAL

MOST_REVEALS = 60  # full numbers a person sees in a day
DAY_S = 24 * 3600


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        min_length=5,
        max_length=200,
        error_messages={
            "required": gettext_lazy("Ketik alasan melihat nomor lengkap."),
            "min_length": gettext_lazy("Ketik alasan yang dapat dipahami orang lain."),
        },
    )
    member = forms.IntegerField(required=False)


@admin.register(Family)
class FamilyAdmin(AreaAdmin):
    list_display = ("head", "village_name", "subdistrict_name", "decile", "masked_card", "members")
    list_display_links = ("head",)
    list_filter = (SubdistrictFilter, VillageFilter, StandingDecileFilter, MovedFilter)
    list_select_related = ("village__parent",)
    ordering = ("-pk",)
    change_list_template = "admin/recipients/family/list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[Family]) -> list[Family]:
        return family_page.page_details(rows)

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, family: Any) -> str:
        snapshot = family.page["snapshot"]
        return snapshot.head_name if snapshot else _("(tidak ada di rilis terakhir)")

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village_name(self, family: Family) -> str:
        return family.village.name

    @admin.display(description=gettext_lazy("kecamatan"))
    def subdistrict_name(self, family: Family) -> str:
        return family.village.parent.name if family.village.parent else ""

    @admin.display(description=gettext_lazy("desil"), empty_value=gettext_lazy("belum ada"))
    def decile(self, family: Any) -> int | None:
        snapshot = family.page["snapshot"]
        return snapshot.decile if snapshot else None

    @admin.display(description=gettext_lazy("No. KK"))
    def masked_card(self, family: Any) -> str:
        return family.page["card"]

    @admin.display(description=gettext_lazy("anggota"))
    def members(self, family: Any) -> int | None:
        return family.page["members"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return family_page.with_head_tokens(queryset, search_term), False

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("cari/", wrap(require_POST(self.search_view)), name="recipients_family_search"),
            path("<int:pk>/nomor/", wrap(require_POST(self.reveal_view)), name="recipients_family_reveal"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A number must not stand in an address; whoever puts one there is led back to the box."""
        if any(
            ids.ungrouped(value).isdigit() and len(ids.ungrouped(value)) >= 12
            for value in request.GET.values()
        ):
            messages.error(request, _("Cari nomor lewat kotak cari di halaman ini, bukan lewat alamat."))
            return redirect("admin:recipients_family_changelist")
        return super().changelist_view(request, {"title": _("Keluarga"), **(extra_context or {})})

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """One box: digits are looked up by their blind index and logged, words go on as a name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.POST.get("q", "").strip()
        number = ids.ungrouped(typed)
        if not any(sign.isdigit() for sign in number):
            return self._to_list({"q": typed[:60]} if typed else {})
        if ids.SIXTEEN_DIGITS.fullmatch(number) is None:
            messages.error(request, _("NIK dan No. KK terdiri dari 16 angka."))
            return self._to_list({})
        return self._open_by_number(request, number)

    def _open_by_number(self, request: HttpRequest, number: str) -> HttpResponse:
        family = family_page.find_by_number(user=request.user, number=number)
        record_access(by=request.user, kind=Access.SEARCH, family=family, subject="NIK/No. KK")
        if family is None:
            messages.warning(request, _("Tidak ada keluarga dengan nomor itu di wilayah Anda."))
            return self._to_list({})
        return redirect("admin:recipients_family_change", family.pk)

    def _to_list(self, query: dict[str, str]) -> HttpResponse:
        address = reverse("admin:recipients_family_changelist")
        return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        family = self._family(request, unquote(object_id))
        record_access(by=request.user, kind=Access.OPEN_FAMILY, family=family)
        return self._page(request, family, RevealForm())

    def reveal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The full number of a card or a member: a reason, then the log, then the number, kept nowhere."""
        family = self._family(request, str(pk))
        if not request.user.has_perm(REVEAL):
            raise PermissionDenied
        form = RevealForm(request.POST)
        if not form.is_valid():
            record_access(by=request.user, kind=Access.OPEN_FAMILY, family=family)
            return self._page(request, family, form)
        subject, sealed = self._asked_number(family, form.cleaned_data["member"])
        if not limits.hit("reveal", request.user.get_username(), most=MOST_REVEALS, within_s=DAY_S):
            return self._refuse_reveal(request, family, form)
        record_access(
            by=request.user,
            kind=Access.REVEAL,
            family=family,
            subject=subject,
            reason=form.cleaned_data["reason"],
        )
        context = {"title": _("Nomor lengkap"), "family": family, "label": subject, "number": sealed.reveal()}
        return self.own_page(request, "admin/recipients/family/reveal.html", **context)

    def _refuse_reveal(self, request: HttpRequest, family: Family, form: RevealForm) -> HttpResponse:
        """Nobody needs so many full numbers in a day; whoever tries stands in the log."""
        record_access(
            by=request.user,
            kind=Access.OPEN_FAMILY,
            family=family,
            subject=_("nomor lengkap ditolak: batas harian"),
            reason=form.cleaned_data["reason"],
        )
        form.add_error(
            "reason",
            _("Anda sudah melihat %d nomor lengkap dalam sehari. Lanjutkan besok, atau minta rekan membantu.")
            % MOST_REVEALS,
        )
        answer = self._page(request, family, form)
        answer.status_code = 429
        return answer

    def _asked_number(self, family: Family, member: int | None) -> tuple[str, Any]:
        if member is None:
            return _("No. KK"), family.card
        rows = FamilyMembership.objects.standing().filter(family=family, pk=member)
        membership = rows.select_related("person__nik").first()
        if membership is None:
            raise Http404
        return _("NIK anggota no. %d") % membership.person_id, membership.person.nik

    def _family(self, request: HttpRequest, pk: str) -> Family:
        families = self.get_queryset(request).select_related("village__parent", "card")
        family = families.filter(pk=key_of(pk)).first()
        if family is None:
            raise Http404
        if not self.has_view_permission(request, family):
            raise PermissionDenied
        return family

    def _page(self, request: HttpRequest, family: Family, form: RevealForm) -> HttpResponse:
        history = decile_story.history_of(family.pk)
        snapshot, story = history.last, history.story()
        context = {
            "title": snapshot.head_name if snapshot else str(family),
            "family": family,
            "card": family.card.masked() if hasattr(family, "card") else "",
            "snapshot": snapshot,
            "ladder": story.ladder(),
            "ladder_words": story.marks_in_words(),
            "steps": family_page.steps(history),
            "members": family_page.members(family),
            "facts": family_page.facts(snapshot),
            "panels": self.admin_site.family_panels(request, family),
            "letter_url": self._letter_url(request, family),
            "propose_url": self._propose_url(request, family),
            "can_reveal": request.user.has_perm(REVEAL),
            "form": form,
        }
        return self.own_page(request, "admin/recipients/family/page.html", **context)

    def _letter_url(self, request: HttpRequest, family: Family) -> str:
        if not request.user.has_perm(PRINT_LETTER):
            return ""
        return address_of("admin:objections_letter_family", family.pk)

    def _propose_url(self, request: HttpRequest, family: Family) -> str:
        may = request.user.has_perm(PROPOSE)
        return reverse("admin:recipients_family_propose", args=[family.pk]) if may else ""
