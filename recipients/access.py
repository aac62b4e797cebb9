"""The trace of processing (UU 27/2022): one row per look at personal data, written before it is shown."""

from __future__ import annotations

from typing import Any

from recipients.enums import Access
from recipients.models import AccessLog, Family


def record_access(
    *,
    by: Any,
    kind: Access,
    family: Family | None = None,
    subject: str = "",
    reason: str = "",
    rows: int | None = None,
) -> AccessLog:
    """Write the look. Call it first: when it raises, nothing may be shown. `by` is None for the family's own look."""
    return AccessLog.objects.create(
        by=by, kind=kind, family=family, subject=subject[:200], reason=reason[:200], rows=rows
    )
