"""The rows of a list that were not used, as they came, read again from the sealed file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from recipients.importing import storage
from recipients.importing.lists.issues import label
from recipients.importing.readers import open_table
from recipients.models import ListDelivery

CHUNK_ROWS = 2000


def rows(delivery: ListDelivery) -> Iterator[list[str]]:
    """Every unused row in its own columns, its reasons at the end."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for line, code in delivery.rows.values_list("line", "code"):
        reasons[line].append(label(code))
    if not reasons:
        return
    with storage.open_stored(delivery.stored) as file:
        table = open_table(file, delivery.file_name, sheets=delivery.sheets)
        wanted = ((line, raw) for line, raw in table.records if line in reasons)
        while records := list(islice(wanted, CHUNK_ROWS)):
            parsed = table.parse([raw for _line, raw in records])
            for (line, _raw), row in zip(records, parsed, strict=True):
                yield [*row, "; ".join(reasons[line])]
