"""Compare two rule sets of a programme over the whole district: who would begin to meet the rule, who no longer.

A side is a version number, a text file (a draft), or `now` for the rule set in force on the day. Nothing is decided.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from eligibility import cost_page, services
from eligibility.services import simulating
from eligibility.services.outcomes import Outcome
from eligibility.services.simulating import Compared, Side
from recipients.models import Programme


class Command(BaseCommand):
    help = "Compare two rule sets of a programme over the whole district; nothing is decided."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("programme", help="a programme's code, such as PKH")
        parser.add_argument("--from", dest="before", default="now", help="a version, a file, or now")
        parser.add_argument("--to", dest="after", required=True, help="a version, a file, or now")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="the day to read the facts for, yyyy-mm-dd"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *_args: Any,
        programme: str,
        before: str,
        after: str,
        as_of: date | None,
        as_json: bool,
        **_options: Any,
    ) -> None:
        day = as_of or timezone.localdate()
        try:
            found = _programme(programme, after)
            compared = Compared.of(found, _side(found, before, day), _side(found, after, day))
        except services.RuleError as error:
            raise CommandError(str(error)) from None
        done = simulating.compare(compared=[compared], as_of=day, release=simulating.release_to_read(day))
        if as_json:
            self.stdout.write(json.dumps(done.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(done.outcomes[0], done.seconds)))
            self.stdout.write(cost_page.sentence(asdict(done.outcomes[0])))


def _programme(code: str, draft: str) -> Programme:
    """One that there is, or the one that a draft would bring."""
    found = Programme.objects.filter(code=code).first()
    if found is None and Path(draft).is_file():
        found = simulating.programme_of(Path(draft).name, Path(draft).read_text())
    if found is None or found.code != code:
        known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            f"No programme has the code {code}; the programmes are {known or 'not loaded yet'}"
        )
    return found


def _side(programme: Programme, word: str, day: date) -> Side:
    if word == "now":
        return simulating.in_force(programme, day)
    if word.isascii() and word.isdecimal():
        return simulating.of_version(programme, int(word))
    path = Path(word)
    if not path.is_file():
        raise CommandError(
            f"{word} is neither a version of {programme.code} nor a file; write now, 1 or draft.toml"
        )
    return simulating.of_document(programme, path.name, path.read_text())


def _lines(found: Outcome, seconds: float) -> list[str]:
    total = found.total
    unit = _("keluarga") if found.unit == "FAMILY" else _("orang")
    values = {
        "name": found.name,
        "unit": unit,
        "gains": total.gains,
        "losses": total.losses,
        "review": total.losses_to_review,
        "enrolled": total.enrolled_losses,
        "before": total.before,
        "after": total.after,
        "was": found.before_name,
        "becomes": found.after_name,
        "seconds": seconds,
    }
    return [
        _("%(name)s: %(was)s dibandingkan dengan %(becomes)s") % values,
        _("%(gains)d %(unit)s akan mulai memenuhi aturan.") % values,
        _("%(losses)d %(unit)s tidak lagi memenuhi aturan; %(review)d di antaranya perlu diperiksa dulu.")
        % values,
        _("%(enrolled)d di antaranya terdaftar sekarang.") % values,
        _("Memenuhi aturan: dulu %(before)d, nanti %(after)d. Dihitung dalam %(seconds)s detik.") % values,
    ]
