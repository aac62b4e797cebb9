"""Why: the verdict of each programme for one family or person, with every finding, in Indonesian."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import ids
from eligibility import services
from eligibility.services import Explanation, ProgrammeAnswer


class Command(BaseCommand):
    help = "Explain the decisions on a family card number or a NIK. Prints the number masked only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="16 digits: a family card number or a NIK")
        parser.add_argument("--programme", help="one programme's code, such as PKH")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day to explain for, yyyy-mm-dd")
        parser.add_argument(
            "--versus", type=date.fromisoformat, help="a second day, to see what changed between the two"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *_args: Any,
        number: str,
        programme: str | None,
        as_of: date | None,
        versus: date | None,
        as_json: bool,
        **_options: Any,
    ) -> None:
        digits = ids.ungrouped(number)
        if not ids.SIXTEEN_DIGITS.fullmatch(digits):
            raise CommandError(_("Ketik 16 angka: nomor KK atau NIK."))
        found = _explain(digits, programme, as_of or timezone.localdate())
        other = _explain(digits, programme, versus) if versus else None
        if as_json:
            told: Any = asdict(found) if other is None else {"before": asdict(found), "after": asdict(other)}
            self.stdout.write(json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(found) if other is None else _versus_lines(found, other)))


def _explain(digits: str, programme: str | None, as_of: date) -> Explanation:
    """A card number and a NIK have the same shape: the registry knows which it is."""
    try:
        with suppress(services.UnknownSubject):
            return services.explain(card_no=digits, programme=programme, as_of=as_of)
        return services.explain(nik=digits, programme=programme, as_of=as_of)
    except (services.UnknownSubject, services.UnknownProgramme) as error:
        raise CommandError(str(error)) from None


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _lines(found: Explanation) -> list[str]:
    release = _("belum ada")
    if found.release and found.release_as_of:
        release = f"{found.release} ({_day(found.release_as_of)})"
    lines = [
        _("Nomor: %s") % found.masked_number,
        _("Untuk tanggal: %s") % _day(found.as_of),
        _("Rilis data pusat (DTSEN): %s") % release,
    ]
    for answer in found.answers:
        lines += ["", *_answer_lines(answer)]
    return lines


def _versus_lines(before: Explanation, after: Explanation) -> list[str]:
    """Two days side by side: the verdicts, and only the findings that differ."""
    lines = [
        _("Nomor: %s") % after.masked_number,
        _("Dibandingkan: %(before)s (rilis %(old)s) dan %(after)s (rilis %(new)s)")
        % {
            "before": _day(before.as_of),
            "old": before.release or "-",
            "after": _day(after.as_of),
            "new": after.release or "-",
        },
    ]
    for pair in services.compare_days(before, after):
        who = f", {pair.after.person_name}" if pair.after.person_name else ""
        lines += [
            "",
            f"{pair.after.programme_name}{who}: {pair.before.verdict_label} → {pair.after.verdict_label}",
        ]
        if pair.before.rule_set != pair.after.rule_set:
            lines.append(f"  {_('Aturan')}: {pair.before.rule_set or '-'} → {pair.after.rule_set or '-'}")
        for one in pair.changed:
            lines.append(f"  - {_('dulu')}: {one.before.full if one.before else '-'}")
            lines.append(f"    {_('menjadi')}: {one.after.full if one.after else '-'}")
        if pair.is_same:
            lines.append(f"  {_('Tidak ada yang berubah.')}")
    return lines


def _answer_lines(answer: ProgrammeAnswer) -> list[str]:
    who = f", {answer.person_name}" if answer.person_name else ""
    lines = [f"{answer.programme_name}{who}: {answer.verdict_label}"]
    for reason in answer.reasons:
        dated = f", {_day(reason.source_date)}" if reason.source_date else ""
        lines += [f"  - {reason.full}", f"    {_('Sumber')}: {reason.source_label}{dated}"]
        if reason.needed:
            lines.append(f"    {_('Yang perlu berbeda')}: {reason.needed}")
    if answer.rule_set:
        lines += [
            f"  {_('Aturan')}: {answer.rule_set}",
            f"  {_('Dasar hukum')}: {answer.legal_basis}",
        ]
    if answer.estimate:
        lines.append(f"  {answer.estimate}")
    if answer.to_be_confirmed:
        lines.append(f"  {_('Masih perlu dipastikan')}: {answer.to_be_confirmed}")
    return [*lines, f"  {_stored_line(answer)}"]


def _stored_line(answer: ProgrammeAnswer) -> str:
    if answer.stored is None:
        return _("Keputusan tersimpan: belum ada")
    agreement = {
        True: _("sama dengan penjelasan ini"),
        False: _("BERBEDA dari penjelasan ini, perlu diverifikasi lagi"),
        None: _("tidak dapat dibandingkan"),
    }[answer.agrees]
    values = {
        "verdict": answer.stored.verdict_label,
        "day": _day(answer.stored.as_of),
        "release": answer.stored.release or "-",
        "agreement": agreement,
    }
    return _("Keputusan tersimpan: %(verdict)s, untuk %(day)s, rilis %(release)s, %(agreement)s") % values
