"""Reading what people type on a phone: NIK, birth date, phone number, story. Words of ux.md 5.6."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bansos.common import ids
from objections import phones, receipts

STORY_LENGTH = 2000
_OLDEST = 120
_MONTHS = [
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
]  # fmt: skip
_OTHER_SPELLINGS = {
    "pebruari": 2, "peb": 2, "may": 5, "ags": 8, "agt": 8, "agts": 8, "agst": 8, "aug": 8, "sept": 9,
    "oct": 10, "nopember": 11, "nop": 11, "dec": 12,
}  # fmt: skip
_DATE_SHAPES = [
    re.compile(r"(?P<day>\d{1,2})[\s/.,-]+(?P<month>\d{1,2})[\s/.,-]+(?P<year>\d{4}|\d\d)", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})[\s/.,-]*(?P<month>[a-z]+)[\s/.,-]*(?P<year>\d{4}|\d\d)", re.ASCII),
    re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4}|\d\d)", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),  # what a browser fills in
]
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def read_nik(typed: str, *, is_beside: bool = False) -> str:
    """`is_beside`: staff type the NIK of the person beside them."""
    digits = ids.ungrouped(typed)
    if not digits:
        raise ValidationError(_("Ketik NIK warga") if is_beside else _("Ketik NIK Anda"))
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValidationError(_("NIK hanya berisi angka"))
    if len(digits) != 16:
        raise ValidationError(
            _("NIK harus 16 angka. Anda mengetik %(count)d angka."), params={"count": len(digits)}
        )
    if not ids.is_nik(digits):
        raise ValidationError(_("NIK itu belum benar. Lihat lagi angka di KTP, satu per satu."))
    return digits


def read_birth_date(typed: str, today: date) -> date:
    text = " ".join(typed.lower().split())
    match = next((found for shape in _DATE_SHAPES if (found := shape.fullmatch(text))), None)
    if match is None:
        raise ValidationError(_("Ketik tanggal, bulan, tahun. Contoh: 27 8 1975"))
    month, day = _month(match["month"]), int(match["day"])
    dates = [date(year, month, day) for year in _years(match["year"]) if _exists(year, month, day)]
    if not dates:
        raise ValidationError(_("Tanggal itu tidak ada. Contoh: 27 8 1975"))
    return _only_possible(dates, today)


def _month(text: str) -> int:
    """0 for a name that is no month; three letters are enough of one."""
    if text.isdigit():
        return int(text)
    begun = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(text)]
    return begun[0] if begun and len(text) >= 3 else _OTHER_SPELLINGS.get(text, 0)


def _years(text: str) -> list[int]:
    return [int(text)] if len(text) == 4 else [1900 + int(text), 2000 + int(text)]


def _exists(year: int, month: int, day: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _only_possible(dates: list[date], today: date) -> date:
    """Two digits of a year are enough while only one century can be meant."""
    possible = [born for born in dates if born <= today and born.year >= today.year - _OLDEST]
    if len(possible) == 1:
        return possible[0]
    if len(dates) > 1:
        raise ValidationError(_("Tulis tahun dengan 4 angka. Contoh: 27 8 1975"))
    if dates[0] > today:
        raise ValidationError(_("Tanggal itu belum lewat. Lihat lagi tahunnya."))
    raise ValidationError(_("Tahun itu terlalu lama. Lihat lagi tahunnya."))


def read_phone(typed: str) -> str:
    """An Indonesian mobile number as 08..., or nothing when nothing was typed."""
    if not re.sub(r"[()]", "", ids.ungrouped(typed)):
        return ""
    number = phones.local(typed)
    if number is None:
        raise ValidationError(_("Nomor HP harus 10 sampai 13 angka dan diawali 08"))
    return number


def printable(typed: str) -> str:
    """Plain text with line feeds; other characters that print nothing are dropped."""
    return _CONTROL.sub("", typed.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def read_story(typed: str) -> str:
    story = typed.strip()
    if len(story) > STORY_LENGTH:
        raise ValidationError(
            _("Cerita terlalu panjang. Kurangi %(count)d huruf."), params={"count": len(story) - STORY_LENGTH}
        )
    return story


def read_receipt_no(typed: str, today: date) -> str:
    """The number as it is stored when one can be meant; SGH and the year may be left out. Else what was typed."""
    if whole := receipts.normalise(typed):
        return whole
    short = re.sub(r"^\s*SGH", "", typed.upper())
    meant = [receipts.normalise(f"{year % 100:02d}{short}") for year in (today.year, today.year - 1)]
    return next(filter(None, meant), typed)
