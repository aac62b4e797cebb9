"""The catalogue of bad input (domain.md 10) for lists: the rows of each sample that are not used, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from recipients.enums import ListKind, Unit
from recipients.importing.lists import mapping
from recipients.importing.lists.issues import LABELS
from recipients.importing.readers.notes import from_json
from recipients.models import Enrolment, Programme, Region
from recipients.roles import install_roles
from tests.factories.registry import make_family, make_member, make_release, make_village
from tests.factories.staff import make_user
from tests.files import list_samples as samples
from tests.recipients.list_files import AS_OF, check, deliver

FILES = Path(samples.__file__).parent
RECIPIENTS, PAYOUT = ListKind.RECIPIENTS, ListKind.PAYOUT

# Kind of list; rows not used (line -> code); rows used.
LISTS: dict[str, tuple[str, dict[int, str], int]] = {
    "daftar-nama-lain.csv": (RECIPIENTS, {3: "NAME_DIFFERS"}, 1),
    "daftar-nama-disingkat.csv": (RECIPIENTS, {}, 4),
    "daftar-nik-disensor.csv": (
        ListKind.NATIONAL_CHECK,
        {3: "MASK_AMBIGUOUS", 4: "MASK_NOT_FOUND", 5: "MASK_NEEDS_PLACE"},
        1,
    ),
    "daftar-nomor-pengganti.csv": (RECIPIENTS, dict.fromkeys(range(3, 8), "NUMBER_MISSING"), 1),
    "daftar-nomor-rusak.csv": (RECIPIENTS, {3: "NUMBER_SCIENTIFIC", 4: "NUMBER_LENGTH"}, 1),
    "daftar-nik-tidak-dikenal.csv": (RECIPIENTS, {3: "NOT_FOUND", 4: "NIK_UNKNOWN"}, 1),
    "daftar-keluarga-dua-kali.csv": (RECIPIENTS, {3: "DUPLICATE_ROW", 4: "SAME_FAMILY_TWICE"}, 1),
    "daftar-isi-bertentangan.csv": (RECIPIENTS, {3: "CONTRADICTING", 4: "CONTRADICTING"}, 1),
    "daftar-kk-tanpa-nik.csv": (RECIPIENTS, {3: "NEEDS_PERSON"}, 1),
    "daftar-kata-tidak-dikenal.csv": (
        RECIPIENTS, {3: "WORD_UNKNOWN", 4: "WORD_EMPTY", 5: "WORD_UNKNOWN"}, 1),
    "daftar-tanggal-ditulis-lain.csv": (RECIPIENTS, {}, 4),
    "daftar-tanggal-salah.csv": (RECIPIENTS, {4: "LIST_DATE", 5: "LIST_DATE"}, 2),
    "daftar-uang-ditulis-lain.csv": (PAYOUT, {}, 4),
    "daftar-uang-salah.csv": (PAYOUT, {4: "LIST_AMOUNT", 5: "LIST_AMOUNT"}, 2),
    "daftar-tahap-salah.csv": (PAYOUT, {3: "LIST_PERIOD"}, 1),
    "daftar-dibayar-tanpa-tercatat.csv": (PAYOUT, {3: "NO_ENROLMENT"}, 1),
    "daftar-kode-bps-salah.csv": (
        ListKind.REGION_CODES,
        {2: "BPS_CODE_TAKEN", 3: "BPS_CODE", 4: "BPS_CODE_TAKEN", 5: "REGION_UNKNOWN"},
        1,
    ),
    "daftar-berlaku-sampai-salah.csv": (ListKind.FLAGS, {3: "UNTIL_BEFORE"}, 1),
    "daftar-kolom-lebih.csv": (RECIPIENTS, {}, 1),
}  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _people(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    for name in ("KESIK", "DANGER", "LENDANG NANGKA"):
        make_village(name=name)
    release, families = make_release(), {}
    for nik, (card, name) in samples.PEOPLE.items():
        village = Region.objects.get(name="KESIK")
        if card not in families:
            families[card] = make_family(release=release, card_no=card, village=village)
        make_member(families[card], release=release, nik=nik, name=name)
    for code, unit in (("PKH", Unit.FAMILY), ("PBI_JK", Unit.PERSON)):
        Programme.objects.create(code=code, name=code, unit=unit, owner="Kemensos")


def enrol_wira():
    deliver(RECIPIENTS, [dict(zip(("NIK", "NAMA", "PROGRAM"), samples.RECEIVES, strict=True))])


@pytest.mark.parametrize("name", LISTS)
def test_a_bad_list_leads_to_exactly_this(name):
    kind, unused, used = LISTS[name]
    if kind == PAYOUT:
        enrol_wira()

    delivery = check(kind, (FILES / name).read_bytes())

    assert delivery.state == "PREVIEWED", delivery.refusal
    assert dict(delivery.rows.values_list("line", "code")) == unused
    assert delivery.counts["used"] == used
    for row in delivery.rows.all():  # says what is there and what to do
        assert "{" not in row.message
        assert row.column in row.message
        assert len(row.message.split()) > 5


def test_columns_of_no_field_are_told_and_their_phone_numbers_and_addresses_go_nowhere():
    """A telephone number is kept where its owner gave it for letters (objections), not where a list brings it; house,
    RT and RW are those of the registry's address. Both stay in the original file, and the page says so."""
    delivery = check(RECIPIENTS, (FILES / "daftar-kolom-lebih.csv").read_bytes())

    (told,) = [note for note in from_json(delivery.counts["notes"]) if note.code == "COLUMNS_UNUSED"]
    assert told.text == "alamat, rt, rw, no hp"
    assert "tetap ada di berkas asli" in told.message()


