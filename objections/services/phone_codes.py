"""Codes by SMS to the phone of a case: sent within limits, typed once, never kept (docs/decisions/0036)."""

from __future__ import annotations

import hmac
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from bansos.common import db, ids
from objections import notices, phone_notices
from objections.enums import CodePurpose, EventKind
from objections.models import Objection, PhoneCode
from objections.services import phones
from recipients.access import record_access
from recipients.enums import Access

logger = logging.getLogger(__name__)

MOST_A_DAY = 3  # for one case; and for one phone, of each purpose
DAY = timedelta(days=1)
PAUSE = timedelta(minutes=1)  # a second press is not a second message
LOCK = "objections.phone_codes"


@transaction.atomic
def send_code(*, objection: Objection, now: datetime, by: Any = None) -> bool:
    """A code to the phone of the case; False when the case had its codes of today.

    The answer is the same, and a row is written, also where nothing is sent: whoever holds number and PIN does not
    learn from it whether there is a phone, or whether it is confirmed. Staff beside the person (`by`) are told.
    """
    db.lock_until_commit(LOCK)
    lately = PhoneCode.objects.since(now - DAY)
    own = lately.filter(objection=objection)
    pressed = own.since(now - PAUSE).filter(used_at=None)
    if by is not None:
        pressed = pressed.filter(
            phone_index=objection.phone_index
        )  # a corrected number gets its code at once
    if pressed.exists():
        return True
    purpose = CodePurpose.OPEN if phones.standing(objection, now=now) else CodePurpose.CONFIRM
    goes_out = objection.is_about_own_family and _has_room(objection, lately.filter(purpose=purpose), by)
    if own.count() >= MOST_A_DAY or (by is not None and not goes_out):
        return False
    code = PhoneCode.objects.create(
        objection=objection,
        purpose=purpose,
        phone_index=objection.phone_index if goes_out else None,
        nonce=secrets.token_bytes(16),
        made_at=now,
        made_by=by,
        valid_until=now + PhoneCode.VALID_FOR,
    )
    if code.phone_index is not None:
        phone_notices.send_code(code, now=now)
    return True


def _has_room(objection: Objection, alike: Any, by: Any) -> bool:
    """Codes of one purpose today: of this phone over all cases that name it, and of the district.

    Anybody may file under anybody's number and ask for codes that prove; those never use up what opens a family.
    """
    to_this_phone = Q(phone_index=objection.phone_index, phone_index__isnull=False)
    if alike.filter(to_this_phone).count() >= MOST_A_DAY:
        return False
    most = settings.PHONE_CODES_A_DAY // len(CodePurpose)
    if by is not None or alike.exclude(phone_index=None).count() < most:
        return True
    logger.warning("codes by SMS: today's %s of the district for one purpose are used up", most)
    return False


@transaction.atomic
def use_code(*, objection: Objection, typed: str, now: datetime) -> PhoneCode | None:
    """The code that was typed, used up; None when it is wrong, used, lapsed, tried too often or another case's.

    A right one proves that the phone is held; for a confirmed phone it opens the family, which is logged and told.
    """
    live = list(PhoneCode.objects.live(now).filter(objection=objection).select_for_update())
    PhoneCode.objects.filter(pk__in=[code.pk for code in live]).update(tries=F("tries") + 1)
    digits = ids.ungrouped(typed[:40])
    right = [code for code in live if hmac.compare_digest(code.digits().encode(), digits.encode())]
    if not right or not objection.is_about_own_family or not _is_still_theirs(right[0], objection):
        return None
    code = right[0]
    if code.purpose == CodePurpose.OPEN and phones.standing(objection, now=now) is None:
        return None
    PhoneCode.objects.filter(pk=code.pk).update(used_at=now)
    if code.purpose == CodePurpose.OPEN:
        _open(objection, now)
    else:
        phones.prove(objection=objection, now=now)
    return code


def _is_still_theirs(code: PhoneCode, objection: Objection) -> bool:
    """The number may have changed since the code was sent."""
    if code.phone_index is None or objection.phone_index is None:
        return False
    return bytes(code.phone_index) == bytes(objection.phone_index)


def _open(objection: Objection, now: datetime) -> None:
    record_access(
        by=None,
        kind=Access.OWN_CODE,
        family=objection.family,
        subject=objection.reference,
        reason=_("kode dari HP"),
    )
    event = objection.events.create(kind=EventKind.OPENED, at=now)
    phone_notices.tell(event, notices.address_of(objection), now=now)


def purge_phone_codes(*, now: datetime) -> int:
    """Codes of long ago say nothing any more; what they did stands in the events of the case."""
    removed, _models = PhoneCode.objects.filter(made_at__lt=now - PhoneCode.KEPT_FOR).delete()
    return removed
