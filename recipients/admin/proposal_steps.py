"""Steps of a proposal that a page takes: tried once, the outcome told in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from recipients import services
from recipients.admin.proposal_forms import KeyedForm
from recipients.models import ProposalPack


class Steps:
    """What the pages of proposals and packs share: a step is tried, and its refusal is told in words."""

    def _need(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied

    def _try(self, request: HttpRequest, step: Callable[[], Any], done: str) -> bool:
        try:
            step()
        except services.ProposalRefused as refusal:
            messages.error(request, str(refusal))
            return False
        messages.success(request, done)
        return True

    def _key(self, request: HttpRequest, pack: ProposalPack, proposals: list[int] | None) -> None:
        form = KeyedForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Isi tanggal ketik dan nomor dari SIKS-NG."))
            return
        self._try(
            request,
            lambda: services.mark_keyed(
                pack=pack,
                proposals=proposals,
                on=form.cleaned_data["on"],
                reference=form.cleaned_data["reference"],
                by=request.user,  # type: ignore[arg-type]
                today=timezone.localdate(),
            ),
            _("Dicatat: sudah diketik di SIKS-NG. Jawabannya datang dengan rilis berikutnya."),
        )
