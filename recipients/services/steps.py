"""The two people of every step by hand that changes who gets money: one asks with a reason, another takes it.

An upheld objection (objections/services/remedies.py) and a confirmed finding have two people of their own and call the
step itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recipients.enums import EnrolmentState, ExitReason, FlagStatus, StepKind, StepState
from recipients.models import Enrolment, ExternalFlag, Person, ProposedStep
from recipients.services.enrolment import (
    EnrolmentRefused,
    may_take_care,
    move_enrolment,
    moves_from,
    replace_caretaker,
)
from recipients.services.flags import FlagRefused, confirm_flag, refute_flag

SHORTEST_NOTE = 5


class StepRefused(ValueError):
    """The step cannot be asked for or taken; the message says why, in Indonesian."""


def propose_flag(*, flag: ExternalFlag, to: FlagStatus, by: User, note: str) -> ProposedStep:
    if to == FlagStatus.ALLEGED or flag.status == to:
        raise StepRefused(_("Pilih terbukti atau tidak terbukti."))
    if to == FlagStatus.CONFIRMED and flag.raised_by_id == by.pk:
        raise StepRefused(_("Anda yang mencatat tanda ini, jadi orang lain yang membuktikannya."))
    return _propose(StepKind.FLAG, flag=flag, family_id=flag.family_id, to=to, by=by, note=note)


def propose_move(
    *, enrolment: Enrolment, to: EnrolmentState, exit_reason: ExitReason | None, by: User, note: str
) -> ProposedStep:
    if to not in moves_from(enrolment):  # also what was no state at all
        raise StepRefused(_("Pilih salah satu langkah di halaman ini dan tulis alasannya."))
    if (to == EnrolmentState.EXITED) != (exit_reason is not None):
        raise StepRefused(_("Pilih sebab berhenti bila berhenti, dan kosongkan bila tidak."))
    more = {"family_id": enrolment.family_id, "to": to, "exit_reason": exit_reason or ""}
    return _propose(StepKind.MOVE, enrolment=enrolment, by=by, note=note, **more)


def propose_caretaker(*, enrolment: Enrolment, caretaker: Person, by: User, note: str) -> ProposedStep:
    candidates = may_take_care(enrolment=enrolment, day=timezone.localdate())
    if not Enrolment.objects.open().filter(pk=enrolment.pk, person=None).exists():
        raise StepRefused(_("Kepesertaan ini sudah berhenti, atau untuk perorangan."))
    if not candidates.filter(person=caretaker).exists():
        raise StepRefused(_("Pilih anggota dewasa dari keluarga ini dan tulis alasannya."))
    more = {"family_id": enrolment.family_id, "caretaker": caretaker}
    return _propose(StepKind.CARETAKER, enrolment=enrolment, by=by, note=note, **more)


def _propose(kind: StepKind, *, by: User, note: str, **about: Any) -> ProposedStep:
    if len(note.strip()) < SHORTEST_NOTE:
        raise StepRefused(
            _(
                "Tulis alasannya, paling sedikit 5 huruf. Alasan ini dibaca orang kedua dan saat ada sanggahan."
            )
        )
    try:
        with transaction.atomic():
            return ProposedStep.objects.create(kind=kind, proposed_by=by, note=note.strip()[:300], **about)
    except IntegrityError as error:
        if "one_open" not in str(error):
            raise
        raise StepRefused(_("Sudah ada usulan yang menunggu orang kedua. Tarik dulu usulan itu.")) from error


@transaction.atomic
def take_step(*, step: ProposedStep, by: User, now: datetime, note: str = "") -> None:
    """The second person agrees: what was asked for is done, in the same transaction."""
    if step.proposed_by_id == by.pk:
        raise StepRefused(_("Anda tidak bisa menyetujui usulan Anda sendiri."))
    _settle(step, StepState.TAKEN, by=by, now=now, note=note)
    try:
        _carry_out(step, by=by, now=now)
    except (EnrolmentRefused, FlagRefused) as refusal:
        raise StepRefused(str(refusal)) from refusal


def _carry_out(step: ProposedStep, *, by: User, now: datetime) -> None:
    reference = f"step:{step.pk}"
    if step.flag is not None:
        settle = confirm_flag if step.to == FlagStatus.CONFIRMED else refute_flag
        settle(flag=step.flag, by=by, now=now, note=step.note, reference=reference)
    elif step.enrolment is not None and step.caretaker is not None:
        replace_caretaker(
            enrolment=step.enrolment,
            caretaker=step.caretaker,
            by=by,
            now=now,
            note=step.note,
            reference=reference,
        )
    elif step.enrolment is not None:
        move_enrolment(
            enrolment=step.enrolment,
            to=EnrolmentState(step.to),
            on=timezone.localdate(now),
            by=by,
            now=now,
            exit_reason=ExitReason(step.exit_reason) if step.exit_reason else None,
            reference=reference,
            note=step.note,
        )


def refuse_step(*, step: ProposedStep, by: User, now: datetime, note: str) -> None:
    """The second person does not agree, and says why."""
    if len(note.strip()) < SHORTEST_NOTE:
        raise StepRefused(_("Tulis alasan tidak menyetujui, paling sedikit 5 huruf."))
    if step.proposed_by_id == by.pk:
        raise StepRefused(_("Anda tidak bisa memutus usulan Anda sendiri. Tarik saja usulan itu."))
    _settle(step, StepState.REFUSED, by=by, now=now, note=note)


def withdraw_step(*, step: ProposedStep, by: User, now: datetime) -> None:
    if step.proposed_by_id != by.pk:
        raise StepRefused(_("Hanya pengusulnya yang bisa menarik usulan ini."))
    _settle(step, StepState.WITHDRAWN, by=by, now=now, note="")


def _settle(step: ProposedStep, to: StepState, *, by: User, now: datetime, note: str) -> None:
    settled = ProposedStep.objects.waiting().filter(pk=step.pk)
    if not settled.update(state=to, settled_by=by, settled_at=now, settled_note=note.strip()[:300]):
        raise StepRefused(_("Usulan ini sudah diputus. Muat ulang halaman."))
