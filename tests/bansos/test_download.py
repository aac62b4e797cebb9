"""A file for the browser leaves whole or not at all, and says how long it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from bansos.common import csvout, xlsxout

ROWS = [(number, "SITI") for number in range(20_000)]


def broken_after(rows):
    yield from rows
    raise RuntimeError("the delivery was approved meanwhile")


@pytest.mark.parametrize("kind", [csvout, xlsxout])
def test_a_file_that_cannot_be_finished_is_not_begun(kind):
    with pytest.raises(RuntimeError, match="approved meanwhile"):
        kind.answer("daftar", ("no", "nama"), broken_after(ROWS))


@pytest.mark.parametrize("kind", [csvout, xlsxout])
def test_the_browser_learns_the_size_and_sees_by_it_when_the_end_is_cut_off(kind):
    answer = kind.answer("daftar", ("no", "nama"), ROWS)

    assert int(answer["Content-Length"]) == len(b"".join(answer.streaming_content))


def test_a_csv_holds_every_row_and_nothing_else():
    answer = csvout.answer("daftar.csv", ("no", "nama"), ROWS)

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert (lines[0], lines[-1], len(lines)) == ('"no","nama"', '"19999","SITI"', len(ROWS) + 1)


def test_a_workbook_holds_every_row():
    answer = xlsxout.answer("daftar.xlsx", ("no", "nama"), ROWS)

    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row>") == len(ROWS) + 1
