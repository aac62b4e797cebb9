"""Every finding code has its sentences, easy to read, for every turn it can take, in two levels of privacy."""

from __future__ import annotations

import re

import pytest

from eligibility import wording
from eligibility.rules.documents import read_document
from eligibility.rules.evaluate import evaluate
from eligibility.rules.facts import FLAGS as FLAG_SOURCE
from eligibility.rules.facts import NAMES, RuleError
from eligibility.rules.parse import KINDS, parse_conditions
from eligibility.services.loading import FOLDER
from eligibility.wording import flag_words, registry_words, rule_words
from eligibility.wording.code_words import CODE_WORDS
from recipients.addressing import CITIZEN, LETTER, STAFF
from recipients.enums import FlagKind
from tests.objections.readability import measure

FORBIDDEN = re.compile(
    r"\b(tidak layak|diterima|desil (naik|turun)|mohon|harap|klik|error|kpm|graduasi)\b", re.I
)
VERDICTS = ("ELIGIBLE", "INELIGIBLE", "NEEDS_REVIEW", "WARNING")


def seen_of(code):
    """What the finding of a code may have seen; None: not known."""
    if code in flag_words.GROUPS:
        return [{kind: level} for kind in FlagKind.values for level in ("ALLEGED", "CONFIRMED")] + [{}]
    if code in ("COMPONENT", "SOME_MEMBERS"):
        return [{"small_child": 1, "elder": None}, {"small_child": 0, "elder": 0}]
    return [["PBI_JK"], []] if code == "OTHER_PROGRAMME" else [1] if code == "BY_HAND" else [1, 2, None]


def findings():
    for code in wording.CODES:
        for verdict in VERDICTS[:2] if code == "BY_HAND" else VERDICTS:
            for seen in seen_of(code):
                if code in flag_words.GROUPS and not seen and verdict != "ELIGIBLE":
                    continue  # a flag group says no only of a flag
                if seen is None and verdict in ("ELIGIBLE", "INELIGIBLE"):
                    continue  # what is not known is neither met nor refused
                if seen is None and code == "CIVIL_SERVANT":
                    continue  # what nobody recorded is no lead
                limit = [1, 2] if code == "NATIONAL_PBI" else 4
                ages = {"ages": [15, 64]} if code.startswith("AGE_GROUP") else {}
                yield {
                    "code": code, "verdict": verdict, "seen": seen, "limit": limit, "source": FLAG_SOURCE, **ages,
                }  # fmt: skip


@pytest.mark.parametrize("reader", [CITIZEN, LETTER, STAFF], ids=["citizen", "letter", "staff"])
def test_every_code_is_said_in_plain_words_for_every_turn(reader):
    for finding in findings():
        said = wording.sentence(finding, "Program Sembako", reader)
        for text in (said.full, said.short):
            assert len(text) > 10, finding
            assert "%" not in text, (finding, text)
            assert not FORBIDDEN.search(text), (finding, text)
            assert not re.search(r"[A-Z]{3,}_[A-Z]", text), (finding, text)


def test_every_sentence_is_easy_to_read():
    measured = {
        text: round(measure(text)[0])
        for finding in findings()
        for text in [wording.sentence(finding, "PKH").full]
    }

    assert {text: ease for text, ease in measured.items() if ease < 55} == {}
    assert sum(measured.values()) / len(measured) >= 70


def test_the_short_form_tells_no_number_and_no_kind_of_flag():
    for finding in findings():
        short = wording.sentence(finding, "PKH").short
        assert not re.search(r"\d", short), short
        for word in ("judi", "meninggal", "ASN", "pensiun dari", "BANK_ANOMALY"):
            assert word not in short, short


def test_what_is_only_alleged_is_said_to_be_looked_at_and_what_is_confirmed_is_said_to_be_so():
    finding = {"code": "FLAG_INCOME", "limit": 0, "source": FLAG_SOURCE}
    alleged = finding | {"verdict": "NEEDS_REVIEW", "seen": {"PENSIONER": "ALLEGED"}}
    mixed = finding | {
        "verdict": "INELIGIBLE",
        "seen": {"PENSIONER": "CONFIRMED", "CIVIL_SERVANT": "ALLEGED"},
    }

    assert "Petugas memeriksanya dulu." in wording.sentence(alleged, "PKH").full
    assert "Petugas sudah memastikannya." in wording.sentence(mixed, "PKH").full
    assert "ASN" not in wording.sentence(mixed, "PKH").full
    for one in (alleged, mixed):
        assert "boleh menyanggah" in wording.sentence(one, "PKH").full


@pytest.mark.parametrize("code", flag_words.GROUPS)
def test_no_flag_is_said_of_what_stands_in_the_way_and_not_of_what_there_is(code):
    """A rule asks for some kinds only. PKH does not ask for a member's death: "no death" may be false beside it."""
    finding = {"code": code, "verdict": "ELIGIBLE", "seen": {}, "limit": 0, "source": FLAG_SOURCE}

    assert "yang menghalangi PKH" in wording.sentence(finding, "PKH").full


def test_what_is_not_known_is_said_to_be_no_refusal():
    for finding in findings():
        if finding["seen"] is None and finding["verdict"] == "NEEDS_REVIEW":
            assert "Ini bukan penolakan." in wording.sentence(finding, "PKH").full


