"""Cards of the home page for what the night run found, and for the runs and rules that wait for the head's word."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common.admin import Card, address_of
from eligibility.engine import ranking
from eligibility.engine.finding_kinds import KINDS
from eligibility.models import (
    DraftState,
    Finding,
    FindingKind,
    FindingState,
    ReverificationRun,
    RuleDraft,
    RunState,
)
from recipients.models.region import sees_whole_district
from recipients.roles import APPROVE_RULES, CONFIRM_FINDING, SETTLE_RUN

TONES = {1: "bad", 2: "warn", 3: ""}
LIST = "admin:eligibility_finding_changelist"


def of(user: Any) -> list[Card]:
    found = [*_held_runs(user), *_draft_rules(user)]
    if not user.has_perm("eligibility.view_finding"):
        return found
    return [*found, *_by_kind(user), *_to_confirm(user), *_places(user)]


def _held_runs(user: Any) -> list[Card]:
    """Nothing that came after a held run is decided until somebody lets it write or stops it."""
    if not user.has_perm(SETTLE_RUN):
        return []
    held = ReverificationRun.objects.filter(state=RunState.HELD).count()
    url = address_of("admin:eligibility_reverificationrun_changelist", state__exact=RunState.HELD)
    return [Card(_("pemeriksaan ditahan, menunggu Anda"), held, url, "bad")] if held else []


def _draft_rules(user: Any) -> list[Card]:
    if not user.has_perm(APPROVE_RULES):
        return []
    ready = RuleDraft.objects.filter(state=DraftState.CHECKED).exclude(written_by=user).count()
    url = address_of("admin:eligibility_ruledraft_changelist")
    return [Card(_("rancangan aturan menunggu persetujuan Anda"), ready, url, "warn")] if ready else []


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
