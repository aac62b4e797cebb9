from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recipients.synthetic.changes import USUAL_CHANGED
from recipients.synthetic.district import FIRST_RELEASE, District
from recipients.synthetic.files import FORMATS


class Command(BaseCommand):
    help = "Writes release files of a made-up district, lists of other offices, and a manifest of it all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--families", type=int, required=True, help="families in the first release")
        parser.add_argument("--seed", type=int, default=1, help="another seed, another district")
        parser.add_argument("--releases", type=int, default=2, help="how many releases, a quarter apart")
        parser.add_argument("--out", type=Path, required=True, help="folder to write to")
        parser.add_argument("--format", choices=FORMATS, default="csv", dest="file_format")
        parser.add_argument("--start", default=FIRST_RELEASE, help="label of the first release")
        parser.add_argument(
            "--changed",
            type=float,
            default=USUAL_CHANGED,
            help="share of families whose decile changes between releases; below the default all else slows down too",
        )
        parser.add_argument(
            "--no-lists", action="store_true", help="release files only, no lists of other offices"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = perf_counter()
        try:
            district = District(
                families=options["families"],
                seed=options["seed"],
                releases=options["releases"],
                start=options["start"],
                changed=options["changed"],
                with_lists=not options["no_lists"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        manifest = district.write(options["out"], options["file_format"])
        seconds = perf_counter() - started
        if options["verbosity"]:
            self.stdout.write(f"{manifest['families']} families in {seconds:.1f} s: {options['out']}")
