"""The catalogue of bad input (domain.md 10): for each sample file the exact rows that are not used, and why."""

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from recipients import services
from recipients.enums import BatchState, GuardCode
from recipients.importing import issues, staging
from recipients.importing.readers.notes import from_json
from recipients.models import ImportBatch, WelfareSnapshot
from recipients.models.code_books import REGSOSEK
from tests.factories.registry import make_village
from tests.files import make_files
from tests.files.list_samples import LIST_FILES
from tests.recipients.deliveries import deliver, receive

FILES = Path(make_files.__file__).parent
CARD, NAME, DECILE, VILLAGE = (
    "nomor_kartu_keluarga",
    "nama_anggota_keluarga",
    "desil_nasional",
    "kelurahan_desa",
)
CAR, NIK, BORN = "aset_bergerak_mobil", "nomor_induk_kependudukan", "tanggal_lahir"

# Rows not used (line, column, code); rows used; notes told. A text instead: the whole file is refused, in these words.
FAMILIES = {
    "nomor-notasi-ilmiah.csv": ([(2, CARD, "NUMBER_SCIENTIFIC")], 1),
    "nomor-sel-angka-akhir-nol.xlsx": ([(2, CARD, "NUMBER_ROUNDED")], 1),
    "nomor-papua-sel-angka.xlsx": ([(3, CARD, "NUMBER_ROUNDED")], 2),
    "nomor-berakhir-titik-nol.csv": ([], 2),
    "nomor-tanda-petik.csv": ([], 2),
    "nomor-dengan-spasi.csv": ([], 2),
    "nomor-disensor.csv": ([(2, CARD, "NUMBER_MASKED"), (3, CARD, "NUMBER_MASKED")], 0),
    "nomor-pengganti.csv": ([(line, CARD, "NUMBER_NONE") for line in range(2, 8)], 0),
    "nomor-kurang-angka.csv": ([(2, CARD, "NUMBER_LENGTH"), (3, CARD, "NUMBER_LENGTH")], 1),
    "nomor-kosong.csv": ([(2, CARD, "NUMBER_EMPTY")], 1),
    "nomor-angka-lebar.csv": ([(2, CARD, "NUMBER_LENGTH"), (3, CARD, "NUMBER_LENGTH")], 1),
    "nomor-tanggal-mustahil.csv": ([(2, CARD, "NUMBER_SHAPE")], 1),
    "nomor-dengan-nul.csv": ([(2, CARD, "NUMBER_LENGTH")], 1),
    "nama-dengan-nul.csv": ([(2, NAME, "TEXT_CONTROL")], 1),
    "kk-ganda-isi-beda.csv": ([(2, "", "DUPLICATE_CARD"), (3, "", "DUPLICATE_CARD")], 1),
    "baris-kembar.csv": ([(3, "", "DUPLICATE_ROW")], 2),
    "nama-rumus.csv": ([], 2),
    "nama-skrip.csv": ([], 2),
    "nama-sql.csv": ([], 2),
    "nama-almarhum.csv": ([], 2, "NAME_DECEASED"),
    "nama-kosong.csv": ([(2, NAME, "TEXT_EMPTY")], 1),
    "nama-panjang.csv": ([(2, NAME, "TEXT_LENGTH")], 1),
    "nama-berisi-nik.csv": ([(2, NAME, "TEXT_NUMBER")], 1),
    "alamat-200-ribu-huruf.csv": ([(2, "alamat", "TEXT_LENGTH")], 1),
    "alamat-garis-miring.csv": ([], 2),
    "desa-di-luar-kabupaten.csv": ([(2, VILLAGE, "VILLAGE_OUTSIDE")], 1),
    "desa-tidak-dikenal.csv": ([(2, VILLAGE, "VILLAGE_UNKNOWN")], 1),
    "desa-berawalan.csv": ([], 2),
    "desil-ditulis-lain.csv": ([], 6),
    "desil-rentang.csv": ([(2, DECILE, "DECILE_RANGE"), (3, DECILE, "DECILE_RANGE")], 1),
    "desil-di-luar.csv": ([(line, DECILE, "CODE_RANGE") for line in (2, 3, 4)], 1),
    "ya-tidak-ditulis-kata.csv": ([], 9),
    "ya-tidak-nol.csv": ([(2, CAR, "CODE_RANGE")], 1),
    "baris-jumlah-dan-tanda-tangan.csv": ([], 2, "HEADER_AGAIN", "TOTAL_ROWS", "FOOTER_ROWS"),
    "judul-di-atas.csv": ([], 2, "TITLE_ROWS"),
    "judul-lain.csv": ([], 2),
    "kolom-lebih.csv": ([], 1, "COLUMNS_UNUSED"),
    "rt-rw-ditulis-lain.csv": ([], 5),
    "telepon-ditulis-lain.csv": ([], 5, "COLUMNS_UNUSED"),
    "kode-desa-ditulis-lain.csv": ([(8, VILLAGE, "VILLAGE_UNKNOWN")], 6),
    "desa-nama-lain.csv": ([], 2),
    "atap-buku-kode-lain.csv": ([], 2),
    "kiriman-sebagian.csv": ([], 1),
    "sel-kurang.csv": ([(2, "", "ROW_LENGTH")], 1),
    "sel-lebih.csv": ([(2, "", "ROW_LENGTH")], 1),
    "titik-koma.csv": ([], 2),
    "sep-titik-koma.csv": ([], 2),
    "utf16.csv": ([], 2, "UTF16"),
    "utf8-bom.csv": ([], 2),
    "windows-1252.csv": ([], 2, "ENCODING"),
    "baris-baru-dalam-alamat.csv": ([], 2),
    "sel-rumus-gagal.xlsx": ([(2, DECILE, "CELL_ERROR"), (2, CAR, "CELL_ERROR")], 0),
    "sel-rumus-belum-dihitung.xlsx": ([(2, DECILE, "CELL_UNCALCULATED")], 0),
    "sel-rumus-dihitung.xlsx": ([], 1),
    "baris-berakhir-cr.csv": ([], 2, "CR_LINES"),
    "xml-spreadsheet-2003.xls": ([], 2),
    "halaman-web.xls": ([], 2, "HTML_TABLE"),
    "xls-lama.xls": ([], 2),
    "lembar-per-desa.xlsx": ([], 2, "SHEETS_TAKEN"),
    "lembar-tersembunyi.xlsx": ([], 1, "HIDDEN_SHEETS"),
    "baris-tersembunyi.xlsx": ([], 2, "HIDDEN_ROWS"),
    "zip-berisi-csv.zip": ([], 2),
    "judul-ganda.csv": "judul kolom ganda: nomor_kartu_keluarga",
    "kolom-tidak-ada.csv": "Kolom tidak ada di berkas keluarga.csv: desil_nasional",
    "hanya-judul.csv": "hanya berisi judul kolom",
    "kosong.csv": "kosong (0 byte)",
    "kutip-tidak-ditutup.csv": "tanda kutip di baris 3",
    "xls-kata-sandi.xls": "kata sandi",
    "xlsx-terpotong.xlsx": "terpotong",
    "xlsx-makro.xlsx": "makro",
    "dbase.xls": "dBase, bukan tabel",
    "arsip-rar.csv": "RAR, bukan tabel",
    "gambar.csv": "gambar, bukan tabel",
}
MEMBERS = {
    "nomor-tertukar-kolom.csv": ([(2, NIK, "NUMBERS_SWAPPED")], 1),
    "nomor-sama-di-dua-kolom.csv": ([(2, NIK, "NUMBERS_SAME")], 1),
    "tanggal-ditulis-lain.csv": ([], 7),
    "tanggal-kosong.csv": ([], 4),
    "tanggal-mustahil.csv": ([(line, BORN, "DATE") for line in range(3, 8)], 1),
    "lahir-dan-kelamin-beda-nik.csv": ([], 2, "BIRTH_DIFFERS", "SEX_DIFFERS"),
    "kelamin-salah.csv": ([(3, "jenis_kelamin", "SEX")], 1),
    "kelamin-huruf.csv": ([], 2),
    "nik-di-dua-keluarga.csv": ([(3, "", "DUPLICATE_NIK"), (4, "", "DUPLICATE_NIK")], 1),
    "anggota-tanpa-keluarga.csv": ([(3, "", "MEMBER_WITHOUT_FAMILY")], 1),
    "anggota-acak.csv": ([], 2),
    "anggota-lengkap.csv": ([], 7),
    "nik-milik-orang-lain.csv": ([], 7),
    "orang-dengan-dua-nik.csv": ([], 7),
    "keluarga-tanpa-kepala.csv": ([], 7),
    "kepala-keluarga-dua.csv": ([], 7),
    "jumlah-anggota-beda.csv": ([], 6),
    "anggota-lebih-dari-15.csv": ([], 21),
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _village(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    village = make_village()
    village.aliases, village.bps_code = ["Kessik"], "5203060001"
    village.parent.aliases = ["Mas Bagik", "Masbagek"]
    village.save(update_fields=["aliases", "bps_code"])
    village.parent.save(update_fields=["aliases"])


def check(batch, kind, expected):
    if isinstance(expected, str):
        assert batch.state == BatchState.REFUSED
        assert expected in batch.refusal
        return
    rows, used, *notes = expected
    found = batch.refused_rows.filter(file=kind).values_list("line", "column", "code")
    assert Counter(found) == Counter(rows)
    counts = batch.counts
    is_family = kind == "FAMILY"
    assert (counts["accepted"] if is_family else counts["member_rows"] - counts["members_refused"]) == used
    told = [note for note in from_json(counts["notes"][kind]) if note.code != "DELIMITER"]
    assert [note.code for note in told] == [*notes]
    assert all("{" not in note.message() for note in told)
    for row in batch.refused_rows.all():  # the message names the column, says what is there and what to do
        assert not row.column or row.column in row.message or row.value in row.message
        assert "{" not in row.message
        assert len(row.message.split()) > 5


@pytest.mark.parametrize("name", FAMILIES)
def test_a_bad_family_file_leads_to_exactly_this(name):
    check(receive((FILES / name).read_bytes()), "FAMILY", FAMILIES[name])


@pytest.mark.parametrize("name", MEMBERS)
def test_a_bad_member_file_leads_to_exactly_this(name):
    batch = receive((FILES / "titik-koma.csv").read_bytes(), (FILES / name).read_bytes())

    check(batch, "MEMBER", MEMBERS[name])


def test_rt_and_rw_stay_in_the_address_as_they_were_written():
    """No layout and no rule has a field for them; what a clerk reads on the page is what stood in the file."""
    deliver((FILES / "rt-rw-ditulis-lain.csv").read_bytes())

    addresses = WelfareSnapshot.objects.order_by("pk").values_list("address", flat=True)
    assert list(addresses) == [*make_files.RT_RW]


def test_a_telephone_column_is_told_and_goes_nowhere():
    """A number is kept where its owner gave it for letters (objections), not where a file brings it."""
    batch = receive((FILES / "telepon-ditulis-lain.csv").read_bytes())

    (told,) = [one for one in from_json(batch.counts["notes"]["FAMILY"]) if one.code == "COLUMNS_UNUSED"]
    assert (told.count, told.text) == (1, "no_hp")
    assert "tetap ada di berkas asli" in told.message()


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("anggota-lengkap.csv", {}),
        ("keluarga-tanpa-kepala.csv", {"NO_HEAD": 1}),
        ("kepala-keluarga-dua.csv", {"TWO_HEADS": 1}),
        ("jumlah-anggota-beda.csv", {"COUNT_DIFFERS": 1}),
        ("anggota-lebih-dari-15.csv", {"COUNT_DIFFERS": 1, "LARGE": 1}),
    ],
)
def test_families_that_cannot_be_so_are_counted(name, odd):
    batch = receive((FILES / "titik-koma.csv").read_bytes(), (FILES / name).read_bytes())

    assert batch.preview["odd_families"] == odd


