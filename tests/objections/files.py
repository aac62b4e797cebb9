"""Files that people, phones and strangers send."""

from __future__ import annotations

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(kind="JPEG", size=(400, 300), colour=(200, 30, 30), **save) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **save)
    return out.getvalue()


def named(data: bytes, name="foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def phone_photo(orientation=6) -> bytes:
    """Wide, red on its left, with the time and place that phones write down, and a comment that runs nowhere."""
    image = Image.new("RGB", (400, 200), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 200, 200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Merek HP"
    exif.get_ifd(0x8769)[0x9003] = "2026:02:20 09:15:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (8.0, 39.0, 2.0), "E", (116.0, 32.0, 0.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A few bytes that say they are this large: a decompression bomb."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * min(height, 4000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(place=b"+116.53-8.65/") -> bytes:
    moov = box(b"moov", box(b"mvhd", bytes(20)) + box(b"udta", box(b"\xa9xyz", place)))
    return box(b"ftyp", b"M4A isom") + moov + box(b"mdat", b"suara" * 40)


def ebml(element: bytes, body: bytes) -> bytes:
    return element + (len(body) | 1 << 56).to_bytes(8) + body


def webm(note=b"HP milik Sahrun") -> bytes:
    parts = (
        ebml(b"\x15\x49\xa9\x66", b"info")
        + ebml(b"\x12\x54\xc3\x67", note)
        + ebml(b"\x1f\x43\xb6\x75", b"suara" * 40)
    )
    return ebml(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + ebml(b"\x18\x53\x80\x67", parts)


AMR = b"#!AMR\n" + (bytes([0x3C]) + bytes(31)) * 50
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
EXE = b"MZ\x90\x00\x03" + bytes(200)
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + bytes(100)