def test_every_kind_of_flag_component_source_and_fact_has_its_word():
    assert set(flag_words.FLAGS) == set(FlagKind.values)
    assert {name.source for name in NAMES.values()} == set(wording.SOURCES)
    assert set(rule_words.FACTS) == set(NAMES)
    assert set(rule_words.KINDS) == set(KINDS)
    assert {kind for code in wording.CODES.values() for kind in code.kinds} == set(KINDS)
    assert {fact for code in wording.CODES.values() for fact in code.facts} == {
        name for name in NAMES if name != "by_hand"
    } | {"by_hand"}
    assert set(CODE_WORDS) == set(wording.CODES)
    assert "pregnant" in registry_words.COMPONENTS


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_condition_reads_as_a_sentence(path):
    for row in read_document(path.name, path.read_text()).raw_conditions:
        said = rule_words.condition_in_words(row)
        assert said.endswith("."), said
        assert not re.search(r"[A-Z]{3,}_[A-Z]|members_", said), said


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"code": "DECILE", "kind": "at_most", "fact": "power", "limit": 3},
            "kalimatnya cocok untuk at_most atas decile",
        ),
        ({"code": "DECILE", "kind": "at_least", "fact": "decile", "limit": 3}, "bukan at_least atas decile"),
        (
            {
                "code": "FLAG_INCOME",
                "kind": "no_confirmed_flag",
                "kinds": ["RICH_UNCLE"],
                "subject": "family",
            },
            "tidak ada tanda berjenis RICH_UNCLE",
        ),
        (
            {"code": "ELDERS", "kind": "any_member", "fact": "members_aged_from", "age": 20},
            r"members_aged_from 20 tahun; pakai ADULTS \(at_least, any_member\) atau ADULTS_UP_TO \(at_most\)",
        ),
        (
            {
                "code": "ADULTS_UP_TO",
                "kind": "at_most",
                "fact": "members_aged_between",
                "age": 17,
                "age_to": 59,
                "limit": 0,
            },
            r"members_aged_between 17 sampai 59 tahun; pakai AGE_GROUP \(at_least, any_member\) atau AGE_GROUP_UP_TO",
        ),
        (
            {
                "code": "AGE_GROUP",
                "kind": "any_member",
                "fact": "members_aged_between",
                "age": 6,
                "age_to": 121,
            },
            "belum ada kalimat untuk data itu",
        ),
        (
            {"code": "CIVIL_SERVANT", "kind": "no_lead", "fact": "members_employed_as", "codes": [3]},
            "belum ada kalimat untuk data itu",
        ),
        (
            {
                "code": "SOME_MEMBERS",
                "kind": "some_of",
                "components": [{"name": "small_child", "fact": "members_aged_from", "age": 60}],
            },
            "komponen 'small_child' disebut 'anak kecil'",
        ),
    ],
)
def test_a_code_whose_sentence_does_not_fit_is_refused(row, message):
    with pytest.raises(RuleError, match=message):
        wording.refuse_unworded("lokal-1.toml", parse_conditions("lokal-1.toml", [row], "FAMILY"))


def test_members_of_an_age_group_are_told_with_both_ages_to_the_family_and_without_a_number_to_a_stranger():
    row = {
        "code": "AGE_GROUP_UP_TO",
        "kind": "at_most",
        "fact": "members_aged_between",
        "age": 15,
        "age_to": 64,
    }
    conditions = parse_conditions("uji", [{**row, "limit": 0}], "FAMILY")
    finding = evaluate(conditions, {conditions[0].fact: 2}).findings[0].as_dict()

    said = wording.sentence(finding, "PKH")

    assert "mencatat 2 anggota berumur 15 sampai 64 tahun di keluarga" in said.full
    assert said.short == "Ada data anggota keluarga yang belum cocok dengan syarat."
    assert rule_words.needed_from_citizen({**row, "limit": 0}) == (
        "Tidak ada anggota dalam rentang umur 15 sampai 64 tahun."
    )
    assert rule_words.differences([{**row, "limit": 0}], [{**row, "limit": 0, "age_to": 59}]) == [
        "Syarat berubah: Tidak ada anggota dalam rentang umur 15 sampai 64 tahun. → "
        "Tidak ada anggota dalam rentang umur 15 sampai 59 tahun."
    ]


def test_two_versions_differ_in_words():
    old = [{"code": "DECILE", "kind": "at_most", "fact": "decile", "limit": 5}]
    new = [
        {"code": "DECILE", "kind": "at_most", "fact": "decile", "limit": 4},
        {"code": "ELDERS", "kind": "any_member", "fact": "members_aged_from", "age": 60},
    ]

    assert rule_words.differences(old, new) == [
        "Batas desil: 5 → 4.",
        "Syarat baru: Ada anggota berumur mulai 60 tahun.",
    ]
    assert rule_words.differences(new, old)[-1] == "Syarat yang hilang: Ada anggota berumur mulai 60 tahun."
    assert rule_words.differences(old, old) == []
    softer = [{**old[0], "severity": "warns"}]
    assert rule_words.differences(old, softer) == [
        "Syarat berubah: Desil 1 sampai 5. → Desil 1 sampai 5. Jika tidak: hanya catatan."
    ]