def test_a_part_of_a_release_the_same_again_and_the_same_file_are_told():
    deliver((FILES / "titik-koma.csv").read_bytes())
    later = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}

    part = receive((FILES / "kiriman-sebagian.csv").read_bytes(), **later)
    same = receive((FILES / "utf16.csv").read_bytes(), **later)

    assert [guard.code for guard in part.guards.all()] == [GuardCode.FAMILIES_MISSING]
    assert [guard.code for guard in same.guards.all()] == [GuardCode.NOTHING_NEW]
    with pytest.raises(services.ImportRefused, match="sudah dimuat"):
        receive((FILES / "titik-koma.csv").read_bytes(), **later)
    with pytest.raises(services.ImportRefused, match="tidak lebih baru"):
        receive((FILES / "utf8-bom.csv").read_bytes(), label="2025-Q4", as_of=date(2025, 10, 20))


def test_codes_of_the_other_book_hold_the_file_and_mean_our_roofs_when_it_is_named():
    data = (FILES / "atap-buku-kode-lain.csv").read_bytes()

    assert [guard.code for guard in receive(data).guards.all()] == [GuardCode.OTHER_CODE_BOOK]
    ImportBatch.objects.update(state=BatchState.REFUSED)
    deliver(data, code_book=REGSOSEK)
    roofs = WelfareSnapshot.objects.order_by("pk").values_list("roof_type", "cooking_fuel")
    assert list(roofs) == [(6, 0), (5, 4)]


