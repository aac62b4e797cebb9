"""The same district as spreadsheets."""

import csv

import openpyxl
import pytest

from recipients.synthetic import files
from recipients.synthetic.district import District
from recipients.synthetic.files import XlsxTable

IDENTIFIERS = {
    "nomor_kartu_keluarga", "nomor_induk_kependudukan", "kode_kelurahan_desa", "kode_kelurahan_desa_ktp",
    "id_pelanggan_pln", "rt_ktp", "tanggal_lahir",
}  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    out = tmp_path_factory.mktemp("district")
    District(families=60, seed=2, releases=1).write(out, "both")
    return out / "2025-Q4"


@pytest.mark.parametrize("name", ["keluarga", "anggota"])
def test_spreadsheet_says_what_the_csv_says_with_identifiers_as_text(release, name):
    with (release / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        expected = list(csv.reader(lines))
    sheet = openpyxl.load_workbook(release / f"{name}.xlsx").active
    cells = list(sheet.iter_rows())

    assert [["" if cell.value is None else str(cell.value) for cell in row] for row in cells] == expected
    for column, header in enumerate(expected[0]):
        if header in IDENTIFIERS:
            assert {row[column].data_type for row in cells if row[column].value} == {"s"}, header


def test_codes_are_numbers_as_spreadsheets_have_them(release):
    sheet = openpyxl.load_workbook(release / "keluarga.xlsx").active
    header = [cell.value for cell in sheet[1]]

    assert sheet.cell(2, header.index("luas_lantai") + 1).data_type == "n"


def test_rows_past_the_end_of_a_sheet_go_on_in_the_next_under_the_same_header(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "SHEET_ROWS", 3)
    table = XlsxTable(tmp_path / "anggota", ("nama", "kelas"))

    table.write("=A,1\nB,2\nC,\n")
    table.close()

    sheets = openpyxl.load_workbook(tmp_path / "anggota.xlsx").worksheets
    assert [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in sheets] == [
        [["nama", "kelas"], ["=A", 1], ["B", 2]],
        [["nama", "kelas"], ["C", None]],
    ]
    assert sheets[0]["A2"].data_type == "s"
