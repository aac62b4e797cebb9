"""A rule that ends and has no next version: proposed by one person, approved by another, on a day still to come.

Afterwards nothing is decided for the programme, and the next run ends what stood (engine/retire.py): without a rule
there is no answer. Who receives goes on receiving until a person decides otherwise.
"""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import db
from eligibility.enums import EndingState
from eligibility.models import RuleEnding, RuleSet
from eligibility.services.loading import end_rule_set

SHORTEST_REASON = 10


class EndingRefused(ValueError):
    """The step is not possible; the message says why, in Indonesian."""


@transaction.atomic
def propose_ending(*, rule: RuleSet, ends_on: date, reason: str, by: User, today: date) -> RuleEnding:
    db.lock_until_commit("load_rule_sets")
    rule.refresh_from_db()
    _refuse_unfit(rule, ends_on, today)
    if len(reason.strip()) < SHORTEST_REASON:
        raise EndingRefused(_("Tulis alasan dan dasar hukumnya, paling sedikit 10 huruf."))
    if rule.endings.filter(state=EndingState.PROPOSED).exists():
        raise EndingRefused(_("Pengakhiran aturan ini sudah diusulkan. Batalkan dulu usulan itu."))
    return RuleEnding.objects.create(rule_set=rule, ends_on=ends_on, reason=reason.strip(), proposed_by=by)


@transaction.atomic
def approve_ending(*, ending: RuleEnding, by: User, now: datetime, today: date) -> None:
    db.lock_until_commit("load_rule_sets")
    if ending.proposed_by_id == by.pk:
        raise EndingRefused(_("Anda tidak bisa menyetujui usulan Anda sendiri."))
    rule = RuleSet.objects.get(pk=ending.rule_set_id)
    _refuse_unfit(rule, ending.ends_on, today)
    _settle(ending, EndingState.APPROVED, by=by, now=now)
    end_rule_set(rule, ending.ends_on)


def withdraw_ending(*, ending: RuleEnding, by: User, now: datetime) -> None:
    _settle(ending, EndingState.WITHDRAWN, by=by, now=now)


def _settle(ending: RuleEnding, to: EndingState, *, by: User, now: datetime) -> None:
    open_one = RuleEnding.objects.filter(pk=ending.pk, state=EndingState.PROPOSED)
    if not open_one.update(state=to, settled_by=by, settled_at=now):
        raise EndingRefused(_("Usulan ini sudah diputus. Muat ulang halaman."))


def _refuse_unfit(rule: RuleSet, ends_on: date, today: date) -> None:
    if rule.effective_to is not None:
        raise EndingRefused(
            _("%(rule)s sudah berakhir %(day)s.")
            % {"rule": rule, "day": date_format(rule.effective_to, "j F Y")}
        )
    earliest = max(today, rule.effective_from)
    if ends_on < earliest:
        raise EndingRefused(
            _("Keputusan lama tidak diubah. Pilih hari terakhir %s atau sesudahnya.")
            % date_format(earliest, "j F Y")
        )
