"""Decisions by hand: asked for with the minutes of a village deliberation, approved by a second person, for a time."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import db
from eligibility.enums import HandState, Verdict
from eligibility.models import HandDecision, RuleSet
from eligibility.rules.conditions import ByHand
from eligibility.rules.parse import parse_conditions
from eligibility.services.minutes import MUSDES, minutes_of
from recipients.enums import Unit
from recipients.models import Family, Person, Programme
from recipients.services import mark_subject

LONGEST_DAYS = 366


class HandRefused(ValueError):
    """The decision cannot be made so; the message says why and what to do, in Indonesian."""


def open_to_hand(day: date) -> list[Programme]:
    """The programmes whose rule set in force that day lets the district depart from it. One query."""
    return [rule.programme for rule in _rules(day) if _lets_depart(rule)]


def _is_open_to_hand(programme: Programme, day: date) -> bool:
    return any(_lets_depart(rule) for rule in _rules(day).filter(programme=programme))


def _rules(day: date) -> QuerySet[RuleSet]:
    rules = RuleSet.objects.in_force(day).order_by("programme_id", "-version").distinct("programme_id")
    return rules.select_related("programme")


def _lets_depart(rule: RuleSet) -> bool:
    conditions = parse_conditions(str(rule), rule.conditions, rule.programme.unit)
    return any(isinstance(condition, ByHand) for condition in conditions)


@transaction.atomic
def decide_by_hand(
    *,
    programme: Programme,
    family: Family,
    person: Person | None,
    verdict: Verdict,
    starts_on: date,
    ends_on: date,
    minutes_no: str,
    minutes_on: date,
    reason: str,
    by: User,
    today: date,
    reference: str = "",
) -> HandDecision:
    """Ask for it; nothing changes before a second person approves."""
    _refuse_unfit(programme, person, starts_on)
    _refuse_days(starts_on, ends_on, minutes_on, today)
    if len(minutes_no.strip()) < 3 or len(reason.strip()) < 10:
        raise HandRefused(_("Isi nomor berita acara dan alasannya (paling sedikit 10 huruf)."))
    _refuse_minutes(reference, family, minutes_no, minutes_on)
    return HandDecision.objects.create(
        programme=programme,
        family=family,
        person=person,
        verdict=verdict,
        starts_on=starts_on,
        ends_on=ends_on,
        minutes_no=minutes_no.strip(),
        minutes_on=minutes_on,
        reason=reason.strip(),
        reference=reference,
        proposed_by=by,
    )


def _refuse_unfit(programme: Programme, person: Person | None, day: date) -> None:
    if not _is_open_to_hand(programme, day):
        raise HandRefused(
            _(
                "%(name)s tidak bisa diputus oleh daerah: aturannya pada %(day)s tidak mengizinkan. "
                "Usulkan perbaikan data ke pusat."
            )
            % {"name": programme.name, "day": date_format(day, "j F Y")}
        )
    if (programme.unit == Unit.PERSON) != (person is not None):
        raise HandRefused(
            _("%(name)s diputus per %(unit)s.")
            % {"name": programme.name, "unit": programme.get_unit_display()}
        )


def _refuse_days(starts_on: date, ends_on: date, minutes_on: date, today: date) -> None:
    if not starts_on <= ends_on or (ends_on - starts_on).days > LONGEST_DAYS:
        raise HandRefused(
            _("Tanggal selesai harus sesudah tanggal mulai, paling lama satu tahun. Periksa tanggalnya.")
        )
    if starts_on < today:
        raise HandRefused(_("Tanggal mulai sudah lewat. Pilih hari ini atau sesudahnya."))
    if minutes_on > today:
        raise HandRefused(_("Tanggal berita acara belum terjadi. Periksa tanggalnya."))


def _refuse_minutes(reference: str, family: Family, number: str, day: date) -> None:
    """Whoever approves reads these minutes: they must be of this village, signed, and those that are named."""
    if not reference.startswith(MUSDES):
        return
    minutes = minutes_of(reference)
    if minutes is None:
        raise HandRefused(
            _("Musyawarah desa yang disebut tidak ada. Buka halaman musyawarahnya, lalu usulkan dari sana.")
        )
    if minutes.village_id != family.village_id:
        raise HandRefused(
            _(
                "Musyawarah itu diadakan di %(its)s, sedangkan keluarga ini di %(own)s. Pilih musyawarah desanya."
            )
            % {"its": minutes.village, "own": family.village.name}
        )
    if not minutes.number:
        raise HandRefused(
            _(
                "Berita acara musyawarah itu belum masuk. Unggah dulu di halaman musyawarahnya, lalu usulkan lagi."
            )
        )
    if (minutes.number, minutes.held_on) != (number.strip(), day):
        raise HandRefused(
            _("Musyawarah itu berita acaranya nomor %(number)s tanggal %(day)s. Samakan isiannya.")
            % {"number": minutes.number, "day": date_format(minutes.held_on, "j F Y")}
        )


@transaction.atomic
def approve_hand_decision(*, decision: HandDecision, by: User, now: datetime, note: str = "") -> None:
    """From its first day to its last it outweighs the rule; one at a time for a subject and programme."""
    if decision.proposed_by_id == by.pk:
        raise HandRefused(_("Anda tidak bisa menyetujui usulan Anda sendiri."))
    if not _is_open_to_hand(decision.programme, decision.starts_on):
        raise HandRefused(_("Aturan program ini tidak lagi mengizinkan keputusan daerah."))
    _refuse_minutes(decision.reference, decision.family, decision.minutes_no, decision.minutes_on)
    subject = f"person {decision.person_id}" if decision.person_id else f"family {decision.family_id}"
    db.lock_until_commit(f"by_hand:{decision.programme_id}:{subject}")
    if _overlapping(decision):
        raise HandRefused(
            _("Sudah ada keputusan daerah yang berlaku pada tanggal itu. Akhiri dulu yang lama.")
        )
    _settle(decision, HandState.APPROVED, by=by, now=now, note=note)


def _overlapping(decision: HandDecision) -> bool:
    """Another that holds on some day of this one; one that was ended holds until the day before."""
    subject = {"person": decision.person} if decision.person else {"family": decision.family, "person": None}
    same = HandDecision.objects.filter(
        **subject,
        programme=decision.programme,
        state__in=[HandState.APPROVED, HandState.ENDED],
        starts_on__lte=decision.ends_on,
        ends_on__gte=decision.starts_on,
    )
    return same.exclude(ended_on__lte=decision.starts_on).exists()


@transaction.atomic
def refuse_hand_decision(*, decision: HandDecision, by: User, now: datetime, note: str) -> None:
    if decision.proposed_by_id == by.pk:
        raise HandRefused(_("Anda tidak bisa memutus usulan Anda sendiri."))
    if not note.strip():
        raise HandRefused(_("Tulis alasan tidak menyetujui."))
    _settle(decision, HandState.REFUSED, by=by, now=now, note=note)


def _settle(decision: HandDecision, to: HandState, *, by: User, now: datetime, note: str) -> None:
    rows = HandDecision.objects.waiting().filter(pk=decision.pk)
    if not rows.update(state=to, settled_by=by, settled_at=now, settled_note=note.strip()[:300]):
        raise HandRefused(_("Petugas lain lebih dulu memutusnya. Muat ulang halaman."))
    _refresh(decision, to)


@transaction.atomic
def end_hand_decision(*, decision: HandDecision, on: date, by: User, today: date, note: str) -> None:
    """The rule speaks again from that day on."""
    if not note.strip():
        raise HandRefused(_("Tulis alasan mengakhiri."))
    if not max(today, decision.starts_on) <= on <= decision.ends_on:
        raise HandRefused(_("Pilih hari antara hari ini dan tanggal selesainya."))
    rows = HandDecision.objects.filter(pk=decision.pk, state=HandState.APPROVED)
    if not rows.update(state=HandState.ENDED, ended_on=on, ended_by=by, ended_note=note.strip()[:300]):
        raise HandRefused(_("Keputusan ini sedang tidak berlaku."))
    _refresh(decision, HandState.ENDED)


def _refresh(decision: HandDecision, state: HandState) -> None:
    decision.refresh_from_db()
    mark_subject(
        family_id=decision.family_id,
        person_id=decision.person_id,
        reason=f"keputusan daerah {decision.programme.code} {state.value}",
    )
