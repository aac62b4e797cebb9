"""What the office settles for itself: one person writes value and basis, another approves; one is enough to shut."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from objections.enums import Draft, RuleName
from objections.models import OfficeRule
from objections.services.moving import MoveRefused
from objections.services.versions import next_number, write_alone, write_version


def write_rule(*, name: RuleName, value: int, basis: str, by: Any, now: datetime) -> OfficeRule:
    if not basis.strip():
        raise MoveRefused(_("Tulis dasar hukumnya: jenis, nomor, dan tanggal aturan."))
    content = {"value": value, "basis": basis.strip()}
    return write_version(model=OfficeRule, about=name, content=content, by=by, now=now)


def may_shut(user: Any) -> bool:
    """Whoever may write or approve such a rule: off is the safe side, so either alone is enough."""
    return any(user.has_perm(OfficeRule.permission(verb)) for verb in ("add", "approve"))


@transaction.atomic
def shut_list_check(*, reason: str, by: Any, now: datetime) -> OfficeRule:
    """At once and by one person. A draft to open it that waits is dropped: opening takes two people anew."""
    if not may_shut(by):
        raise PermissionDenied(OfficeRule.permission("approve"))
    if not reason.strip():
        raise MoveRefused(_("Tulis alasan menutup, dengan kalimat pendek."))
    write_alone(OfficeRule, RuleName.LIST_MEMBERSHIP)
    newest = OfficeRule.objects.in_force(RuleName.LIST_MEMBERSHIP)
    if newest is None or not newest.value:
        raise MoveRefused(_("Cek daftar penerima sudah tertutup."))
    waiting = OfficeRule.objects.filter(name=RuleName.LIST_MEMBERSHIP, state=Draft.WAITING)
    waiting.update(state=Draft.WITHDRAWN, settled_by=by, settled_at=now)
    return OfficeRule.objects.create(
        name=RuleName.LIST_MEMBERSHIP,
        version=next_number(OfficeRule, RuleName.LIST_MEMBERSHIP),
        value=0,
        basis=_("Ditutup segera: %s") % reason.strip()[:280],
        state=Draft.APPROVED,
        written_by=by,
        written_at=now,
        settled_by=by,
        settled_at=now,
    )
