"""What the page of refused rows of one kind shows, and the list of fixes on a delivery's page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from bansos.common import ids
from recipients import codebook, refusals, services
from recipients.enums import BatchState, FileKind, FixKind
from recipients.importing import layouts, mending, refused
from recipients.importing.issues import CODE_LABELS
from recipients.importing.readers import place
from recipients.models import FixedCell, ImportBatch, ImportFix, ImportRow, Region
from recipients.roles import UPLOAD

PER_PAGE = 50
MOST_ALIKE = 20  # contents offered for mapping, the most frequent first
MOST_FIXES = 100
NUMBER_COLUMNS = (layouts.NIK, layouts.CARD_NO)
TOLD_APART_BY = (
    layouts.NIK, layouts.CARD_NO, layouts.MEMBER_NAME, layouts.HEAD_NAME, layouts.BIRTH_DATE, layouts.ADDRESS,
    layouts.VILLAGE_NAME,
)  # fmt: skip


def is_open(batch: ImportBatch) -> bool:
    return batch.state == BatchState.PREVIEWED


def commonest(batch: ImportBatch, file: FileKind) -> str:
    """The kind of error that most rows have; for an address that names none."""
    return next((kind["code"] for kind in refusals.of_batch(batch) if kind["file"] == file), "")


def rows_shown(batch: ImportBatch, file: FileKind, code: str, page: str | None) -> int:
    return len(_page(batch, file, code, page))


def _page(batch: ImportBatch, file: FileKind, code: str, page: str | None) -> Page[ImportRow]:
    rows = batch.refused_rows.filter(file=file, code=code).order_by("line", "pk").defer("sealed_row")
    return Paginator(rows, PER_PAGE).get_page(page)


def rows_page(
    batch: ImportBatch,
    file: FileKind,
    code: str,
    *,
    page: str | None,
    is_revealed: bool,
    typed: dict[str, str],
) -> dict[str, Any]:
    shown = _page(batch, file, code, page)
    lines = [row.line for row in shown]
    full = refused.rows_at(batch, file, lines) if is_revealed else {}
    fixed = _fixed(batch, file, lines)
    columns = list(
        batch.refused_rows.filter(file=file, code=code).order_by("column").values_list("column", flat=True)
        .distinct()
    )  # fmt: skip
    mended = {mending.mended_column(code, column) for column in columns}
    may_type, may_choose = any(mended), code in mending.CHOOSE_ONE
    return {
        **_words_of(columns, mended),
        "title": CODE_LABELS.get(code, _("Baris ditolak")),
        "batch": batch,
        "file": file,
        "code": code,
        "page": shown,
        "rows": [_row(row, full.get(row.line, {}), fixed, typed) for row in shown],
        "example": shown[0].message if lines else "",
        "others": [one for one in refusals.of_batch(batch) if one["file"] == file and one["code"] != code],
        "is_revealed": is_revealed,
        "is_compact": not (may_type or may_choose or is_revealed or any(row.value for row in shown)),
        "may_type": may_type,
        "may_choose": may_choose,
        "may_swap": code == "NUMBERS_SWAPPED",
        "blank_columns": [column for column in columns if mending.may_be_blank(column)],
        "alike": (
            _alike(batch, file, code, typed) if any(mending.may_be_mapped(code, c) for c in columns) else []
        ),
        "villages": _villages() if code == "VILLAGE_UNKNOWN" else [],
        "fixes": fixes_of(batch, batch.fixes.filter(file=file, code=code)),
        "is_unchecked": services.has_unchecked_fixes(batch),
        "reason": typed.get("reason", ""),
    }


def _row(
    row: ImportRow, full: dict[str, str], fixed: dict[tuple[int, str], str], typed: dict[str, str]
) -> dict[str, Any]:
    sheet, number = place(row.line)
    column = mending.mended_column(row.code, row.column)
    told = [(name, full[name]) for name in dict.fromkeys((row.column, *TOLD_APART_BY)) if full.get(name)]
    return {
        "where": str(number) if sheet == 1 else f"{sheet}/{number}",
        "column": row.column,
        "value": row.value,
        "full": told,
        "name": f"isi:{row.line}:{column}" if column else "",
        "typed": typed.get(f"isi:{row.line}:{column}", ""),
        "leaves": f"tinggal:{row.line}",
        "book": column if choices(column) else "",
        "is_number": column in NUMBER_COLUMNS,
        "becomes": fixed.get((row.line, column), "") if column else "",
        "is_left_out": (row.line, mending.LEAVE_OUT) in fixed,
    }


def _fixed(batch: ImportBatch, file: FileKind, lines: list[int]) -> dict[tuple[int, str], str]:
    """What standing fixes put into cells of these rows; numbers masked."""
    fixes = ImportFix.objects.standing().filter(batch=batch, file=file)
    found = {}
    for cell in FixedCell.objects.filter(fix__in=fixes, line__in=lines).order_by("fix_id"):
        value = mending.opened(batch.pk, file, cell)
        found[cell.line, cell.column] = ids.mask(value) if cell.column in NUMBER_COLUMNS else value
    return found


def _words_of(columns: list[str], mended: set[str]) -> dict[str, Any]:
    """A column that all rows have in common is named once; what its codes mean is offered while typing."""
    return {
        "column": columns[0] if len(columns) == 1 else "",
        "fills": mended.pop() if len(mended) == 1 and not mended <= set(columns) else "",
        "books": [(column, choices(column)) for column in columns if choices(column)],
    }


def choices(column: str) -> list[tuple[str, Any]]:
    """The codes of a column with their words; nothing for counts and texts."""
    if column == layouts.SEX:
        book = codebook.SEX
    elif (coded := mending.CODED.get(column)) is None:
        book = {}
    elif (coded.low, coded.high) == layouts.YES_NO:
        book = codebook.YES_NO
    else:
        book = codebook.HOUSING.get(coded.field, ("", None))[1] or {}
    return [(str(code), words) for code, words in book.items()]


def _alike(batch: ImportBatch, file: FileKind, code: str, typed: dict[str, str]) -> list[dict[str, Any]]:
    rows = batch.refused_rows.filter(file=file, code=code)
    found = rows.values("column", "value").annotate(rows=Count("pk")).order_by("-rows", "column", "value")
    return [
        {
            **one,
            "choices": choices(one["column"]),
            "typed": typed.get(f"sama:{one['column']}:{one['value']}", ""),
        }
        for one in found[:MOST_ALIKE]
        if mending.may_be_mapped(code, one["column"])
    ]


def _villages() -> list[tuple[str, str]]:
    found = Region.objects.villages().order_by("code").values_list("code", "name", "parent__name")
    return [(code, f"{name} / {parent}") for code, name, parent in found]


def fixes_of(batch: ImportBatch, fixes: Any = None) -> list[dict[str, Any]]:
    """The newest fixes with their words; those withdrawn stay in the list."""
    found = (batch.fixes.all() if fixes is None else fixes).select_related("by", "withdrawn_by")
    return [
        {"fix": fix, "what": _what(fix), "label": CODE_LABELS.get(fix.code, "")}
        for fix in found.order_by("-pk")[:MOST_FIXES]
    ]


def _what(fix: ImportFix) -> str:
    if fix.kind == FixKind.MAP:
        return f"{fix.column}: “{fix.written}” → “{fix.value}”"
    return fix.column


def fixing_of(batch: ImportBatch, user: Any) -> dict[str, Any]:
    """For the delivery's page."""
    is_unchecked = is_open(batch) and services.has_unchecked_fixes(batch)
    return {
        "fixes": fixes_of(batch),
        "may_fix": is_open(batch) and user.has_perm(UPLOAD),
        "is_unchecked": is_unchecked,
        "seen": services.seen_as(batch) if is_open(batch) else "",
    }
