"""Rancangan aturan: write a rule set as a draft, have it checked, try it out, let a second person approve."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin, address_of
from eligibility import services, trial_page
from eligibility.amounts_form import AmountsForm
from eligibility.draft_forms import ConditionFormSet, HeadForm, StartForm, initial_of, parts_of, written
from eligibility.models import DraftState, RuleDraft
from eligibility.services.trials import trials_of_draft
from eligibility.wording import rule_words
from eligibility.wording.code_words import CODE_WORDS
from recipients.models import Programme
from recipients.roles import APPROVE_RULES, TRY_RULES, WRITE_RULES, named


def as_file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response


@admin.register(RuleDraft)
class RuleDraftAdmin(ReadOnlyAdmin):
    list_display = ("title", "stage", "writer", "written_at")
    list_select_related = ("written_by",)
    change_list_template = "admin/eligibility/ruledraft/list.html"

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, draft: RuleDraft) -> str:
        return draft.get_state_display()

    @admin.display(description=gettext_lazy("ditulis oleh"))
    def writer(self, draft: RuleDraft) -> str:
        return named(draft.written_by)

    def get_urls(self) -> list[Any]:
        def own(address: str, view: Callable[..., HttpResponse], name: str) -> Any:
            return path(address, self.admin_site.admin_view(view), name=f"eligibility_ruledraft_{name}")

        return [
            own("<int:pk>/tulis/", require_POST(self.write_view), "write"),
            own("<int:pk>/periksa/", require_POST(self.check_view), "check"),
            own("<int:pk>/setujui/", require_POST(self.approve_view), "approve"),
            own("<int:pk>/batalkan/", require_POST(self.withdraw_view), "withdraw"),
            own("<int:pk>/unduh/", self.download_view, "download"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        start = reverse("admin:eligibility_ruledraft_add") if request.user.has_perm(WRITE_RULES) else ""
        return super().changelist_view(request, {"start_url": start, **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        _need(request, WRITE_RULES)
        form = StartForm(request.POST or None, request.FILES or None, initial=request.GET.dict())
        if request.method == "POST" and form.is_valid():
            draft = services.start_draft(
                rule=form.cleaned_data["rule_set"],
                text=form.cleaned_data["text"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                today=timezone.localdate(),
            )
            return redirect("admin:eligibility_ruledraft_change", draft.pk)
        return self.own_page(
            request, "admin/eligibility/ruledraft/start.html", title=_("Rancangan aturan baru"), form=form
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isascii() or not object_id.isdecimal() or len(object_id) > 9:
            raise Http404
        draft = self._draft(int(object_id))
        head, rows = initial_of(draft.text)
        amounts = AmountsForm(parts_of(draft.text))
        return self._page(request, draft, HeadForm(initial=head), amounts, ConditionFormSet(initial=rows))

    def _draft(self, pk: int) -> RuleDraft:
        drafts = RuleDraft.objects.select_related("written_by", "settled_by", "rule_set__programme")
        return get_object_or_404(drafts, pk=pk)

    def write_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The whole text, or the forms; whichever was sent."""
        _need(request, WRITE_RULES)
        draft = self._draft(pk)
        text = request.POST.get("text", "")
        if "text" not in request.POST:
            head, conditions = HeadForm(request.POST), ConditionFormSet(request.POST)
            amounts = AmountsForm(parts_of(draft.text), request.POST)
            if not all([head.is_valid(), amounts.is_valid(), conditions.is_valid()]):
                messages.error(request, _("Belum disimpan. Perbaiki isian yang ditandai."))
                return self._page(request, draft, head, amounts, conditions)
            text = written(head, amounts, conditions)
        return self._step(
            request,
            draft,
            lambda: services.write_draft(draft=draft, text=text, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
            _("Rancangan disimpan. Periksa lagi sebelum meminta persetujuan."),
        )

    def check_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (request.user.has_perm(WRITE_RULES) or request.user.has_perm(APPROVE_RULES)):
            raise PermissionDenied
        draft = self._draft(pk)
        return self._step(
            request, draft, lambda: services.check_draft(draft=draft, today=timezone.localdate())
        )

    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        _need(request, APPROVE_RULES)
        draft = self._draft(pk)
        return self._step(
            request,
            draft,
            lambda: services.approve_draft(
                draft=draft,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                today=timezone.localdate(),
                seen=request.POST.get("seen", ""),
            ),
            _("Aturan disetujui dan berlaku pada tanggalnya."),
        )

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (request.user.has_perm(WRITE_RULES) or request.user.has_perm(APPROVE_RULES)):
            raise PermissionDenied
        draft = self._draft(pk)
        return self._step(
            request,
            draft,
            lambda: services.withdraw_draft(draft=draft, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        )

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return as_file(self._draft(pk).text, f"rancangan-{pk}")

    def _step(
        self, request: HttpRequest, draft: RuleDraft, step: Callable[[], Any], done: str = ""
    ) -> HttpResponse:
        try:
            step()
        except services.DraftRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if done:
                messages.success(request, done)
        return redirect("admin:eligibility_ruledraft_change", draft.pk)

    def _page(
        self,
        request: HttpRequest,
        draft: RuleDraft,
        head: HeadForm,
        amounts: AmountsForm,
        conditions: Any,
    ) -> HttpResponse:
        user = request.user
        is_open = draft.state in (DraftState.DRAFT, DraftState.CHECKED)
        found = services.look_at(text=draft.text, today=timezone.localdate()) if is_open else None
        code = found.document.programme.code if found and found.document else ""
        is_own = draft.written_by_id == user.pk
        context = {
            "title": draft.title,
            "draft": draft,
            "writer": named(draft.written_by),
            "settler": named(draft.settled_by) if draft.settled_by else "",
            "found": found,
            "seen": services.seen_as(draft),
            "head": head,
            "amounts": amounts,
            "conditions": conditions,
            "trials": trial_page.told(trials_of_draft(found.document) if found and found.document else []),
            "told": list(zip_longest(conditions.forms, _summaries(draft, found), fillvalue="")),
            "may_write": is_open and user.has_perm(WRITE_RULES),
            "may_check": is_open and (user.has_perm(WRITE_RULES) or user.has_perm(APPROVE_RULES)),
            "may_approve": draft.state == DraftState.CHECKED and user.has_perm(APPROVE_RULES) and not is_own,
            "try_url": self._try_url(request, bool(found and not found.wrong)),
            "programme": Programme.objects.filter(code=code).first(),
            "today": timezone.localdate(),
            "lists": _lists(),
        }
        return self.own_page(request, "admin/eligibility/ruledraft/page.html", **context)

    def _try_url(self, request: HttpRequest, is_sound: bool) -> str:
        if not is_sound or not request.user.has_perm(TRY_RULES):
            return ""
        return address_of("admin:eligibility_trial_ask")


def _summaries(draft: RuleDraft, found: services.Checked | None) -> list[str]:
    """Each condition in a few words: its sentence, or what it is about while the text does not resolve."""
    if found and found.words:
        return found.words
    codes = [str(row.get("code", "")) for row in initial_of(draft.text)[1]]
    return [str(CODE_WORDS.get(code, code)) for code in codes]


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _lists() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The closed lists that the typed cells draw from."""
    from recipients.enums import FlagKind

    programmes = [(one.code, one.name) for one in Programme.objects.all()]
    members = [(name, word) for name, word in rule_words.FACTS.items() if name.startswith("members")]
    return [
        (_("Jenis tanda"), list(FlagKind.choices)),
        (_("Kode program"), programmes),
        (_("Data anggota untuk komponen"), members),
    ]
