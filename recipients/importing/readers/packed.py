"""Zip containers from unknown hands: looked at before anything is unpacked, and unpacked only as a counted stream."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.utils.translation import gettext as _

from recipients.importing.readers.tables import FileRefused
from recipients.importing.readers.xml import UnsafeXml

MOST_PARTS = 2000
LARGEST_PART = 8_000_000_000  # bytes unpacked: a full sheet of the widest layout has about 3 GB
RATIO_FROM, MOST_RATIO = 20_000_000, 150  # sheets of real data pack 10 to 40 times
TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    IndexError,
    NotImplementedError,
)


def open_zip(file: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        container = zipfile.ZipFile(file)
        parts = container.infolist()
    except TROUBLE as error:
        raise truncated(name) from error
    if len(parts) > MOST_PARTS:
        raise FileRefused(
            _("Berkas %(name)s berisi %(count)d bagian, terlalu banyak. Simpan ulang sebagai XLSX atau CSV.")
            % {"name": name, "count": len(parts)}
        )
    for part in parts:
        if part.flag_bits & 1:
            raise with_password(name)
        if part.file_size > LARGEST_PART or is_bomb(part):
            raise FileRefused(
                _(
                    "Berkas %(name)s mengembang terlalu besar saat dibuka, jadi tidak aman. Simpan ulang sebagai CSV."
                )
                % {"name": name}
            )
    return container


def is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def with_password(name: str) -> FileRefused:
    return FileRefused(
        _("Berkas %(name)s memakai kata sandi. Buka, hapus kata sandinya, simpan, lalu unggah lagi.")
        % {"name": name}
    )


def truncated(name: str) -> FileRefused:
    return FileRefused(
        _("Berkas %(name)s terpotong atau rusak. Unduh ulang dari sumbernya, atau simpan ulang di Excel.")
        % {"name": name}
    )


def not_a_table(name: str, kind: str) -> FileRefused:
    return FileRefused(
        _("Berkas %(name)s adalah %(kind)s, bukan tabel. Unggah CSV, XLSX, XLS, ODS, atau ZIP berisi itu.")
        % {"name": name, "kind": kind}
    )


@contextmanager
def telling_trouble(name: str) -> Iterator[None]:
    """What the parsers raise on damaged input becomes a message; our own refusals pass."""
    from xml.etree.ElementTree import ParseError
    from xml.parsers.expat import ExpatError

    try:
        yield
    except FileRefused:
        raise
    except UnsafeXml as error:
        raise FileRefused(
            _("Berkas %(name)s memuat perintah XML yang tidak aman. Simpan ulang di Excel sebagai XLSX.")
            % {"name": name}
        ) from error
    except (ParseError, ExpatError, UnicodeError, RuntimeError, *TROUBLE) as error:
        raise truncated(name) from error
