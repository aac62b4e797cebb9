"""Hand-over packs in the staff's admin: made of what was endorsed, taken away on record, noted as typed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import password_again
from bansos.common.admin import ReadOnlyAdmin, keys_of
from recipients import evidence, proposal_page, services
from recipients.access import record_access
from recipients.admin.proposal_forms import KeyedForm
from recipients.admin.proposal_steps import Steps
from recipients.enums import Access, ProposalState
from recipients.importing import storage
from recipients.models import ProposalPack
from recipients.roles import KEY_PROPOSAL, PACK_PROPOSALS


@admin.register(ProposalPack)
class ProposalPackAdmin(Steps, ReadOnlyAdmin):
    list_display = ("number", "made_at", "made_by", "proposal_count", "waiting")
    list_select_related = ("made_by",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return proposal_page.with_waiting(super().get_queryset(request))

    @admin.display(description=gettext_lazy("belum diketik"))
    def waiting(self, pack: Any) -> int:
        return pack.waiting

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("buat/", wrap(require_POST(self.make_view)), name="recipients_proposalpack_make"),
            path(
                "<int:pk>/unduh/",
                wrap(require_POST(self.download_view)),
                name="recipients_proposalpack_download",
            ),
            path(
                "<int:pk>/diketik/", wrap(require_POST(self.keyed_view)), name="recipients_proposalpack_keyed"
            ),
            *super().get_urls(),
        ]

    def make_view(self, request: HttpRequest) -> HttpResponse:
        self._need(request, PACK_PROPOSALS)
        made = self._try(
            request,
            lambda: services.make_pack(
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
                evidence=evidence.gather,
            ),
            _("Berkas kiriman dibuat. Unduh, lalu ketik isinya di SIKS-NG."),
        )
        newest = ProposalPack.objects.first()
        if made and newest:
            return redirect("admin:recipients_proposalpack_change", newest.pk)
        return redirect("admin:recipients_updateproposal_changelist")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pack = self._pack(request, object_id)
        rows = pack.proposals.select_related("family__village__parent")
        proposals = proposal_page.with_heads(list(rows.order_by("family__village__code", "pk")))
        context = {
            "title": pack.number,
            "pack": pack,
            "proposals": proposals,
            "may_download": request.user.has_perm(PACK_PROPOSALS),
            "keyed_form": KeyedForm()
            if request.user.has_perm(KEY_PROPOSAL) and any(p.state == ProposalState.PACKED for p in proposals)
            else None,
        }
        return self.own_page(request, "admin/recipients/proposalpack/page.html", **context)

    def _pack(self, request: HttpRequest, pk: Any) -> ProposalPack:
        pack = self.get_object(request, str(pk))
        if pack is None:
            raise Http404
        if not self.has_view_permission(request, pack):
            raise PermissionDenied
        return pack

    @password_again.needed
    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The pack holds full numbers: who takes it away, and why, is on record first."""
        self._need(request, PACK_PROPOSALS)
        pack, reason = self._pack(request, pk), request.POST.get("reason", "").strip()
        if len(reason) < 5:
            messages.error(request, _("Ketik alasan mengunduh berkas ini, paling sedikit 5 huruf."))
            return redirect("admin:recipients_proposalpack_change", pk)
        record_access(
            by=request.user,
            kind=Access.EXPORT,
            subject=pack.number,
            reason=reason,
            rows=pack.proposal_count,
        )
        return FileResponse(
            storage.open_stored(pack.stored), as_attachment=True, filename=f"{pack.number}.zip"
        )

    def keyed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, KEY_PROPOSAL)
        pack = self._pack(request, pk)
        self._key(request, pack, keys_of(request.POST.getlist("proposal")))
        return redirect("admin:recipients_proposalpack_change", pk)
