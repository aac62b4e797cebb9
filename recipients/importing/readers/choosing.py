"""Which sheets of a file are read: those a person chose, else the visible ones under the first one's header.

The others are looked at only when all sheets are to be told, after the file was read: a fault in one that nobody took
refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from django.utils.translation import gettext as _

from bansos.common import ids
from recipients.importing.readers import headings
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import FileRefused, Record, Sheet, SheetFacts, in_sheet

HEAD_CELLS, CELL_LENGTH = 6, 40  # of a header, enough to know a sheet by


@dataclass(frozen=True)
class Begun:
    """A sheet read as far as its header."""

    number: int  # of the sheet in the file, from 1
    sheet: Sheet
    header: list[str]
    records: Iterator[Record]  # those after the header
    is_table: bool  # several columns, and rows below their names: no page of instructions


class Sheets:
    """The sheets of one file: those taken are read one after the other, the rest is only told."""

    def __init__(self, every: list[Sheet], name: str, notes: Notes) -> None:
        self._every, self._name, self._notes = list(enumerate(every, 1)), name, notes
        self._begun: dict[int, Begun] = {}
        self._rows: dict[int, int] = {}
        self.taken: list[Begun] = []

    def take(self, names: Sequence[str], wanted: Sequence[str]) -> None:
        known = frozenset(headings.plain(column) for column in wanted)
        if names:
            self.taken = self._chosen({_plain(name): name for name in names}, known)
        else:
            self.taken = self._alike(self._visible(known), known)
        if len(self.taken) > 1:
            self._note("SHEETS_TAKEN", [one.sheet for one in self.taken])

    def _chosen(self, names: dict[str, str], known: frozenset[str]) -> list[Begun]:
        chosen = [(number, one) for number, one in self._every if _plain(one.name) in names]
        unknown = names.keys() - {_plain(one.name) for _number, one in chosen}
        begun = self._begin(chosen, known)
        empty = {_plain(one.name) for _number, one in chosen} - {_plain(one.sheet.name) for one in begun}
        if unknown or empty:
            raise FileRefused(
                _("Lembar %(sheet)s tidak ada atau kosong di berkas %(name)s. Lembar yang ada: %(known)s.")
                % {
                    "sheet": ", ".join(label(names[name]) for name in sorted(unknown | empty)),
                    "name": self._name,
                    "known": ", ".join(label(one.name) for _number, one in self._every),
                }
            )
        _refuse_unlike(begun)
        if left := [one for number, one in self._every if number not in self._begun]:
            self._note("SHEETS_NOT_CHOSEN", left)
        return begun

    def _visible(self, known: frozenset[str]) -> list[Begun]:
        hidden = [one for _number, one in self._every if one.is_hidden]
        if hidden:
            self._note("HIDDEN_SHEETS", hidden)
        begun = self._begin([(number, one) for number, one in self._every if not one.is_hidden], known)
        if begun:
            return begun
        if hidden:
            raise FileRefused(
                _(
                    "Isi berkas %(name)s ada di lembar tersembunyi: %(sheets)s. Tampilkan di Excel, lalu unggah lagi."
                )
                % {"name": self._name, "sheets": ", ".join(label(one.name) for one in hidden)}
            )
        raise FileRefused(
            _("Berkas %(name)s tidak berisi baris apa pun. Unduh ulang dari sumbernya.")
            % {"name": self._name}
        )

    def _alike(self, begun: list[Begun], known: frozenset[str]) -> list[Begun]:
        """The first sheet that has every wanted column, else the first table, and those with the same header."""
        fitting = [one for one in begun if known <= {headings.plain(cell) for cell in one.header}]
        tables = [one for one in begun if one.is_table]
        (first, *_rest) = (fitting if known else tables) or begun
        if left := [one.sheet for one in begun if one.header != first.header]:
            self._note("SHEETS_LEFT", left)
        return [one for one in begun if one.header == first.header]

    def _begin(self, sheets: list[tuple[int, Sheet]], known: frozenset[str]) -> list[Begun]:
        found = [begin(number, sheet, self._name, self._notes, known) for number, sheet in sheets]
        begun = [one for one in found if one]
        self._begun |= {one.number: one for one in begun}
        return begun

    def _note(self, code: str, sheets: list[Sheet]) -> None:
        self._notes.add(code, count=len(sheets), text=", ".join(one.name for one in sheets))

    def records(self) -> Iterator[Record]:
        if len(self._every) == 1:
            return self.taken[0].records
        return self._one_after_another()

    def _one_after_another(self) -> Iterator[Record]:
        rows = self._rows
        for one in self.taken:
            number = one.number
            rows[number] = 0
            for row, raw in one.records:
                rows[number] += 1
                yield in_sheet(number, row), raw

    def told(self) -> list[SheetFacts]:
        """Every sheet that has rows, where there are several; reads what is left of the file."""
        if len(self._every) == 1:
            return []
        found = [one for number, sheet in self._every if (one := self._looked_at(number, sheet))]
        return [self._facts(one) for one in found] if len(found) > 1 else []

    def _looked_at(self, number: int, sheet: Sheet) -> Begun | None:
        if number in self._begun:
            return self._begun[number]
        try:
            return begin(number, sheet, self._name, Notes(), frozenset())
        except FileRefused:
            return Begun(number, sheet, [], iter(()), is_table=False)

    def _facts(self, one: Begun) -> SheetFacts:
        head = [label(cell)[:CELL_LENGTH] for cell in one.header if cell]
        return SheetFacts(
            name=label(one.sheet.name),
            rows=self._rows.get(one.number, 0) + _count(one.records),
            head=head[:HEAD_CELLS],
            is_hidden=one.sheet.is_hidden,
            is_alike=one.header == self.taken[0].header,
            is_taken=one in self.taken,
        )


def begin(number: int, sheet: Sheet, name: str, notes: Notes, known: frozenset[str]) -> Begun | None:
    """Read as far as the header; None for a sheet without rows."""
    records = sheet.records()
    first = list(islice(records, headings.LOOKED_AT))
    if not first:
        return None
    rows = sheet.parse([raw for _line, raw in first])
    found = headings.find(rows, known)
    line = first[found.at][0]
    if found.at and number == 1:
        notes.add("TITLE_ROWS", count=found.at, line=line)
    if found.rows == 2 and number == 1:
        notes.add("HEADER_TWO_LINES", line=line)
    below, header = first[found.at + found.rows :], _clean_header(found.columns, name)
    is_table = bool(below) and sum(map(bool, header)) > 1
    return Begun(number, sheet, header, chain(below, records), is_table)


def label(name: str) -> str:
    """A sheet or column as it may be kept and shown."""
    return "".join(sign if sign.isprintable() else "?" for sign in ids.scrub(name))


def _plain(name: str) -> str:
    return label(name).strip().casefold()


def _count(records: Iterator[Record]) -> int:
    try:
        return sum(1 for _record in records)
    except FileRefused:  # nobody took it
        return 0


def _refuse_unlike(begun: list[Begun]) -> None:
    if unlike := [one for one in begun if one.header != begun[0].header]:
        raise FileRefused(
            _(
                "Judul kolom lembar %(others)s lain dari lembar %(first)s, jadi tidak bisa dimuat bersama. Pilih "
                "lembar yang judulnya sama, atau unggah sebagai berkas sendiri."
            )
            % {
                "others": ", ".join(label(one.sheet.name) for one in unlike),
                "first": label(begun[0].sheet.name),
            }
        )


def _clean_header(header: list[str], name: str) -> list[str]:
    cleaned = [" ".join(cell.split()).lower() for cell in header]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    twice = sorted({cell for cell in cleaned if cell and cleaned.count(cell) > 1})
    if twice:
        raise FileRefused(
            _("Berkas %(name)s punya judul kolom ganda: %(columns)s. Hapus salah satu.")
            % {"name": name, "columns": ", ".join(twice)}
        )
    return cleaned
