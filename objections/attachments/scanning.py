"""Asking clamd about a file (INSTREAM), where one is set up. Unanswered, a file waits; it is never called clean."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

from objections.enums import Scan

WITHIN_S = 10
_PIECE = 1 << 16


class Infected(Exception):
    """clamd names something in the file."""


class NoAnswer(Exception):
    """clamd is set up but did not say."""


def look(data: bytes) -> Scan:
    """NOT_SET_UP, CLEAN or, while clamd is away, WAITING; raises Infected."""
    if not settings.CLAMD:
        return Scan.NOT_SET_UP
    try:
        return ask(data)
    except NoAnswer:
        return Scan.WAITING


def ask(data: bytes) -> Scan:
    try:
        with _connect(settings.CLAMD) as line:
            answer = _instream(line, data)
    except OSError as error:
        raise NoAnswer(type(error).__name__) from error
    if answer.endswith(b"FOUND"):
        raise Infected(answer.decode("ascii", "replace"))
    if answer.endswith(b"OK"):
        return Scan.CLEAN
    raise NoAnswer(answer.decode("ascii", "replace")[:100])


def _connect(where: str) -> socket.socket:
    """`/path/of/socket` or `host:port`."""
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(WITHIN_S)
        line.connect(where)
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), WITHIN_S)


def _instream(line: socket.socket, data: bytes) -> bytes:
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        line.sendall(struct.pack(">I", len(piece)) + piece)
    line.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and (more := line.recv(4096)):
        answer += more
    return answer.strip(b"\0 \n")
