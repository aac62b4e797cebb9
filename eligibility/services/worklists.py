"""Worklists that a night need not make again: those of the registry alone, while neither it nor they were written to.

The same proof as of decisions (services/proving.py), by the digest of the registry that the night took when it began.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings

from eligibility.engine import proof
from eligibility.engine.finding_kinds import KINDS, OF_THE_REGISTRY
from eligibility.engine.findings import Found
from eligibility.engine.proof import Digest
from eligibility.models import ReverificationRun, RunState, Scope


class ProvenWorklists:
    """What a run over everyone knows of each kind before it looks for any."""

    def __init__(self, run: ReverificationRun) -> None:
        self._run = run

    def still_standing(self, code: str) -> dict[str, Any] | None:
        """The counts of a kind that is as the last run left it; None where it must be looked for."""
        last = self._before.get(code, {})
        oldest = self._run.as_of - timedelta(days=settings.COMPARE_EVERY_DAYS)
        if not last.get("digest") or last["digest"] != self._digest(code):
            return None
        if not oldest < date.fromisoformat(last["since"]) <= self._run.as_of:
            return None
        return last

    def with_digest(self, code: str, found: Found) -> dict[str, Any]:
        """The counts, with the digest that they hold for; none where findings were written, which changes it."""
        counts: dict[str, Any] = vars(found)
        digest = self._digest(code)
        if digest and not (found.opened or found.changed or found.resolved):
            counts = {**counts, "digest": digest, "since": self._run.as_of.isoformat()}
        return counts

    def _digest(self, code: str) -> str:
        if code not in OF_THE_REGISTRY or not self._run.is_nightly or not self._registry:
            return ""
        return proof.hashed(
            self._registry, self._run.release_id, KINDS[code].sql, proof.CODE, self._rows[code]
        )

    @cached_property
    def _registry(self) -> str:
        row = self._run.results.filter(digest__code=proof.CODE).first()
        return Digest.from_json(row.digest).registry if row else ""

    @cached_property
    def _rows(self) -> dict[str, str]:
        """As they were before this run looked for any."""
        return proof.digests_of_findings()

    @cached_property
    def _before(self) -> dict[str, dict[str, Any]]:
        done = ReverificationRun.objects.filter(scope=Scope.ALL, state=RunState.DONE, pk__lt=self._run.pk)
        last = done.exclude(findings={}).order_by("pk").last()
        return last.findings if last else {}
