"""What the server keeps of a visitor between two pages: sealed, in the session, never longer than a day.

The session holds no plain NIK, PIN or phone number, and neither does the cookie, a URL or a log.
"""

from __future__ import annotations

import hashlib
import time
import uuid
from base64 import b64decode, b64encode
from typing import Any

from django.http import HttpRequest, HttpResponse

from bansos.common import vault
from objections import codes

DRAFT = "sanggahan"  # answers not sent yet
TYPED = "ketikan"  # what a page could not take, to be shown again with what is wrong
RECEIPT = "tanda"  # number and PIN, until the visitor says done
CASE = "kasus"  # a case opened with number and PIN
ASSISTED = "bantu"  # answers that staff take down for somebody
ASSISTED_RECEIPT = "tanda-bantu"  # number and PIN of that person, until they are handed over
FAMILY = "keluarga"  # a family opened with the code of its letter, or with one sent to its phone
BESIDE = "di-samping"  # a family that staff opened for the person beside them
PHONE_BESIDE = "hp-di-samping"  # a case whose phone staff confirm for the person beside them
KEPT_S = {
    DRAFT: 24 * 3600,
    TYPED: 30 * 60,
    RECEIPT: 24 * 3600,
    CASE: 30 * 60,
    FAMILY: 30 * 60,
    ASSISTED: 2 * 3600,
    ASSISTED_RECEIPT: 30 * 60,
    BESIDE: 10 * 60,
    PHONE_BESIDE: 20 * 60,
}


def fresh() -> dict[str, Any]:
    """Answers not begun yet. Key and PIN are drawn at the start, so that sending twice is one case with one PIN."""
    return {"form_key": str(uuid.uuid4()), "pin": codes.new_pin()}


def keep(request: HttpRequest, name: str, value: dict[str, Any]) -> None:
    ends = int(time.time()) + KEPT_S[name]
    sealed = vault.seal_json([ends, value], _purpose(name))
    request.session[name] = b64encode(sealed).decode()
    if not request.user.is_authenticated:
        request.session.set_expiry(max(KEPT_S.values()))


def open_with_secret(request: HttpRequest, name: str, value: dict[str, Any]) -> None:
    """A right PIN or code was typed: from here on the session has another key than before."""
    request.session.cycle_key()
    drop(request, TYPED)
    keep(request, name, value)


def kept(request: HttpRequest, name: str) -> dict[str, Any] | None:
    sealed = request.session.get(name)
    if sealed is None:
        return None
    try:
        ends, value = vault.open_json(b64decode(sealed), _purpose(name))
    except vault.VaultError:
        ends = 0
    if ends < time.time():
        drop(request, name)
        return None
    return dict(value)


def drop(request: HttpRequest, name: str) -> None:
    request.session.pop(name, None)


def named(form_key: Any) -> str:
    """The name under which a phone keeps the words of this draft: another visitor's draft never meets them."""
    return hashlib.sha256(str(form_key).encode()).hexdigest()[:12]


def forgotten(response: HttpResponse) -> HttpResponse:
    """Let the browser drop what a script kept of a draft (templates/public/js/keep.js)."""
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def clear(request: HttpRequest) -> None:
    """Forget the visitor. A member of staff who is signed in stays so."""
    if not request.user.is_authenticated:
        request.session.flush()
        return
    for name in KEPT_S:
        drop(request, name)


def _purpose(name: str) -> bytes:
    return b"public|" + name.encode()
