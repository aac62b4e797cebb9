"""The second factor of staff: codes that a phone makes anew every 30 seconds (RFC 6238; ASVS 5.0 V6.3.3).

One phone an account. Its secret is sealed for this account, so that neither a stolen database nor a secret copied into
another row opens a door. A code is good for its own half minute and the ones beside it, and once.
"""

from __future__ import annotations

import os
from base64 import b32encode
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django_otp.oath import TOTP

from bansos.common import account_notices, vault
from bansos.common.models import SecondFactor

ISSUER = "Bansos Lombok Timur"
SECRET_BYTES = 20  # RFC 4226 section 4: as long as the hash
CODE_DIGITS = 6
_TOLERANCE = 1  # half minutes a phone's clock may be off


def of(user: Any) -> SecondFactor | None:
    """What this account must show, or nothing where no phone has proved itself yet.

    No query where the account was read together with it, as bansos.login.StaffBackend does for every request.
    """
    factor = getattr(user, "second_factor", None)
    return factor if factor is not None and factor.since is not None else None


def offered(user: Any, key: int) -> SecondFactor | None:
    """The secret of this key, while it waits for the first code of its phone."""
    return SecondFactor.objects.filter(user=user, since=None, pk=key).first()


@transaction.atomic
def offer(*, user: User) -> SecondFactor:
    """A fresh secret for an account that has none in use; whatever was offered before is forgotten."""
    SecondFactor.objects.filter(user=user, since=None).delete()
    sealed = vault.seal_bytes(os.urandom(SECRET_BYTES), _purpose(user))
    return SecondFactor.objects.get_or_create(user=user, defaults={"sealed": sealed})[0]


@transaction.atomic
def takes(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    """Whether this code is right now, and was not used before; the first one puts the phone in use."""
    kept = SecondFactor.objects.select_for_update().select_related("user").filter(pk=factor.pk).first()
    if kept is None:  # taken off the account a moment ago
        return False
    factor = kept
    if not (code.isascii() and code.isdecimal() and len(code) == CODE_DIGITS):
        return False
    clock = TOTP(_secret(factor), digits=CODE_DIGITS)
    clock.time = now.timestamp()
    if not clock.verify(int(code), tolerance=_TOLERANCE, min_t=factor.last_step + 1):
        return False
    factor.last_step, factor.since = clock.t(), factor.since or now
    factor.save(update_fields=["last_step", "since"])
    return True


@transaction.atomic
def forget(*, user: User, by: User, now: datetime) -> bool:
    """The phone is lost or changed: its codes open nothing any more. False where there was none.

    Where a colleague did it, the owner hears of it: the keeper of accounts must not become somebody else in silence.
    """
    deleted, _by_model = SecondFactor.objects.filter(user=user).delete()
    if deleted and user != by:
        account_notices.tell(account_notices.FORGOTTEN, user=user, mail=user.email, by=by, now=now)
    return bool(deleted)


def key_of(factor: SecondFactor) -> str:
    """The secret as people type it where the camera does not read the picture: base32 in fours."""
    text = b32encode(_secret(factor)).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(factor: SecondFactor) -> str:
    """The `otpauth:` address that authenticator apps read from a QR code."""
    name = quote(f"{ISSUER}:{factor.user.get_username()}")
    return f"otpauth://totp/{name}?" + urlencode(
        {"secret": key_of(factor).replace(" ", ""), "issuer": ISSUER}, quote_via=quote
    )


def _secret(factor: SecondFactor) -> bytes:
    return vault.open_bytes(factor.sealed, _purpose(factor.user))


def _purpose(user: Any) -> bytes:
    return b"second-factor|%d" % user.pk
