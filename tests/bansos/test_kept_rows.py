"""Logs and rules stay as they were written, whoever asks: the database itself refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from eligibility.models import RuleSet
from objections.enums import EventKind
from objections.models import ObjectionEvent, PhoneCode, PhoneConfirmation
from recipients.models import AccessLog
from tests.factories.staff import NOON, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def log(world) -> AccessLog:
    return world.inside["recipients_accesslog"]


@pytest.fixture
def event(world) -> ObjectionEvent:
    case = world.inside["objections_objection"]
    return ObjectionEvent.objects.create(objection=case, kind=EventKind.values[0])


def refused(statement: str, *values: Any) -> bool:
    """By plain SQL: what holds against that holds against the ORM."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except IntegrityError as error:
        return error.__cause__ is not None and error.__cause__.pgcode == "23001"  # restrict_violation
    return False


def test_a_look_at_personal_data_is_not_rewritten_or_removed(log):
    assert refused("UPDATE recipients_accesslog SET reason = 'lain' WHERE id = %s", log.pk)
    assert refused("DELETE FROM recipients_accesslog WHERE id = %s", log.pk)
    assert refused("DELETE FROM recipients_accesslog")
    assert AccessLog.objects.filter(pk=log.pk, reason=log.reason).exists()


def test_an_event_of_a_case_is_not_rewritten_or_removed(event):
    assert refused("UPDATE objections_objectionevent SET note = 'lain' WHERE id = %s", event.pk)
    assert refused("DELETE FROM objections_objectionevent WHERE id = %s", event.pk)
    assert ObjectionEvent.objects.filter(pk=event.pk, note=event.note).exists()


@pytest.fixture
def phone(world) -> PhoneConfirmation:
    case, by = world.inside["objections_objection"], world.users["office_verifier"]
    said = {"family": case.family, "how": "DESK", "confirmed_at": NOON, "confirmed_by": by}
    return PhoneConfirmation.objects.create(objection=case, phone_index=b"0" * 16, proven_at=NOON, **said)


@pytest.mark.parametrize("change", ["proven_at = now()", "family_id = family_id + 1", "confirmed_at = NULL"])
def test_what_was_said_of_a_phone_is_not_rewritten_and_ended_once(change, phone, world):
    table = "objections_phoneconfirmation"
    assert refused(f"UPDATE {table} SET {change} WHERE id = %s", phone.pk)
    assert refused(f"DELETE FROM {table} WHERE id = %s", phone.pk)

    PhoneConfirmation.objects.update(ended_at=NOON)

    assert refused(f"UPDATE {table} SET ended_at = NULL WHERE id = %s", phone.pk)


@pytest.mark.parametrize("change", ["valid_until = now()", "nonce = '1'", "tries = 0", "used_at = NULL"])
def test_a_code_that_was_tried_or_used_is_not_made_fresh_again(change, world):
    case = world.inside["objections_objection"]
    code = PhoneCode.objects.create(
        objection=case, purpose="OPEN", nonce=b"0" * 16, made_at=NOON, valid_until=NOON, tries=5
    )
    PhoneCode.objects.update(used_at=NOON)

    assert refused(f"UPDATE objections_phonecode SET {change} WHERE id = %s", code.pk)


@pytest.mark.parametrize(
    "change",
    [
        "conditions = '[]'",
        "effective_from = effective_from - 1",
        "version = version + 1",
        "programme_id = programme_id + 1",
    ],
)
def test_a_loaded_rule_is_not_rewritten(change, world):
    rules = world.inside["eligibility_ruleset"]

    assert refused(f"UPDATE eligibility_ruleset SET {change} WHERE id = %s", rules.pk)


def test_a_rule_is_given_its_end_once(world):
    rules = RuleSet.objects.filter(pk=world.inside["eligibility_ruleset"].pk)

    rules.update(effective_to=date(2026, 12, 31))

    end_it = "UPDATE eligibility_ruleset SET effective_to = %s WHERE id = %s"
    assert refused(end_it, date(2027, 1, 31), rules.get().pk)
    assert refused(end_it, None, rules.get().pk)
    assert rules.get().effective_to == date(2026, 12, 31)


def test_other_words_about_a_rule_may_be_corrected(world):
    rules = RuleSet.objects.filter(pk=world.inside["eligibility_ruleset"].pk)

    assert rules.update(legal_basis="Kepmensos contoh") == 1
