"""From a stored list to a staging table: one streaming pass, memory flat, no number in plain.

Every row is staged under its blind index; a row that cannot be used is kept as ListRow, and staged as held where its
number is readable, so that nobody is taken as gone because of a misspelt word.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _

from bansos.common import db, ids, vault
from recipients.importing import deceased, identifiers
from recipients.importing.issues import printable, too_long
from recipients.importing.lists import cells, words
from recipients.importing.lists.issues import WORK_MESSAGES, ListIssue
from recipients.importing.lists.kinds import KINDS, Content, Field
from recipients.importing.lists.reading import readers
from recipients.importing.readers import FileRefused, NumberText, open_table, place
from recipients.importing.validate import quoted
from recipients.importing.villages import Villages
from recipients.models import ListDelivery

CHUNK_ROWS = 5000
ROWS_LIMIT = 6_000_000
TYPES = {
    "line": "integer",
    "nik_index": "bytea",
    "card_index": "bytea",
    "mask": "text",
    "shown": "text",  # the number as it may be shown
    "name": "text",
    "village_id": "integer",
    "programme_id": "smallint",
    "state": "text",
    "day": "date",
    "until": "date",
    "period": "text",
    "amount": "integer",
    "kind": "text",
    "note": "text",
    "channel": "text",
    "kks": "text",
    "region_code": "text",
    "bps_code": "text",
    "is_held": "boolean",
}
COLUMNS = tuple(TYPES)
STAGES = {"programme": "programme_id"}  # fields whose column has another name
_ROW_COLUMNS = 'delivery_id, line, "column", code, value, message, is_work, name, village_id, settled_note'


def table_name(delivery_id: int) -> str:
    return f"list_{delivery_id}"


def drop_tables(delivery_id: int) -> None:
    for suffix in ("", "_match", "_plan", "_name"):
        db.run(f"DROP TABLE IF EXISTS {table_name(delivery_id)}{suffix}")


@dataclass
class Staged:
    """One row as it will be copied, with what is wrong with it."""

    cells: dict[str, str] = field(default_factory=dict)
    issues: list[ListIssue] = field(default_factory=list)


class ListStager:
    """Stages the file of one delivery within the current transaction."""

    def __init__(self, delivery: ListDelivery, file: io.BufferedReader, columns: Mapping[str, str]) -> None:
        self.delivery, self.kind, self.rows = delivery, KINDS[delivery.kind], 0
        self.table = table_name(delivery.pk)
        self._opened = open_table(file, delivery.file_name, sheets=delivery.sheets)
        self.notes = self._opened.notes
        self.sheets = [printable(name) for name in self._opened.sheet_names]
        self._tell_unused(set(columns.values()))
        self._width = len(self._opened.header)
        self._reads, self._villages = readers(), Villages()
        fields = {one.name: one for one in self.kind.fields}
        places = {name: self._opened.header.index(head) for name, head in columns.items() if name in fields}
        self._places = {name: (fields[name], at) for name, at in places.items() if name not in _SPECIAL}
        self._number_at = {
            name: (fields[name], places[name]) for name in ("nik", "card_no") if name in places
        }
        self._name_at = places.get("name")
        self._village_at = [places.get(name) for name in ("village_code", "village", "subdistrict")]
        self._fixed = {
            name: text
            for name, text in delivery.fixed.items()
            if text and name in fields and name not in places
        }
        self._fields = fields

    def run(self, report: Callable[[int], None]) -> int:
        typed = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        db.run(f"CREATE TABLE {self.table} ({typed})")
        with _spool() as self._refused:
            db.copy_stream(self.table, COLUMNS, self._pieces(report))
            self._refused.seek(0)
            with connection.cursor() as cursor:
                cursor.cursor.copy_expert(
                    f"COPY recipients_listrow ({_ROW_COLUMNS}) FROM STDIN WITH (FORMAT csv, NULL '\\N')",
                    self._refused,
                )
        if not self.rows:
            raise FileRefused(
                _("Berkas %s hanya berisi judul kolom, tidak ada baris data.") % self.delivery.file_name
            )
        db.run(f"ANALYZE {self.table}")
        return self.rows

    def _tell_unused(self, used: set[str]) -> None:
        if unused := [column for column in self._opened.header if column and column not in used]:
            self.notes.add("COLUMNS_UNUSED", count=len(unused), text=printable(", ".join(unused)))

    def _pieces(self, report: Callable[[int], None]) -> Iterator[str]:
        fixed = self._fixed_cells()
        number = 0
        while records := list(islice(self._opened.records, CHUNK_ROWS)):
            self.rows += len(records)
            if self.rows > ROWS_LIMIT:
                raise too_long(self.delivery.file_name, ROWS_LIMIT)
            parsed = self._opened.parse([raw for _line, raw in records])
            yield "".join(
                [self._staged(line, row, fixed) for (line, _raw), row in zip(records, parsed, strict=True)]
            )
            number += 1
            if number % 10 == 0:
                report(self.rows)

    def _fixed_cells(self) -> dict[str, str]:
        """The values that hold for every row; a wrong one refuses the whole list."""
        staged = Staged()
        for name, text in self._fixed.items():
            self._read(staged, self._fields[name], text)
        if staged.issues:
            raise FileRefused(staged.issues[0].message())
        return staged.cells

    def _staged(self, line: int, row: list[str], fixed: dict[str, str]) -> str:
        if len(row) != self._width and (len(row) < self._width or any(row[self._width :])):
            if not self._opened.is_data(line, row):
                self.rows -= 1
                return ""
            self._refuse(line, [ListIssue("ROW_LENGTH", "", str(len(row)))], {})
            return ""
        staged = Staged(dict(fixed))
        self._numbers(staged, row)
        self._village(staged, row)
        for one, at in self._places.values():
            self._read(staged, one, row[at])
        found = staged.cells
        if staged.issues and not self._opened.is_data(line, row):
            self.rows -= 1
            return ""
        if staged.issues:
            self._refuse(line, staged.issues, found)
            if not {"nik_index", "card_index"} & found.keys():
                return ""
        if self._name_at is not None and deceased.says_so(row[self._name_at]):
            self.notes.add("NAME_DECEASED", line=place(line)[1])
        found["line"], found["is_held"] = str(line), "t" if staged.issues else "f"
        return ",".join([found.get(name, "") for name in COLUMNS]) + "\n"

    def _read(self, staged: Staged, one: Field, cell: str) -> None:
        if cells.is_blank(cell):
            if one.is_required:
                staged.issues.append(ListIssue("WORD_EMPTY", str(one.label)))
            return
        if one.content is Content.REMARK_FLAG:
            self._remark(staged, cell)
            return
        try:
            text = self._reads[one.content](cell)
        except cells.CellRefused as refused:
            staged.issues.append(ListIssue(refused.code, str(one.label), printable(cell)[:80]))
            return
        if text:
            staged.cells[STAGES.get(one.name, one.name)] = quoted(text)

    def _remark(self, staged: Staged, cell: str) -> None:
        """A reason we know becomes its kind; any other is kept as it is written."""
        kind = words.FLAG_KINDS.get(words.plain(cell))
        if kind:
            staged.cells["kind"] = kind
        else:
            staged.cells["note"] = quoted(cells.free_text(cell))

    def _numbers(self, staged: Staged, row: list[str]) -> None:
        if not self.kind.needs_number:
            return
        for name, (one, at) in self._number_at.items():
            self._number(staged, name, str(one.label), row[at])
        if not staged.issues and not {"nik_index", "card_index", "mask"} & staged.cells.keys():
            staged.issues.append(ListIssue("NUMBER_MISSING", str(self.kind.field("nik").label)))

    def _number(self, staged: Staged, name: str, label: str, cell: str) -> None:
        is_nik = name == "nik"
        number = identifiers.tidy(cells.tidy(cell))
        if cells.is_blank(number) or _is_placeholder(number):
            return
        if found := cells.MASKED.fullmatch(number):
            if is_nik:
                staged.cells |= {"mask": found[1] + found[2], "shown": f"{found[1]}******{found[2]}"}
            return
        if "*" in number and not is_nik:
            return
        shape = ids.NIK if is_nik else ids.CARD_NO
        text = NumberText(number) if isinstance(cell, NumberText) else number
        if faults := identifiers.number_issues(text, label, shape):
            staged.issues += [ListIssue(one.code, one.column, one.value) for one in faults]
            return
        staged.cells[f"{'nik' if is_nik else 'card'}_index"] = (
            f"\\x{vault.blind_index(vault.NIK if is_nik else vault.CARD_NO, number).hex()}"
        )
        staged.cells.setdefault("shown", ids.mask(number))

    def _village(self, staged: Staged, row: list[str]) -> None:
        code, village, subdistrict = (
            cells.tidy(row[at]) if at is not None else "" for at in self._village_at
        )
        if code or village:
            found = self._villages.find(code, village, subdistrict)
            if found is not None:
                staged.cells["village_id"] = str(found)

    def _refuse(self, line: int, issues: list[ListIssue], found: dict[str, str]) -> None:
        write = csv.writer(self._refused, lineterminator="\n").writerow
        name, village = found.get("name", "").strip('"'), found.get("village_id") or "\\N"
        for issue in issues:
            value, message = printable(issue.value)[:80], printable(issue.message())[:300]
            write(
                (
                    self.delivery.pk,
                    line,
                    issue.column[:60],
                    issue.code,
                    value,
                    message,
                    "f",
                    name,
                    village,
                    "",
                )
            )


_SPECIAL = ("nik", "card_no", "village_code", "village", "subdistrict")


def _is_placeholder(number: str) -> bool:
    """`0`, `9999999999999999`, village software's numbers that begin with 0: nobody has one."""
    return len(set(number)) == 1 or (number.isdecimal() and number.startswith("0"))


