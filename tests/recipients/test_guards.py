"""A delivery that looks wrong as a whole is held until somebody who did not upload it says why it is right."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from recipients import services
from recipients.enums import BatchState, GuardCode, Limit
from recipients.importing import identifiers, layouts
from recipients.models import Tolerance
from recipients.roles import install_roles
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.files import make_files
from tests.recipients import workbooks
from tests.recipients.deliveries import as_csv, deliver, family_row, people, receive

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}
THIRD = {"label": "2026-Q3", "as_of": date(2026, 7, 20)}


@pytest.fixture(autouse=True)
def _village(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    make_village()


def families(count=60, decile=lambda number: number % 10 + 1):
    return [family_row(desil_nasional=str(decile(number))) for number in range(count)]


def with_deciles(rows, decile):
    return [row | {"desil_nasional": str(decile(number))} for number, row in enumerate(rows)]


def codes(batch):
    return [guard.code for guard in batch.guards.all()]


def test_a_usual_release_is_not_held():
    rows = families()
    deliver(as_csv(rows))

    moved = with_deciles(rows, lambda n: (n + (n % 12 == 0)) % 10 + 1)
    assert codes(receive(as_csv(moved), **NEXT)) == []


def test_the_same_content_in_another_order_and_format_is_held():
    rows = families()
    deliver(as_csv(rows))
    table = [
        layouts.FAMILY_HEADERS,
        *([row[header] for header in layouts.FAMILY_HEADERS] for row in reversed(rows)),
    ]

    batch = receive(workbooks.xlsx(table), **NEXT)

    assert codes(batch) == [GuardCode.NOTHING_NEW]
    assert "2026-Q1" in batch.guards.get().message()


def test_an_old_release_under_a_new_name_is_held():
    rows = families()
    second = with_deciles(rows, lambda n: n % 10 + 1 if n % 3 else (n + 1) % 10 + 1)
    deliver(as_csv(rows))
    deliver(as_csv([*second, family_row()]), **NEXT)

    batch = receive(as_csv([*rows, family_row()]), **THIRD)

    assert GuardCode.OLD_CONTENT in codes(batch)


def test_a_delivery_without_many_families_or_a_whole_village_is_held_and_nobody_is_deleted():
    other = make_village(name="PAOK LOMBOK", subdistrict="SURALAGA")
    here = families()
    there = [
        row | {layouts.VILLAGE_NAME: other.name, layouts.SUBDISTRICT_NAME: other.parent.name}
        for row in families(12)
    ]
    deliver(as_csv([*here, *there]))

    batch = receive(as_csv(with_deciles(here, lambda n: (n + (n == 0)) % 10 + 1)), **NEXT)

    assert codes(batch) == [GuardCode.FAMILIES_MISSING, GuardCode.VILLAGES_MISSING]
    assert "PAOK LOMBOK" in batch.guards.get(code=GuardCode.VILLAGES_MISSING).message()


def test_many_new_families_and_shifted_deciles_are_held():
    rows = families()
    deliver(as_csv(rows))

    batch = receive(as_csv([*with_deciles(rows, lambda n: min(n % 10 + 3, 10)), *families(12)]), **NEXT)

    assert codes(batch) == [GuardCode.FAMILIES_MANY, GuardCode.DECILES_MOVED, GuardCode.DECILE_SHARES]


def test_number_cells_that_mostly_end_in_0_hold_the_whole_file():
    numbers = [f"52039912018{n:04d}0" for n in range(1, 19)] + [
        f"5203991201809{n:02d}1" for n in range(10, 20)
    ]

    batch = receive(make_files.with_numbers(*numbers))

    assert codes(batch) == [GuardCode.NUMBERS_ROUNDED]
    assert "64 %" in batch.guards.get().message()


def test_a_delivery_is_held_by_what_the_office_tolerates_and_remembers_it():
    rows = families()
    deliver(as_csv(rows))
    Tolerance.objects.update_or_create(code=Limit.MISSING_SHARE, defaults={"value": 60, "basis": "rapat"})

    batch = receive(as_csv(rows[: len(rows) // 2]), **NEXT)

    assert GuardCode.FAMILIES_MISSING not in codes(batch)
    assert batch.preview["limits"][Limit.MISSING_SHARE] == 60


def test_only_a_womans_nik_shows_by_itself_that_the_columns_are_swapped():
    assert identifiers.are_swapped("5203991201809001", "5203995205809001")
    assert not identifiers.are_swapped("5203995205809001", "5203991201809001")


def test_approval_waits_for_an_answer_of_somebody_else_with_a_reason():
    rows = families()
    deliver(as_csv(rows))
    batch = receive(as_csv(rows[::-1]), **NEXT)
    uploader, other = people()
    guard = batch.guards.get()
    now = timezone.now()

    with pytest.raises(services.ImportRefused, match="ditahan"):
        services.approve_import(batch=batch, by=other, now=now)
    with pytest.raises(services.GuardRefused, match="mengunggah"):
        services.answer_guard(guard=guard, by=uploader, why="Sudah dicek dengan pusat", now=now)
    with pytest.raises(services.GuardRefused, match="penjelasan"):
        services.answer_guard(guard=guard, by=other, why="  ok   ", now=now)
    services.answer_guard(guard=guard, by=other, why="Sudah dicek dengan pusat", now=now)
    with pytest.raises(services.GuardRefused, match="sudah dijawab"):
        services.answer_guard(guard=guard, by=other, why="Sudah dicek dengan pusat", now=now)

    services.approve_import(batch=batch, by=other, now=now)
    guard.refresh_from_db()
    assert (guard.answered_by, guard.answer) == (other, "Sudah dicek dengan pusat")


def test_the_database_refuses_half_an_answer():
    batch = receive(as_csv(families(3)))

    with pytest.raises(IntegrityError, match="guard_answer_is_whole"), transaction.atomic():
        batch.guards.create(code=GuardCode.NOTHING_NEW, answer="tanpa nama")


@pytest.fixture
def head(client):
    install_roles()
    user = make_user("office_head")
    client.force_login(user)
    return user


def approve(client, batch, **data):
    data |= {"seen": services.seen_as(batch)}
    client.post(reverse("admin:recipients_import_approve", args=[batch.pk]), data)
    batch.refresh_from_db()
    return batch.state


def test_approving_takes_a_tick_and_a_reason_for_each_thing_that_holds_the_delivery(client, head):
    rows = families()
    deliver(as_csv(rows))
    batch = receive(as_csv([*with_deciles(rows[:50], lambda n: 1), *families(12)]), **NEXT)
    guards = list(batch.guards.all())
    whole = {"guard": [guard.pk for guard in guards]} | {
        f"why-{guard.pk}": f"Dicek dengan surat pusat nomor {guard.pk}" for guard in guards
    }

    page = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk])).content.decode()
    assert len(guards) > 2
    for guard in guards:
        assert guard.message() in page
        assert f'name="why-{guard.pk}"' in page
    assert approve(client, batch, **(whole | {"guard": whole["guard"][1:]})) == BatchState.PREVIEWED
    assert approve(client, batch, **(whole | {f"why-{guards[0].pk}": "ya"})) == BatchState.PREVIEWED
    assert approve(client, batch, guard=["x", "9" * 40]) == BatchState.PREVIEWED
    assert not batch.guards.exclude(answered_at=None).exists()
    assert approve(client, batch, **whole) == BatchState.APPROVED

    answers = {guard.pk: (guard.answered_by, guard.answer) for guard in batch.guards.all()}
    assert answers == {guard.pk: (head, whole[f"why-{guard.pk}"]) for guard in guards}
    page = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk])).content.decode()
    assert whole[f"why-{guards[0].pk}"] in page
