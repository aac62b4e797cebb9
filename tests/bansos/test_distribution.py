"""Every table that grows with the population can be cut by region: docs/scale.md says along which column."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import models

OURS = ("recipients", "eligibility", "objections", "common")
# Grow with the population without naming a family or a region, each with the column it is cut by instead.
OTHERWISE = {
    "Person": "id",
    "PersonNik": "person",
    "EnrolmentEvent": "enrolment",
    "PayoutRecord": "enrolment",
    "FindingEvent": "finding",
    "ObjectionEvent": "objection",
    "Attachment": "objection",
    "CaseToken": "objection",
    "FieldVisit": "objection",
    "Letter": "objection",
    "MusdesItem": "objection",
    "PhoneCode": "objection",
    "Remedy": "objection",
    "ImportRow": "batch",
    "FixedCell": "fix",
}
# A few thousand rows in a district however many families: copied to every node, or kept on one.
SMALL = {
    "AudioClip", "CodeBook", "ColumnMapping", "CurrentRelease", "DecidedShard", "DecileCeiling", "Grounds", "Heartbeat",
    "Holiday", "ImportBatch", "ImportEvent", "ImportFix", "ImportGuard", "Job", "LetterTemplate", "ListDelivery",
    "Message", "OfficeRule", "Programme", "ProposalPack", "Quota", "Region", "RegistryRelease", "ReverificationRun",
    "RuleDraft", "RuleEnding", "RuleSet", "SecondFactor", "ServiceTime", "ShardResult", "ShelvedMessage", "StaffArea",
    "SubmissionWindow", "Tolerance", "Trial",
}  # fmt: skip


def key_of(model: type[models.Model]) -> str | None:
    """The first column that names a family or a region."""
    names = {field.name for field in model._meta.fields}
    if model.__name__ == "Family":
        return "id"
    return next((name for name in ("family", "subdistrict", "village", "region") if name in names), None)


def test_every_table_that_grows_names_a_family_or_a_region_or_says_why_not():
    known = {model.__name__: model for label in OURS for model in apps.get_app_config(label).get_models()}

    unplaced = [
        name
        for name, model in known.items()
        if name not in SMALL and name not in OTHERWISE and key_of(model) is None
    ]

    assert unplaced == []
    for name, column in OTHERWISE.items():
        assert column in {field.name for field in known[name]._meta.fields}, name


def test_the_page_on_growth_tells_of_every_table_that_is_cut_otherwise():
    text = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()

    assert [name for name in OTHERWISE if f"`{name}`" not in text] == []
