"""What people decided about refused rows, carried out while a file is read again (services/fixes.py records it).

Cells of single rows are replaced before a row is read; rules are asked only about rows that are refused otherwise. The
same fixes on the same file give the same rows. A mended row has a fingerprint of its own: should the next release
bring the same fault again, it is met as a fault again.
"""

from __future__ import annotations

from collections import defaultdict

from bansos.common import ids, vault
from recipients.enums import FileKind, FixKind
from recipients.importing import codes, dates, identifiers, layouts
from recipients.importing.issues import Issue, printable
from recipients.importing.validate import ADDRESS_LIMIT, NAME_LIMIT, code_issue, is_day, text_issues
from recipients.importing.villages import Villages
from recipients.models import FixedCell, ImportFix

LEAVE_OUT = ""  # the column of a cell that leaves its row out
_MARK = b"\x1d"
_SHAPES = {layouts.CARD_NO: ids.CARD_NO, layouts.NIK: ids.NIK}
CODED = {column.header: column for column in (*layouts.FAMILY_CODED, *layouts.MEMBER_CODED)}
CODED |= {header: layouts.Coded(header, "has_disability", 1, 4) for header in layouts.DISABILITY}

# Which cell of the row mends a fault that is found without a column, or better in another one.
MENDED_AT = {
    "DUPLICATE_CARD": layouts.CARD_NO,
    "DUPLICATE_NIK": layouts.NIK,
    "MEMBER_WITHOUT_FAMILY": layouts.CARD_NO,
    "VILLAGE_UNKNOWN": layouts.VILLAGE_CODE,
}
CHOOSE_ONE = frozenset({"DUPLICATE_CARD", "DUPLICATE_NIK"})  # here a single row may be left out

BY_RULE_ONLY = frozenset({"ROW_LENGTH", "NUMBERS_SWAPPED", "DUPLICATE_ROW", "VILLAGE_OUTSIDE", "LEFT_OUT"})


def mended_column(code: str, column: str) -> str:
    """Which column a person may fill in for this fault; "" for none. A decile is BPS's: nobody here writes one."""
    if code in BY_RULE_ONLY:
        return ""
    found = MENDED_AT.get(code, column)
    return "" if found == layouts.DECILE else found


def may_be_blank(column: str) -> bool:
    is_optional = column in CODED or column in (layouts.SEX, layouts.BIRTH_DATE, layouts.ADDRESS)
    return is_optional and column != layouts.DECILE


def may_be_mapped(code: str, column: str) -> bool:
    """Whether the same content means the same in every row: codes, sex and names of villages do."""
    if code == "VILLAGE_UNKNOWN":
        return True
    return code == "SEX" or (code == "CODE_RANGE" and column != layouts.DECILE)


def checked(column: str, typed: str, villages: Villages) -> tuple[str, list[Issue]]:
    """What a person typed for this column in the centre's spelling, and what is wrong with it."""
    text = typed.strip()
    if not text and may_be_blank(column):
        return "", []
    if shape := _SHAPES.get(column):
        text = identifiers.tidy(text)
        return text, identifiers.number_issues(text, column, shape)
    if coded := CODED.get(column):
        text = codes.tidy(coded, text)
        return text, [issue] if (issue := code_issue(coded, text)) else []
    if column == layouts.VILLAGE_CODE:
        is_known = villages.find(text, "", "") is not None
        return text, [] if is_known else [Issue("VILLAGE_UNKNOWN", column, text[:80])]
    if column == layouts.SEX:
        text = layouts.SEX_CODES.get(text.upper(), text)
        return text, [] if text in ("1", "2") else [Issue("SEX", column, text[:80])]
    if column == layouts.BIRTH_DATE:
        text = dates.as_iso(text) or text
        return text, [] if is_day(text) else [Issue("DATE", column, text[:80])]
    is_address = column == layouts.ADDRESS
    limit = ADDRESS_LIMIT if is_address else NAME_LIMIT
    return text, text_issues(text, column, limit, is_required=not is_address)


def seal(batch_id: int, kind: FileKind, line: int, column: str, value: str) -> bytes:
    return vault.seal_bytes(value.encode(), _purpose(batch_id, kind, line, column))


def opened(batch_id: int, kind: FileKind, cell: FixedCell) -> str:
    return vault.open_bytes(cell.sealed, _purpose(batch_id, kind, cell.line, cell.column)).decode()


def _purpose(batch_id: int, kind: FileKind, line: int, column: str) -> bytes:
    return f"fix|{batch_id}|{kind}|{line}|{column}".encode()


class Mending:
    """The standing fixes of one file of one delivery."""

    def __init__(self, batch_id: int, kind: FileKind, header: list[str]) -> None:
        self._at = {column: place for place, column in enumerate(header)}
        fixes = ImportFix.objects.standing().filter(batch=batch_id, file=kind)
        self.rules = list(fixes.filter(kind__in=[FixKind.MAP, FixKind.BLANK, FixKind.SWAP]))
        self.swaps = any(rule.kind == FixKind.SWAP for rule in self.rules)
        self.lines: dict[int, dict[str, str]] = defaultdict(dict)
        cells = FixedCell.objects.filter(fix__in=fixes).order_by("fix_id", "pk")
        for cell in cells.iterator(chunk_size=5000):  # of two fixes of one cell the later one counts
            self.lines[cell.line][cell.column] = opened(batch_id, kind, cell)

    def is_left_out(self, line: int) -> bool:
        return LEAVE_OUT in self.lines.get(line, ())

    def marked(self, line: int, raw: bytes) -> bytes:
        """What the fingerprint of this record is made of."""
        fixed = self.lines.get(line)
        return raw + _MARK + repr(sorted(fixed.items())).encode() if fixed else raw

    def marked_by_rules(self, raw: bytes, row: list[str]) -> bytes:
        return raw + _MARK + "\x1f".join(row).encode()

    def of_line(self, line: int, row: list[str]) -> list[str]:
        fixed = self.lines.get(line)
        return self._with(row, fixed) if fixed else row

    def by_rules(self, row: list[str], issues: list[Issue]) -> list[str]:
        """The row with every rule that speaks of one of its faults carried out; the same row when none does."""
        changes: dict[str, str] = {}
        for rule in self.rules:
            for issue in issues:
                changes |= self._change(rule, issue, row)
        return self._with(row, changes) if changes else row

    def _change(self, rule: ImportFix, issue: Issue, row: list[str]) -> dict[str, str]:
        if rule.code != issue.code:
            return {}
        if rule.kind == FixKind.SWAP:
            nik, card_no = row[self._at[layouts.NIK]], row[self._at[layouts.CARD_NO]]
            return {layouts.NIK: card_no, layouts.CARD_NO: nik}
        if rule.column != issue.column:
            return {}
        if rule.kind == FixKind.BLANK:
            return {rule.column: ""}
        same = rule.written == printable(issue.value)[:80]
        return {mended_column(rule.code, rule.column): rule.value} if same else {}

    def _with(self, row: list[str], changes: dict[str, str]) -> list[str]:
        mended = list(row)
        for column, value in changes.items():
            if column in self._at and self._at[column] < len(mended):
                mended[self._at[column]] = value
        return mended
