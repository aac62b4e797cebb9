"""Findings: the machine finds, people decide. A consequence is proposed by one, announced, and confirmed by another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import db
from eligibility.engine.finding_kinds import KINDS, OF_A_RELEASE, VILLAGE, Consequence, Kind
from eligibility.engine.findings import Found, find
from eligibility.engine.ranking import next_in_line
from eligibility.models import (
    Finding,
    FindingEvent,
    FindingKind,
    FindingState,
    Outcome,
    ReverificationRun,
    Scope,
)
from eligibility.services import notices, reporting, worklists
from recipients import services as recipients_services
from recipients.enums import EnrolmentState
from recipients.models import CurrentRelease
from recipients.roles import PROPOSE_FINDING

SHORTEST_NOTE = 5


class FindingRefused(ValueError):
    """The step is not possible; the message says why, in Indonesian."""


def find_after(*, run_id: int) -> None:
    """Bring the worklists up to date: after a delivery what its release says of families, after a run over everyone all
    of them, and send the report of a night."""
    run = ReverificationRun.objects.get(pk=run_id)
    db.lock_until_commit("findings")
    proven = worklists.ProvenWorklists(run)
    run.findings = {
        code: proven.still_standing(code) or proven.with_digest(code, _find(kind, run))
        for code, kind in KINDS.items()
        if run.scope == Scope.ALL or code in OF_A_RELEASE
    }
    run.save(update_fields=["findings"])
    if run.is_nightly:
        reporting.send_morning_report(run)


def _find(kind: Kind, run: ReverificationRun) -> Found:
    return find(kind, as_of=run.as_of, release_id=run.release_id or 0, run_id=run.pk)


# --- what people do with them -------------------------------------------------------------------------------


@transaction.atomic
def assign(*, findings: QuerySet[Finding], to: User, by: User, now: datetime) -> int:
    """Say who looks at them; nothing else changes."""
    rows = _hold(_own_worklist(findings.filter(state=FindingState.OPEN), by))
    Finding.objects.filter(pk__in=rows).update(assigned_to=to)
    return _note(rows, _("diserahkan ke %s") % to.get_username(), by=by, now=now)


@transaction.atomic
def dismiss(*, findings: QuerySet[Finding], outcome: Outcome, note: str, by: User, now: datetime) -> int:
    """Close with a reason. The machine does not open them again while the facts are the same."""
    _need(note)
    rows = _hold(_own_worklist(findings.filter(state=FindingState.OPEN), by))
    Finding.objects.filter(pk__in=rows).update(
        state=FindingState.DISMISSED, outcome=outcome, note=note.strip()[:300], settled_by=by, settled_at=now
    )
    return _note(rows, _("ditutup: %s") % Outcome(outcome).label, by=by, now=now, note=note)


@transaction.atomic
def propose(*, findings: QuerySet[Finding], note: str, by: User, now: datetime) -> int:
    """The first of two people. What is bad news for a family is announced now and may be objected to until the day."""
    _need(note)
    leading = [code for code, kind in KINDS.items() if kind.consequence is not None]
    rows = _hold(findings.filter(state=FindingState.OPEN, kind__in=leading))
    today = timezone.localdate(now)
    for consequence in Consequence:
        kinds = [code for code, kind in KINDS.items() if kind.consequence is consequence]
        window = notices.OBJECTION_WINDOW if consequence is Consequence.SUSPEND else timedelta(0)
        Finding.objects.filter(pk__in=rows, kind__in=kinds).update(
            state=FindingState.PROPOSED,
            proposed_by=by,
            proposed_at=now,
            window_ends_on=today + window,
            note=note.strip()[:300],
        )
    notices.announce(rows, now=now)
    return _note(rows, _("diusulkan"), by=by, now=now, note=note)


@transaction.atomic
def confirm(*, findings: QuerySet[Finding], by: User, now: datetime) -> int:
    """The second person, after letter and window. Our own programmes follow at once; the centre's are put to it."""
    today = timezone.localdate(now)
    ready = findings.filter(state=FindingState.PROPOSED, window_ends_on__lte=today)
    ready = ready.filter(pk__in=Finding.objects.ruled_on(today)).exclude(
        pk__in=notices.unprinted().values("pk")
    )
    rows = _still_fitting(_hold(ready.exclude(proposed_by=by)), now)
    for local, consequence in (*((True, each) for each in Consequence), (False, None)):
        kinds = [code for code, kind in KINDS.items() if consequence in (None, kind.consequence)]
        part = Finding.objects.filter(pk__in=rows, kind__in=kinds, programme__is_local=local)
        if consequence is not None:
            _carry_out(consequence, list(part.order_by("pk")), by=by, now=now)
        part.update(
            state=FindingState.CONFIRMED, outcome=_OUTCOMES[consequence], settled_by=by, settled_at=now
        )
    return _note(rows, _("dikonfirmasi"), by=by, now=now)


