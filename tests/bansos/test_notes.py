"""What people write beside a decision holds no NIK or card number, whichever way the row is written."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from bansos.common.notes import LongNoteField, NoteField
from objections.enums import EventKind
from objections.models import Objection, ObjectionEvent
from recipients.access import record_access
from recipients.enums import Access
from tests.factories.staff import make_world

NIK, MASKED = "5203991206809001", "520399******9001"
SPELLINGS = [NIK, "5203 9912 0680 9001", "520399.120680.9001", "52039912\x0006809001"]
OURS = ("common", "recipients", "eligibility", "objections")
REMARKS = ("note", "reason", "because", "answer", "evidence")
# Written by machines, masked where they are written, or a text that must stand letter by letter.
NOT_A_REMARK = {
    "common.Job.error", "common.ShelvedMessage.body", "eligibility.ReverificationRun.error",
    "eligibility.ReverificationRun.reason", "eligibility.RuleDraft.text", "eligibility.RuleSet.legal_basis",
    "eligibility.RuleSet.to_be_confirmed", "objections.FieldVisit.finding", "objections.LetterTemplate.body",
    "objections.Objection.story",
    "recipients.ImportBatch.refusal", "recipients.ListDelivery.refusal",
    "recipients.PayoutRecord.failure_reason", "recipients.FactsChange.reason",
}  # fmt: skip


def test_every_column_for_a_remark_masks_numbers():
    plain = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
        if not field.choices and not isinstance(field, NoteField | LongNoteField) and _is_remark(field)
    }

    assert plain - NOT_A_REMARK == set(), "Use NoteField or LongNoteField of bansos/common/notes.py"


def _is_remark(field):
    is_named = isinstance(field, models.CharField) and field.name.endswith(REMARKS)
    return is_named or isinstance(field, models.TextField)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_number_in_a_remark_is_masked_however_the_row_is_written(typed):
    world = make_world()
    case = world.inside["objections_objection"]

    saved = case.events.create(kind=EventKind.MOVED, note=f"NIK {typed}")
    ObjectionEvent.objects.bulk_create([ObjectionEvent(objection=case, kind=EventKind.MOVED, note=typed)])
    Objection.objects.filter(pk=case.pk).update(answer=f"KK {typed} benar.")
    looked = record_access(by=world.users["auditor"], kind=Access.SEARCH, reason=f"aduan {typed}")

    assert saved.note == f"NIK {MASKED}"
    assert set(case.events.order_by("-pk").values_list("note", flat=True)[:2]) == {f"NIK {MASKED}", MASKED}
    assert Objection.objects.get(pk=case.pk).answer == f"KK {MASKED} benar."
    looked.refresh_from_db()
    assert looked.reason == f"aduan {MASKED}"
