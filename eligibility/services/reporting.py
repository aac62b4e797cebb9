"""What a run did, for people: verdicts that changed by programme and sub-district, the morning report, the alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import outbox
from bansos.common.models import Channel
from bansos.common.office import OFFICE
from eligibility.engine.retire import ENDED
from eligibility.models import FindingKind, ReverificationRun, RunState, Verdict
from recipients.models import Programme
from recipients.roles import holders

MORNING_REPORT = outbox.titled("eligibility.morning_report", gettext_lazy("laporan pagi"))
RUN_ALARM = outbox.titled("eligibility.run_alarm", gettext_lazy("pemeriksaan malam ditahan"))
SHORTEST_REASON = 10
REPORT_READERS = ("office_head", "data_admin")
ALARM_READERS = ("office_head", "data_admin", "system_admin")
NEW = "NEW"  # no verdict stood before


@dataclass
class Moves:
    """Verdicts of a programme that a run changes.

    `changed` leaves out those who had no verdict before, and those whose rule ended: two people decided that.
    """

    programme: Programme
    subjects: int = 0
    by_move: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def new(self) -> int:
        return self._sum(lambda was, now: was == NEW)

    @property
    def changed(self) -> int:
        return self._sum(lambda was, now: was != NEW and now != ENDED)

    @property
    def gained(self) -> int:
        return self._sum(lambda was, now: was != NEW and now == Verdict.ELIGIBLE)

    @property
    def lost(self) -> int:
        return self._sum(lambda was, now: was == Verdict.ELIGIBLE and now == Verdict.INELIGIBLE)

    @property
    def to_review(self) -> int:
        return self._sum(lambda was, now: was != NEW and now == Verdict.NEEDS_REVIEW)

    def _sum(self, is_counted: Callable[[str, str], bool]) -> int:
        return sum(count for (was, now), count in self.by_move.items() if is_counted(was, now))

    def lines(self) -> list[tuple[str, str, int]]:
        """Was, is now, how many; in words, the most first."""
        label = {value: str(words) for value, words in Verdict.choices} | {
            NEW: _("belum diputus"),
            ENDED: _("tidak ada aturan lagi"),
        }
        return [(label[was], label[now], count) for (was, now), count in self.by_move.most_common()]


def moves_of(run: ReverificationRun) -> list[Moves]:
    """By programme, all sub-districts together."""
    return _gathered(run.results.values_list("moves", flat=True))


def _gathered(
    results: Iterable[dict[str, dict[str, int]]], programmes: dict[int, Programme] | None = None
) -> list[Moves]:
    programmes = programmes or {programme.pk: programme for programme in Programme.objects.all()}
    found = {pk: Moves(programme) for pk, programme in programmes.items()}
    for moves in results:
        for programme_id, counts in moves.items():
            mine = found[int(programme_id)]
            mine.subjects += counts.get("subjects", 0)
            for move, count in counts.items():
                if move != "subjects":
                    was, _sign, now = move.partition(">")
                    mine.by_move[was, now] += count
    return [moves for moves in found.values() if moves.subjects]


CSV_HEADER = (
    "kecamatan", "program", "diperiksa", "kini_memenuhi_syarat", "tidak_lagi_memenuhi_syarat", "kini_perlu_diperiksa",
    "berubah", "belum_pernah_diputus",
)  # fmt: skip


def csv_rows(run: ReverificationRun) -> Iterator[tuple[Any, ...]]:
    """One line per sub-district and programme."""
    programmes = {programme.pk: programme for programme in Programme.objects.all()}
    for row in run.results.select_related("subdistrict").order_by("subdistrict__code"):
        for each in _gathered([row.moves], programmes):
            yield (
                row.subdistrict.name, each.programme.code, each.subjects, each.gained, each.lost, each.to_review,
                each.changed, each.new,
            )  # fmt: skip


def shard_rows(run: ReverificationRun) -> list[dict[str, Any]]:
    """Each sub-district's progress and moves, in the order of the codes, for the page of a run."""
    programmes = {programme.pk: programme for programme in Programme.objects.all()}
    rows = []
    for row in run.results.select_related("subdistrict").order_by("subdistrict__code"):
        moves = _gathered([row.moves], programmes)
        rows.append(
            {
                "row": row,
                "gained": sum(each.gained for each in moves),
                "lost": sum(each.lost for each in moves),
                "to_review": sum(each.to_review for each in moves),
            }
        )
    return rows


