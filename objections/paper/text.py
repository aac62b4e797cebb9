"""A letter's text: checked when it is saved, filled with values, cut into blocks for screen and paper.

The text is plain: an empty line parts paragraphs, lines that begin with "- " are a list, one with "= " is a code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bansos.common import ids
from objections.models import LetterTemplate
from objections.paper.names import ALLOWED, NAMES

_BRACES = re.compile(r"\{([^{}]*)\}")
_MARKS = {"- ": "list", "= ": "code"}
Value = str | Callable[[], str]


class TextRefused(Exception):
    """What is wrong with a text, each with its place and its fix."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Block:
    kind: str  # text, list, code
    lines: list[str]


def check(*, kind: str, title: str, body: str) -> None:
    """Refuse what could not be sent: unknown names, missing ones, loose braces, a NIK, nothing at all."""
    problems = [*_missing(kind, body), *_unknown(kind, body), *_misplaced(body)]
    if not title.strip() or not body.strip():
        problems.append(_("Isi judul dan isi surat."))
    if len(body) > LetterTemplate.LONGEST:
        over = len(body) - LetterTemplate.LONGEST
        problems.append(_("Isi surat terlalu panjang. Kurangi %d huruf.") % over)
    if set("{}") & set(_BRACES.sub("", body) + title):
        problems.append(
            _("Ada kurung kurawal yang tidak berpasangan, atau ada di judul. Tulis seperti {nama}.")
        )
    if ids.LONG_NUMBER.search(title + body):
        problems.append(_("Isi surat memuat angka sepanjang NIK. Teks ini dipakai untuk semua orang: hapus."))
    if problems:
        raise TextRefused(problems)


def names_in(body: str) -> list[str]:
    return _BRACES.findall(body)


def _missing(kind: str, body: str) -> list[str]:
    left = sorted(ALLOWED[kind].needed - set(names_in(body)))
    return [
        _("{%(name)s} belum ada (%(says)s). Surat jenis ini tidak lengkap tanpanya.")
        % {"name": name, "says": NAMES[name].says}
        for name in left
    ]


def _unknown(kind: str, body: str) -> list[str]:
    known = ALLOWED[kind].known
    return [
        _("Baris %(line)d: {%(name)s} tidak dikenal untuk surat ini. Yang boleh: %(known)s.")
        % {"line": number, "name": name, "known": ", ".join(f"{{{one}}}" for one in sorted(known))}
        for number, line in enumerate(body.splitlines(), start=1)
        for name in names_in(line)
        if name not in known
    ]


def _misplaced(body: str) -> list[str]:
    return [
        _("{%(name)s} membawa barisnya sendiri. Taruh di baris tersendiri, dengan baris kosong di atas dan bawahnya.")
        % {"name": name}
        for paragraph in _paragraphs(body)
        for name in names_in(paragraph)
        if name in NAMES and NAMES[name].stands_alone and paragraph != f"{{{name}}}"
    ]  # fmt: skip


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Put the values in; a name without one stays. What takes a query is asked only where the text names it."""

    def one(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if value is None:
            return found[0]
        told = value() if callable(value) else value
        return told.replace("{", "(").replace("}", ")")

    return _BRACES.sub(one, text)


def blocks(text: str) -> list[Block]:
    return [block for paragraph in _paragraphs(text) for block in _blocks_of(paragraph.splitlines())]


def _paragraphs(text: str) -> Iterable[str]:
    parts = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    return [part.strip() for part in parts if part.strip()]


def _blocks_of(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    for line in lines:
        kind = _MARKS.get(line[:2], "text")
        said = line[2:] if kind != "text" else line
        if found and found[-1].kind == kind:
            found[-1].lines.append(said.strip())
        else:
            found.append(Block(kind, [said.strip()]))
    return found
