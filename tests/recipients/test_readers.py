"""Any file of tables is read exactly, or refused with a message that says what to do."""

import io
import secrets
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from bansos.common.sealedfiles import FRAME_BYTES
from recipients.importing import storage
from recipients.importing.readers import FileRefused, NumberText, open_table, place
from tests.recipients import workbooks
from tests.recipients.workbooks import inline, ods, raw_xlsx, saved, xls, xlsx, zipped

NIK = "5203995205809001"
HEADER = ["NIK", "Nama", "Desil"]
ROW = [NIK, "INAQ SAHRUN", "3"]


def opened(data, name="berkas", **chosen):
    return open_table(io.BufferedReader(io.BytesIO(data)), name, **chosen)


def read(data, **chosen):
    table = opened(data, **chosen)
    rows = list(table.rows())
    return table.header, rows, [note.code for note in table.notes.all() if note.code != "DELIMITER"]


def refusal(data):
    with pytest.raises(FileRefused) as refused:
        list(opened(data).rows())
    return str(refused.value)


def as_text(*rows, delimiter=",", encoding="utf-8"):
    return "".join(delimiter.join(row) + "\r\n" for row in rows).encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_csv_is_read_in_any_delimiter_and_encoding(delimiter, encoding):
    row = [NIK, "DÉWI MA’RUF", "3"]

    header, rows, _notes = read(as_text(HEADER, row, delimiter=delimiter, encoding=encoding))

    assert header == ["nik", "nama", "desil"]
    assert rows == [(2, row)]


def test_csv_with_old_windows_letters_says_how_many_rows_had_them():
    data = as_text(HEADER, ROW) + f"{NIK},DÉWI,3\r\n".encode("cp1252")

    assert read(data)[2] == ["ENCODING"]


def test_csv_honours_the_line_that_names_its_delimiter():
    assert read(b"sep=;\r\n" + as_text(HEADER, ROW, delimiter=";"))[1] == [(3, ROW)]


def test_a_line_break_in_quotes_belongs_to_its_row():
    data = f'NIK,Nama,Alamat\n{NIK},INAQ,"DUSUN\nMONTONG, RT 3"\n{NIK},AMAQ,X\n'.encode()

    rows = read(data)[1]

    assert rows == [(2, [NIK, "INAQ", "DUSUN\nMONTONG, RT 3"]), (4, [NIK, "AMAQ", "X"])]


def test_lines_that_end_with_cr_alone_are_lines_and_a_break_in_quotes_is_none():
    data = f'NIK,Nama,Alamat\r{NIK},INAQ,"DUSUN\nMONTONG\rRT 3"\r{NIK},AMAQ,X\r'.encode()

    _header, rows, notes = read(data)

    assert rows == [(2, [NIK, "INAQ", "DUSUN\nMONTONG\nRT 3"]), (5, [NIK, "AMAQ", "X"])]
    assert notes == ["CR_LINES"]


