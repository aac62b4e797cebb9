"""How a finding becomes a sentence: the same turns for every code, and little a stranger could use in the short one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW


@dataclass(frozen=True)
class Sentence:
    """`full` for the family itself, opened with a code, and for staff; `short` for everything else."""

    full: str
    short: str


def told(
    finding: Mapping[str, Any], names: Mapping[str, Any], *, met: str, unmet: str, unknown: str, short: str
) -> Sentence:
    """Met as it is; a doubt and a warning say what they lead to, so that nobody takes them for a refusal."""
    verdict = finding["verdict"]
    if verdict == ELIGIBLE:
        return Sentence(met % names, _("Syarat ini sudah cocok."))
    is_unknown = finding.get("seen") is None
    said = (unknown if is_unknown else unmet) % names
    if verdict == INELIGIBLE:
        return Sentence(said, short % names)
    if verdict == NEEDS_REVIEW:
        next_step = (
            _("Ini bukan penolakan. Petugas perlu memeriksanya.")
            if is_unknown
            else _("Petugas memeriksanya dulu.")
        )
        return Sentence(f"{said} {next_step}", short % names)
    return Sentence(f"{said} {_('Ini hanya catatan. Hasilnya tetap.')}", short % names)


def deciles_up_to(limit: Any) -> str:
    return "1" if limit == 1 else _("1 sampai %s") % limit