def _spool() -> tempfile.SpooledTemporaryFile[str]:
    """Refused rows wait here until the staging COPY ends; they hold no number in plain."""
    return tempfile.SpooledTemporaryFile(max_size=1 << 24, mode="w+", encoding="utf-8")


def keep_for_work(delivery: ListDelivery, code: str, lines: str) -> int:
    """Leave these staged lines (a SELECT of `line`) for a person; they count as held from now on."""
    table = table_name(delivery.pk)
    kept = db.run(
        f"""INSERT INTO recipients_listrow ({_ROW_COLUMNS})
            SELECT %s, s.line, '', %s, COALESCE(s.shown, ''), %s, true, COALESCE(s.name, ''), s.village_id, ''
              FROM {table} s WHERE NOT s.is_held AND s.line IN ({lines})""",
        [delivery.pk, code, str(WORK_MESSAGES[code])],
    )
    if kept:
        db.run(f"UPDATE {table} SET is_held = true WHERE NOT is_held AND line IN ({lines})")
    return kept


def refuse_lines(delivery: ListDelivery, code: str, lines: str) -> int:
    """Refuse staged lines for what they say together with others."""
    table = table_name(delivery.pk)
    refused = db.run(
        f"""INSERT INTO recipients_listrow ({_ROW_COLUMNS})
            SELECT %s, s.line, '', %s, COALESCE(s.shown, s.region_code, ''), %s, false, COALESCE(s.name, ''),
                   s.village_id, ''
              FROM {table} s WHERE NOT s.is_held AND s.line IN ({lines})""",
        [delivery.pk, code, ListIssue(code, "").message()],
    )
    if refused:
        db.run(f"UPDATE {table} SET is_held = true WHERE NOT is_held AND line IN ({lines})")
    return refused
