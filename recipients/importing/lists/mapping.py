"""Whose column is whose field: judged by the header (rapidfuzz over known names) and by what the cells hold."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from rapidfuzz import fuzz

from bansos.common import ids, vault
from recipients.importing.lists import cells, words
from recipients.importing.lists.kinds import KINDS, Content, Field
from recipients.importing.lists.reading import readers
from recipients.importing.readers import NumberText, open_table

HEAD_ROWS, KEPT_ROWS, SAMPLES = 2000, 200, 3
LIKELY, CLOSE, SURE = 0.6, 0.75, 0.85
PART_ALIKE = 0.8  # one word of the header is a name of the field
_LONG = re.compile(r"(?<![0-9*])(?:(?:\+?62|0)?[ .\-]?8[0-9 .\-]{7,15}[0-9]|[0-9]{11,15})(?![0-9*])")
_PARTS = re.compile(r"[^A-Za-z0-9]+")
TELLING = {Content.NIK, Content.CARD_NO}  # their cells alone say what they are
# Any text, or any figures, would do: a telephone number for a card, a place in the queue for an amount.
UNTELLING = {
    Content.TEXT, Content.NAME, Content.PLACE, Content.REMARK_FLAG, Content.CARD_MASKED, Content.MONEY
}  # fmt: skip
Rows = list[list[str]]
Reads = dict[Content, cells.Read]


@dataclass(frozen=True)
class Head:
    header: list[str]
    filled: list[int]  # percent of the first rows, by column
    rows: Rows
    all_sheets: list[dict[str, Any]]  # where there are several, for choosing


@dataclass(frozen=True)
class Suggestion:
    header: str
    confidence: float


def read_head(file: io.BufferedReader, name: str, sheets: Sequence[str] = ()) -> Head:
    table = open_table(file, name, sheets=sheets)
    rows = table.parse([raw for _line, raw in islice(table.records, HEAD_ROWS)])
    counts = [
        sum(1 for row in rows if at < len(row) and not cells.is_blank(row[at]))
        for at in range(len(table.header))
    ]
    filled = [round(100 * n / len(rows)) if rows else 0 for n in counts]
    return Head(table.header, filled, rows[:KEPT_ROWS], [asdict(sheet) for sheet in table.all_sheets()])


def seal_rows(rows: Rows, delivery_id: int) -> bytes:
    marked = [[f"\x1e{cell}" if isinstance(cell, NumberText) else cell for cell in row] for row in rows]
    return vault.seal_json(marked, _purpose(delivery_id))


def open_rows(sealed: bytes | memoryview, delivery_id: int) -> Rows:
    rows = vault.open_json(sealed, _purpose(delivery_id))
    return [[NumberText(cell[1:]) if cell[:1] == "\x1e" else cell for cell in row] for row in rows]


def _purpose(delivery_id: int) -> bytes:
    return f"list-head|{delivery_id}".encode()


def suggest(kind: str, header: Sequence[str], rows: Rows) -> dict[str, Suggestion]:
    """The likeliest column of each field; a column serves one field only, the surest pair first."""
    columns = {head: _column(rows, at) for at, head in enumerate(header) if head and not _of_birth(head)}
    reads = readers()
    pairs = sorted(
        (
            (_confidence(field, head, column, reads), -place, field.name, head)
            for place, field in enumerate(KINDS[kind].fields)
            for head, column in columns.items()
        ),
        reverse=True,
    )
    found: dict[str, Suggestion] = {}
    taken: set[str] = set()
    for confidence, _place, name, head in pairs:
        if confidence >= LIKELY and name not in found and head not in taken:
            found[name] = Suggestion(head, round(confidence, 2))
            taken.add(head)
    return found


def _of_birth(header: str) -> bool:
    """A day or place of birth is no day of anything else; no list needs it."""
    return "lahir" in words.plain(header)


def missing(kind: str, columns: Mapping[str, str], fixed: Mapping[str, str]) -> list[Field]:
    """The fields without which a list of this kind says nothing."""
    known = KINDS[kind]
    lacking = [f for f in known.fields if f.is_required and f.name not in columns and not fixed.get(f.name)]
    if known.needs_number and not {"nik", "card_no"} & columns.keys():
        lacking.insert(0, known.field("nik"))
    return lacking


def samples(header: Sequence[str], rows: Rows) -> dict[str, list[str]]:
    """Three filled cells of each column; identifiers, telephone and account numbers masked."""
    found = {}
    for at, head in enumerate(header):
        filled = [cells.tidy(cell) for cell in _column(rows, at)]
        found[head] = [_masked(cell)[:40] for cell in dict.fromkeys(filled)][:SAMPLES]
    return found


def _masked(cell: str) -> str:
    return _LONG.sub(_without_middle, ids.scrub(cell))


def _without_middle(found: re.Match[str]) -> str:
    digits = re.sub("[^0-9]", "", found[0])
    is_day = len(digits) < 9  # 08-05-1980
    return found[0] if is_day else f"{digits[:4]}{'*' * (len(digits) - 6)}{digits[-2:]}"


def _column(rows: Rows, at: int) -> list[str]:
    return [row[at] for row in rows if at < len(row) and not cells.is_blank(row[at])]


def _confidence(field: Field, header: str, column: list[str], reads: Reads) -> float:
    alike, fits = _header_alike(field, header), _content_fits(field, column, reads)
    if field.content in UNTELLING:
        return alike if fits >= 0.5 and alike >= CLOSE else alike / 2
    confidence = 0.6 * alike + 0.4 * fits
    if field.content in TELLING:
        if words.plain(header) in field.synonyms:
            return max(confidence, LIKELY)  # numbers may be damaged, and the check then says how
        confidence = max(confidence, 0.75 * fits)
    return confidence if fits >= 0.5 else confidence / 2


def _header_alike(field: Field, whole: str) -> float:
    header = words.plain(whole)
    if header in field.synonyms:
        return 1 - 0.01 * field.synonyms.index(header)
    if any(words.plain(part) in field.synonyms for part in _PARTS.split(whole)):
        return PART_ALIKE
    return max(fuzz.ratio(header, synonym) for synonym in field.synonyms) / 110


def _content_fits(field: Field, column: list[str], reads: Reads) -> float:
    """The share of filled cells that the field could read; nothing filled says nothing."""
    if not column:
        return 0.7
    return sum(_fits(field, cell, reads) for cell in column) / len(column)


def _fits(field: Field, cell: str, reads: Reads) -> bool:
    if field.content is Content.NIK:
        number = ids.ungrouped(cells.tidy(cell))
        return bool(ids.NIK.fullmatch(number) or cells.MASKED.fullmatch(number))
    if field.content is Content.CARD_NO:
        number = ids.ungrouped(cells.tidy(cell))
        return bool(ids.CARD_NO.fullmatch(number))
    if field.content is Content.CARD_MASKED and ids.NIK.fullmatch(ids.ungrouped(cells.tidy(cell))):
        return False  # a NIK, whatever its header says
    if field.content is Content.PLACE_CODE:
        return len(ids.ungrouped(cell)) >= 10 and ids.ungrouped(cell).isdecimal()
    if field.content in (Content.NAME, Content.PLACE):
        return any(character.isalpha() for character in cell)
    read = reads.get(field.content)
    try:
        return read is None or bool(read(cell))
    except cells.CellRefused:
        return False
