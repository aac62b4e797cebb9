"""One subject's "why?": the rule read in Python over the facts of the release, beside the decision that stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import vault
from eligibility import wording
from eligibility.models import EligibilityDecision, RuleSet, Verdict
from eligibility.rules import facts as rule_facts
from eligibility.rules.amounts import estimate, parse_amounts
from eligibility.rules.conditions import BY_HAND, Condition
from eligibility.rules.evaluate import Judgement, evaluate, facts_of
from eligibility.rules.facts import FAMILY_FILE, MEMBER_FILE, Fact, Member
from eligibility.rules.parse import parse_conditions
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, WARNING
from eligibility.services.answers import (
    Changed,
    Explanation,
    ProgrammeAnswer,
    Reason,
    Stored,
    Versus,
)
from eligibility.services.inputs import release_in_force
from eligibility.services.records import FamilyRecords
from eligibility.wording.amount_words import estimate_in_words
from eligibility.wording.rule_words import needed_in_words
from recipients.addressing import CITIZEN, Reader
from recipients.enums import Unit
from recipients.models import (
    CurrentRelease,
    FactCorrection,
    Family,
    FamilyMembership,
    Person,
    Programme,
    RegistryRelease,
    WelfareSnapshot,
)


class UnknownSubject(LookupError):
    """No family or person of the registry has this number."""


class UnknownProgramme(LookupError):
    """No programme has this code; the text names those there are."""


def explain(
    *,
    card_no: str | None = None,
    nik: str | None = None,
    family: Family | None = None,
    person: Person | None = None,
    programme: str | None = None,
    as_of: date | None = None,
    reader: Reader = CITIZEN,
) -> Explanation:
    """Why these verdicts, for a family with its members, or for one person with their family; today unless told."""
    as_of = as_of or timezone.localdate()
    programmes = _programmes(programme)
    release = release_in_force(as_of, getattr(CurrentRelease.get(), "pk", None))
    if card_no is not None:
        family = _one(Family.objects.with_card_no(card_no))
    if nik is not None:
        person = _one(Person.objects.filter(nik__index=vault.blind_index(vault.NIK, nik)))
    subject = _Subject(family, person, release, as_of, reader)
    return Explanation(
        family_id=subject.family.pk,
        masked_number=subject.masked_number(),
        as_of=as_of,
        release=release.label if release else None,
        release_as_of=release.as_of if release else None,
        answers=tuple(answer for each in programmes for answer in subject.answers(each)),
    )


def compare_days(before: Explanation, after: Explanation) -> list[Versus]:
    """The same family on two days, programme by programme, person by person."""
    earlier = {(answer.programme, answer.person_id): answer for answer in before.answers}
    return [
        Versus(was, answer, _changed(was, answer))
        for answer in after.answers
        if (was := earlier.get((answer.programme, answer.person_id))) is not None
    ]


def _changed(before: ProgrammeAnswer, after: ProgrammeAnswer) -> tuple[Changed, ...]:
    old, new = ({reason.code: reason for reason in one.reasons} for one in (before, after))
    pairs = [(old.get(code), new.get(code)) for code in dict.fromkeys([*old, *new])]
    return tuple(Changed(was, now) for was, now in pairs if _said(was) != _said(now))


def _said(reason: Reason | None) -> tuple[str, str] | None:
    return (reason.verdict, reason.full) if reason else None


def _programmes(code: str | None) -> list[Programme]:
    programmes = list(Programme.objects.filter(code=code) if code else Programme.objects.all())
    if code and not programmes:
        known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
        raise UnknownProgramme(
            _("Program %(code)s tidak ada. Pilih: %(known)s.") % {"code": code, "known": known}
        )
    return programmes


def _one(found: Any) -> Any:
    row = found.first()
    if row is None:
        raise UnknownSubject(_("Nomor ini belum ada di data kami. Periksa lagi 16 angkanya."))
    return row


class _Subject:
    """A family and those of its members who are asked about, as a release has them."""

    def __init__(
        self,
        family: Family | None,
        person: Person | None,
        release: RegistryRelease | None,
        as_of: date,
        reader: Reader,
    ) -> None:
        if family is None and person is None:
            raise TypeError("explain needs a card_no, nik, family or person")
        self.release_id, self.as_of = release.pk if release else 0, as_of
        self.reader = reader
        rules = RuleSet.objects.in_force(as_of).select_related("programme").order_by("version")
        self.rules = {rule.programme_id: rule for rule in rules}
        self.release_day = release.as_of if release else None
        self.asked_person = person
        self.family = family or _last_membership(person, self.release_id).family
        standing = FamilyMembership.objects.at_release(self.release_id).filter(family=self.family)
        self.members = list(standing.order_by("relation", "birth_date", "pk"))
        snapshots = list(WelfareSnapshot.objects.at_release(self.release_id).filter(family=self.family)[:1])
        for rows in (self.members, snapshots):
            FactCorrection.objects.laid_over(rows, as_of)
        asked = person.pk if person else None
        standing_ids = [member.person_id for member in self.members]
        self.records = FamilyRecords(family=self.family, standing=standing_ids, asked=asked, day=as_of)
        self.snapshot: dict[str, Any] = vars(snapshots[0]) if snapshots else {}
        self.stored = {
            (decision.programme_id, decision.person_id): decision
            for decision in _decided_for(self.family, person, as_of)
        }

    def masked_number(self) -> str:
        """The number that was asked for, masked: a person's own, or the family card's."""
        sealed = getattr(self.asked_person, "nik", None) or getattr(self.family, "card", None)
        return sealed.masked() if sealed else ""

    def answers(self, programme: Programme) -> list[ProgrammeAnswer]:
        if programme.unit == Unit.FAMILY:
            return [self._answer(programme, None, "")]
        if self.asked_person is not None:
            return [self._answer(programme, self.asked_person.pk, self._name(self.asked_person.pk))]
        return [self._answer(programme, member.person_id, member.name) for member in self.members]

    def _name(self, person_id: int) -> str:
        return next((member.name for member in self.members if member.person_id == person_id), "")

    def _answer(self, programme: Programme, person_id: int | None, name: str) -> ProgrammeAnswer:
        rule = self.rules.get(programme.pk)
        judged = self._judge(rule, programme, person_id) if rule else None
        stored = self.stored.get((programme.pk, person_id))
        return ProgrammeAnswer(
            programme=programme.code,
            programme_name=programme.name,
            unit=programme.unit,
            person_id=person_id,
            person_name=name,
            verdict=judged.verdict if judged else None,
            verdict_label=_label(judged.verdict) if judged else _("tidak ada aturan yang berlaku hari itu"),
            reasons=self._reasons(judged, rule, programme) if judged and rule else (),
            rule_set=str(rule) if rule else "",
            rule_set_version=rule.version if rule else None,
            legal_basis=rule.legal_basis if rule else "",
            to_be_confirmed=rule.to_be_confirmed if rule else "",
            stored=_stored(stored) if stored else None,
            agrees=_agrees(stored, rule, judged) if stored and rule and judged else None,
            estimate=self._estimate(rule) if judged and rule and judged.verdict != INELIGIBLE else "",
        )

    def _reasons(self, judged: Judgement, rule: RuleSet, programme: Programme) -> tuple[Reason, ...]:
        findings = [finding.as_dict() for finding in judged.findings]
        dates = dict.fromkeys((FAMILY_FILE, MEMBER_FILE), self.release_day)
        return tuple(
            replace(reason, source_date=dates.get(reason.source, self.as_of))
            for reason in _reasons(findings, programme, rule, self.reader)
        )

    def _estimate(self, rule: RuleSet) -> str:
        """What it would come to; nothing where the rule set says no amounts or nobody brings one."""
        amounts = parse_amounts(str(rule), rule.amounts)
        if amounts is None:
            return ""
        conditions = parse_conditions(str(rule), rule.conditions, rule.programme.unit)
        found = estimate(amounts, conditions, [_member(row) for row in self.members], self.as_of)
        return estimate_in_words(found) if found.total else ""

    def _judge(self, rule: RuleSet, programme: Programme, person_id: int | None) -> Judgement:
        conditions = parse_conditions(str(rule), rule.conditions, programme.unit)
        return evaluate(conditions, self._facts(conditions, person_id))

    def _facts(self, conditions: Sequence[Condition], person_id: int | None) -> dict[Fact, int | None]:
        wanted = facts_of(conditions)
        if person_id is None:
            members = [_member(row) for row in self.members]
            return rule_facts.read_family(
                wanted,
                snapshot=self.snapshot,
                members=members,
                as_of=self.as_of,
                records=self.records.of_family(),
            )
        own = next((_member(row) for row in self.members if row.person_id == person_id), None)
        return rule_facts.read_person(
            wanted,
            snapshot=self.snapshot,
            member=own,
            as_of=self.as_of,
            records=self.records.of_person(person_id),
            of_family=self.records.of_family(),
        )


def _member(row: FamilyMembership) -> Member:
    return Member(**{fact.name: getattr(row, fact.name) for fact in fields(Member)})


def _last_membership(person: Person | None, release_id: int) -> FamilyMembership:
    """The standing one, else the last; for a person known only from later (undone) releases, the first of them."""
    rows = FamilyMembership.objects.known().filter(person=person).select_related("family")

    def order(row: FamilyMembership) -> tuple[int, int]:
        begun = row.from_release_id
        return (begun if begun <= release_id else -begun, row.pk)

    return max(rows, key=order)


def _decided_for(family: Family, person: Person | None, day: date) -> list[EligibilityDecision]:
    """The decisions that held on that day; none where nobody had decided for it yet."""
    held = Q(superseded_as_of=None) | Q(superseded_as_of__gt=day)
    rows = EligibilityDecision.objects.filter(held, as_of__lte=day).order_by("pk")
    rows = rows.select_related("programme", "rule_set", "release")
    found = list(rows.filter(family=family))
    return found + list(rows.filter(person=person).exclude(family=family)) if person else found


def _label(verdict: str) -> str:
    return str(Verdict(verdict).label)


def _finding_label(verdict: str) -> str:
    return _("catatan") if verdict == WARNING else _label(verdict)


def _reasons(
    findings: Iterable[dict[str, Any]], programme: Programme, rule: RuleSet, reader: Reader = CITIZEN
) -> tuple[Reason, ...]:
    rows = {row["code"]: row for row in rule.conditions}
    return tuple(_reason(finding, programme, rows.get(finding["code"], {}), reader) for finding in findings)


def _reason(finding: dict[str, Any], programme: Programme, row: dict[str, Any], reader: Reader) -> Reason:
    words = wording.sentence(finding, programme.name, reader)
    is_met = finding["verdict"] == ELIGIBLE or finding["code"] == BY_HAND
    told = {name: value for name, value in finding.items() if name != "ages"}  # which stand in the words
    return Reason(
        **told,
        verdict_label=_finding_label(finding["verdict"]),
        source_label=wording.source_words(finding),
        full=words.full,
        short=words.short,
        needed="" if is_met or not row else needed_in_words(row),
    )


def _stored(decision: EligibilityDecision) -> Stored:
    return Stored(
        decision_id=decision.pk,
        verdict=decision.verdict,
        verdict_label=_label(decision.verdict),
        as_of=decision.as_of,
        decided_at=decision.decided_at,
        release=decision.release.label if decision.release else None,
        rule_set_version=decision.rule_set.version,
    )


def _agrees(decision: EligibilityDecision, rule: RuleSet, judged: Judgement) -> bool:
    findings = [finding.as_dict() for finding in judged.findings]
    return (decision.rule_set_id, decision.verdict, decision.findings) == (rule.pk, judged.verdict, findings)
