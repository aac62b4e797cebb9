"""One person writes a version, another settles it: letters' texts and rules of the office alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bansos.common import db
from objections.enums import Draft
from objections.models.versions import Version
from objections.services.moving import MoveRefused, require

V = TypeVar("V", bound=Version)


def write_alone(model: type[Version], about: str) -> None:
    """Until the transaction ends nobody else writes a version of this; take it before anything is read."""
    db.lock_until_commit(f"{model._meta.label}:{about}")


def next_number(model: type[Version], about: str) -> int:
    rows = model._default_manager.filter(**{model.ABOUT: about})
    return (rows.aggregate(newest=Max("version"))["newest"] or 0) + 1


@transaction.atomic
def write_version(*, model: type[V], about: str, content: dict[str, Any], by: Any, now: datetime) -> V:
    """The next version; it waits for a second person, one at a time."""
    require(by, model.permission("add"))
    write_alone(model, about)
    try:
        with transaction.atomic():
            return model._default_manager.create(
                **{model.ABOUT: about},
                **content,
                version=next_number(model, about),
                written_by=by,
                written_at=now,
            )
    except IntegrityError:
        raise MoveRefused(
            _("Usul lain tentang hal ini sedang menunggu persetujuan. Setujui atau batalkan dulu.")
        ) from None


def approve_version(*, version: Version, by: Any, now: datetime) -> None:
    """From now on it holds; what was done under an earlier one stays as it was."""
    require(by, version.permission("approve"))
    if by.pk == version.written_by_id:
        raise MoveRefused(_("Anda yang menulis usul ini. Orang lain yang menyetujui."))
    _settle(version, Draft.APPROVED, by, now)


def withdraw_version(*, version: Version, by: Any, now: datetime) -> None:
    if by.pk != version.written_by_id:
        require(by, version.permission("approve"))
    _settle(version, Draft.WITHDRAWN, by, now)


def _settle(version: Version, state: Draft, by: Any, now: datetime) -> None:
    waiting = type(version)._default_manager.filter(pk=version.pk, state=Draft.WAITING)
    if not waiting.update(state=state, settled_by=by, settled_at=now):
        raise MoveRefused(_("Usul ini sudah diputus. Muat ulang halaman."))
    version.refresh_from_db()
