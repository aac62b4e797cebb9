"""The reasons of a decision: the findings that made it, the same for every reader."""

from __future__ import annotations

import pytest

from eligibility import reasons
from eligibility.models import EligibilityDecision, Grounds, Verdict
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
