"""What a reference of an event or a flag points at, in words; the codes themselves are for programs."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words(reference: str) -> str:
    """`list:14`, `finding:3`, `objection:SGH-26-4K7Q-2`; anything else was typed by people and stays."""
    kind, _colon, name = reference.partition(":")
    known = {"list": _("daftar nomor %s"), "finding": _("temuan nomor %s"), "objection": _("sanggahan %s")}
    if kind not in known:
        return reference
    return known[kind] % name if name else _("beberapa temuan")
