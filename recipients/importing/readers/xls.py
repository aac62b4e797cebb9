"""Old XLS (and what pretends to be one): read by calamine in a child process of limited memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from recipients.importing.readers import packed
from recipients.importing.readers.tables import FileRefused, Record, Sheet, joined, split_joined

LARGEST = 200_000_000  # bytes; 65,536 rows of the widest layout have about 40 MB
SECONDS = 120
CHILD = Path(__file__).with_name("xls_child.py")
_PASSWORD_PART = "EncryptedPackage".encode("utf-16-le")


def sheets(file: IO[bytes], name: str) -> list[Sheet]:
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FileRefused(
            _("Berkas %(name)s terlalu besar untuk XLS. Simpan ulang sebagai XLSX.") % {"name": name}
        )
    if _PASSWORD_PART in data:
        raise packed.with_password(name)
    told = next(_lines(data, name, []))
    return [
        Sheet(one["name"], partial(_records, data, name, number), split_joined, one["hidden"])
        for number, one in enumerate(told)
    ]


def _records(data: bytes, name: str, number: int) -> Iterator[Record]:
    for row, cells in _lines(data, name, [str(number)]):
        yield row, joined(cells)


def _lines(data: bytes, name: str, arguments: list[str]) -> Iterator[Any]:
    """JSON lines of the child. Its answer waits sealed by nothing but memory, so nothing plain touches the disk."""
    command = [sys.executable, "-I", str(CHILD), *arguments]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise packed.truncated(name) from None
    if child.returncode == 3:
        raise packed.with_password(name)
    if child.returncode:
        raise packed.truncated(name)
    for line in child.stdout.splitlines():
        yield json.loads(line)
