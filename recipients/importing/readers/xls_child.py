"""Run alone, outside Django: the bytes of an XLS come in, JSON lines go out (the sheets, or the rows of one)."""

import json
import resource
import sys

MEMORY, CPU_SECONDS = 3 << 30, 100
PASSWORD, BROKEN = 3, 4


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import io

    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        known = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        if len(sys.argv) < 2:
            write([{"name": one.name, "hidden": one.visible != SheetVisibleEnum.Visible} for one in known])
            return 0
        sheet = book.get_sheet_by_name(known[int(sys.argv[1])].name)
        first = (sheet.start or (0, 0))[0] + 1
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
            cells = [text(value) for value in row]
            if number >= first and any(cells):
                write([number, cells])
    except PasswordError:
        return PASSWORD
    except BaseException:  # a panic of the parser is no Exception
        return BROKEN
    return 0


def text(value: object) -> str:
    """Digits long enough for an identifier are marked: in XLS every number is a float."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e25:
            digits = str(int(value))
            return f"\x1e{digits}" if len(digits) >= 12 else digits
        return repr(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return str(value).replace("\x1e", "").replace("\x1f", "")


def write(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    sys.exit(main())
