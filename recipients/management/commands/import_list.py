"""Import a list from the command line: the same stages, checks and two people as in the browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recipients.enums import ListKind, ListState
from recipients.list_receipt import receipt
from recipients.management import carrying
from recipients.management.people import store, two_people
from recipients.models import ListDelivery
from recipients.services import lists


class Command(BaseCommand):
    help = "Import a list: recipients, payouts, flags of other offices, checks from the centre, region codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", type=str.upper, choices=ListKind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="who sends it; its column mapping is remembered")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="date of the list, yyyy-mm-dd; today if left out"
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="e.g. nik='NIK PENGURUS'; repeatable",
        )
        parser.add_argument(
            "--fix", action="append", default=[], metavar="FIELD=VALUE", help="e.g. programme=PKH; repeatable"
        )
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="NAME",
            help="a sheet to read, also a hidden one; repeatable. Else all visible ones alike",
        )
        parser.add_argument(
            "--complete", action="store_true", help="who is not on the list does not receive any more"
        )
        parser.add_argument("--accept-gone", action="store_true", help="yes, that many leave the programme")
        parser.add_argument(
            "--by", help="who uploads; on the embedded servers a console account when left out"
        )
        parser.add_argument("--approve-by", help="who approves, another person; without it the list waits")
        parser.add_argument("--dry-run", action="store_true", help="check and count, then withdraw")
        parser.add_argument(
            "--queue", action="store_true", help="let the Celery worker do the work, and wait for it"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        by, approver = two_people(options["by"], options["approve_by"])
        here = not options["queue"]
        try:
            delivery = lists.receive_list(
                kind=options["kind"],
                stored=store(options["file"]),
                source=options["source"],
                as_of=options["as_of"] or timezone.localdate(),
                by=by,
                today=timezone.localdate(),
                is_complete=options["complete"],
                fixed=_pairs(options["fix"]),
                sheets=options["sheet"],
            )
            carrying.to_preview(delivery, by=by, said=_pairs(options["map"]), here=here)
            told = receipt(delivery)
            if options["dry_run"] and delivery.state == ListState.PREVIEWED:
                lists.withdraw_list(delivery=delivery, reason="Percobaan tanpa menerapkan (--dry-run).")
            elif approver and delivery.state == ListState.PREVIEWED:
                carrying.to_end(delivery, by=approver, accepts_gone=options["accept_gone"], here=here)
                told = receipt(delivery)
        except lists.ListRefused as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(delivery, told, options["json"])

    def _tell(self, delivery: ListDelivery, told: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for name, value in told.items():
                self.stdout.write(f"{name}: {value}")
        if delivery.state == ListState.REFUSED:
            raise CommandError(delivery.refusal)
        if delivery.state == ListState.PREVIEWED:
            self.stderr.write(
                "Menunggu persetujuan orang kedua: di /staf/, atau beri --approve-by sejak awal."
            )


def _pairs(said: list[str]) -> dict[str, str]:
    """`--map nik=NIK` -> {"nik": "NIK"}; also a JSON file of such pairs (`--map @berkas.json`)."""
    found: dict[str, str] = {}
    for one in said:
        if one.startswith("@"):
            found |= json.loads(Path(one[1:]).read_text())
            continue
        name, sign, value = one.partition("=")
        if not sign:
            raise CommandError(f"Tulis {one!r} sebagai ISIAN=NILAI.")
        found[name.strip()] = value.strip()
    return found
