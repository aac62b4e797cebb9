"""Files kept sealed: 1 MiB frames under the vault's key, readable as a stream, cut ends noticed."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from bansos.common import vault

FRAME_BYTES = 1 << 20
LAST = -1  # the number of the empty frame that ends a file
_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Stored:
    """A received file: the name it came with, the name it is kept under (which reveals nothing), SHA-256, size."""

    name: str
    key: str
    sha256: str
    size: int


@dataclass(frozen=True)
class SealedFolder:
    """A folder of sealed files. `setting` names its path; `purpose` binds its files to it."""

    setting: str
    purpose: str

    @property
    def path(self) -> Path:
        return Path(getattr(settings, self.setting))

    def writer(self, name: str) -> SealedWriter:
        return SealedWriter(self, name)

    def store(self, name: str, pieces: Iterable[bytes]) -> Stored:
        writer = self.writer(name)
        try:
            for piece in pieces:
                writer.write(piece)
        except BaseException:
            writer.abort()
            raise
        return writer.finish()

    def open(self, key: str) -> io.BufferedReader:
        """The file's bytes again. Raises vault.VaultError when it was cut or changed."""
        return io.BufferedReader(_Unsealed(self, key), FRAME_BYTES)

    def discard(self, key: str) -> None:
        (self.path / key).unlink(missing_ok=True)

    def discard_others(self, owned: set[str], before: datetime) -> int:
        """Delete the files, whole or half-written, that are not `owned` and older than `before`; how many."""
        gone = 0
        for path in self.path.iterdir() if self.path.exists() else ():
            if path.name not in owned and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def purpose_of(self, key: str, number: int) -> bytes:
        return f"{self.purpose}|{key}|{number}".encode()


class SealedWriter:
    """Seals a file piece by piece as it arrives; nothing plain touches the disk. Call `finish` or `abort`."""

    def __init__(self, folder: SealedFolder, name: str) -> None:
        self._folder, self._name, self._key = folder, name, secrets.token_hex(16)
        self._digest, self._size, self._number, self._waiting = hashlib.sha256(), 0, 0, b""
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder.path / f".{self._key}"
        self._out = self._path.open("xb")

    def write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._size += len(piece)
        self._waiting += piece
        while len(self._waiting) >= FRAME_BYTES:
            self._seal(self._waiting[:FRAME_BYTES])
            self._waiting = self._waiting[FRAME_BYTES:]

    def finish(self) -> Stored:
        if self._waiting:
            self._seal(self._waiting)
        self._number = LAST
        self._seal(b"")
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        self._path.rename(self._path.with_name(self._key))
        return Stored(self._name, self._key, self._digest.hexdigest(), self._size)

    def abort(self) -> None:
        self._out.close()
        self._path.unlink(missing_ok=True)

    def _seal(self, frame: bytes) -> None:
        sealed = vault.seal_bytes(frame, self._folder.purpose_of(self._key, self._number))
        self._out.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(FRAME_BYTES):
        yield piece


def _overhead() -> int:
    """Bytes that sealing adds to a frame."""
    return len(vault.seal_bytes(b"", b""))


def _plain_size(sealed_size: int) -> int:
    """The bytes of the file as received: every frame but the last two is full, the last is empty."""
    around = _LENGTH.size + _overhead()
    frames, rest = divmod(max(sealed_size - around, 0), around + FRAME_BYTES)
    return frames * FRAME_BYTES + max(rest - around, 0)


class _Unsealed(io.RawIOBase):
    """Frames opened as they are asked for. Containers (XLSX, ZIP) are read out of order, so it can seek."""

    def __init__(self, folder: SealedFolder, key: str) -> None:
        path = folder.path / key
        self._folder, self._file, self._key = folder, path.open("rb"), key
        self._number, self._left, self._ended = 0, b"", False
        self._at, self._size = 0, _plain_size(path.stat().st_size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence], 0)
        self._number, skipped = divmod(min(self._at, self._size), FRAME_BYTES)
        self._file.seek(self._number * (_LENGTH.size + FRAME_BYTES + _overhead()))
        self._left, self._ended = b"", self._at >= self._size
        if not self._ended:
            self._next_frame()
            self._left = self._left[skipped:]
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._left and not self._ended:
            self._next_frame()
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        self._at += count
        return count

    def _next_frame(self) -> None:
        head = self._file.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            raise vault.VaultError("The stored file was cut short")
        (length,) = _LENGTH.unpack(head)
        sealed = self._file.read(length)
        is_last = not (more := self._file.read(1))
        if more:
            self._file.seek(-1, io.SEEK_CUR)
        purpose = self._folder.purpose_of(self._key, LAST if is_last else self._number)
        self._left = vault.open_bytes(sealed, purpose)
        self._number += 1
        self._ended = is_last

    def close(self) -> None:
        self._file.close()
        super().close()
