"""What the page of a delivery tells before anybody approves: the files, their rows, and what would follow."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.admin import delivery_facts
from recipients.enums import BatchState
from recipients.importing import layouts
from recipients.importing.impact import Place
from recipients.models.tolerances import USUAL
from recipients.roles import install_roles
from tests.factories.registry import make_nik, make_village
from tests.factories.staff import make_user
from tests.recipients import workbooks
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, people, receive

pytestmark = pytest.mark.django_db(transaction=True)
NEXT = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}
HEAVIEST = 150_000  # bytes


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    install_roles()
    make_village()


@pytest.fixture
def page(client):
    client.force_login(make_user("office_head"))

    def of(batch):
        answer = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk]))
        assert len(answer.content) <= HEAVIEST
        return answer

    return of


def facts_of(batch, file=0):
    return dict(delivery_facts.recognised(batch)[file]["facts"])


def marks(batch, file=0):
    return {one["mark"]: one["count"] for one in delivery_facts.quality(batch)[file]["marks"]}


def test_a_text_file_is_recognised_with_its_delimiter_letters_and_rows(page):
    rows = [family_row() for _ in range(3)]

    batch = receive(as_csv(rows, delimiter=";").decode().encode("utf-16"))

    assert facts_of(batch) == {
        "Jenis": "CSV", "Huruf": "UTF-16", "Pemisah kolom": "titik koma", "Baris data": 3
    }  # fmt: skip
    assert "titik koma" in page(batch).content.decode()


def test_a_workbook_is_recognised_with_its_sheets_and_what_was_left_out(page):
    table = [
        ["DAFTAR KELUARGA KECAMATAN MASBAGIK"],
        [],
        layouts.FAMILY_HEADERS,
        *([row[header] for header in layouts.FAMILY_HEADERS] for row in [family_row(), family_row()]),
    ]

    batch = receive(workbooks.xlsx(table))

    assert facts_of(batch)["Jenis"] == "XLSX"
    assert facts_of(batch)["Lembar"]
    assert "Judul kolom ada di baris 3" in page(batch).content.decode()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("keluarga_2025Q4.csv", "2025-Q4"),
        ("data tw 3 2025.csv", ""),
        ("dtsen-2026-TW2.csv", "2026-Q2"),
        ("dtsen 2026 triwulan 1.csv", ""),
    ],
)
def test_a_file_name_that_speaks_of_another_release_is_told(name, told):
    batch = receive(as_csv([family_row()]))
    batch.family_file_name = name

    assert delivery_facts.release_in_name(batch) == told


def test_every_row_is_counted_once_as_used_warned_or_refused(page):
    rows = [family_row() for _ in range(4)]
    members = [
        member_row(rows[0][layouts.CARD_NO]),
        member_row(rows[1][layouts.CARD_NO], nomor_induk_kependudukan=make_nik(date(1970, 1, 2), 1)),
        member_row(rows[2][layouts.CARD_NO], jenis_kelamin="9"),
    ]

    batch = receive(as_csv([*rows, family_row(desil_nasional="11")]), as_csv(members))

    assert marks(batch) == {"good": 4, "odd": 0, "bad": 1}
    assert marks(batch, 1)["bad"] == 1
    assert sum(marks(batch, 1).values()) == 3
    assert marks(batch, 1)["odd"] >= 1
    shown = page(batch).content.decode()
    assert 'class="bad"' in shown
    assert "Mutu berkas" in shown


def test_columns_tell_how_full_they_are_in_the_whole_file_unchanged_rows_too():
    rows = [family_row(luas_lantai="" if n < 3 else "30", alamat="" if n < 1 else "DUSUN") for n in range(4)]
    deliver(as_csv(rows))

    batch = receive(
        as_csv([*rows, family_row(luas_lantai=""), family_row(), family_row(desil_nasional="11")]), **NEXT
    )

    told = delivery_facts.quality(batch)[0]
    by_name = {column["name"]: column for column in told["columns"]}
    assert told["read"] == 6
    assert by_name["luas lantai"]["filled"] == 33
    assert by_name["alamat"]["filled"] == 83
    assert by_name["desil nasional"] == {"name": "desil nasional", "filled": 100, "refused": 1}
    assert told["columns"][0]["name"] == "desil nasional"
    assert len(told["whole"]) == told["count"] - 3


def test_kinds_of_error_are_counted_when_the_file_is_checked_and_not_when_the_page_is_read(page):
    batch = receive(
        as_csv(
            [family_row(), *(family_row(desil_nasional="11") for _ in range(3)), family_row(alamat="x" * 900)]
        )
    )

    with CaptureQueriesContext(connection) as asked:
        shown = page(batch).context["refusals"]

    assert [(kind["code"], kind["rows"]) for kind in shown] == [("CODE_RANGE", 3), ("TEXT_LENGTH", 1)]
    assert "11" in shown[0]["example"].message
    assert [query["sql"] for query in asked if "recipients_importrow" in query["sql"]] == [
        query["sql"] for query in asked if '"recipients_importrow"."id" IN' in query["sql"]
    ]
    assert len(asked) < 60


def test_a_delivery_from_before_these_counts_still_has_a_page(page):
    batch = receive(as_csv([family_row()]))
    del batch.counts["files"], batch.counts["refusals"], batch.preview["columns"]
    batch.save()

    assert page(batch).status_code == 200


def in_village(place, count, decile="4"):
    cells = {layouts.VILLAGE_NAME: place.name, layouts.SUBDISTRICT_NAME: place.parent.name}
    return [family_row(desil_nasional=decile, **cells) for _ in range(count)]


def test_the_matrix_before_approval_is_the_one_the_home_page_shows_after_it(page, client):
    rows = [family_row(desil_nasional=str(n % 5 + 1)) for n in range(20)]
    deliver(as_csv(rows))
    moved = [row | {"desil_nasional": str((n + n % 3) % 5 + 1)} for n, row in enumerate(rows[:18])]

    batch = receive(as_csv([*moved, family_row(desil_nasional="2")]), **NEXT)
    before = page(batch).context["impact"]["matrix"]
    deliver_on(batch)
    after = client.get(reverse("admin:index")).context["matrix"]

    assert texts(before) == texts(after)
    assert any(cell for row in texts(before) for cell in row)


def texts(matrix):
    return [[cell.text for cell in row["cells"]] for row in matrix["rows"]]


def deliver_on(batch):
    for guard in batch.guards.unanswered():
        services.answer_guard(
            guard=guard, by=people()[1], why="Dicek ke desa satu per satu", now=timezone.now()
        )
    services.approve_import(batch=batch, by=people()[1], now=timezone.now())
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.APPLIED, wait_s=60)


def test_a_village_whose_share_or_size_jumps_is_named_with_its_numbers(page):
    quiet = make_village(name="PAOK LOMBOK", subdistrict="SURALAGA")
    shrunk = make_village(name="SAKRA", subdistrict="SAKRA")
    poorer = make_village(name="KERUAK", subdistrict="KERUAK")
    rows = [in_village(quiet, 40), in_village(shrunk, 40), in_village(poorer, 40)]
    deliver(as_csv([*rows[0], *rows[1], *rows[2]]))
    shifted = [row | {"desil_nasional": "1"} for row in rows[2][:10]] + rows[2][10:]

    batch = receive(as_csv([*rows[0], *rows[1][:30], *shifted]), **NEXT)

    impact = page(batch).context["impact"]
    assert [(village.name, place) for village, place, _told in impact["odd"]] == [
        ("SAKRA", Place(40, 0, 30, 0, 0)),
        ("KERUAK", Place(40, 0, 40, 10, 10)),
    ]
    assert {name: place.after for name, place, _told in impact["subdistricts"]} == {
        "SURALAGA": 40, "SAKRA": 30, "KERUAK": 40
    }  # fmt: skip
    told = page(batch).content.decode()
    assert "keluarga 40 menjadi 30 (-10)" in told
    assert "desil 1: 0,0 % menjadi 25,0 % (25,0 poin lebih banyak)" in told


@pytest.mark.parametrize(
    ("place", "is_odd"),
    [
        (Place(29, 0, 0, 0), False),  # too few to say
        (Place(100, 10, 109, 11), False),
        (Place(100, 10, 110, 11), True),
        (Place(100, 10, 90, 9), True),
        (Place(100, 10, 100, 15), True),
        (Place(100, 10, 100, 14), False),
        (Place(100, 10, 0, 0), True),
    ],
)
def test_a_village_is_odd_from_the_tolerance_on(place, is_odd):
    assert place.is_odd(USUAL) is is_odd


def test_families_that_move_house_are_counted_where_they_go_and_where_they_left(page):
    here, there = (
        make_village(name="SAKRA", subdistrict="SAKRA"),
        make_village(name="KERUAK", subdistrict="KERUAK"),
    )
    rows = in_village(here, 5, "1")
    deliver(as_csv(rows))
    gone_there = {layouts.VILLAGE_NAME: there.name, layouts.SUBDISTRICT_NAME: there.parent.name}

    batch = receive(as_csv([*rows[:3], *(row | gone_there for row in rows[3:])]), **NEXT)

    assert batch.preview["villages"] == {str(here.pk): [5, 5, 3, 3, 0], str(there.pk): [0, 0, 2, 2, 0]}


def test_a_first_release_has_nothing_to_be_compared_with(page):
    batch = receive(as_csv([family_row()]))

    assert page(batch).context["impact"] is None
    deliver_on_withheld(batch)
    assert "Ini rilis pertama" in page(batch).content.decode()


def deliver_on_withheld(batch):
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), withhold=True)
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.WITHHELD, wait_s=60)
