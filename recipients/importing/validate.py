"""One row at a time: a row becomes staged cells or issues. A clean row takes one regular expression for all its codes;
only a row that fails it is looked at cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from operator import itemgetter

from django.utils.translation import gettext as _

from bansos.common import ids, vault
from recipients.importing import codes, dates, deceased, identifiers, layouts
from recipients.importing.codebooks import Reading
from recipients.importing.issues import Issue
from recipients.importing.layouts import Coded
from recipients.importing.readers import FileRefused, NumberText
from recipients.importing.readers.xlsx_cells import UNCALCULATED
from recipients.importing.villages import Villages
from recipients.models.code_books import OURS

NAME_LIMIT, ADDRESS_LIMIT = 120, 200
_SMALL = re.compile("[0-9]{1,5}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z .,'/\-]{0,118}[A-Za-z.]")  # most names, at once
_WORDS = r"[A-Za-z .,'/\-]"
# Never 16 digits.
_PLAIN_ADDRESS = re.compile(f"[A-Za-z]{_WORDS}*(?:[0-9]{{1,3}}{_WORDS}+){{0,4}}[0-9]{{0,3}}")
_ANSWERS = re.compile(r"[1-4]{0,8}")
_DISABILITY = [Coded(header, "has_disability", 1, 4) for header in layouts.DISABILITY]
_QUOTE, _TWO_QUOTES = '"', '""'
_BLANK_EDGE = " \t\r\n\u00a0\u200b\ufeff"

Pick = Callable[[Sequence[str]], tuple[str, ...]]


def positions(header: list[str], wanted: Sequence[str], file_name: str) -> list[int]:
    """Where each wanted column stands. Raises FileRefused naming every missing column."""
    missing = [column for column in wanted if column not in header]
    if missing:
        raise FileRefused(
            _("Kolom tidak ada di berkas %(name)s: %(missing)s. Berkas ini punya kolom: %(has)s.")
            % {"name": file_name, "missing": ", ".join(missing), "has": ", ".join(header)[:400]}
        )
    return [header.index(column) for column in wanted]


def codes_pattern(columns: Sequence[Coded]) -> re.Pattern[str]:
    """Matches the comma-joined cells of these columns when every one is blank or within its bounds."""
    return re.compile(",".join(_numbers(column.low, column.high) for column in columns))


def _numbers(low: int, high: int) -> str:
    if high > 99:  # counts and areas: four digits at most here; more is left to the slow path
        return "[0-9]{0,4}"
    if high < 10:
        return f"[{low}-{high}]?"
    return f"(?:{'|'.join(str(number) for number in range(high, low - 1, -1))})?"


class RowReader:
    """What both layouts share: the kept cells in the layout's own order, and the reading of codes."""

    HEADERS: tuple[str, ...] = ()  # of the layout, whether a field of ours reads them or not
    NUMBERS_AT: tuple[int, ...] = (0,)
    number_cells = rounded_cells = 0  # identifiers met in number cells, and those that end in 0

    def __init__(
        self,
        header: list[str],
        file_name: str,
        plain: Sequence[str],
        coded: Sequence[Coded],
        extra: Sequence[str] = (),
    ) -> None:
        columns = [*plain, *extra, *(column.header for column in coded)]
        self.width, self.coded = len(header), coded
        self.strangers = [column for column in header if column and column not in self.HEADERS]
        self._pick: Pick = itemgetter(*positions(header, columns, file_name))
        self._plain_to, self._codes_from = len(plain), len(plain) + len(extra)
        self._clean_codes = codes_pattern(coded)
        self.warnings: list[str] = []  # of the row read last; it is used all the same

    def cells(self, row: list[str]) -> tuple[str, ...] | None:
        """The kept cells: plain, extra, then coded. None when the row is shorter or longer than the header."""
        if len(row) != self.width and (len(row) < self.width or any(row[self.width :])):
            return None
        return self._pick(row)

    def tidy(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        """The same cells in the centre's spelling: without stray signs, words as codes, days as yyyy-mm-dd."""
        plain = [_tidy(cell) for cell in cells]
        for place in self.NUMBERS_AT:
            plain[place] = identifiers.tidy(cells[place])
        for place, column in enumerate(self.coded, self._codes_from):
            plain[place] = codes.tidy(column, plain[place])
        return tuple(plain)

    def _look_for_deceased(self, name: str) -> None:
        if deceased.says_so(name):
            self.warnings.append("NAME_DECEASED")

    def _number_issues(self, cell: str, column: str, shape: re.Pattern[str]) -> list[Issue]:
        if isinstance(cell, NumberText):
            self.number_cells += 1
            self.rounded_cells += cell.endswith("0")
        return identifiers.number_issues(cell, column, shape)

    def codes(self, coded: tuple[str, ...], issues: list[Issue]) -> str:
        """The coded cells joined by commas, ready to be copied."""
        joined = ",".join(coded)
        if not self._clean_codes.fullmatch(joined):
            issues += [
                issue
                for column, cell in zip(self.coded, coded, strict=True)
                if (issue := code_issue(column, cell))
            ]
        return joined


def _tidy(cell: str) -> str:
    return cell.strip(_BLANK_EDGE)


def code_issue(column: Coded, cell: str) -> Issue | None:
    if not cell or (_SMALL.fullmatch(cell) and column.low <= int(cell) <= column.high):
        return None
    if fault := _fault(column.header, cell):
        return fault
    if column.header == layouts.DECILE and codes.RANGE.fullmatch(cell):
        return Issue("DECILE_RANGE", column.header, cell[:80])
    return Issue("CODE_RANGE", column.header, cell[:80], low=column.low, high=column.high)


def _fault(column: str, cell: str) -> Issue | None:
    """What a spreadsheet left where a value should be."""
    if cell == UNCALCULATED:
        return Issue("CELL_UNCALCULATED", column)
    return Issue("CELL_ERROR", column, cell) if identifiers.error_in(cell) else None


def text_issues(cell: str, column: str, limit: int, *, is_required: bool) -> list[Issue]:
    if fault := _fault(column, cell):
        return [fault]
    if is_required and not any(character.isalpha() for character in cell):
        return [Issue("TEXT_EMPTY", column)]
    if len(cell) > limit:
        return [Issue("TEXT_LENGTH", column, "x" * min(len(cell), 9999), limit=limit)]
    if _CONTROL.search(cell):
        return [Issue("TEXT_CONTROL", column)]
    if ids.LONG_NUMBER.search(cell):
        return [Issue("TEXT_NUMBER", column)]
    return []


def quoted(text: str) -> str:
    """A cell of COPY CSV text that is never NULL."""
    return f'"{text.replace(_QUOTE, _TWO_QUOTES)}"'


class FamilyRows(RowReader):
    """Layout A. Staged cells: card number apart, then village, head's name, address and the codes."""

    STAGED = (
        "village_id",
        "head_name",
        "address",
        "written_codes",
        *(column.field for column in layouts.FAMILY_CODED),
    )
    HEADERS = layouts.FAMILY_HEADERS
    NUMBER_COLUMN, NUMBER_KIND = layouts.CARD_NO, vault.CARD_NO
    WANTED = (layouts.CARD_NO, layouts.DECILE)  # tell its sheet from others in the same file

    def __init__(self, header: list[str], file_name: str, villages: Villages, book: str = OURS) -> None:
        plain = (
            layouts.CARD_NO,
            layouts.HEAD_NAME,
            layouts.ADDRESS,
            layouts.VILLAGE_CODE,
            layouts.VILLAGE_NAME,
            layouts.SUBDISTRICT_NAME,
        )
        super().__init__(header, file_name, plain, layouts.FAMILY_CODED)
        self._villages, self._book = villages, Reading(book, layouts.FAMILY_CODED)

    def read(self, cells: tuple[str, ...], issues: list[Issue]) -> tuple[str, str]:
        """The card number, and the staged cells as COPY text; what is wrong is added to `issues`."""
        card_no, name, address, code, village, subdistrict = cells[:6]
        village_id = self._villages.find(code, village, subdistrict)
        if village_id is None:
            is_outside = self._villages.is_outside(code)
            where = f"{village} / {subdistrict} ({code})"[:80]
            issues.append(
                Issue("VILLAGE_OUTSIDE" if is_outside else "VILLAGE_UNKNOWN", layouts.VILLAGE_NAME, where)
            )
        if not ids.CARD_NO.fullmatch(card_no) or isinstance(card_no, NumberText):
            issues += self._number_issues(card_no, layouts.CARD_NO, ids.CARD_NO)
        if not _PLAIN_NAME.fullmatch(name):
            name = _tidy(name)
            issues += text_issues(name, layouts.HEAD_NAME, NAME_LIMIT, is_required=True)
        self._look_for_deceased(name)
        if len(address) > ADDRESS_LIMIT or not _PLAIN_ADDRESS.fullmatch(address) or address[-1] == " ":
            address = _tidy(address)
            issues += text_issues(address, layouts.ADDRESS, ADDRESS_LIMIT, is_required=False)
        coded, written = self._book.ours(cells[self._codes_from :])
        told = quoted(written) if written else ""
        return (
            card_no,
            f"{village_id},{quoted(name)},{quoted(address)},{told},{self.codes(coded, issues)}",
        )


class MemberRows(RowReader):
    """Layout B. Staged cells: NIK apart, then the card's index, name, sex, birth date, codes and disability."""

    STAGED = (
        "card_index",
        "name",
        "sex",
        "birth_date",
        "has_disability",
        *(column.field for column in layouts.MEMBER_CODED),
    )
    HEADERS = layouts.MEMBER_HEADERS
    NUMBER_COLUMN, NUMBER_KIND = layouts.NIK, vault.NIK
    WANTED = (layouts.NIK, layouts.CARD_NO, layouts.MEMBER_NAME)
    NUMBERS_AT, SEX_AT, BORN_AT = (0, 1), 3, 4

    def __init__(
        self, header: list[str], file_name: str, _villages: Villages | None = None, _book: str = OURS
    ) -> None:
        plain = (layouts.NIK, layouts.CARD_NO, layouts.MEMBER_NAME, layouts.SEX, layouts.BIRTH_DATE)
        super().__init__(header, file_name, plain, layouts.MEMBER_CODED, layouts.DISABILITY)

    def read(self, cells: tuple[str, ...], issues: list[Issue]) -> tuple[str, str]:
        """The NIK, and the staged cells as COPY text; what is wrong is added to `issues`."""
        nik, card_no, name, sex, born = cells[:5]
        if not ids.NIK.fullmatch(nik) or isinstance(nik, NumberText):
            issues += self._number_issues(nik, layouts.NIK, ids.NIK)
        if not ids.CARD_NO.fullmatch(card_no) or isinstance(card_no, NumberText):
            issues += self._number_issues(card_no, layouts.CARD_NO, ids.CARD_NO)
        if not _PLAIN_NAME.fullmatch(name):
            name = _tidy(name)
            issues += text_issues(name, layouts.MEMBER_NAME, NAME_LIMIT, is_required=True)
        self._look_for_deceased(name)
        if issues and identifiers.are_swapped(nik, card_no):
            issues[:] = [Issue("NUMBERS_SWAPPED", layouts.NIK)]
        elif nik == card_no and not issues:
            issues.append(Issue("NUMBERS_SAME", layouts.NIK, ids.mask(nik)))
        sex = layouts.SEX_CODES.get(sex, sex)
        if sex not in ("1", "2", ""):
            issues.append(Issue("SEX", layouts.SEX, sex[:80]))
        if born and not is_day(born):
            issues.append(Issue("DATE", layouts.BIRTH_DATE, born[:80]))
        elif not issues:
            self._compare_with_nik(nik, sex, born)
        card_index = vault.blind_index(vault.CARD_NO, card_no).hex()
        answers = cells[self._plain_to : self._codes_from]
        if not _ANSWERS.fullmatch("".join(answers)):
            both = zip(_DISABILITY, answers, strict=True)
            issues += [issue for column, cell in both if (issue := code_issue(column, cell))]
        disability = _has_disability(answers)
        coded = self.codes(cells[self._codes_from :], issues)
        return nik, f"\\x{card_index},{quoted(name)},{sex},{born},{disability},{coded}"

    def _compare_with_nik(self, nik: str, sex: str, born: str) -> None:
        """A NIK stays as it was given even when birth date or sex was wrong (domain.md 0.9): a warning only."""
        if born and (nik[8:12] != born[5:7] + born[2:4] or int(nik[6:8]) % 40 != int(born[8:10])):
            self.warnings.append("BIRTH_DIFFERS")
        if sex and (nik[6] > "3") != (sex == "2"):
            self.warnings.append("SEX_DIFFERS")

    def tidy(self, cells: tuple[str, ...]) -> tuple[str, ...]:
        plain = list(super().tidy(cells))
        sex, born = self.SEX_AT, self.BORN_AT
        plain[sex] = layouts.SEX_CODES.get(plain[sex].upper(), plain[sex].removesuffix(".0"))
        day = dates.as_iso(plain[born], nik=plain[0])
        plain[born] = plain[born] if day is None else day
        for place in range(self._plain_to, self._codes_from):
            plain[place] = plain[place].removesuffix(".0")
        return tuple(plain)


def is_day(text: str) -> bool:
    """yyyy-mm-dd, a real day from 1890 on."""
    try:
        return len(text) == 10 and 1890 <= date.fromisoformat(text).year <= 2100
    except ValueError:
        return False


def _has_disability(answers: tuple[str, ...]) -> str:
    """Yes as soon as one answer is severe; no only when every question was answered; else unknown."""
    if any(answer in layouts.SEVERE for answer in answers):
        return "t"
    return "f" if all(answers) else ""
