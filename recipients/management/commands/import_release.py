"""Import a release from the command line: the same stages, checks and two people as in the browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.enums import BatchState, FileKind
from recipients.management.people import store, two_people
from recipients.models import ImportBatch
from recipients.models.code_books import OURS
from recipients.receipt import receipt


class Command(BaseCommand):
    help = "Import one DTSEN release (layout A, optionally layout B) and decide every family it touches."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("family_file", type=Path)
        parser.add_argument("member_file", type=Path, nargs="?")
        parser.add_argument("--release", required=True, help="label, e.g. 2026-Q1")
        parser.add_argument(
            "--as-of", required=True, type=date.fromisoformat, help="date of the data, yyyy-mm-dd"
        )
        parser.add_argument(
            "--code-book",
            default=OURS,
            help="whose codes the file is written in, e.g. REGSOSEK-2022",
        )
        parser.add_argument(
            "--sheet",
            action="append",
            default=[],
            metavar="NAME",
            help="a sheet of the family file to read, also a hidden one; repeatable. Else all visible ones alike",
        )
        parser.add_argument(
            "--member-sheet", action="append", default=[], metavar="NAME", help="the same for the member file"
        )
        parser.add_argument(
            "--by", help="who uploads; on the embedded servers a console account when left out"
        )
        parser.add_argument(
            "--approve-by", help="who approves, another person; without it the import waits for approval"
        )
        parser.add_argument(
            "--accept-missing",
            action="store_true",
            help="yes, the families not in the file leave the registry",
        )
        parser.add_argument(
            "--withhold",
            action="store_true",
            help="apply, and leave publishing (or taking back) to people in /staf/; else it is published at once",
        )
        parser.add_argument(
            "--queue", action="store_true", help="let the Celery worker do the work, and wait for it"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would happen; nothing is kept, also no file"
        )
        parser.add_argument(
            "--because",
            default="",
            help="why the delivery is right although a guard holds it: answers every guard",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        by, approver = two_people(options["by"], options["approve_by"])
        if options["dry_run"]:
            return self._try(by, options)
        try:
            batch = services.receive_file(
                family=store(options["family_file"]),
                member=store(options["member_file"]) if options["member_file"] else None,
                label=options["release"],
                as_of=options["as_of"],
                by=by,
                today=timezone.localdate(),
                code_book=options["code_book"],
                sheets=_sheets(options),
            )
            self._follow(batch, {BatchState.PREVIEWED}, here=not options["queue"])
            if approver and batch.state == BatchState.PREVIEWED:
                services.approve_import(
                    batch=batch,
                    by=approver,
                    now=timezone.now(),
                    accepts_missing=options["accept_missing"],
                    withhold=options["withhold"],
                    why=options["because"],
                )
                self._follow(batch, {BatchState.DECIDED, BatchState.WITHHELD}, here=not options["queue"])
        except services.ImportRefused as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(batch, options["json"])

    def _try(self, by: Any, options: dict[str, Any]) -> None:
        told = services.try_import(
            family=store(options["family_file"]),
            member=store(options["member_file"]) if options["member_file"] else None,
            label=options["release"],
            as_of=options["as_of"],
            by=by,
            today=timezone.localdate(),
            code_book=options["code_book"],
            sheets=_sheets(options),
        )
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for name, value in told.items():
                self.stdout.write(f"{name}: {value}")
        if told["state"] == BatchState.REFUSED:
            raise CommandError(told["refusal"])

    def _follow(self, batch: ImportBatch, goal: set[BatchState], *, here: bool) -> None:
        """Do the jobs here (or wait for the worker) until the batch reaches the goal or is refused."""

        def is_reached() -> bool:
            batch.refresh_from_db()
            return batch.state in goal | {BatchState.REFUSED}

        jobs.work_until(is_reached, do_work=here)

    def _tell(self, batch: ImportBatch, as_json: bool) -> None:
        told = receipt(batch)
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for name, value in told.items():
                self.stdout.write(f"{name}: {value}")
        if batch.state == BatchState.REFUSED:
            raise CommandError(batch.refusal)
        if batch.state == BatchState.PREVIEWED:
            self.stderr.write(
                "Menunggu persetujuan orang kedua: di /staf/, atau beri --approve-by sejak awal."
            )


def _sheets(options: dict[str, Any]) -> dict[str, list[str]]:
    return {FileKind.FAMILY: options["sheet"], FileKind.MEMBER: options["member_sheet"]}
