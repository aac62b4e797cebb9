"""A letter as PDF, from signed-in staff only: kept as it is, handed out as a download, never shown in a page."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from bansos.common.uploads import LARGEST_FILE
from objections.attachments.refused import FileRefused

PDF = "application/pdf"
# What can run or carry something: ISO 32000-1, 12.6.4 (actions) and 7.11.4 (embedded files). Names may be written
# with #xx, so those are read first. A compressed object stream can hide one; scanners and viewers look there.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def read(data: bytes) -> bytes:
    if not data:
        raise FileRefused(_("Berkas itu kosong."))
    if len(data) > LARGEST_FILE:
        raise FileRefused(_("PDF lebih dari 8 MB. Pindai ulang dengan ukuran lebih kecil."))
    if not data.startswith(b"%PDF-"):
        raise FileRefused(_("Berkas itu bukan PDF."))
    if b"%%EOF" not in data[-1024:]:
        raise FileRefused(_("PDF itu terpotong. Kirim ulang berkas yang utuh."))
    if _ACTIVE.search(_ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)):
        raise FileRefused(
            _("PDF itu berisi program atau berkas lain di dalamnya. Cetak ulang sebagai PDF biasa.")
        )
    return data