def test_a_name_with_almh_is_told():
    delivery = check(RECIPIENTS, (FILES / "daftar-nama-disingkat.csv").read_bytes())

    (told,) = [note for note in from_json(delivery.counts["notes"]) if note.code == "NAME_DECEASED"]
    assert (told.count, told.line) == (1, 4)


def test_amounts_in_every_spelling_are_the_same_money():
    enrol_wira()

    deliver(PAYOUT, (FILES / "daftar-uang-ditulis-lain.csv").read_bytes())

    assert set(Enrolment.objects.get().payouts.values_list("amount", flat=True)) == {600_000}


def test_dates_in_every_spelling_are_the_same_day():
    deliver(RECIPIENTS, (FILES / "daftar-tanggal-ditulis-lain.csv").read_bytes())

    days = Enrolment.objects.values_list("since", flat=True).order_by("since")
    assert [day.isoformat() for day in days] == ["2026-01-05"] * 3 + [AS_OF.isoformat()]


def test_every_code_of_lists_has_its_sample():
    codes = {code for _kind, unused, _used in LISTS.values() for code in unused.values()}

    assert LABELS.keys() <= codes
    assert LISTS.keys() == samples.LIST_FILES.keys()


def test_samples_on_the_mapping_page_show_no_whole_telephone_or_account_number():
    head = ["hp", "rekening", "lahir", "kode", "jumlah"]
    rows = [
        ["+62 812-3456-7802", "112233445566", "08-05-1980", "5203012001", "600000"],
        ["081234567803", "0011-22", "8/5/1980", "52.03.01.2001", "Rp600.000,00"],
    ]

    assert mapping.samples(head, rows) == {
        "hp": ["6281*******02", "0812******03"],
        "rekening": ["1122******66", "0011-22"],
        "lahir": ["08-05-1980", "8/5/1980"],
        "kode": ["5203012001", "52.03.01.2001"],
        "jumlah": ["600000", "Rp600.000,00"],
    }


def test_a_list_that_finds_nobody_does_not_say_that_all_is_known_already(client):
    install_roles()
    client.force_login(make_user("office_head"))
    delivery = check(RECIPIENTS, [{"NIK": samples.NOBODY, "NAMA": "ORANG LAIN", "PROGRAM": "PKH"}])

    page = client.get(reverse("admin:recipients_listdelivery_change", args=[delivery.pk])).content.decode()

    assert "Tidak ada baris yang cocok" in page
    assert "sudah tercatat semua" not in page