def _still_fitting(rows: list[int], now: datetime) -> list[int]:
    """Without those for whom there is no place any more: the quota shrank, or others came in by a list."""
    for_places = Finding.objects.filter(pk__in=rows, kind=FindingKind.PLACE_FREE)
    if not for_places.exists():
        return rows
    db.lock_until_commit("enrol")
    release = CurrentRelease.get()
    fitting = next_in_line(as_of=timezone.localdate(now), release_id=release.pk if release else 0)
    gone = {row.pk for row in for_places if row.evidence["enrolment"] not in fitting}
    return [pk for pk in rows if pk not in gone]


_OUTCOMES = {
    Consequence.SUSPEND: Outcome.SUSPENDED,
    Consequence.WAITLIST: Outcome.WAITLISTED,
    Consequence.ENROL: Outcome.ENROLLED,
    None: Outcome.TO_CENTRE,
}


def _carry_out(consequence: Consequence, findings: list[Finding], *, by: User, now: datetime) -> None:
    if not findings:
        return
    if consequence is not Consequence.WAITLIST:
        recipients_services.move_many(
            enrolment_ids=[finding.evidence["enrolment"] for finding in findings],
            to=EnrolmentState.SUSPENDED if consequence is Consequence.SUSPEND else EnrolmentState.ENROLLED,
            by=by,
            now=now,
            reference=f"finding:{findings[0].pk}" if len(findings) == 1 else "finding",
        )
        return
    recipients_services.enrol_many(
        subjects=[(finding.programme_id or 0, finding.family_id, finding.person_id) for finding in findings],
        state=EnrolmentState.WAITLISTED,
        since=timezone.localdate(now),
        by=by,
        now=now,
        reference="finding",
    )


@transaction.atomic
def send_back(*, findings: QuerySet[Finding], note: str, by: User, now: datetime) -> int:
    """The second person does not agree: open again, with the reason."""
    _need(note)
    rows = _hold(findings.filter(state=FindingState.PROPOSED))
    Finding.objects.filter(pk__in=rows).update(
        state=FindingState.OPEN, proposed_by=None, proposed_at=None, window_ends_on=None
    )
    return _note(rows, _("dikembalikan"), by=by, now=now, note=note)


def _own_worklist(findings: QuerySet[Finding], by: User) -> QuerySet[Finding]:
    """The office works on all of them, a village on those that are its to find out."""
    if by.has_perm(PROPOSE_FINDING):
        return findings
    return findings.filter(kind__in=worklist_kinds(VILLAGE))


def is_on_worklist_of(user: User, finding: Finding) -> bool:
    return user.has_perm(PROPOSE_FINDING) or finding.kind in worklist_kinds(VILLAGE)


def worklist_kinds(worklist: str) -> list[str]:
    return [code for code, kind in KINDS.items() if kind.worklist == worklist]


def _hold(findings: QuerySet[Finding]) -> list[int]:
    """Their ids, held until commit: of two people at once the second finds them in another state."""
    return list(findings.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _need(note: str) -> None:
    if len(note.strip()) < SHORTEST_NOTE:
        raise FindingRefused(
            _("Tulis alasannya, paling sedikit 5 huruf. Alasan ini dibaca saat ada sanggahan.")
        )


def _note(rows: Iterable[int], step: str, *, by: User, now: datetime, note: str = "") -> int:
    events = [
        FindingEvent(finding_id=pk, step=step[:80], by=by, at=now, note=note.strip()[:300]) for pk in rows
    ]
    FindingEvent.objects.bulk_create(events, batch_size=2000)
    return len(events)
