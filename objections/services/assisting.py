"""Staff beside a person who objects: the family's data only with consent, and what ties the helper to the case."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from objections.enums import Conflict, Consent, EventKind
from objections.models import Objection
from objections.moves import FILE_FOR_OTHERS
from objections.services.moving import MoveRefused, require
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family
from recipients.roles import VIEW_FAMILY


def family_of(*, nik: str, consent: str, by: Any, why: str = "") -> Family | None:
    """The family of this NIK in the helper's own area, the look logged first. A role without data sees none."""
    require(by, FILE_FOR_OTHERS)
    if consent not in Consent.values:
        raise MoveRefused(_("Minta persetujuan warga dulu, baru data keluarganya dibuka."))
    if not by.has_perm(VIEW_FAMILY):
        return None
    family = Family.objects.visible_to(by).with_member_nik(nik).first()
    record_access(
        by=by,
        kind=Access.OPEN_FAMILY if family else Access.SEARCH,
        family=family,
        reason=_("%(why)s, persetujuan %(how)s")
        % {"why": why or _("membantu menyanggah"), "how": Consent(consent).label},
    )
    return family


def ties(*, objection: Objection) -> list[str]:
    """What whoever decides must know of the one who filed it: what they declared, and that they also checked it."""
    words = [str(Conflict(one).label) for one in objection.conflicts]
    own = set(objection.events.filter(by=objection.filed_by_id).values_list("kind", flat=True))
    if objection.filed_by_id and EventKind.MOVED in own:
        words.append(_("yang mengisi juga ikut memeriksa"))
    if objection.filed_by_id and EventKind.VISITED in own:
        words.append(_("yang mengisi juga yang berkunjung"))
    if objection.filed_by_id and EventKind.PHONE_OK in own:
        words.append(_("yang mengisi juga yang memastikan HP-nya"))
    return words
