"""Import every list that make_district wrote beside one release. Begun and broken off, it goes on where it was."""

from __future__ import annotations

import hashlib
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
    help = "Import the lists of a made-up district's release, as its manifest names them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what make_district wrote")
        parser.add_argument("--release", required=True, help="label, e.g. 2026-Q1")
        parser.add_argument("--by", help="who uploads")
        parser.add_argument("--approve-by", help="who approves")
        parser.add_argument("--queue", action="store_true", help="let the Celery worker do the work")

    def handle(self, *_args: Any, **options: Any) -> None:
        by, approver = two_people(options["by"], options["approve_by"])
        told: dict[int, dict[str, Any]] = {}
        entries = list(enumerate(_entries(options["folder"], options["release"])))
        for is_enrolling in (True, False):  # who is paid must be on a list first
            taken = {
                place: _begun(entry, path) or _receive(entry, as_of, path, by)
                for place, (entry, as_of, path) in entries
                if (entry["kind"] == ListKind.RECIPIENTS) == is_enrolling
            }
            self._carry(list(taken.values()), by, approver, here=not options["queue"])
            told |= {place: receipt(delivery) for place, delivery in taken.items()}
        self.stdout.write(json.dumps([told[place] for place, _entry in entries], ensure_ascii=False))

    def _carry(self, deliveries: list[ListDelivery], by: Any, approver: Any, *, here: bool) -> None:
        """Stage by stage, so that a worker does several lists side by side."""
        for delivery in deliveries:
            carrying.to_preview(delivery, by=by, said={}, here=here)
        for delivery in deliveries:
            carrying.approve(delivery, by=approver, accepts_gone=True)
        for delivery in deliveries:
            carrying.follow(delivery, {ListState.APPLIED}, here=here)
            if delivery.state == ListState.REFUSED:
                raise CommandError(f"{delivery}: {delivery.refusal}")


def _entries(folder: Path, label: str) -> list[tuple[dict[str, Any], date, Path]]:
    manifest = json.loads((folder / "manifest.json").read_text())
    for release in manifest["releases"]:
        if release["release"] == label:
            as_of = date.fromisoformat(release["as_of"])
            return [(entry, as_of, folder / label / entry["file"]) for entry in release.get("lists", [])]
    raise CommandError(f"Rilis {label} tidak ada di {folder}.")


def _begun(entry: dict[str, Any], path: Path) -> ListDelivery | None:
    """A small district's list may be the same in two quarters: then there is nothing to do the second time."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ListDelivery.objects.standing().filter(kind=entry["kind"], sha256=sha256).first()


def _receive(entry: dict[str, Any], as_of: date, path: Path, by: Any) -> ListDelivery:
    return lists.receive_list(
        kind=entry["kind"],
        stored=store(path),
        source=entry["source"],
        as_of=as_of,
        by=by,
        today=timezone.localdate(),
        is_complete=entry["is_complete"],
        fixed=entry["fixed"],
    )
