"""The verbs of guards: a delivery that looks wrong as a whole is held until somebody else answers for it.

For pages: `batch.guards.all()` lists them, `guard.message()` says what was met, `answer_guard` records who looked and
why it is right all the same. `approve_import` refuses while one is unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from recipients.enums import GuardCode
from recipients.importing import guards
from recipients.models import ImportBatch, ImportGuard
from recipients.services.batches import ImportRefused

SHORTEST_ANSWER = 10


class GuardRefused(ImportRefused):
    """The answer cannot be taken; the message says why, in Indonesian."""


def hold_what_looks_wrong(batch: ImportBatch, staged: dict[str, dict[str, Any]]) -> None:
    """Called once when the preview is counted; a preview made anew asks anew."""
    ImportGuard.objects.filter(batch=batch).delete()
    ImportGuard.objects.bulk_create(
        ImportGuard(batch=batch, code=code, params=params) for code, params in guards.met(batch, staged)
    )


def answer_guard(*, guard: ImportGuard, by: User, why: str, now: datetime) -> None:
    """Say why the delivery is right all the same. Not by who uploaded it, and once."""
    why = " ".join(why.split())
    if guard.batch.received_by_id == by.pk:
        raise GuardRefused(_("Yang mengunggah tidak bisa menjawab sendiri. Minta orang lain memeriksanya."))
    if len(why) < SHORTEST_ANSWER:
        raise GuardRefused(_("Tulis penjelasan yang cukup, misalnya dari mana Anda tahu bahwa ini benar."))
    answered = ImportGuard.objects.unanswered().filter(pk=guard.pk)
    if not answered.update(answered_by=by, answered_at=now, answer=why[:300]):
        raise GuardRefused(_("Penahan ini sudah dijawab orang lain."))


def accept_missing(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """The tick on the approval page: yes, those families really leave."""
    ImportGuard.objects.unanswered().filter(batch=batch, code=GuardCode.FAMILIES_MISSING).update(
        answered_by=by, answered_at=now, answer=_("Dicentang saat menyetujui: keluarga itu memang keluar.")
    )


def answer_each(*, batch: ImportBatch, by: User, answers: Mapping[int, str], now: datetime) -> None:
    """The approval page's answers: a reason for each guard that was ticked, by its id."""
    for guard in ImportGuard.objects.unanswered().filter(batch=batch, pk__in=answers).select_related("batch"):
        answer_guard(guard=guard, by=by, why=answers[guard.pk], now=now)


def answer_all(*, batch: ImportBatch, by: User, why: str, now: datetime) -> None:
    """One reason for everything that holds the delivery, as the command line gives it."""
    for guard in ImportGuard.objects.unanswered().filter(batch=batch).select_related("batch"):
        answer_guard(guard=guard, by=by, why=why, now=now)


def first_unanswered(batch: ImportBatch) -> ImportGuard | None:
    return ImportGuard.objects.unanswered().filter(batch=batch).first()


def why_held(guard: ImportGuard) -> str:
    if guard.code == GuardCode.FAMILIES_MISSING:
        return _("Banyak keluarga akan keluar dari data. Centang dulu bahwa itu memang benar.")
    return _("Kiriman ini ditahan. %(reason)s Jawab dulu penahan itu.") % {"reason": guard.message()}
