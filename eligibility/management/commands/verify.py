"""Decide again, bring the worklists up to date as a worker would, and say what came of it.

subjects: families and persons looked at; decided: verdicts computed (one per subject and programme);
written: decisions that differed from the standing ones; without_rule_set: programmes that no rule covers on that day.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import eligibility.tasks  # noqa: F401 - declares who does the jobs
from eligibility import services
from eligibility.models import Scope
from recipients.models import Region


class Command(BaseCommand):
    help = "Verify families and persons against the rule sets in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scope", choices=Scope.values, default=Scope.ALL)
        parser.add_argument(
            "--replay",
            action="store_true",
            help="make the decisions that held on --as-of again, print what differs, write nothing",
        )
        parser.add_argument("--region", help="code of a sub-district or village, such as 52.03.05")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day to decide for, yyyy-mm-dd")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *_args: Any,
        scope: str,
        region: str | None,
        as_of: date | None,
        replay: bool,
        as_json: bool,
        **_options: Any,
    ) -> None:
        if replay:
            self._replay(as_of or timezone.localdate(), as_json=as_json)
            return
        try:
            done = services.verify(
                scope=scope,
                as_of=as_of or timezone.localdate(),
                region=_region(region),
                reason="perintah verify",
            )
            services.find_now(run_id=done.run_id)
        except services.RunFailed as error:
            raise CommandError(f"The run failed: {error}") from None
        answer = asdict(done)
        answer["run"] = answer.pop("run_id")
        if as_json:
            self.stdout.write(json.dumps(answer))
        else:
            self.stdout.write(", ".join(f"{name} {value}" for name, value in answer.items()))

    def _replay(self, day: date, *, as_json: bool) -> None:
        """Exit code 1 where a decision does not come out again, so that a script can tell."""
        told = services.replay(as_of=day)
        rows = [{"rule_set": rule, **asdict(one)} for rule, one in told.differing]
        if as_json:
            answer = {"as_of": str(day), "decisions": told.decisions, "differing": rows}
            self.stdout.write(json.dumps(answer))
        else:
            for row in rows:
                self.stdout.write(", ".join(f"{name} {value}" for name, value in row.items()))
            self.stdout.write(f"as_of {day}, decisions {told.decisions}, differing {len(rows)}")
        if not told.decisions:
            self.stderr.write(f"nothing was decided yet on {day}: nothing was made again, nothing is proven")
        if rows:
            raise CommandError(f"{len(rows)} of {told.decisions} decisions differ", returncode=1)


def _region(code: str | None) -> Region | None:
    if code is None:
        return None
    region = Region.objects.filter(code=code).first()
    if region is None:
        raise CommandError(f"No region has the code {code}; write it as 52.03.05 or 52.03.05.2001.")
    return region
