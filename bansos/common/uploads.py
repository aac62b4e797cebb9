"""Uploads of the public pages stay in memory, bounded: Django's own temporary files would be plain copies on disk."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST_FILE = 8_000_000  # bytes: what a phone's camera makes, and what a page says is too much


class Received(UploadedFile):  # type: ignore[type-arg]
    """One file in memory. Of a file that is too big nothing is kept but that it was."""

    def __init__(self, data: bytes, name: str | None, size: int) -> None:
        super().__init__(file=BytesIO(data), name=name, size=size)
        self.data = data

    @property
    def is_too_big(self) -> bool:
        return (self.size or 0) > LARGEST_FILE


class BoundedMemoryHandler(FileUploadHandler):
    """Reads past what exceeds the limit instead of cutting the line: the page can then say what was wrong."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._pieces: list[bytes] = []
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > LARGEST_FILE:
            self._pieces = []
        else:
            self._pieces.append(raw_data)

    def file_complete(self, file_size: int) -> Received:
        return Received(b"".join(self._pieces), self.file_name, self._size)
