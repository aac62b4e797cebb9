"""A voice note: recognised by its container, walked to its end, and rid of the notes that phones write into it.

Nothing here decodes sound. The parts of a container that hold titles, places or devices are blanked where they stand,
so that no offset moves: udta and meta boxes of MP4 (ISO 14496-12), Tags and Attachments of WebM (RFC 9559).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from objections.attachments.refused import FileRefused

LARGEST = 1_500_000  # bytes: a minute as the recorder of a phone makes it; the page's own takes 300 kB
WEBM, MP4, AMR = "audio/webm", "audio/mp4", "audio/amr"
_MP4_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_MP4_NOTES = {b"udta", b"meta", b"uuid"}
_MP4_KNOWN = (
    _MP4_PARENTS
    | _MP4_NOTES
    | {b"ftyp", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp"}
)
_EBML, _SEGMENT, _VOID = 0x1A45DFA3, 0x18538067, 0xEC
_WEBM_NOTES = {0x1254C367, 0x1941A469}  # Tags, Attachments
_AMR_FRAMES = {0: 13, 1: 14, 2: 16, 3: 18, 4: 20, 5: 21, 6: 27, 7: 32, 8: 6, 15: 1}
_Cut = (ValueError, IndexError)


def read(data: bytes) -> tuple[str, bytes]:
    """Media type and cleaned bytes. Raises FileRefused with words for the sender."""
    if not data:
        raise FileRefused(_("Rekaman itu kosong. Rekam lagi."))
    if len(data) > LARGEST:
        raise FileRefused(_("Rekaman terlalu panjang. Rekam lagi, paling lama 1 menit."))
    clean = bytearray(data)
    try:
        if data[4:8] == b"ftyp":
            _blank_mp4(clean, 0, len(clean))
            return MP4, bytes(clean)
        if data.startswith(b"\x1aE\xdf\xa3"):
            _blank_webm(clean)
            return WEBM, bytes(clean)
        if data.startswith(b"#!AMR\n"):
            _walk_amr(data)
            return AMR, data
    except _Cut:
        raise FileRefused(_("Rekaman itu rusak atau terpotong. Rekam lagi.")) from None
    raise FileRefused(_("Berkas itu bukan rekaman suara. Rekam dengan HP, lalu pilih rekamannya."))


def _blank_mp4(data: bytearray, start: int, end: int, *, is_top: bool = True) -> None:
    found = set()
    for kind, begin, body, after in _boxes(data, start, end):
        if is_top and kind not in _MP4_KNOWN:
            raise ValueError(kind)
        found.add(kind)
        if kind in _MP4_NOTES:
            data[begin + 4 : begin + 8] = b"free"
            data[body:after] = bytes(after - body)
        elif kind in _MP4_PARENTS:
            _blank_mp4(data, body, after, is_top=False)
    if is_top and not {b"moov", b"mdat"} <= found:
        raise ValueError("no sound")


def _boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    while start < end:
        size, kind, body = (
            int.from_bytes(data[start : start + 4]),
            bytes(data[start + 4 : start + 8]),
            start + 8,
        )
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16]), start + 16
        after = end if size == 0 else start + size
        if after > end or body > after:
            raise ValueError("box runs out")
        yield kind, start, body, after
        start = after


def _blank_webm(data: bytearray) -> None:
    """A recorder writes segments and clusters of unknown length; notes inside those are looked for one level down."""
    element, _start, body, size = _element(data, 0)
    if element != _EBML or size is None or b"webm" not in data[body : body + size]:
        raise ValueError("not WebM")
    element, _start, body, size = _element(data, body + size)
    if element != _SEGMENT:
        raise ValueError("no segment")
    end = len(data) if size is None else body + size
    if end != len(data):
        raise ValueError("something follows the sound")
    place = body
    while place < end:
        element, start, body, size = _element(data, place)
        if size is None:  # the last cluster, while the recorder ran
            return
        place = body + size
        if place > end:
            raise ValueError("element runs out")
        if element in _WEBM_NOTES:
            _void(data, start, place)


def _void(data: bytearray, start: int, end: int) -> None:
    """An EBML Void element of the same length: identifier, an eight-byte size, nought."""
    data[start:end] = bytes(end - start)
    data[start] = _VOID
    data[start + 1 : start + 9] = (end - start - 9 | 1 << 56).to_bytes(8)


def _element(data: bytearray, place: int) -> tuple[int, int, int, int | None]:
    """Identifier, start, start of the body, and size (None: unknown)."""
    width = 9 - data[place].bit_length()
    element = int.from_bytes(data[place : place + width])
    length = 9 - data[place + width].bit_length()
    if width > 4 or length > 8:
        raise ValueError("not EBML")
    raw = int.from_bytes(data[place + width : place + width + length])
    size = raw & ~(1 << 7 * length)
    body = place + width + length
    if body > len(data):
        raise ValueError("cut")
    return element, place, body, None if size == (1 << 7 * length) - 1 else size


def _walk_amr(data: bytes) -> None:
    place = 6
    while place < len(data):
        place += _AMR_FRAMES.get(data[place] >> 3 & 15, 0) or len(data)
    if place != len(data) or place == 6:
        raise ValueError("cut")
