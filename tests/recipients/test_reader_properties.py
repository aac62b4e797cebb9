"""Readers and normalisers never crash on any bytes and never change a 16-digit number, whatever carries it."""

import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bansos.common import ids
from recipients.importing import codes, dates, identifiers, layouts
from recipients.importing.readers import FileRefused, NumberText, open_table
from recipients.importing.readers.tables import joined
from recipients.importing.readers.xlsx_cells import Book
from recipients.importing.readers.xlsx_parsed import parsed
from recipients.importing.readers.xlsx_rows import _Scan
from tests.recipients import workbooks
from tests.recipients.test_readers import ods_table

QUICK = settings(max_examples=60, deadline=None)
NUMBERS = st.from_regex(r"[1-9][0-9]{15}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20)
WHOLE = workbooks.xlsx([["NIK", "Nama"], ["5203995205809001", "INAQ"], ["5203991205809002", "AMAQ"]])
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
ROWS = st.lists(st.tuples(NUMBERS, TEXTS), min_size=1, max_size=8)


def rows_of(data):
    return [cells for _line, cells in open_table(io.BufferedReader(io.BytesIO(data)), "berkas").rows()]


def read_or_refused(data):
    """What happened, in words."""
    try:
        rows_of(data)
    except FileRefused as refusal:
        return str(refusal)
    return "berkas ini dapat dibaca"


@QUICK
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<table>", b"NIK;Nama\n"]),
)
def test_any_bytes_are_read_or_refused_in_words(data, head):
    assert len(read_or_refused(head + data).split()) > 3


@QUICK
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused_in_words(damages):
    damaged = bytearray(WHOLE)
    for at, byte in damages:
        damaged[at] = byte

    assert len(read_or_refused(bytes(damaged)).split()) > 3


@QUICK
@given(ROWS)
def test_text_cells_come_back_as_they_were_through_csv_xlsx_and_ods(rows):
    header, wanted = ["NIK", "Nama"], [[number, name] for number, name in rows]
    escaped = [[number, workbooks.escaped(name)] for number, name in rows]
    text = "".join(f'{number},"{name.replace(chr(34), chr(34) * 2)}"\n' for number, name in rows)

    assert rows_of(f"NIK,Nama\n{text}".encode()) == wanted
    assert rows_of(workbooks.xlsx([header, *wanted])) == [[number, name] for number, name in wanted]
    assert rows_of(workbooks.ods(ods_table([header, *escaped]))) == wanted


@QUICK
@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_number_cells_keep_all_sixteen_digits(numbers):
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{number}</v></c></row>' for row, number in enumerate(numbers, 2)
    )

    found = rows_of(workbooks.raw_xlsx(workbooks.inline(1, "NIK", "Nama") + cells))

    assert [row[0] for row in found] == numbers
    assert all(isinstance(row[0], NumberText) for row in found)


@QUICK
@given(NUMBERS, st.sampled_from(["{}", " {} ", "'{}", '="{}"', "{}.0", "\u200b{}\u00a0", "`{}"]))
def test_tidying_never_changes_a_number(number, dressed):
    assert identifiers.tidy(dressed.format(number)) == number


@QUICK
@given(st.text(max_size=30))
def test_normalisers_take_any_text(text):
    tidied = identifiers.tidy(text)
    identifiers.number_issues(tidied, layouts.NIK, ids.NIK)
    dates.as_iso(text)
    for column in (*layouts.FAMILY_CODED, *layouts.MEMBER_CODED):
        codes.tidy(column, text)


@QUICK
@given(st.dates(date(1890, 1, 1), date(2025, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day):
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    for written in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", words):
        assert dates.as_iso(written) == ("" if written in dates.NO_DAY else day.isoformat())


CELL_KINDS = ("", '<c r="{at}" s="3"/>', '<c r="{at}" s="3"><v>{n}</v></c>', '<c r="{at}" s="1"><v>{n}</v></c>',
              '<c r="{at}" t="inlineStr"><is><t>{n}</t></is></c>', '<c r="{at}" t="str"><v>{n}</v></c>',
              '<c r="{at}" t="s"><v>1</v></c>')  # fmt: skip
LAID_OUT = st.lists(st.sampled_from(CELL_KINDS), min_size=5, max_size=5)


@QUICK
@given(st.lists(LAID_OUT, min_size=1, max_size=3), st.lists(LAID_OUT, max_size=6), NUMBERS)
def test_rows_matched_whole_say_what_the_parser_says_also_where_some_are_laid_out_otherwise(
    usual, odd, number
):
    laid_out = [*usual * 20, *odd, *usual * 10]
    cells = [
        "".join(
            kind.format(at=f"{column}{row}", n=number) for column, kind in zip("ABCDE", kinds, strict=True)
        )
        for row, kinds in enumerate(laid_out, 1)
    ]
    sheet = "".join(f'<row r="{row}">{text}</row>' for row, text in enumerate(cells, 1))
    data = f"<worksheet><sheetData>{sheet}</sheetData></worksheet>".encode()
    book = Book(["", "INAQ"], frozenset({"1"}))

    scanned = list(_Scan(book).rows(io.BytesIO(data)))

    assert [(row, joined(found)) for row, found, _hidden in scanned] == [
        (row, joined(found)) for row, found, _hidden in parsed(io.BytesIO(data), book)
    ]
