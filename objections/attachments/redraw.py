"""Redraw one photo in a process of its own: `python -I redraw.py`, photo on stdin, one JSON line and a JPEG on stdout.

Photos come from strangers and decoders have had holes. So this process gets no environment, little memory, five
seconds, and, once its decoders are loaded, may open nothing more: no file and no socket. Nothing of the file but its
pixels reaches the new canvas; capture time and place are handed back apart (reliability.md 9).
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from PIL import Image, ImageFile, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin

MEMORY = 512 << 20
SECONDS = 5
MOST_PIXELS = 40_000_000  # 120 MB as RGB; the largest common phone camera in its usual mode has 16 million
LONGEST_SIDE = 1600
QUALITY = 80
_ORIENTATION, _EXIF, _GPS, _TAKEN_AT = 0x0112, 0x8769, 0x8825, 0x9003
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Loaded while files may still be opened; Pillow would fetch them when a JPEG turns out to carry notes.
__all__ = ["MpoImagePlugin", "TiffImagePlugin", "WebPImagePlugin"]


class Refused(Exception):
    """The code that pictures.py puts into words."""


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def redraw(source: Any) -> tuple[dict[str, Any], Image.Image]:
    """What the photo says of itself, and its pixels, upright, on a canvas of our own."""
    image = Image.open(source, formats=("JPEG", "PNG", "WEBP"))
    if image.width * image.height > MOST_PIXELS:
        raise Refused("pixels")
    told = _told(image)
    if image.format in ("JPEG", "MPO"):  # MPO: a JPEG with more pictures behind it, which stay there
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    pixels = image.convert("RGBA") if _is_transparent(image) else image.convert("RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    turn = _TURNS.get(told.pop("orientation", 1))
    if turn is not None:
        pixels = pixels.transpose(turn)
    canvas = Image.new("RGB", pixels.size, "white")
    canvas.paste(pixels, mask=pixels if pixels.mode == "RGBA" else None)
    return told, canvas


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _told(image: Image.Image) -> dict[str, Any]:
    """Orientation, capture time and place. A damaged note costs the note, not the photo."""
    told: dict[str, Any] = {}
    try:
        exif = image.getexif()
        told["orientation"] = int(exif.get(_ORIENTATION, 1))
        if taken_at := str(exif.get_ifd(_EXIF).get(_TAKEN_AT, ""))[:19]:
            told["taken_at"] = taken_at
        gps = exif.get_ifd(_GPS)
        if gps:
            told["place"] = [_degrees(gps[2], gps[1], "S"), _degrees(gps[4], gps[3], "W")]
    except Exception:
        return {key: told[key] for key in ("orientation", "taken_at") if key in told}
    return told


def _degrees(parts: Any, side: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return round(-value if side == negative else value, 4)


def main() -> int:
    Image.preinit()
    confine()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        told, canvas = redraw(sys.stdin.buffer)
    except Refused as refused:
        print(json.dumps({"problem": str(refused)}), flush=True)
        return 0
    print(json.dumps(told | {"size": canvas.size}), flush=True)
    canvas.save(sys.stdout.buffer, "JPEG", quality=QUALITY, optimize=True)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
