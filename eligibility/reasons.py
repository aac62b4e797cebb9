"""Why a decision says what it says: one answer for staff, the family and its letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility import wording
from eligibility.models import EligibilityDecision, Finding, FindingKind, Verdict
from eligibility.rules.conditions import BY_HAND
from eligibility.wording.rule_words import needed_from_citizen
from recipients.addressing import Reader


def deciding(decision: EligibilityDecision) -> list[dict[str, Any]]:
    """The findings whose verdict is the decision's: they made it.

    A finding to be checked beside one that says no is left out, for staff too: it decided nothing, and its "Ini bukan
    penolakan" would contradict the verdict above it. Staff who talk to a family must read what the family reads; every
    finding stands in `manage.py explain`. A rule that is met gives its reasons as well. Where the office decided by
    hand, that alone made the verdict.
    """
    by_hand = [finding for finding in decision.findings if finding.get("code") == BY_HAND]
    if by_hand:
        return by_hand
    same = [finding for finding in decision.findings if finding.get("verdict") == decision.verdict]
    return same or decision.findings


def in_words(decision: EligibilityDecision, *, programme: str, reader: Reader) -> list[str]:
    said = (_sentence(finding, programme, reader) for finding in deciding(decision))
    return list(dict.fromkeys(said))


def needed(decision: EligibilityDecision) -> list[str]:
    """What would have to be different, in the words of the family itself; nothing where the rule is met."""
    rows = {row["code"]: row for row in decision.rule_set.conditions}
    unmet = [
        rows.get(found.get("code")) for found in deciding(decision) if found["verdict"] != Verdict.ELIGIBLE
    ]
    return list(dict.fromkeys(needed_from_citizen(row) for row in unmet if row))


def of_findings(findings: Sequence[Finding], *, reader: Reader) -> dict[int, list[str]]:
    """The reasons of the decisions that the findings rest on, two queries for all; or what was counted."""
    counted = {finding.pk: [told] for finding in findings if (told := _counted(finding))}
    named = {finding.pk: finding.evidence.get("decision") for finding in findings}
    wanted = [pk for pk in named.values() if pk]
    decisions = EligibilityDecision.objects.filter(pk__in=wanted).select_related("programme", "rule_set")
    said = {row.pk: in_words(row, programme=row.programme.name, reader=reader) for row in decisions}
    return counted | {pk: said[decision] for pk, decision in named.items() if decision in said}


def _counted(finding: Finding) -> str:
    """What the registry, flags or lists say that put a family on a worklist; a decision gives its own reasons."""
    seen = finding.evidence
    match finding.kind:
        case FindingKind.TWO_HEADS:
            return _("%d orang tercatat sebagai kepala keluarga.") % seen["heads"]
        case FindingKind.MEMBER_COUNT_DIFFERS:
            return _("Baris keluarga menyebut %(stated)d anggota, yang tercatat %(counted)d orang.") % seen
        case FindingKind.LARGE_FAMILY:
            return _("%d anggota dalam satu kartu keluarga.") % seen["members"]
        case FindingKind.DROPPED_FROM_RELEASE:
            gone = _("Tidak ada lagi sejak rilis %s.") % seen["release"]
            if seen["elsewhere"]:
                return f"{gone} " + _("%d anggotanya tercatat di kartu keluarga lain.") % seen["elsewhere"]
            return f"{gone} " + _("Anggotanya juga tidak tercatat di keluarga lain.")
        case FindingKind.NIK_OTHER_NAME:
            return _("Sejak rilis %s NIK ini memakai nama orang lain.") % seen["release"]
        case FindingKind.DUPLICATE_PERSON:
            return _twice(finding)
        case FindingKind.ORPHAN_MEMBERS:
            return _("%d anggota tercatat tanpa kepala keluarga.") % seen["members"]
        case FindingKind.PLACE_FREE:
            return _("Urutan ke-%d di daftar tunggu, dan masih ada tempat di kuota.") % seen["place"]
        case _:
            return _dated(finding)


def _twice(finding: Finding) -> str:
    other = finding.evidence["other_family"]
    if other == finding.family_id:
        return _("Di keluarga ini ada orang lain dengan nama dan tanggal lahir yang sama.")
    return (
        _("Orang dengan nama, tanggal lahir, dan desa yang sama tercatat juga di keluarga nomor %d.") % other
    )


def _dated(finding: Finding) -> str:
    """What a flag, a list or a proposal says."""
    seen = finding.evidence
    match finding.kind:
        case FindingKind.DEAD_HEAD:
            return _("Ada %d tanda meninggal atas kepala keluarga atau pengurusnya.") % len(seen["flags"])
        case FindingKind.MOVED:
            return _("Ada tanda pindah, dan bantuannya belum berhenti.")
        case FindingKind.FLAG_EXPIRING:
            return _("Masa berlaku sebuah tanda habis dalam 30 hari sejak temuan ini.")
        case FindingKind.FIVE_YEARS:
            return _("Terdaftar sejak %s, lebih dari 5 tahun.") % _day(seen["since"])
        case FindingKind.PROPOSAL_UNANSWERED:
            told = {"number": seen["number"], "day": _day(seen["keyed_on"])}
            return _("Usulan %(number)s disampaikan ke pusat pada %(day)s dan belum dijawab.") % told
    return ""


def _day(written: str) -> str:
    return date_format(date.fromisoformat(written), "j F Y")


def _sentence(finding: dict[str, Any], programme: str, reader: Reader) -> str:
    """A rule set of another time may have a condition that lost its words since."""
    try:
        return wording.sentence(finding, programme, reader).full
    except KeyError:
        return _("Syarat lain (%(code)s).") % {"code": finding.get("code", "-")}
