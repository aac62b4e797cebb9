"""A rule set as its text file: what rules/documents.py reads, written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


def write_document(data: Mapping[str, Any]) -> str:
    """Tables `programme`, `rule_set`, `amounts` and the list `conditions`, in that order."""
    parts = [_table(name, data[name]) for name in ("programme", "rule_set") if data.get(name)]
    if data.get("amounts"):
        amounts = dict(data["amounts"])
        components = amounts.pop("components", None)
        parts.append(_table("amounts", amounts))
        if components:
            parts.append(_table("amounts.components", components))
    parts += ["[[conditions]]\n" + _rows(row) for row in data.get("conditions") or []]
    return "\n".join(parts)


def _table(name: str, rows: Mapping[str, Any]) -> str:
    return f"[{name}]\n{_rows(rows)}"


def _rows(rows: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in rows.items() if value is not None)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(str(value))


def _text(value: str) -> str:
    """A basic string: quotes and backslashes escaped, control characters as code points."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    signs = (f"\\u{ord(sign):04X}" if ord(sign) < 32 or ord(sign) == 127 else sign for sign in escaped)
    return f'"{"".join(signs)}"'
