"""Which village a row means: by Kemendagri or BPS code, else by name within its sub-district, aliases included."""

from __future__ import annotations

import re

from recipients.models import Region

_PREFIX = re.compile(r"^(?:DESA|DS|KELURAHAN|KEL|KECAMATAN|KEC)[. ]+")
_SEPARATORS = re.compile(r"[\s.\-_]+")


class Villages:
    def __init__(self) -> None:
        self._by_code: dict[str, int] = {}
        self._by_name: dict[tuple[str, str], int] = {}
        self._districts: set[str] = set()
        for village in Region.objects.villages().select_related("parent"):
            self._add(village)

    def _add(self, village: Region) -> None:
        for code in (village.code, village.code.replace(".", ""), village.bps_code):
            if code:
                self._by_code[code] = village.pk
                self._districts.add(code.replace(".", "")[:4])
        assert village.parent is not None
        for parent in (village.parent.name, *village.parent.aliases):
            for name in (village.name, *village.aliases):
                self._by_name[_plain(parent), _plain(name)] = village.pk

    def find(self, code: str, village: str, subdistrict: str) -> int | None:
        """The village's id, or None when neither code nor names are known."""
        found = self._by_code.get(code.removesuffix(".0"))
        return found if found is not None else self._by_name.get((_plain(subdistrict), _plain(village)))

    def is_outside(self, code: str) -> bool:
        """Whether the code is one of another district."""
        digits = code.replace(".", "")
        return len(digits) == 10 and digits.isdecimal() and digits[:4] not in self._districts


def _plain(name: str) -> str:
    """Spelled alike: capitals, without `DESA`, `KEC.` and separators."""
    return _SEPARATORS.sub("", _PREFIX.sub("", name.upper().strip()))
