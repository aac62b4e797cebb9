"""XML of spreadsheets from unknown hands: no document types, no entities of their own, bounded pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from xml.etree import ElementTree
from xml.parsers import expat

PIECE = 1 << 20
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_OWN_MARKS = {0x1E: None, 0x1F: None}  # `tables.CELL` and `tables.NUMBER`


class Pieces(Protocol):
    """What can be read a piece at a time."""

    def read(self, size: int, /) -> bytes: ...


class UnsafeXml(ValueError):
    """A document type or an entity: no spreadsheet needs one, every XML bomb does."""


def tree(data: bytes) -> ElementTree.Element:
    """A small part as a tree, its namespaces cut off."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data[:64]:
        raise UnsafeXml
    root = ElementTree.fromstring(data)
    for element in root.iter():
        element.tag = local(element.tag)
        element.attrib = {local(name): value for name, value in element.attrib.items()}
    return root


def local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def text_of(raw: str) -> str:
    """XML text as it was typed: entities and the `_x000D_` of spreadsheets resolved."""
    if "&" in raw:
        raw = _ENTITY.sub(_character, raw)
    if "_x" in raw:
        raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), raw)
    return raw.translate(_OWN_MARKS) if "\x1e" in raw or "\x1f" in raw else raw


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


class Walker:
    """Streams a part through expat; `opened`, `closed` and `text` are called with local names."""

    def __init__(
        self,
        opened: Callable[[str, dict[str, str]], None],
        closed: Callable[[str], None],
        text: Callable[[str], None],
    ) -> None:
        self._parser: Any = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, values: opened(local(name), values)
        self._parser.EndElementHandler = lambda name: closed(local(name))
        self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.EntityDeclHandler = _refuse

    def walk(self, part: Pieces) -> Iterator[None]:
        """Yields after every piece, so that the caller can hand on what it gathered."""
        while piece := part.read(PIECE):
            self._parser.Parse(piece, False)
            yield
        self._parser.Parse(b"", True)
        yield


def _refuse(*_arguments: Any) -> None:
    raise UnsafeXml
