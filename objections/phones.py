"""An Indonesian mobile number, however it was typed."""

from __future__ import annotations

import re

from bansos.common import ids


def local(typed: str) -> str | None:
    """As 08..., 10 to 13 digits; None when it is no such number."""
    text = re.sub(r"[()]", "", ids.ungrouped(typed))
    number = re.sub(r"^(?:\+?62|0062)0?(?=8)|^(?=8)", "0", text)
    return number if re.fullmatch(r"08[0-9]{8,11}", number) else None