def test_a_file_of_too_many_rows_is_refused_with_the_limit(monkeypatch):
    monkeypatch.setattr(staging, "ROWS_LIMIT", 1)

    batch = receive((FILES / "titik-koma.csv").read_bytes())

    assert "lebih dari 1 baris" in batch.refusal


def test_one_nik_in_thousands_of_rows_is_one_kind_of_fault_and_takes_no_longer_for_it():
    rows = [make_files.member(nama=f"ORANG {n}") for n in range(20_000)]
    started = time.process_time()

    batch = receive(
        (FILES / "titik-koma.csv").read_bytes(), make_files.as_csv(*rows, header=make_files.MEMBER)
    )

    assert "Tidak ada" not in batch.refusal
    assert batch.counts["refused_by_code"] == {"DUPLICATE_NIK": 20_000}
    assert time.process_time() - started < 10


def test_every_sample_has_its_outcome_and_every_code_its_sample():
    written = {path.name for path in FILES.iterdir() if path.suffix not in (".py", "")}
    codes = {
        code for expected in (*FAMILIES.values(), *MEMBERS.values()) for _l, _c, code in rows_of(expected)
    }

    assert written == FAMILIES.keys() | MEMBERS.keys() | LIST_FILES.keys()
    assert codes | {"LEFT_OUT"} == issues.MESSAGES.keys()  # left out by a person, not by a file
    assert issues.MESSAGES.keys() == issues.CODE_LABELS.keys()


def rows_of(expected):
    return [] if isinstance(expected, str) else expected[0]
