"""The QR of a receipt: an address with a random token that opens one case, and a picture that survives a photocopy."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import segno

from bansos.common import vault
from objections.models import CaseToken, Objection

QR = b"qr"
QUIET_ZONE = 4  # modules: ISO/IEC 18004 asks for four
ERROR_LEVEL = "m"  # 15 % of the code words may be lost


def issue(*, objection: Objection, now: datetime, by: Any = None) -> str:
    """128 random bits; only their keyed hash is kept."""
    token = secrets.token_urlsafe(16)
    CaseToken.objects.create(
        objection=objection, token_index=vault.blind_index(QR, token), made_at=now, made_by=by
    )
    return token


def case_of(token: str) -> Objection | None:
    found = CaseToken.objects.filter(token_index=vault.blind_index(QR, token), revoked_at=None)
    row = found.select_related("objection").first()
    return row.objection if row else None


def revoke(*, objection: Objection, now: datetime) -> int:
    """Every QR printed so far stops opening the case; number and PIN go on."""
    return CaseToken.objects.filter(objection=objection, revoked_at=None).update(revoked_at=now)


def picture(address: str) -> str:
    """SVG without a size of its own: the page says how large, in millimetres where it is printed."""
    code = segno.make(address, error=ERROR_LEVEL, boost_error=True, micro=False)
    return str(code.svg_inline(omitsize=True, border=QUIET_ZONE, dark="#000", light="#fff", svgclass="qr"))
