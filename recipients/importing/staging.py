"""From a stored file to a staging table: one streaming pass, memory flat but for 9 bytes a row that stands.

A record whose fingerprint stands in the published release is unchanged: it is only ticked off. Any other is parsed
and read, its number goes to the vault's index (and, when it is new, to ciphertext), and the rest is staged as typed
columns while the server takes in the rows before. Nothing plain is ever staged. Afterwards `<staging>_unseen` holds
the fingerprints that stand but were not in the file: rows that changed, or that are gone.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from bansos.common import db, vault
from recipients.enums import FileKind
from recipients.importing import layouts, opening
from recipients.importing.issues import Issue, printable, too_long
from recipients.importing.mending import Mending
from recipients.importing.readers import FileRefused, Record, place
from recipients.importing.swapping import Swapping
from recipients.importing.villages import Villages
from recipients.models.code_books import OURS

CHUNK_ROWS = 5000
ROWS_LIMIT = 6_000_000
LEFT_OUT_KEY = -1  # of a held row that a person left out: it contradicts no other row
INTERVALS = {FileKind.FAMILY: "recipients_welfaresnapshot", FileKind.MEMBER: "recipients_familymembership"}
NUMBERS = {FileKind.FAMILY: "recipients_familycardnumber", FileKind.MEMBER: "recipients_personnik"}
Keys = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Fresh = tuple[int, bytes, int]  # line, raw record, key


def table_name(batch_id: int, kind: FileKind) -> str:
    return f"staging_{batch_id}_{kind.lower()}"


@dataclass
class Tally:
    rows: int = 0
    unchanged: int = 0
    number_cells: int = 0  # identifiers in number cells
    rounded_cells: int = 0  # those of them that end in 0
    warned: int = 0  # rows used with a warning
    swapped: int = 0  # rows whose NIK and card number stand in each other's column
    format: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    all_sheets: list[dict[str, Any]] = field(default_factory=list)  # where there are several, for choosing


class Stager:
    """Stages one file of one batch within the current transaction."""

    def __init__(
        self,
        batch_id: int,
        kind: FileKind,
        file: io.BufferedReader,
        name: str,
        book: str = OURS,
        sheets: Sequence[str] = (),
    ) -> None:
        self.batch_id, self.kind, self.file_name = batch_id, kind, name
        self.table = table_name(batch_id, kind)
        self._opened = opening.open_file(file, name, kind, sheets)
        header = layouts.canonical(self._opened.header)
        self.reader = opening.READERS[kind](header, name, Villages(), book)
        told_by = (
            header if book == OURS else [*header, book]
        )  # the same row says something else in another book
        self._fingerprint = vault.row_hasher("\x1f".join(told_by))
        self._mending = Mending(batch_id, kind, header)
        is_swapped = self._mending.swaps and kind == FileKind.MEMBER
        self._swapping = Swapping(header, table_name(batch_id, FileKind.FAMILY)) if is_swapped else None
        self._standing = _standing_keys(kind)
        self._seen = np.zeros(len(self._standing), dtype=bool)
        self.tally = Tally()
        if strangers := self.reader.strangers:
            told = printable(", ".join(strangers))
            self._opened.notes.add("COLUMNS_UNUSED", count=len(strangers), text=told)

    def run(self, report: Callable[[int], None]) -> Tally:
        self._create_table()
        columns = ("line", "row_key", "number_index", "sealed", "is_held", *self.reader.STAGED)
        with _spool() as self._issues, closing(Numbers(self.kind)) as self._numbers:
            db.copy_stream(self.table, columns, self._pieces(report))
            self._copy_issues()
        if not self.tally.rows:
            raise FileRefused(_("Berkas %s hanya berisi judul kolom, tidak ada baris data.") % self.file_name)
        self._copy_unseen()
        self.tally.number_cells, self.tally.rounded_cells = (
            self.reader.number_cells,
            self.reader.rounded_cells,
        )
        notes = self._opened.notes
        self.tally.notes, self.tally.format = notes.as_json(), notes.format
        self.tally.sheets = [printable(name) for name in self._opened.sheet_names]
        self.tally.all_sheets = [asdict(sheet) for sheet in self._opened.all_sheets()]
        db.run(f"ANALYZE {self.table} (line, row_key, number_index)")  # what the joins to come ask for
        return self.tally

    def _create_table(self) -> None:
        intervals = INTERVALS[self.kind]
        kept = [name for name in self.reader.STAGED if name != "card_index"]
        db.run(
            f"CREATE TABLE {self.table} AS SELECT 0 AS line, 0::bigint AS row_key, ''::bytea AS number_index, "
            f"''::bytea AS sealed, false AS is_held, ''::bytea AS card_index, {', '.join(kept)} "
            f"FROM {intervals} WITH NO DATA"
        )

    def _pieces(self, report: Callable[[int], None]) -> Iterator[str]:
        """COPY text, a chunk of records at a time."""
        number = 0
        while records := list(islice(self._opened.records, CHUNK_ROWS)):
            self.tally.rows += len(records)
            if self.tally.rows > ROWS_LIMIT:
                raise too_long(self.file_name, ROWS_LIMIT)
            keys = self._keys(records)
            fresh = self._tick_off(records, keys)
            if fresh:
                yield self._read(fresh)
            number += 1
            if number % 20 == 0:
                report(self.tally.rows)

    def _keys(self, records: list[Record]) -> Keys:
        fingerprint, mending = self._fingerprint, self._mending
        if mending.lines:
            hashed = [fingerprint(mending.marked(line, raw)) for line, raw in records]
        else:
            hashed = [fingerprint(raw) for _line, raw in records]
        return np.frombuffer(b"".join(hashed), dtype=">i8").astype(np.int64)

    def _tick_off(self, records: list[Record], keys: Keys) -> list[Fresh]:
        """Tick the records that stand; the others, with their keys. A record that stands and comes twice is refused."""
        if not len(self._standing):
            return [(line, raw, key) for (line, raw), key in zip(records, keys.tolist(), strict=True)]
        places = np.minimum(np.searchsorted(self._standing, keys), len(self._standing) - 1)
        stands = self._standing[places] == keys
        hits = places[stands]
        if self._seen[hits].any() or len(np.unique(hits)) < len(hits):
            stands = self._without_repeats(records, places, stands)
            hits = places[stands]
        self._seen[hits] = True
        self.tally.unchanged += len(hits)
        fresh = np.flatnonzero(~stands).tolist()
        return [(*records[place], int(keys[place])) for place in fresh if records[place][1]]

    def _without_repeats(self, records: list[Record], places: Keys, stands: Flags) -> Flags:
        """Refuse every repeat in this chunk and blank it, so that it is neither ticked nor read."""
        met: set[int] = set()
        for at in np.flatnonzero(stands).tolist():
            where = int(places[at])
            if self._seen[where] or where in met:
                line, raw = records[at]
                self._refuse(line, [Issue("DUPLICATE_ROW", "")], self._opened.parse([raw])[0])
                records[at], stands[at] = (line, b""), False
            met.add(where)
        return stands

    def _read(self, fresh: list[Fresh]) -> str:
        parsed = self._opened.parse([raw for _line, raw, _key in fresh])
        read: list[tuple[int, int, bytes, str, str]] = []
        held: list[str] = []
        for (line, raw, key), cells in zip(fresh, parsed, strict=True):
            row = self._mending.of_line(line, cells)
            if self._swapping and (righted := self._swapping.righted(row)) is not row:
                row, key = righted, self._key_of_mended(raw, righted)
            number, staged, issues = self._row(row)
            if issues and self._mending.rules:
                row, number, staged, issues = self._mended(row, number, staged, issues)
                key = key if issues else self._key_of_mended(raw, row)
            if self._mending.is_left_out(line):
                issues = [Issue("LEFT_OUT", "")]
            if issues and not self._opened.is_data(line, row):
                self.tally.rows -= 1
            elif issues:
                self._refuse(line, issues, row)
                held += self._held(line, number, issues)
            else:
                if self.reader.warnings:
                    self._warn(line)
                read.append((line, key, vault.blind_index(self.reader.NUMBER_KIND, number), number, staged))
            self.reader.warnings.clear()
        known = self._numbers.known([index for _line, _key, index, _number, _staged in read])
        kind, encrypt = self.reader.NUMBER_KIND, vault.encrypt
        return "".join(
            [
                f"{line},{key},{_bytea(index)},"
                f"{'' if index in known else _bytea(encrypt(kind, number, index))},f,{staged}\n"
                for line, key, index, number, staged in read
            ]
            + held
        )

    def _warn(self, line: int) -> None:
        self.tally.warned += 1
        for warning in self.reader.warnings:
            self._opened.notes.add(warning, line=place(line)[1])

    def _row(self, row: list[str]) -> tuple[str, str, list[Issue]]:
        """The row's number and staged cells, or its issues. What is only untidy is tidied and read again."""
        cells = self.reader.cells(row)
        if cells is None:
            return "", "", [Issue("ROW_LENGTH", "", str(len(row)))]
        reader = self.reader
        counted = reader.number_cells, reader.rounded_cells
        issues: list[Issue] = []
        number, staged = reader.read(cells, issues)
        if issues and (tidied := reader.tidy(cells)) != cells:
            issues = []
            reader.warnings.clear()
            reader.number_cells, reader.rounded_cells = counted
            number, staged = reader.read(tidied, issues)
        return number, staged, issues

    def _mended(
        self, row: list[str], number: str, staged: str, issues: list[Issue]
    ) -> tuple[list[str], str, str, list[Issue]]:
        """Read again after each rule that mends something: one fault may hide another."""
        for _rule in self._mending.rules:
            mended = self._mending.by_rules(row, issues)
            if not issues or mended == row:
                break
            row = mended
            self.reader.warnings.clear()
            number, staged, issues = self._row(row)
        return row, number, staged, issues

    def _key_of_mended(self, raw: bytes, row: list[str]) -> int:
        return int.from_bytes(self._fingerprint(self._mending.marked_by_rules(raw, row)), "big", signed=True)

    def _held(self, line: int, number: str, issues: list[Issue]) -> list[str]:
        """A refused row whose number is readable: staged as held, so that its owner is not taken as gone."""
        if not number or any(issue.column == self.reader.NUMBER_COLUMN for issue in issues):
            return []
        index = vault.blind_index(self.reader.NUMBER_KIND, number).hex()
        key = LEFT_OUT_KEY if issues[0].code == "LEFT_OUT" else 0
        return [f"{line},{key},\\x{index},,t{',' * len(self.reader.STAGED)}\n"]

    def _refuse(self, line: int, issues: list[Issue], row: list[str]) -> None:
        sealed = vault.seal_json(row, f"row|{self.batch_id}|{line}".encode()).hex()
        write = csv.writer(self._issues, lineterminator="\n").writerow
        for issue in issues:
            self.tally.swapped += issue.code == "NUMBERS_SWAPPED"
            value, message = printable(issue.value)[:80], printable(issue.message())[:300]
            write((self.batch_id, self.kind, line, issue.column, issue.code, value, message, f"\\x{sealed}"))

    def _copy_issues(self) -> None:
        """Issues may hold blank texts: an empty cell is a blank here, not NULL."""
        self._issues.seek(0)
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(
                'COPY recipients_importrow (batch_id, file, line, "column", code, value, message, sealed_row) '
                "FROM STDIN WITH (FORMAT csv, NULL '\\N')",
                self._issues,
            )

    def _copy_unseen(self) -> None:
        db.run(f"CREATE TABLE {self.table}_unseen (row_key bigint)")
        unseen = self._standing[~self._seen].tolist()
        if unseen:
            db.copy_stream(f"{self.table}_unseen", ["row_key"], iter(["".join(f"{key}\n" for key in unseen)]))
        db.run(f"ANALYZE {self.table}_unseen")