def findings_in_words(run: ReverificationRun) -> list[tuple[str, str]]:
    """Each kind of finding that there is: its words, and how many there are, how many of them new."""
    labels = dict(FindingKind.choices)
    return [
        (
            str(labels[kind]),
            _("%(standing)s (%(opened)s baru, %(resolved)s selesai sendiri)")
            % {
                name: number_format(counts[name], force_grouping=True)
                for name in ("standing", "opened", "resolved")
            },
        )
        for kind, counts in run.findings.items()
        if counts["standing"] or counts["resolved"]
    ]


def compared_in_words(run: ReverificationRun) -> str:
    """How many were compared one by one, and how many stand proven since which day."""
    compared = _("%(compared)s keluarga dan orang dibandingkan satu per satu")
    counts = {"compared": number_format(run.subjects, force_grouping=True)}
    since = run.results.aggregate(since=Min("proven_since"))["since"]
    if since is None:
        return (compared + ".") % counts
    proven = _(
        "%(proven)s terbukti tidak berubah: tidak ada data, tanda, atau keputusannya yang ditulis sejak semuanya "
        "dibandingkan (paling lama %(since)s)."
    )
    counts["proven"] = number_format(run.proven, force_grouping=True)
    return f"{compared}, {proven}" % {**counts, "since": date_format(since, "j F Y")}


def spikes_in_words(run: ReverificationRun) -> str:
    return "; ".join(
        _("%(programme)s: %(changed)s dari %(subjects)s keputusan akan berubah (%(percent)s%%)")
        % {
            "programme": spike["programme"],
            "changed": number_format(spike["changed"], force_grouping=True),
            "subjects": number_format(spike["subjects"], force_grouping=True),
            "percent": number_format(spike["percent"], 1),
        }
        for spike in run.spikes
    )


# --- messages -----------------------------------------------------------------------------------------------


def send_morning_report(run: ReverificationRun) -> None:
    """Into the outbox, in the transaction that closes the run."""
    _post(MORNING_REPORT, run, REPORT_READERS)


def alarm(run: ReverificationRun) -> None:
    """A run was held or failed: somebody has to look."""
    _post(RUN_ALARM, run, ALARM_READERS)


def _post(template: str, run: ReverificationRun, readers: tuple[str, ...]) -> None:
    state = run.state.lower()
    drafts = [
        outbox.Draft(f"{template}:{run.pk}:{state}:{user.pk}", template, Channel.EMAIL, {"run": run.pk}, user)
        for user in holders(*readers).exclude(email="")
    ]
    outbox.post_many(drafts, now=timezone.now())


def morning_report_text(run: ReverificationRun) -> outbox.Text:
    """Counts only: an e-mail is no place for names."""
    lines = [
        _("Pemeriksaan malam %(day)s selesai.") % {"day": date_format(run.as_of, "j F Y")},
        _("Rilis data: %(release)s. Keputusan baru: %(written)s.")
        % {
            "release": run.release or "-",
            "written": number_format(run.written, force_grouping=True),
        },
        compared_in_words(run),
        "",
    ]
    for moves in moves_of(run):
        lines.append(f"{moves.programme.name}:")
        lines += [
            f"  {was} -> {now}: {number_format(n, force_grouping=True)}" for was, now, n in moves.lines()
        ]
        if not moves.by_move:
            lines.append("  " + _("tidak ada yang berubah"))
    lines += ["", *(f"{words}: {counts}" for words, counts in findings_in_words(run))]
    lines += ["", _("Rincian per kecamatan ada di portal, menu Pemeriksaan ulang."), OFFICE["name"]]
    subject = _("Laporan pagi bansos, %(day)s") % {"day": date_format(run.as_of, "j F Y")}
    return outbox.Text(subject, "\n".join(lines))


def alarm_text(run: ReverificationRun) -> outbox.Text:
    if run.state == RunState.FAILED:
        return outbox.Text(
            _("Pemeriksaan ulang gagal"),
            _("Pemeriksaan nomor %(run)d berhenti dengan kesalahan. Keputusan lama tetap berlaku.")
            % {"run": run.pk},
        )
    words = _(
        "Pemeriksaan nomor %(run)d ditahan sebelum menulis: terlalu banyak keputusan akan berubah.\n%(spikes)s\n\n"
        "Belum ada yang berubah. Buka menu Pemeriksaan ulang, cari sebabnya, lalu lanjutkan atau hentikan."
    ) % {"run": run.pk, "spikes": spikes_in_words(run)}
    return outbox.Text(_("Pemeriksaan ulang ditahan, perlu dilihat"), words)
