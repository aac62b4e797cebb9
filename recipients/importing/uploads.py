"""Browser uploads go sealed to disk piece by piece: Django's own temporary file would be a plain copy."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from recipients.importing import storage
from recipients.importing.storage import SealedWriter, Stored

LARGEST_UPLOAD = 2_000_000_000  # bytes; larger files come by the command line


class SealedUpload(UploadedFile):  # type: ignore[type-arg]
    """What the form receives: no readable file, only where the sealed one is kept."""

    def __init__(self, stored: Stored, field_name: str | None) -> None:
        super().__init__(file=None, name=stored.name, size=stored.size)
        self.field_name, self.stored = field_name, stored

    def close(self) -> None:
        """Nothing is open: Django closes uploads when a request goes wrong."""


class SealingUploadHandler(FileUploadHandler):
    """Takes one file for each of `fields` and reads past any other. `stored` lists what it kept."""

    chunk_size = 1 << 20

    def __init__(self, request: HttpRequest, *, fields: tuple[str, ...]) -> None:
        super().__init__(request)
        self.stored: list[Stored] = []
        self._awaited = set(fields)
        self._writer: SealedWriter | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.field_name not in self._awaited:
            raise SkipFile
        self._awaited.discard(self.field_name)
        self._received = 0
        self._writer = storage.writer(self.file_name or "berkas")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._writer is not None
        self._received += len(raw_data)
        if self._received > LARGEST_UPLOAD:
            self.upload_interrupted()
            raise StopUpload(connection_reset=True)
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        if self._writer is None:
            return None
        stored, self._writer = self._writer.finish(), None
        self.stored.append(stored)
        return SealedUpload(stored, self.field_name)

    def upload_interrupted(self) -> None:
        if self._writer is not None:
            self._writer.abort()
            self._writer = None
