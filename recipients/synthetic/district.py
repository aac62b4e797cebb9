"""One pass over all families writes all releases side by side: memory does not grow with the district."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from recipients.synthetic.changes import USUAL_CHANGED, Changes
from recipients.synthetic.families import Family, Founder
from recipients.synthetic.files import ReleaseFiles
from recipients.synthetic.lists import ReleaseLists
from recipients.synthetic.quarters import Quarter, quarters
from recipients.synthetic.tally import Tally

MANIFEST = "manifest.json"
FIRST_RELEASE = "2025-Q4"


class District:
    """A district of made-up families; the same for the same number of families and seed, on any machine.

    Release r is the same however many releases follow it. `with_lists` adds what other offices
    send beside each release.
    """

    def __init__(
        self,
        *,
        families: int,
        seed: int,
        releases: int,
        start: str = FIRST_RELEASE,
        changed: float = USUAL_CHANGED,
        with_lists: bool = False,
    ) -> None:
        self.families, self.seed, self._with_lists = families, seed, with_lists
        self._quarters = quarters(start, releases)
        self._founder = Founder(seed, releases)
        self._changes = Changes(self._founder, changed)

    def write(self, out: Path, file_format: str = "csv") -> dict[str, object]:
        """Writes the release files, then the manifest: where it stands, the files are whole."""
        out.mkdir(parents=True, exist_ok=True)
        (out / MANIFEST).unlink(missing_ok=True)
        tallies = [Tally(quarter) for quarter in self._quarters]
        with ExitStack() as open_files:
            files = [
                open_files.enter_context(ReleaseFiles(out / quarter.label, file_format))
                for quarter in self._quarters
            ]
            self._lists = [
                ReleaseLists(out / quarter.label, quarter, self._founder.key)
                for quarter in self._quarters
                if self._with_lists
            ]
            for lists in self._lists:
                open_files.callback(lists.close)
            for number in range(self.families):
                self._follow(number, files, tallies)
        manifest = self._manifest(tallies)
        (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        return manifest

    def _follow(self, number: int, files: Sequence[ReleaseFiles], tallies: Sequence[Tally]) -> None:
        """The family of this number, and every family that begins beside it, until the last release."""
        first = self._quarters[0]
        following = [(first, self._founder.found(number.to_bytes(8, "big"), first))]
        for since, family in following:
            for begun in self._write_life(family, since, files, tallies):
                following.append(begun)

    def _write_life(
        self, family: Family, since: Quarter, files: Sequence[ReleaseFiles], tallies: Sequence[Tally]
    ) -> Iterator[tuple[Quarter, Family]]:
        row, member_rows, count = family.row(), family.member_rows(), len(family.members)
        tally = tallies[since.index]
        tally.count_new(row)
        tally.member_rows += count
        self._write(family, since, files, row, member_rows)
        for quarter in self._quarters[since.index + 1 :]:
            tally = tallies[quarter.index]
            begun = self._changes.live_through(family, quarter)
            if begun is None:
                tally.count_same(is_ranked=family.decile is not None)
            else:
                for other in begun:
                    yield quarter, other
                if family.is_gone:
                    tally.families_missing += 1
                    return
                before = row
                row, member_rows, count = family.row(), family.member_rows(), len(family.members)
                tally.count_known(row, before)
            tally.member_rows += count
            self._write(family, quarter, files, row, member_rows)

    def _write(
        self, family: Family, quarter: Quarter, files: Sequence[ReleaseFiles], row: str, member_rows: str
    ) -> None:
        files[quarter.index].write(row, member_rows)
        if self._lists:
            self._lists[quarter.index].write(family)

    def _manifest(self, tallies: Sequence[Tally]) -> dict[str, object]:
        return {
            "families": self.families,
            "seed": self.seed,
            "releases": [self._release_as_json(tally) for tally in tallies],
        }

    def _release_as_json(self, tally: Tally) -> dict[str, object]:
        told = tally.as_json()
        if self._lists:
            told["lists"] = [one.as_json() for one in self._lists[tally.quarter.index].files if one.rows]
        return told
