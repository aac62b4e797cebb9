"""The same number means another roof in another source: read by the book the delivery names, and both are kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from recipients import codebook, services
from recipients.enums import BatchState, GuardCode
from recipients.importing import codebooks, layouts
from recipients.models import CodeBook, WelfareSnapshot
from recipients.models.code_books import OURS, REGSOSEK
from recipients.roles import install_roles
from recipients.services import code_books
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, people, receive

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
        (OURS, "5", "0", (5, 0, None)),
        (REGSOSEK, "5", "12", (6, 0, {"book": "REGSOSEK-2022", "roof_type": 5, "cooking_fuel": 12})),
        (REGSOSEK, "6", "4", (5, 4, {"book": "REGSOSEK-2022", "roof_type": 6})),
        (REGSOSEK, "3", "4", (3, 4, None)),
        (REGSOSEK, "", "", (None, None, None)),
    ],
)
def test_a_delivery_is_read_by_its_own_book_and_what_was_written_is_kept(book, roof, fuel, expected):
    deliver(as_csv([family_row(**{ROOF: roof, FUEL: fuel})]), code_book=book)

    assert roofs() == [expected]


def test_the_same_row_in_another_book_is_a_change_and_the_same_meaning_is_none():
    bamboo, tiles = family_row(**{ROOF: "6"}), family_row(**{ROOF: "2"})
    deliver(as_csv([bamboo, tiles]))

    other = receive(as_csv([tiles, bamboo]), code_book=REGSOSEK, **NEXT)
    assert (other.counts["families_changed"], other.counts["families_unchanged"]) == (1, 1)
    same = receive(as_csv([bamboo | {ROOF: "5"}, tiles]), code_book=REGSOSEK, **NEXT)
    assert same.counts["families_unchanged"] == 2


@pytest.mark.parametrize(("book", "fuel"), [(OURS, "12"), (REGSOSEK, "0")])
def test_a_code_that_only_the_other_book_has_holds_the_delivery(book, fuel):
    batch = receive(as_csv([family_row(**{FUEL: fuel}), family_row(**{FUEL: "4"})]), code_book=book)

    (guard,) = batch.guards.all()
    assert guard.code == GuardCode.OTHER_CODE_BOOK
    assert f"berisi {fuel} di 1 baris" in guard.message()


def test_a_family_is_shown_in_our_words_with_what_the_file_said():
    deliver(as_csv([family_row(**{ROOF: "5"})]), code_book=REGSOSEK)

    shown = dict(codebook.housing(WelfareSnapshot.objects.get()))

    assert shown["Atap"] == "bambu (tertulis 5, buku kode REGSOSEK-2022)"
    assert shown["Lantai"] == "marmer atau granit"


def test_every_known_book_turns_codes_into_codes_that_ours_has():
    fields = {column.field: column for column in layouts.FAMILY_CODED}

    assert [one.code for one in codebooks.KNOWN] == [OURS, REGSOSEK]
    for field, changes in [pair for one in codebooks.KNOWN for pair in one.to_ours.items()]:
        assert {int(code) for code in changes.values()} <= codebook.HOUSING[field][1].keys()
        assert all(fields[field].low <= int(code) <= fields[field].high for code in changes)


# --- versions -----------------------------------------------------------------------------------------------

NEXT_ROOFS = [("roof_type", "05", "7"), ("roof_type", "13", "6"), ("roof_type", "4", "4")]


def next_version(lines=NEXT_ROOFS, **said):
    said = {"source": "regsosek-2022", "basis": "Surat pusat 12/2026"} | said
    return code_books.add_code_book(lines=lines, by=people()[0], **said)


def test_a_book_is_followed_by_its_next_version_and_old_deliveries_keep_theirs():
    row = family_row(**{ROOF: "5", FUEL: "4"})
    deliver(as_csv([row]), code_book=REGSOSEK)

    made = next_version()

    assert (made.code, made.to_ours) == ("REGSOSEK-2022-2", {"roof_type": {"5": "7", "13": "6"}})
    assert roofs() == [(6, 4, {"book": "REGSOSEK-2022", "roof_type": 5})]
    with pytest.raises(services.ImportRefused, match="REGSOSEK-2022 tidak dipakai untuk kiriman baru"):
        receive(as_csv([row]), code_book=REGSOSEK, **NEXT)
    deliver(as_csv([row, family_row(**{ROOF: "13"})]), code_book=made.code, **NEXT)
    assert roofs() == [
        (7, 4, {"book": "REGSOSEK-2022-2", "roof_type": 5}),
        (6, 1, {"book": "REGSOSEK-2022-2", "roof_type": 13}),
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"source": "a b"}, "Nama sumber"),
        ({"basis": " "}, "dasarnya"),
        ({"lines": [("roof_type", "", "6")]}, "bukan angka"),
        ({"lines": [("roof_type", "5", "")]}, "Pilih arti"),
        ({"lines": [("decile_of_all", "5", "6")]}, "Pilih arti"),
        ({"lines": [("roof_type", "5", "6"), ("roof_type", "05", "7")]}, "dua kali"),
        (
            {"lines": [("roof_type", "5", "6"), ("roof_type", "6", "5"), ("cooking_fuel", "12", "0")]},
            "sama dengan",
        ),
    ],
)
def test_a_version_that_says_nothing_or_too_much_is_refused_in_words(said, told):
    with pytest.raises(code_books.BookRefused, match=told):
        next_version(**said)

    assert not CodeBook.objects.exists()


def test_neither_a_book_nor_what_was_written_in_it_is_rewritten():
    deliver(as_csv([family_row(**{ROOF: "5"})]), code_book=REGSOSEK)
    next_version()

    for change in (
        lambda: CodeBook.objects.update(basis="lain"),
        lambda: CodeBook.objects.all().delete(),
        lambda: WelfareSnapshot.objects.update(written_codes=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_page_shows_every_book_and_makes_the_next_version(client):
    install_roles()
    client.force_login(make_user("data_admin"))
    address = reverse("admin:recipients_codebook_changelist")
    typed = {"sumber": "REGSOSEK-2022", "dasar": "Surat pusat 12/2026", "tertulis": ["5", ""],
             "arti": ["roof_type:7", ""]}  # fmt: skip

    page = client.get(address, {"dari": "REGSOSEK-2022"}).content.decode()
    refused = client.post(reverse("admin:recipients_codebook_make"), typed | {"dasar": ""})
    client.post(reverse("admin:recipients_codebook_make"), typed)

    assert '<th scope="row">Atap</th><td>5</td><td>bambu</td>' in page
    assert '<option value="roof_type:6" selected>' in page
    assert "Tulis dasarnya" in refused.content.decode()
    assert CodeBook.objects.get().to_ours == {"roof_type": {"5": "7"}}
    assert "hanya kiriman lama" in client.get(address).content.decode()


def test_who_uploads_chooses_the_book(client, tmp_path):
    install_roles()
    client.force_login(make_user("data_admin"))

    page = client.get(reverse("admin:recipients_import_upload")).content.decode()

    assert "Buku kode" in page
    assert REGSOSEK in page
    assert receive(as_csv([family_row()]), code_book=REGSOSEK).state == BatchState.PREVIEWED
