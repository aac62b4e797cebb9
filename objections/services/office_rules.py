"""What the office settles for itself: one person writes value and basis, another approves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from objections.enums import Draft, RuleName
from objections.models import OfficeRule
from objections.services.moving import MoveRefused, require
from recipients.roles import APPROVE_OFFICE_RULE, WRITE_OFFICE_RULE


@transaction.atomic
def write_rule(*, name: RuleName, value: int, basis: str, by: Any, now: datetime) -> OfficeRule:
    """A new version; one waits at a time. It holds once a second person has approved it."""
    require(by, WRITE_OFFICE_RULE)
    if not basis.strip():
        raise MoveRefused(_("Tulis dasar hukumnya: jenis, nomor, dan tanggal aturan."))
    newest = OfficeRule.objects.filter(name=name).aggregate(newest=Max("version"))["newest"] or 0
    try:
        with transaction.atomic():
            return OfficeRule.objects.create(
                name=name, version=newest + 1, value=value, basis=basis.strip(), written_by=by, written_at=now
            )
    except IntegrityError:
        raise MoveRefused(
            _("Usul lain untuk aturan ini sedang menunggu persetujuan. Setujui atau batalkan dulu.")
        ) from None


def approve_rule(*, rule: OfficeRule, by: Any, now: datetime) -> None:
    require(by, APPROVE_OFFICE_RULE)
    if by.pk == rule.written_by_id:
        raise MoveRefused(_("Anda yang menulis aturan ini. Orang lain yang menyetujui."))
    _settle(rule, Draft.APPROVED, by, now)


def withdraw_rule(*, rule: OfficeRule, by: Any, now: datetime) -> None:
    if by.pk != rule.written_by_id:
        require(by, APPROVE_OFFICE_RULE)
    _settle(rule, Draft.WITHDRAWN, by, now)


def _settle(rule: OfficeRule, state: Draft, by: Any, now: datetime) -> None:
    waiting = OfficeRule.objects.filter(pk=rule.pk, state=Draft.WAITING)
    if not waiting.update(state=state, settled_by=by, settled_at=now):
        raise MoveRefused(_("Aturan ini sudah diputus. Muat ulang halaman."))
    rule.refresh_from_db()
