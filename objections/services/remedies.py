"""Remedies: what an upheld objection makes happen, prepared by one person, carried out when another agrees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import ids
from objections.enums import RemedyKind, State
from objections.models import Objection, Remedy
from objections.moves import HANDLE
from objections.services.moving import MoveRefused, require
from recipients import services as facts
from recipients.enums import FlagStatus
from recipients.models import ExternalFlag

PREPARED_IN = frozenset({State.CHECKING, State.READY, State.REEXAMINED})
OUR_OWN = frozenset({RemedyKind.CORRECT, RemedyKind.REFUTE, RemedyKind.ELSEWHERE})
NEEDED = {State.UPHELD_HERE: OUR_OWN, State.UPHELD_TO_CENTRE: frozenset({RemedyKind.PROPOSE})}


def prepare_correction(
    *, objection: Objection, changes: Iterable[facts.Change], note: str, by: Any, now: datetime
) -> Remedy:
    """Our own import misread something: what is right, and how it is known."""
    wanted = list(changes)
    _checked(lambda: facts.check_correction(family=_family(objection), changes=wanted))
    return _prepare(objection, RemedyKind.CORRECT, {"changes": _plain(wanted)}, note=note, by=by, now=now)


def prepare_proposal(
    *,
    objection: Objection,
    changes: Iterable[facts.Change],
    basis: str,
    basis_ref: str,
    basis_on: date,
    note: str,
    by: Any,
    now: datetime,
) -> Remedy:
    """The centre's facts differ from what was seen: what to propose, and the paper it stands on."""
    wanted = list(changes)
    _checked(
        lambda: facts.check_proposal(
            family=_family(objection),
            changes=wanted,
            basis=basis,
            basis_ref=basis_ref,
            basis_on=basis_on,
            now=now,
        )
    )
    payload = {
        "changes": _plain(wanted), "basis": basis, "basis_ref": basis_ref, "basis_on": basis_on.isoformat()
    }  # fmt: skip
    return _prepare(objection, RemedyKind.PROPOSE, payload, note=note, by=by, now=now)


def prepare_refutation(*, objection: Objection, flag: int, note: str, by: Any, now: datetime) -> Remedy:
    """A flag is not true of them: it never counts again, from whatever list it came."""
    of_family = ExternalFlag.objects.filter(family=_family(objection)).exclude(status=FlagStatus.REFUTED)
    if not of_family.filter(pk=flag).exists():
        raise MoveRefused(_("Tanda itu tidak ada pada keluarga ini, atau sudah dinyatakan tidak terbukti."))
    return _prepare(objection, RemedyKind.REFUTE, {"flag": flag}, note=note, by=by, now=now)


def prepare_elsewhere(*, objection: Objection, note: str, by: Any, now: datetime) -> Remedy:
    """Put right outside of the portal: a list asked back, a page of Dukcapil, a card replaced."""
    return _prepare(objection, RemedyKind.ELSEWHERE, {}, note=note, by=by, now=now)


@transaction.atomic
def drop_remedy(*, remedy: Remedy, by: Any) -> None:
    """Before it is proposed a remedy may be taken out again."""
    _open_for_remedies(remedy.objection, by)
    if not Remedy.objects.waiting().filter(pk=remedy.pk).delete()[0]:
        raise MoveRefused(_("Perbaikan ini sudah dijalankan."))


def hold(objection: Objection) -> str:
    """The case's state now, held until commit: what is proposed together is not changed under the proposal."""
    return Objection.objects.select_for_update().values_list("state", flat=True).get(pk=objection.pk)


def require_for(objection: Objection, outcome: State) -> None:
    """An outcome that says something is put right must have something that puts it right."""
    needed = NEEDED.get(outcome)
    if needed is None:
        return
    waiting = set(objection.remedies.waiting().values_list("kind", flat=True))
    if not waiting & needed:
        raise MoveRefused(
            _("Tulis dulu data yang diusulkan ke pusat, di bagian Perbaikan.")
            if outcome == State.UPHELD_TO_CENTRE
            else _("Tulis dulu apa yang diperbaiki, di bagian Perbaikan.")
        )


def carry_out(*, objection: Objection, by: Any, now: datetime) -> None:
    """Do what was prepared, in the transaction of the decision: both stand, or neither."""
    for remedy in objection.remedies.waiting().select_for_update():
        outcome = _checked(lambda remedy=remedy: _do(remedy, objection, by, now))
        Remedy.objects.filter(pk=remedy.pk).update(done_by=by, done_at=now, outcome=outcome)


def _do(remedy: Remedy, objection: Objection, by: Any, now: datetime) -> str:
    kind, told, reference = RemedyKind(remedy.kind), remedy.payload, objection.reference
    if kind == RemedyKind.CORRECT:
        made = facts.correct_fact(
            family=_family(objection),
            changes=_changes(told),
            because=remedy.note,
            by=remedy.made_by,
            approved_by=by,
            now=now,
            reference=reference,
        )
        return _("%d data diperbaiki") % len(made)
    if kind == RemedyKind.REFUTE:
        flag = ExternalFlag.objects.get(pk=told["flag"])
        facts.refute_flag(flag=flag, by=by, now=now, note=remedy.note, reference=reference)
        return _("tanda dinyatakan tidak terbukti")
    if kind == RemedyKind.PROPOSE:
        proposal = facts.propose_update(
            family=_family(objection),
            changes=_changes(told),
            basis=told["basis"],
            basis_ref=told["basis_ref"],
            basis_on=date.fromisoformat(told["basis_on"]),
            by=remedy.made_by,
            now=now,
            reference=reference,
        )
        facts.endorse_proposal(proposal=proposal, by=by, now=now)
        return str(proposal.number)
    return _("sudah dikerjakan")


@transaction.atomic
def _prepare(
    objection: Objection, kind: RemedyKind, payload: dict[str, Any], *, note: str, by: Any, now: datetime
) -> Remedy:
    _open_for_remedies(objection, by)
    if not note.strip():
        raise MoveRefused(_("Tulis bagaimana diketahui. Catatan ini dibaca orang yang menyetujui."))
    return Remedy.objects.create(
        objection=objection, kind=kind, payload=payload, note=note.strip()[:300], made_by=by, made_at=now
    )


def _open_for_remedies(objection: Objection, by: Any) -> None:
    require(by, HANDLE)
    if hold(objection) not in PREPARED_IN:
        raise MoveRefused(_("Perbaikan ditulis sesudah pengecekan dimulai dan sebelum keputusan diusulkan."))


def _family(objection: Objection) -> Any:
    if objection.family is None:
        raise MoveRefused(_("Sanggahan ini belum dicocokkan dengan satu keluarga. Cocokkan dulu."))
    return objection.family


def _plain(changes: list[facts.Change]) -> list[dict[str, Any]]:
    return [{**asdict(change), "note": ids.scrub(change.note)} for change in changes]


def _changes(payload: dict[str, Any]) -> list[facts.Change]:
    return [facts.Change(**change) for change in payload["changes"]]


def _checked(step: Any) -> Any:
    """A refusal of the facts' own services, in the words of a case."""
    try:
        return step()
    except (facts.CorrectionRefused, facts.ProposalRefused, facts.FlagRefused) as refusal:
        raise MoveRefused(str(refusal)) from refusal
