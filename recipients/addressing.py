"""Who reads a sentence: screens say Anda to the family, letters Bapak/Ibu, staff read of this family (ux.md 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Reader:
    """How a sentence names the family, its card and the one who may object; never at the start of a sentence."""

    family: Any
    card: Any
    you: Any

    def names(self) -> dict[str, Any]:
        return {"family": self.family, "card": self.card, "you": self.you}


CITIZEN = Reader(_("keluarga Anda"), _("KK Anda"), _("Anda"))
LETTER = Reader(_("keluarga Bapak/Ibu"), _("KK Bapak/Ibu"), _("Bapak/Ibu"))
STAFF = Reader(_("keluarga ini"), _("KK ini"), _("keluarga ini"))
