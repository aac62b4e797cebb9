"""The reasons of a decision: the findings that made it, the same for every reader."""

from __future__ import annotations

import pytest

from eligibility import reasons
from eligibility.engine.finding_kinds import KINDS
from eligibility.models import EligibilityDecision, Finding, FindingKind, Grounds, Verdict
from recipients.addressing import CITIZEN, LETTER, STAFF

DECILE = {"code": "DECILE", "seen": 6, "limit": 4, "source": "DTSEN"}
SERVANT = {"code": "CIVIL_SERVANT", "seen": None, "limit": None, "source": "DTSEN"}


def decision(verdict, *findings):
    return EligibilityDecision(verdict=verdict, grounds=Grounds(findings=list(findings)))


@pytest.mark.parametrize(
    ("verdict", "of_decile", "of_servant", "codes"),
    [
        (Verdict.INELIGIBLE, "INELIGIBLE", "ELIGIBLE", ["DECILE"]),
        (Verdict.INELIGIBLE, "INELIGIBLE", "NEEDS_REVIEW", ["DECILE"]),
        (Verdict.NEEDS_REVIEW, "ELIGIBLE", "NEEDS_REVIEW", ["CIVIL_SERVANT"]),
        (Verdict.ELIGIBLE, "ELIGIBLE", "ELIGIBLE", ["DECILE", "CIVIL_SERVANT"]),
    ],
)
def test_what_made_the_verdict_counts_and_nothing_else(verdict, of_decile, of_servant, codes):
    made = decision(verdict, DECILE | {"verdict": of_decile}, SERVANT | {"verdict": of_servant})

    assert [finding["code"] for finding in reasons.deciding(made)] == codes


@pytest.mark.parametrize("verdict", Verdict.values)
def test_every_reader_reads_the_same_but_for_the_form_of_address(verdict):
    made = decision(verdict, DECILE | {"verdict": verdict}, SERVANT | {"verdict": verdict})
    citizen, letter, staff = (
        reasons.in_words(made, programme="PKH", reader=reader) for reader in (CITIZEN, LETTER, STAFF)
    )

    assert [text.replace("Anda", "Bapak/Ibu") for text in citizen] == letter
    assert [
        text.replace(" Anda boleh", " keluarga ini boleh").replace("Anda", "ini") for text in citizen
    ] == staff
    assert len(citizen) == 2
    assert not any("%(" in text for text in citizen)


def test_a_condition_that_lost_its_words_still_has_a_line():
    made = decision(Verdict.INELIGIBLE, {"code": "GONE", "verdict": "INELIGIBLE"})

    assert reasons.in_words(made, programme="PKH", reader=STAFF) == ["Syarat lain (GONE)."]


SEEN = {
    FindingKind.PLACE_FREE: {"enrolment": 5, "place": 2},
    FindingKind.DUPLICATE_PERSON: {"other_person": 3, "other_family": 7},
    FindingKind.DEAD_HEAD: {"flags": [4]},
    FindingKind.ORPHAN_MEMBERS: {"members": 2},
    FindingKind.MOVED: {"flags": [4]},
    FindingKind.FLAG_EXPIRING: {"flags": [4]},
    FindingKind.FIVE_YEARS: {"enrolment": 5, "since": "2019-03-01"},
    FindingKind.PROPOSAL_UNANSWERED: {"number": "U-17", "keyed_on": "2026-01-05"},
    FindingKind.TWO_HEADS: {"heads": 2},
    FindingKind.MEMBER_COUNT_DIFFERS: {"stated": 3, "counted": 4},
    FindingKind.LARGE_FAMILY: {"members": 16},
    FindingKind.DROPPED_FROM_RELEASE: {"release": "2026-Q1", "elsewhere": 0},
    FindingKind.NIK_OTHER_NAME: {"release": "2026-Q1"},
}
DECIDED = {
    kind for kind in FindingKind if "'decision'" in KINDS[kind].sql
}  # their decision gives the reasons


@pytest.mark.parametrize("kind", [kind for kind in FindingKind if kind not in DECIDED])
def test_every_kind_of_finding_says_why_in_words(kind):
    found = Finding(pk=1, kind=kind, family_id=1, evidence=SEEN[kind])

    (said,) = reasons.of_findings([found], reader=STAFF)[1]

    assert said.endswith(".")
    assert kind.value not in said
