"""The same number means another roof in another source: read by the book the delivery names, and both are kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from recipients import codebook
from recipients.enums import BatchState, CodeBook, GuardCode
from recipients.importing import codebooks, layouts
from recipients.models import WelfareSnapshot
from recipients.roles import install_roles
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, receive

pytestmark = pytest.mark.django_db(transaction=True)
ROOF, FUEL = "jenis_atap_terluas", "bahan_bakar_utama_memasak"
NEXT = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    make_village()


def roofs():
    standing = WelfareSnapshot.objects.filter(until_release=None).order_by("family_id")
    return [(row.roof_type, row.cooking_fuel, row.written_codes) for row in standing]


@pytest.mark.parametrize(
    ("book", "roof", "fuel", "expected"),
    [
        (CodeBook.DTSEN, "5", "0", (5, 0, None)),
        (CodeBook.REGSOSEK, "5", "12", (6, 0, {"book": "REGSOSEK-2022", "roof_type": 5, "cooking_fuel": 12})),
        (CodeBook.REGSOSEK, "6", "4", (5, 4, {"book": "REGSOSEK-2022", "roof_type": 6})),
        (CodeBook.REGSOSEK, "3", "4", (3, 4, None)),
        (CodeBook.REGSOSEK, "", "", (None, None, None)),
    ],
)
def test_a_delivery_is_read_by_its_own_book_and_what_was_written_is_kept(book, roof, fuel, expected):
    deliver(as_csv([family_row(**{ROOF: roof, FUEL: fuel})]), code_book=book)

    assert roofs() == [expected]


def test_the_same_row_in_another_book_is_a_change_and_the_same_meaning_is_none():
    bamboo, tiles = family_row(**{ROOF: "6"}), family_row(**{ROOF: "2"})
    deliver(as_csv([bamboo, tiles]))

    other = receive(as_csv([tiles, bamboo]), code_book=CodeBook.REGSOSEK, **NEXT)
    assert (other.counts["families_changed"], other.counts["families_unchanged"]) == (1, 1)
    same = receive(as_csv([bamboo | {ROOF: "5"}, tiles]), code_book=CodeBook.REGSOSEK, **NEXT)
    assert same.counts["families_unchanged"] == 2


@pytest.mark.parametrize(("book", "fuel"), [(CodeBook.DTSEN, "12"), (CodeBook.REGSOSEK, "0")])
def test_a_code_that_only_the_other_book_has_holds_the_delivery(book, fuel):
    batch = receive(as_csv([family_row(**{FUEL: fuel}), family_row(**{FUEL: "4"})]), code_book=book)

    (guard,) = batch.guards.all()
    assert guard.code == GuardCode.OTHER_CODE_BOOK
    assert f"berisi {fuel} di 1 baris" in guard.message()


def test_a_family_is_shown_in_our_words_with_what_the_file_said():
    deliver(as_csv([family_row(**{ROOF: "5"})]), code_book=CodeBook.REGSOSEK)

    shown = dict(codebook.housing(WelfareSnapshot.objects.get()))

    assert shown["Atap"] == "bambu (tertulis 5, buku kode REGSOSEK-2022)"
    assert shown["Lantai"] == "marmer atau granit"


def test_every_book_turns_codes_into_codes_that_ours_has():
    fields = {column.field: column for column in layouts.FAMILY_CODED}

    assert codebooks.TO_OURS.keys() == set(CodeBook.values) == codebooks.FOREIGN.keys()
    for changes in codebooks.TO_OURS.values():
        for field, ours in changes.items():
            assert {int(code) for code in ours.values()} <= codebook.HOUSING[field][1].keys()
            assert all(fields[field].low <= int(code) <= fields[field].high for code in ours)


def test_who_uploads_chooses_the_book(client, tmp_path):
    install_roles()
    client.force_login(make_user("data_admin"))

    page = client.get(reverse("admin:recipients_import_upload")).content.decode()

    assert "Buku kode" in page
    assert CodeBook.REGSOSEK.value in page
    assert receive(as_csv([family_row()]), code_book=CodeBook.REGSOSEK).state == BatchState.PREVIEWED
