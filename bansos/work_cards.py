"""Cards of the home page for what the night run found: by kind, waiting for a second word, and places that are free."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common.admin import Card, address_of
from eligibility.engine import ranking
from eligibility.engine.finding_kinds import KINDS
from eligibility.models import Finding, FindingKind, FindingState
from recipients.models.region import sees_whole_district
from recipients.roles import CONFIRM_FINDING

TONES = {1: "bad", 2: "warn", 3: ""}
LIST = "admin:eligibility_finding_changelist"


def of(user: Any) -> list[Card]:
    if not user.has_perm("eligibility.view_finding"):
        return []
    return [*_by_kind(user), *_to_confirm(user), *_places(user)]


def _by_kind(user: Any) -> list[Card]:
    open_ones = Finding.objects.visible_to(user).filter(state=FindingState.OPEN)
    counts = dict(open_ones.order_by().values_list("kind").annotate(n=Count("pk")))
    return [
        Card(
            str(FindingKind(code).label),
            counts[code],
            address_of(LIST, kind__exact=code),
            TONES[kind.severity],
        )
        for code, kind in KINDS.items()
        if counts.get(code)
    ]


def _to_confirm(user: Any) -> list[Card]:
    if not user.has_perm(CONFIRM_FINDING):
        return []
    ready = Finding.objects.visible_to(user).proposed().filter(window_ends_on__lte=timezone.localdate())
    count = ready.exclude(proposed_by=user).count()
    url = address_of(LIST, keadaan=FindingState.PROPOSED.value)
    return [Card(_("usulan menunggu konfirmasi Anda"), count, url, "warn" if count else "")]


def _places(user: Any) -> list[Card]:
    if not sees_whole_district(user):
        return []
    use = ranking.quota_use(as_of=timezone.localdate())
    waiting = sum(row.waiting for row in use)
    if not use or not waiting:
        return []
    free = sum(row.free for row in use)
    url = address_of("admin:recipients_quota_changelist")
    return [Card(_("menunggu kuota; tempat kosong: %d") % free, waiting, url)]