def spreadsheet_xml(*sheets, hidden="", how="SheetHidden"):
    """Sheets as XML of their rows; the one named `hidden` is not shown."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    parts = [
        f'<Worksheet ss:Name="{name}"><Table>{rows}</Table><WorksheetOptions xmlns="urn:x"><Visible>'
        f"{how if name == hidden else 'SheetVisible'}</Visible></WorksheetOptions></Worksheet>"
        for name, rows in sheets
    ]
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{"".join(parts)}</Workbook>'
    ).encode()


def xml_rows(rows):
    cells = [
        "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' if c else "<Cell/>" for c in r)
        for r in rows
    ]
    return "".join(f"<Row>{row}</Row>" for row in cells)


def test_xml_spreadsheets_keep_digits_dates_places_and_formulas_and_leave_notes_and_hidden_sheets():
    odd = (
        '<Row ss:Index="4" ss:Hidden="1"><Cell><Data ss:Type="Number">9101990101010003</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="DateTime">1980-05-12T00:00:00.000</Data></Cell>'
        '<Cell ss:Formula="=1+2"><Data ss:Type="Number">3</Data></Cell><Cell ss:Formula="=A1"/>'
        '<Cell><ss:Data ss:Type="String">A &amp; <B>B</B></ss:Data><Comment><ss:Data>pesan</ss:Data></Comment></Cell>'
        '<Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>'
    )
    header = [*HEADER, "Angka", "Rumus", "Ket", "Lain"]

    data = spreadsheet_xml(("A", xml_rows([header]) + odd), ("B", xml_rows([HEADER, ROW])), hidden="B")
    _header, rows, notes = read(data)

    assert rows == [(4, ["9101990101010003", "", "1980-05-12", "3", "#BELUM_DIHITUNG", "A & B", "#REF!"])]
    assert isinstance(rows[0][1][0], NumberText)
    assert notes == ["HIDDEN_SHEETS", "HIDDEN_ROWS"]
    assert [cells for _line, cells in read(data, sheets=["B"])[1]] == [ROW]


def test_rows_of_an_xml_spreadsheet_have_a_line_each_and_a_sheet_that_is_hidden_well_is_hidden():
    twice = xml_rows([HEADER, ROW]) + xml_rows([ROW]).replace("<Row>", '<Row ss:Index="2">')
    data = spreadsheet_xml(("A", twice), ("B", xml_rows([HEADER, ROW])), hidden="B", how="SheetVeryHidden")

    _header, rows, notes = read(data)

    assert [line for line, _cells in rows] == [2, 3]
    assert notes == ["HIDDEN_SHEETS"]


def test_sheets_of_an_xml_spreadsheet_are_read_side_by_side():
    many = [[f"52039952058{number:05d}", "INAQ", "3"] for number in range(30_000)]
    data = spreadsheet_xml(("A", xml_rows([HEADER, *many])), ("B", xml_rows([HEADER, *many])))

    _header, rows, _notes = read(data)

    assert [cells for _line, cells in rows] == [*many, *many]


WRITERS = {
    "csv": lambda rows: as_text(*rows),
    "xlsx": lambda rows: xlsx(rows),
    "xls": xls,
    "zip of csv": lambda rows: zipped({"data.csv": as_text(*rows)}),
    "zip of xlsx": lambda rows: zipped({"data.xlsx": xlsx(rows)}),
    "html": lambda rows: (
        "<html><table>"
        + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        + "</table></html>"
    ).encode(),
    "ods": lambda rows: ods(ods_table(rows)),
    "xml spreadsheet": lambda rows: spreadsheet_xml(("A", xml_rows(rows))),
    "zip of xml spreadsheet": lambda rows: zipped({"a.xls": spreadsheet_xml(("A", xml_rows(rows)))}),
}


def ods_table(rows, name="Data", style="ta1"):
    cells = [
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        for row in rows
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f'<table:table table:name="{name}" table:style-name="{style}">{body}</table:table>'


@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_file_gives_the_same_rows(kind):
    header, rows, _notes = read(WRITERS[kind]([HEADER, ROW, [NIK, "AMAQ", "10"]]))

    assert header == ["nik", "nama", "desil"]
    assert [cells for _line, cells in rows] == [ROW, [NIK, "AMAQ", "10"]]


@pytest.mark.parametrize("kind", WRITERS)
def test_in_every_kind_titles_sums_signatures_and_repeated_headers_are_told_and_left_out(kind):
    page = [
        ["DAFTAR KELUARGA DESA KESIK", "", ""],
        ["TAHUN 2026", "", ""],
        HEADER,
        ["1", "2", "3"],
        ROW,
        ["JUMLAH", "1", ""],
        ["DESA MASBAGIK", "", ""],
        HEADER,
        [NIK, "AMAQ", "4"],
        ["", "Mengetahui", ""],
        ["", "Kepala Desa Kesik", ""],
        ["", "H. LALU MASRI", ""],
    ]

    table = opened(WRITERS[kind](page))
    rows = [cells for _line, cells in table.rows()]

    told = {note.code: note.count for note in table.notes.all()}
    assert table.header == ["nik", "nama", "desil"]
    assert rows == [ROW, [NIK, "AMAQ", "4"]]
    assert {code: told[code] for code in sorted(told) if code not in ("DELIMITER", "HTML_TABLE")} == {
        "COLUMN_NUMBERS": 1,
        "FOOTER_ROWS": 3,
        "GROUP_ROWS": 1,
        "HEADER_AGAIN": 1,
        "TITLE_ROWS": 2,
        "TOTAL_ROWS": 1,
    }


def test_a_header_merged_over_two_lines_becomes_one():
    book = Workbook()
    for row in (
        ["NIK", "Nama", "Aset", "", "Desil"],
        ["", "", "Mobil", "Motor", ""],
        [NIK, "INAQ", "2", "1", "3"],
    ):
        book.active.append(row)
    book.active.merge_cells("C1:D1")

    header, rows, notes = read(saved(book))

    assert header == ["nik", "nama", "aset mobil", "aset motor", "desil"]
    assert rows == [(3, [NIK, "INAQ", "2", "1", "3"])]
    assert notes == ["HEADER_TWO_LINES"]


@pytest.mark.parametrize("number", ["9101990101010003", "5203995205809001", "1111111111111111"])
@pytest.mark.parametrize("shape", ["{0}", "{0}.0", "{1}"])
def test_number_cells_keep_every_digit_and_are_marked(number, shape):
    stored = shape.format(number, f"{number[0]}.{number[1:]}E+15")
    data = raw_xlsx(inline(1, "NIK", "Nama") + f'<row r="2"><c r="A2"><v>{stored}</v></c></row>')

    ((_line, cells),) = read(data)[1]

    assert cells[0] == number
    assert isinstance(cells[0], NumberText)


def test_number_cells_of_ods_keep_every_digit():
    row = (
        '<table:table-row><table:table-cell office:value-type="float" office:value="9101990101010003">'
        "<text:p>9,10101E+15</text:p></table:table-cell></table:table-row>"
    )
    table = ods_table([["NIK"]]).replace("</table:table>", f"{row}</table:table>")

    ((_line, cells),) = read(ods(table))[1]

    assert cells == ["9101990101010003"]
    assert isinstance(cells[0], NumberText)


def test_short_number_cells_are_plain_text_and_dates_are_days():
    book = Workbook()
    book.active.append(["NIK", "Desil", "Luas", "Tanggal lahir", "Bagian"])
    book.active.append([NIK, 3, 36.5, date(1980, 5, 12), 0.1])

    ((_line, cells),) = read(saved(book))[1]

    assert cells == [NIK, "3", "36.5", "1980-05-12", "0.1"]
    assert not any(isinstance(cell, NumberText) for cell in cells)


def test_formulas_give_their_stored_value_and_errors_their_name():
    row = (
        '<row r="2"><c r="A2" t="str"><f>B2&amp;""</f><v>5203995205809001</v></c><c r="B2"><f>1+2</f><v>3</v></c>'
        '<c r="C2" t="e"><f>X!A1</f><v>#REF!</v></c><c r="D2"><f>SUM(B2)</f></c></row>'
    )

    ((_line, cells),) = read(raw_xlsx(inline(1, "NIK", "Desil", "Nama", "Luas") + row))[1]

    assert cells == [NIK, "3", "#REF!", "#BELUM_DIHITUNG"]


def test_rich_text_entities_escapes_and_cdata_become_plain_text():
    book = Workbook()
    book.active.append(["NIK", "Nama", "Alamat"])
    book.active.append([NIK, CellRichText(TextBlock(InlineFont(b=True), "INAQ "), "SAHRUN"), "A & B <C>"])
    cdata = raw_xlsx(
        inline(1, "NIK", "Nama", "Alamat")
        + f'<row r="2"><c r="A2" t="inlineStr"><is><t>{NIK}</t></is></c><c r="B2" t="inlineStr"><is><t>'
        "<![CDATA[INAQ </row>]]></t></is></c>"
        '<c r="C2" t="inlineStr"><is><t>A_x000D_B &amp; &#67;</t></is></c></row>'
    )

    assert read(saved(book))[1] == [(2, [NIK, "INAQ SAHRUN", "A & B <C>"])]
    assert read(cdata)[1] == [(2, [NIK, "INAQ </row>", "A\rB & C"])]


def test_names_with_a_prefix_are_read_by_the_parser():
    plain = raw_xlsx(inline(1, *HEADER) + inline(2, *ROW))
    with zipfile.ZipFile(io.BytesIO(plain)) as container:
        files = {part: container.read(part).decode() for part in container.namelist()}
    sheet = files["xl/worksheets/sheet1.xml"]
    for tag in ("worksheet", "sheetData", "row", "c", "is", "t"):
        sheet = (
            sheet.replace(f"<{tag} ", f"<x:{tag} ")
            .replace(f"<{tag}>", f"<x:{tag}>")
            .replace(f"</{tag}>", f"</x:{tag}>")
        )
    files["xl/worksheets/sheet1.xml"] = sheet.replace("xmlns=", "xmlns:x=")

    assert read(zipped(files))[1] == [(2, ROW)]


def test_the_scan_hands_over_to_the_parser_without_losing_or_doubling_a_row():
    rows = "".join(inline(number, f"52039952058{number:05d}", "INAQ", "3") for number in range(2, 20_000))
    odd = '<row r="20000"><c t="inlineStr" r="A20000"><is><t>5203995205820000</t></is></c></row>'

    found = read(raw_xlsx(inline(1, *HEADER) + rows + odd))[1]

    assert [line for line, _cells in found] == list(range(2, 20_001))
    assert [cells[0] for _line, cells in found] == [f"52039952058{number:05d}" for number in range(2, 20_001)]


def test_all_visible_sheets_with_the_same_header_are_taken_and_the_rest_told():
    data = xlsx(
        [HEADER, ROW],
        [HEADER, ROW, ROW],
        [["Catatan", "Lain"], ["a", "b"]],
        [HEADER, ROW],
        hidden=["Lembar 4"],
    )

    _header, rows, notes = read(data)

    assert [place(line) for line, _cells in rows] == [(1, 2), (2, 2), (2, 3)]
    assert notes == ["HIDDEN_SHEETS", "SHEETS_TAKEN", "SHEETS_LEFT"]


def test_a_sheet_filled_to_its_last_possible_row_is_told():
    data = raw_xlsx(inline(1, *HEADER) + inline(1_048_576, *ROW))

    assert read(data)[2] == ["SHEET_FULL"]


def test_one_sheet_can_be_chosen_also_a_hidden_one_and_every_sheet_is_told():
    other = [["NIK", "NIK"], [NIK, NIK]]
    data = xlsx([HEADER, ROW, ROW], [HEADER, [NIK, "LAIN", "9"]], other, [], hidden=["Lembar 2", "Lembar 3"])
    table = opened(data, sheets=["lembar 2 "])

    assert [cells[1] for _line, cells in table.rows()] == ["LAIN"]
    told = [(one.name, one.rows, one.is_hidden, one.is_alike, one.is_taken) for one in table.all_sheets()]
    assert told == [
        ("Lembar 1", 2, False, True, False),
        ("Lembar 2", 1, True, True, True),
        ("Lembar 3", 0, True, False, False),  # its header cannot be read, which nobody asked for
    ]


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        (
            ["Lembar 9"],
            "Lembar Lembar 9 tidak ada atau kosong di berkas berkas. Lembar yang ada: Lembar 1, Lembar 2.",
        ),
        (["Lembar 1", "Lembar 2"], "Judul kolom lembar Lembar 2 lain dari lembar Lembar 1"),
    ],
)
def test_sheets_that_are_not_there_or_unlike_are_refused_by_name(sheets, told):
    data = xlsx([HEADER, ROW], [["Kode", "Arti"], ["1", "Ya"]])

    with pytest.raises(FileRefused, match=told):
        opened(data, sheets=sheets)


def test_the_sheet_with_the_wanted_columns_is_taken_first():
    data = zipped(
        {"anggota.csv": as_text(HEADER, ROW), "keluarga.csv": as_text(["No KK", "Desil"], [NIK, "4"])}
    )

    header, rows, notes = read(data, wanted=["no_kk"])

    assert header == ["no kk", "desil"]
    assert [cells for _line, cells in rows] == [[NIK, "4"]]
    assert notes == ["SHEETS_LEFT"]


def test_hidden_rows_are_read_and_told():
    book = Workbook()
    for row in (HEADER, ROW, ROW):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    hidden_ods = ods(
        ods_table([HEADER, ROW]).replace("<table:table-row>", '<table:table-row table:visibility="filter">')
    )

    assert read(saved(book))[2] == ["HIDDEN_ROWS"]
    assert read(hidden_ods)[2] == ["HIDDEN_ROWS"]


def test_hidden_sheets_of_ods_are_left_and_repeated_rows_counted_out():
    data = ods(
        ods_table([HEADER, ROW]).replace(
            f'<table:table-row><table:table-cell office:value-type="string"><text:p>{NIK}',
            '<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="string">'
            f"<text:p>{NIK}",
        )
        + ods_table([HEADER, ROW], name="Rahasia", style="ta2")
    )

    _header, rows, notes = read(data)

    assert [line for line, _cells in rows] == [2, 3, 4]
    assert notes == ["HIDDEN_SHEETS"]


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "haha"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]><a>&y;</a>'
REFUSED = {
    "0 bytes": (b"", "kosong"),
    "only zeros": (b"\0" * 600, "terpotong"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "rar": (b"Rar!\x1a\x07\x00 ...", "RAR"),
    "dbase": (b"\x03\x7e\x05\x0c" + bytes(60), "dBase"),
    "xml": (b'<?xml version="1.0"?><Workbook></Workbook>', "XML"),
    "xml spreadsheet cut": (spreadsheet_xml(("A", xml_rows([HEADER, ROW])))[:-40], "terpotong"),
    "xml spreadsheet with an entity": (
        spreadsheet_xml(("A", "")).replace(b"?><W", b'?><!DOCTYPE a [<!ENTITY x "y">]><W'),
        "tidak aman",
    ),
    "xml spreadsheet without an end": (
        spreadsheet_xml(("A", '<Row ss:Index="9000000"><Cell><Data ss:Type="String">x</Data></Cell></Row>')),
        "1048576",
    ),
    "truncated zip": (xlsx([HEADER, ROW])[:-200], "terpotong"),
    "truncated sheet": (raw_xlsx(inline(1, *HEADER) + '<row r="2"><c r="A2"><v>1</'), "terpotong"),
    "no sheet": (
        zipped({"xl/workbook.xml": "<workbook/>", "xl/_rels/workbook.xml.rels": "<a/>"}),
        "terpotong",
    ),
    "shared text that is not there": (
        raw_xlsx(inline(1, *HEADER) + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'),
        "terpotong",
    ),
    "word document": (zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}), "Word"),
    "binary workbook": (zipped({"[Content_Types].xml": "<a/>", "xl/workbook.bin": "x"}), "XLSB"),
    "macros": (raw_xlsx(inline(1, *HEADER), parts={"xl/vbaProject.bin": "x"}), "makro"),
    "password": (workbooks.ole(b"x" * 5000, "EncryptedPackage"), "kata sandi"),
    "password of ods": (ods(ods_table([HEADER]), manifest="<a><encryption-data/></a>"), "kata sandi"),
    "old file cut": (xls([HEADER, ROW])[:1500], "terpotong"),
    "entity bomb": (raw_xlsx("", parts={"xl/workbook.xml": BOMB}), "tidak aman"),
    "entity bomb in a sheet": (raw_xlsx("", parts={"xl/worksheets/sheet1.xml": BOMB}), "tidak aman"),
    "zip bomb": (raw_xlsx("", parts={"xl/worksheets/sheet1.xml": " " * 60_000_000}), "mengembang"),
    "10,000 parts": (zipped({f"{number}.csv": "" for number in range(3000)}), "bagian"),
    "zip in a zip": (zipped({"a.zip": zipped({"a.csv": "a,b"})}), "ZIP di dalam ZIP"),
    "path out of the zip": (zipped({"../a.csv": "NIK,Nama"}), "tidak aman"),
    "rows past the last": (raw_xlsx(inline(1, *HEADER) + inline(1_048_577, *ROW)), "1048576"),
    "million rows repeated in ods": (
        ods(
            ods_table([HEADER, ROW]).replace(
                "<table:table-row>", '<table:table-row table:number-rows-repeated="9000000">'
            )
        ),
        "1048576",
    ),
    "unclosed quote": (as_text(HEADER, ROW) + b'"x,\n' + b"y,z\n" * 300_000, "baris 3"),
    "one endless line": (b"x" * 1_500_000, "terlalu panjang"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_read_is_refused_in_words_and_at_once(fault):
    data, says = REFUSED[fault]
    started = time.process_time()

    message = refusal(data)

    assert says in message
    assert time.process_time() - started < 3


def test_a_zip_with_a_password_is_told():
    data = bytearray(zipped({"a.csv": "NIK,Nama\n1,2\n"}))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert "kata sandi" in refusal(bytes(data))


def test_a_sealed_workbook_is_read_out_of_order_without_being_unsealed_to_disk(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    rows = [[NIK, f"INAQ {secrets.token_hex(40)}", "3"] for _row in range(20_000)]
    data = xlsx([HEADER, *rows])
    stored = storage.store("penerima.xlsx", [data])

    with storage.open_stored(stored.key) as file:
        assert file.seekable()
        assert file.seek(-10, io.SEEK_END) == len(data) - 10
        assert file.read() == data[-10:]
        file.seek(FRAME_BYTES - 3)
        assert file.read(6) == data[FRAME_BYTES - 3 : FRAME_BYTES + 3]
        file.seek(0)
        table = open_table(file, "penerima.xlsx")
        assert [cells for _line, cells in table.rows()] == rows

    assert len(data) > FRAME_BYTES
