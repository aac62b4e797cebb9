"""Which sheets of a workbook are read: all alike, or those a person ticked; kept with the delivery."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from recipients import list_receipt_files, receipt_paper, services
from recipients.enums import BatchState, FileKind, ListState, Unit
from recipients.importing import layouts, refused
from recipients.models import ImportBatch, ListDelivery, Programme
from recipients.roles import install_roles
from recipients.services import lists
from tests.factories.registry import make_nik, make_village
from tests.factories.staff import make_user
from tests.recipients import deliveries, list_files
from tests.recipients.workbooks import xlsx

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    make_village()


def grid(*rows):
    return [list(layouts.FAMILY_HEADERS), *([row[name] for name in layouts.FAMILY_HEADERS] for row in rows)]


def a_workbook():
    """Two sheets alike, a third hidden, and one of other columns."""
    north, south, hidden = (grid(deliveries.family_row()) for _sheet in range(3))
    return xlsx(north, south, hidden, [["Kode", "Arti"], ["1", "Ya"]], hidden=["Lembar 3"])


def told(batch):
    return [
        (sheet["rows"], sheet["is_hidden"], sheet["is_alike"], sheet["is_taken"])
        for sheet in batch.counts["files"][FileKind.FAMILY]["all_sheets"]
    ]


def choose(batch, *sheets):
    by = deliveries.people()[0]
    services.choose_sheets(batch=batch, file=FileKind.FAMILY, sheets=sheets, by=by, now=timezone.now())


def finish(batch):
    jobs.work_until(lambda: ImportBatch.objects.get(pk=batch.pk).state == BatchState.PREVIEWED, wait_s=60)
    batch.refresh_from_db()


def test_without_a_choice_all_visible_sheets_alike_are_read_and_the_others_told():
    batch = deliveries.receive(a_workbook())

    assert batch.counts["rows"] == 2
    assert told(batch) == [
        (1, False, True, True),
        (1, False, True, True),
        (1, True, True, False),
        (1, False, False, False),
    ]


def test_a_file_of_one_sheet_asks_nothing():
    batch = deliveries.receive(xlsx(grid(deliveries.family_row())))

    assert batch.counts["files"][FileKind.FAMILY]["all_sheets"] == []


def test_one_sheet_is_chosen_and_a_hidden_one_comes_only_by_choice():
    batch = deliveries.receive(a_workbook())

    choose(batch, "Lembar 1", "Lembar 3")
    finish(batch)

    assert batch.counts["rows"] == 2
    assert [sheet[3] for sheet in told(batch)] == [True, False, True, False]
    assert batch.sheets == {FileKind.FAMILY: ["Lembar 1", "Lembar 3"]}
    assert batch.events.get().note == "Lembar 1, Lembar 3"


def test_a_choice_stands_on_the_delivery_when_the_worker_dies():
    batch = deliveries.receive(a_workbook())
    choose(batch, "Lembar 2")
    killed = jobs.claim(services.job_of(batch).pk)  # a worker that took the job and is gone
    killed._side.close()
    Job.objects.filter(pk=killed.job_id).update(lease_until=timezone.now() - timedelta(hours=1))

    finish(batch)

    assert batch.counts["rows"] == 1
    assert batch.sheets == {FileKind.FAMILY: ["Lembar 2"]}


def test_sheets_that_cannot_be_read_leave_the_delivery_as_it_was():
    batch = deliveries.receive(a_workbook())

    with pytest.raises(services.ImportRefused, match="kolom"):
        choose(batch, "Lembar 4")

    batch.refresh_from_db()
    assert (batch.state, batch.sheets) == (BatchState.PREVIEWED, {})


def test_refused_rows_are_read_again_from_the_sheets_that_were_chosen():
    bad = grid(deliveries.family_row(**{layouts.CARD_NO: "123"}), deliveries.family_row())
    batch = deliveries.receive(
        xlsx([["Kode"], ["1"]], grid(deliveries.family_row()), bad, hidden=["Lembar 3"])
    )
    choose(batch, "Lembar 3")
    finish(batch)

    (row,) = refused.rows_of(batch, FileKind.FAMILY)

    assert "123" in row
    assert row[len(layouts.FAMILY_HEADERS) + 1 :][:2] == ["3", "2"]


def test_the_page_shows_the_sheets_and_takes_the_ticks(client):
    batch = deliveries.receive(a_workbook())
    client.force_login(make_user("data_admin"))
    page = client.get(reverse("admin:recipients_importbatch_change", args=[batch.pk])).content.decode()

    client.post(
        reverse("admin:recipients_import_sheets", args=[batch.pk]), {"file": "FAMILY", "lembar": ["Lembar 2"]}
    )

    assert "2 dari 4 lembar dibaca." in page
    assert "tersembunyi" in page
    batch.refresh_from_db()
    assert (batch.state, batch.sheets) == (BatchState.RECEIVED, {FileKind.FAMILY: ["Lembar 2"]})


def test_commands_take_sheets_by_name_and_name_those_there_are(tmp_path):
    path = tmp_path / "keluarga.xlsx"
    path.write_bytes(a_workbook())
    words = ["import_release", path, "--release", "2026-Q1", "--as-of", "2026-01-23", "--by", "pengunggah"]
    deliveries.people()

    with pytest.raises(
        CommandError, match=r"Utara tidak ada .* Lembar yang ada: Lembar 1, Lembar 2, Lembar 3"
    ):
        call_command(*words, "--sheet", "Utara")
    assert not ImportBatch.objects.exists()

    call_command(*words, "--sheet", "Lembar 1")
    assert ImportBatch.objects.get().counts["rows"] == 1


def a_list():
    def sheet(*names):
        return [["NIK", "NAMA"], *([make_nik(date(1980, 5, 12)), name] for name in names)]

    return xlsx(sheet("INAQ SATU"), sheet("INAQ DUA", "INAQ TIGA"), hidden=["Lembar 2"])


def test_the_sheets_of_a_list_are_chosen_while_its_columns_are_matched():
    delivery = list_files.receive("RECIPIENTS", a_list(), fixed={"programme": "PKH"})
    assert [sheet["is_taken"] for sheet in delivery.counts["all_sheets"]] == [True, False]

    by, now = delivery.received_by, timezone.now()
    lists.choose_sheets(delivery=delivery, sheets=["Lembar 2"], by=by, now=now)
    list_files.follow(delivery, ListState.MAPPING)

    assert (delivery.sheets_by, delivery.sheets_at) == (by, now)
    assert dict(receipt_paper.lines(list_receipt_files.parts(delivery)))[
        "lembar dipilih"
    ] == receipt_paper.who(by, now)
    assert len(lists.head_rows(delivery)) == 2
    assert [sheet["is_taken"] for sheet in delivery.counts["all_sheets"]] == [False, True]


def test_a_sheet_of_instructions_before_it_is_not_taken_for_the_list():
    words = [["Petunjuk pengisian"], ["Isi satu baris untuk satu orang."]]
    people = [["NIK", "NAMA"], [make_nik(date(1980, 5, 12)), "INAQ SATU"]]
    delivery = list_files.receive("RECIPIENTS", xlsx(words, people), fixed={"programme": "PKH"})

    assert delivery.header == ["nik", "nama"]
    assert [sheet["is_taken"] for sheet in delivery.counts["all_sheets"]] == [False, True]


def test_a_list_by_command_takes_sheets_too(tmp_path):
    path = tmp_path / "pkh.xlsx"
    path.write_bytes(a_list())
    deliveries.people()
    Programme.objects.create(code="PKH", name="PKH", unit=Unit.FAMILY, owner="Kemensos")
    words = [
        "import_list",
        "RECIPIENTS",
        path,
        "--source",
        "Kemensos",
        "--as-of",
        "2026-02-01",
        "--by",
        "pengunggah",
    ]

    with pytest.raises(CommandError, match="Lembar yang ada: Lembar 1, Lembar 2"):
        call_command(*words, "--fix", "programme=PKH", "--sheet", "Lembar 7")

    call_command(*words, "--fix", "programme=PKH", "--sheet", "Lembar 1", "--sheet", "Lembar 2")
    assert ListDelivery.objects.get().counts["rows"] == 3
