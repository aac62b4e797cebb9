"""Proposals to the centre in the staff's admin: written on a family, endorsed by another person, sent in packs."""

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

from bansos.common.admin import AreaAdmin, DetailedChangeList
from recipients import deadlines, family_page, proposal_page, services
from recipients.access import record_access
from recipients.addressing import STAFF
from recipients.admin.proposal_forms import KeyedForm, ProposalForm
from recipients.admin.proposal_steps import Steps
from recipients.enums import Access, ProposalState
from recipients.models import Family, UpdateProposal
from recipients.roles import ENDORSE_PROPOSAL, KEY_PROPOSAL, PACK_PROPOSALS, PROPOSE


@admin.register(UpdateProposal)
class UpdateProposalAdmin(Steps, AreaAdmin):
    list_display = ("number", "head", "village", "facts", "stage", "made", "answer")
    list_filter = ("state", "result")
    list_select_related = ("family__village__parent", "made_by")
    change_list_template = "admin/recipients/updateproposal/list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[UpdateProposal]) -> list[UpdateProposal]:
        return proposal_page.with_heads(rows)

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, proposal: Any) -> str:
        return proposal.head

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village(self, proposal: UpdateProposal) -> str:
        village = proposal.family.village
        return f"{village.name}, {village.parent.name}" if village.parent else village.name

    @admin.display(description=gettext_lazy("data yang diusulkan"))
    def facts(self, proposal: UpdateProposal) -> str:
        return ", ".join(str(label) for label in proposal_page.labels(proposal))

    @admin.display(description=gettext_lazy("tahap"))
    def stage(self, proposal: UpdateProposal) -> str:
        return format_html(
            '<span class="mark {}">{}</span>', proposal.state.lower(), proposal.get_state_display()
        )

    @admin.display(description=gettext_lazy("dibuat"))
    def made(self, proposal: UpdateProposal) -> Any:
        return timezone.localdate(proposal.made_at)

    @admin.display(description=gettext_lazy("jawaban pusat"), empty_value="")
    def answer(self, proposal: UpdateProposal) -> str:
        return proposal.get_result_display() if proposal.result else ""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        steps = (
            ("sahkan", self.endorse_view, "endorse"),
            ("batalkan", self.withdraw_view, "withdraw"),
            ("diketik", self.keyed_view, "keyed"),
        )
        return [
            path("keluarga/<int:pk>/", wrap(self.new_view), name="recipients_family_propose"),
            *(
                path(f"<int:pk>/{word}/", wrap(require_POST(view)), name=f"recipients_updateproposal_{verb}")
                for word, view, verb in steps
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_pack = request.user.has_perm(PACK_PROPOSALS)
        ready = UpdateProposal.objects.filter(state=ProposalState.READY).count() if may_pack else 0
        context = {
            "title": _("Usulan ke pusat"),
            "may_pack": may_pack,
            "ready": ready,
            "countdowns": deadlines.countdowns(timezone.localdate()),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def new_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, PROPOSE)
        family = Family.objects.visible_to(request.user).filter(pk=pk).first()
        if family is None:
            raise Http404
        snapshot = family_page.standing_snapshot(family)
        record_access(by=request.user, kind=Access.OPEN_FAMILY, family=family, subject=_("usulan ke pusat"))
        form = ProposalForm(family, snapshot, request.POST or None)
        if request.method == "POST" and form.is_valid():
            made = self._propose(request, family, form)
            if made:
                messages.success(request, _("Usulan dibuat. Orang kedua harus mengesahkannya."))
                return redirect("admin:recipients_updateproposal_change", made.pk)
        context = {
            "title": _("Usulan data ke pusat"),
            "form": form,
            "family": family,
            "head": snapshot.head_name if snapshot else str(family),
        }
        return self.own_page(request, "admin/recipients/updateproposal/new.html", **context)

    def _propose(self, request: HttpRequest, family: Family, form: ProposalForm) -> UpdateProposal | None:
        told = form.cleaned_data
        try:
            return services.propose_update(
                family=family,
                changes=form.changes(),
                basis=told["basis"],
                basis_ref=told["basis_ref"],
                basis_on=told["basis_on"],
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
        except services.ProposalRefused as refusal:
            form.add_error(None, str(refusal))
            return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        proposal = self._proposal(request, object_id)
        record_access(
            by=request.user, kind=Access.OPEN_FAMILY, family=proposal.family, subject=proposal.number
        )
        user, state = request.user, ProposalState(proposal.state)
        context = {
            "title": proposal.number,
            "proposal": proposal,
            "head": proposal_page.with_heads([proposal])[0].head,  # type: ignore[attr-defined]
            "facts": proposal_page.facts(proposal),
            "stages": proposal_page.stages(proposal),
            "answer": proposal_page.answer_words(proposal, STAFF),
            "may_endorse": state == ProposalState.DRAFT and user.has_perm(ENDORSE_PROPOSAL),
            "is_own": proposal.made_by_id == user.pk,
            "may_withdraw": state in (ProposalState.DRAFT, ProposalState.READY)
            and (user.has_perm(PROPOSE) or user.has_perm(ENDORSE_PROPOSAL)),
            "keyed_form": KeyedForm()
            if state == ProposalState.PACKED and user.has_perm(KEY_PROPOSAL)
            else None,
        }
        return self.own_page(request, "admin/recipients/updateproposal/page.html", **context)

    def _proposal(self, request: HttpRequest, pk: Any) -> UpdateProposal:
        proposal = self.get_object(request, str(pk))
        if proposal is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return proposal

    def endorse_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, ENDORSE_PROPOSAL)
        proposal = self._proposal(request, pk)
        self._try(
            request,
            lambda: services.endorse_proposal(proposal=proposal, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
            _("Usulan disahkan. Usulan ini ikut berkas kiriman berikutnya."),
        )
        return redirect("admin:recipients_updateproposal_change", pk)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not (request.user.has_perm(PROPOSE) or request.user.has_perm(ENDORSE_PROPOSAL)):
            raise PermissionDenied
        proposal, reason = self._proposal(request, pk), request.POST.get("reason", "")
        self._try(
            request,
            lambda: services.withdraw_proposal(
                proposal=proposal,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                reason=reason,
            ),
            _("Usulan dibatalkan."),
        )
        return redirect("admin:recipients_updateproposal_change", pk)

    def keyed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, KEY_PROPOSAL)
        proposal = self._proposal(request, pk)
        if proposal.pack is None:
            messages.error(request, _("Usulan ini belum ada di berkas kiriman."))
        else:
            self._key(request, proposal.pack, [proposal.pk])
        return redirect("admin:recipients_updateproposal_change", pk)