class Numbers:
    """Asks the vault, on a connection beside the running COPY, which numbers it holds: only new ones are encrypted."""

    def __init__(self, kind: FileKind) -> None:
        self._table, self._side = NUMBERS[kind], connection.copy()
        self._is_empty = not db.fetch(f"SELECT 1 FROM {self._table} LIMIT 1")

    def known(self, indexes: list[bytes]) -> set[bytes]:
        if self._is_empty or not indexes:
            return set()
        with self._side.cursor() as cursor:
            cursor.execute(f"SELECT index FROM {self._table} WHERE index = ANY(%s)", [indexes])
            return {bytes(index) for (index,) in cursor.fetchall()}

    def close(self) -> None:
        self._side.close()


def _bytea(value: bytes) -> str:
    return f"\\x{value.hex()}"


def _spool() -> tempfile.SpooledTemporaryFile[str]:
    """Refused rows wait here until the staging COPY ends; sealed, so that the disk never sees one in plain."""
    return tempfile.SpooledTemporaryFile(max_size=1 << 24, mode="w+", encoding="utf-8")


def _standing_keys(kind: FileKind) -> Keys:
    """Every standing fingerprint, sorted: with its tick, 9 bytes a row are all that grows with the registry."""
    query = f"SELECT row_key FROM {INTERVALS[kind]} WHERE until_release_id IS NULL"
    keys = np.fromstring(db.copy_out(query), dtype=np.int64, sep="\n")
    keys.sort()
    return keys
