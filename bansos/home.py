"""What the staff's home page tells each person: what waits, what the last release did, what last night did."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from bansos import work_cards
from bansos.common.admin import Card, address_of
from bansos.common.models import Heartbeat, Job, JobState
from eligibility.models import ReverificationRun, Scope
from objections import window
from objections.clock import Clock
from objections.enums import State
from objections.models import FieldVisit, Letter, Objection
from objections.services import VISITED_IN
from recipients import deadlines, overview
from recipients.admin.filters import NONE
from recipients.admin.matrix import head, rows_of
from recipients.enums import BatchState, Direction, ListState, StepState
from recipients.models import ImportBatch, ListDelivery, ProposedStep, StaffArea
from recipients.models.region import sees_whole_district
from recipients.roles import APPROVE, APPROVE_STEP, DECIDE_OBJECTION, PRINT_LETTER, RECORD_VISIT, role_labels

BAR_ROOM = 76
NIGHT_IS_LATE = timedelta(hours=26)
SILENT_AFTER = timedelta(minutes=2)
PROCESSES = {"worker": _l("pekerja"), "sweep": _l("penyapu pekerjaan"), "beat": _l("jadwal malam")}


def context(request: HttpRequest) -> dict[str, Any]:
    user, now = request.user, timezone.now()
    return {
        "cards": cards(user, timezone.localdate()),
        "calendar": calendar(user, timezone.localdate()),
        "matrix": matrix(user, as_percent=request.GET.get("tampil") == "persen"),
        "night": last_night(user, now),
        "silent": silent_processes(user, now),
    }


# --- who ----------------------------------------------------------------------------------------------------


def whoami(user: Any) -> dict[str, Any]:
    names = (
        StaffArea.objects.filter(user=user).order_by("region__code").values_list("region__name", flat=True)
    )
    area = _("seluruh kabupaten") if sees_whole_district(user) else ", ".join(names[:4])
    return {"roles": ", ".join(role_labels(user)), "area": area}


# --- what waits ---------------------------------------------------------------------------------------------


def cards(user: Any, today: Any) -> list[Card]:
    found: list[Card] = []
    if user.has_perm("objections.view_objection"):
        found += _objection_cards(user, today)
    found += work_cards.of(user)
    if user.has_perm(APPROVE):
        by_others = Q(state=BatchState.PREVIEWED) & ~Q(received_by=user)
        waiting, unpublished = ImportBatch.objects.aggregate(
            waiting=Count("pk", filter=by_others),
            unpublished=Count("pk", filter=Q(state=BatchState.WITHHELD)),
        ).values()
        url = address_of("admin:recipients_importbatch_changelist", state__exact=BatchState.PREVIEWED)
        found.append(Card(_("kiriman menunggu persetujuan Anda"), waiting, url, "warn" if waiting else ""))
        if unpublished:
            url = address_of("admin:recipients_importbatch_changelist", state__exact=BatchState.WITHHELD)
            found.append(Card(_("rilis diterapkan, menunggu terbit"), unpublished, url, "warn"))
        lists = ListDelivery.objects.filter(state=ListState.PREVIEWED).exclude(received_by=user).count()
        url = address_of("admin:recipients_listdelivery_changelist", state__exact=ListState.PREVIEWED)
        found.append(Card(_("daftar menunggu persetujuan Anda"), lists, url, "warn" if lists else ""))
    if user.has_perm(APPROVE_STEP):
        steps = ProposedStep.objects.visible_to(user).waiting().exclude(proposed_by=user).count()
        url = address_of("admin:recipients_proposedstep_changelist", state__exact=StepState.PROPOSED)
        found.append(Card(_("langkah menunggu persetujuan Anda"), steps, url, "warn" if steps else ""))
    if user.has_perm("common.view_job"):
        dead = Job.objects.filter(state=JobState.DEAD).count()
        url = address_of("admin:common_job_changelist", state__exact=JobState.DEAD)
        found.append(Card(_("pekerjaan gagal, perlu orang"), dead, url, "bad" if dead else ""))
    return found


def _objection_cards(user: Any, today: Any) -> list[Card]:
    cases = Objection.objects.visible_to(user)
    late = cases.late(today).count()
    url = address_of("admin:objections_objection_changelist")
    found = [*_visit_cards(user, today), *_letter_cards(user), *_head_cards(user, cases)]
    nearly = len(Clock.load().nearly_late(cases, today))
    if nearly:
        soon = address_of("admin:objections_objection_changelist", tahap="hampir")
        found.append(Card(_("sanggahan hampir lewat batas waktu"), nearly, soon, "warn"))
    overdue = address_of("admin:objections_objection_changelist", tahap="terlambat")
    return [
        *found,
        Card(_("sanggahan terbuka"), cases.open().count(), url),
        Card(_("sanggahan lewat batas waktu"), late, overdue, "bad" if late else ""),
    ]


def _visit_cards(user: Any, today: Any) -> list[Card]:
    if not user.has_perm(RECORD_VISIT):
        return []
    mine = FieldVisit.objects.visible_to(user).waiting().filter(visitor=user, objection__state__in=VISITED_IN)
    due = mine.filter(for_day__lte=today).count()
    url = address_of("admin:objections_fieldvisit_plan")
    return [Card(_("kunjungan Anda, sampai hari ini"), due, url, "warn" if due else "")]


def _letter_cards(user: Any) -> list[Card]:
    if not user.has_perm(PRINT_LETTER):
        return []
    waiting = Letter.objects.printable_by(user).waiting().count()
    url = address_of("admin:objections_letter_changelist", surat="menunggu")
    return [Card(_("surat menunggu dicetak"), waiting, url, "warn")] if waiting else []


def _head_cards(user: Any, cases: Any) -> list[Card]:
    """Proposals of others wait for a second person; late cases went up: they wait for the head to ask why."""
    if not user.has_perm(DECIDE_OBJECTION):
        return []
    proposed = cases.filter(state=State.PROPOSED).exclude(proposed_by=user).count()
    second = address_of("admin:objections_objection_changelist", tahap="setuju")
    up = cases.open().exclude(escalated_at=None).count()
    url = address_of("admin:objections_objection_changelist", tahap="terlambat")
    return [
        Card(_("usul keputusan menunggu persetujuan Anda"), proposed, second, "warn" if proposed else ""),
        Card(_("sanggahan terlambat, naik kepada Anda"), up, url, "bad" if up else ""),
    ]


def calendar(user: Any, today: Any) -> list[Any]:
    """What the month asks for: until when the centre takes what is typed, until when people are asked to object."""
    if not user.has_perm("objections.view_objection"):
        return []
    current = window.current(today)
    return [*deadlines.countdowns(today), *([current] if current else [])]


# --- what the last release did ------------------------------------------------------------------------------


def matrix(user: Any, *, as_percent: bool) -> dict[str, Any] | None:
    if not user.has_perm("recipients.view_decilechange"):
        return None
    found = overview.transitions(user)
    if found is None:
        return {"release": None}
    crossings = overview.crossings(user, found.release)
    return {
        "release": found.release,
        "previous": found.previous,
        "as_percent": as_percent,
        "headline": headline(found, crossings),
        "second_line": second_line(found, crossings),
        "columns": head(),
        "rows": rows_of(found.cells, url_of=partial(_cell_url, found.release), as_percent=as_percent),
        "unchanged": found.unchanged,
        "total": found.total,
        "bars": _bars(crossings, found.release),
        "list_url": address_of("admin:recipients_decilechange_changelist", rilis=found.release.pk),
    }


def _cell_url(release: Any, before: int | None, after: int | None) -> str:
    if before is None and after is None:
        return ""
    if before == after:  # nobody moved: the families that stand there
        return address_of("admin:recipients_family_changelist", desil=after, gerak="tetap")
    query = {"rilis": release.pk, "dulu": before or NONE, "sekarang": after or NONE}
    return address_of("admin:recipients_decilechange_changelist", **query)


def _bars(crossings: list[overview.Crossing], release: Any) -> list[dict[str, Any]]:
    most = max((max(row.lost, row.gained) for row in crossings), default=0) or 1
    list_name = "admin:recipients_decilechange_changelist"
    return [
        {
            "name": row.programme.name,
            "lost": row.lost,
            "gained": row.gained,
            "net": row.net,
            "lost_width": _width(row.lost, most),
            "lost_at": 100 - _width(row.lost, most),
            "gained_width": _width(row.gained, most),
            "url": address_of(list_name, rilis=release.pk, batas=row.programme.code),
        }
        for row in crossings
    ]


def _width(count: int, most: int) -> int:
    """Per cent of the half; the rest is room for the number at the mark."""
    return round(BAR_ROOM * count / most)


def headline(found: overview.Transitions, crossings: list[overview.Crossing]) -> str:
    """The finding in one sentence, made from the numbers."""
    count = found.directions[Direction.UP]
    if not count:
        return _("Tidak ada keluarga yang dianggap lebih mampu di rilis ini.")
    first = ngettext(
        "%(n)s keluarga dianggap lebih mampu", "%(n)s keluarga dianggap lebih mampu", count
    ) % {"n": number_format(count)}  # fmt: skip
    over = max(crossings, key=lambda row: row.lost_by[Direction.UP], default=None)
    if over is None or not over.lost_by[Direction.UP]:
        return _("%(first)s; tidak satu pun melewati batas program.") % {"first": first}
    return _("%(first)s; %(n)s di antaranya melewati batas %(programme)s.") % {
        "first": first,
        "n": number_format(over.lost_by[Direction.UP]),
        "programme": over.programme.name,
    }


def second_line(found: overview.Transitions, crossings: list[overview.Crossing]) -> str:
    """The other side: who now comes within a limit, and how many stayed."""
    gains = max(crossings, key=lambda row: row.gained, default=None)
    down = found.directions[Direction.DOWN]
    sentences = []
    if down:
        sentences.append(_("%(n)s keluarga dianggap kurang mampu.") % {"n": number_format(down)})
    if gains is not None and gains.gained:
        sentences.append(
            _("%(n)s keluarga kini masuk batas %(programme)s.")
            % {"n": number_format(gains.gained), "programme": gains.programme.name}
        )
    sentences.append(_("%(n)s keluarga tetap di desil yang sama.") % {"n": number_format(found.unchanged)})
    return " ".join(sentences)


# --- what last night did, and who is silent -----------------------------------------------------------------


def last_night(user: Any, now: datetime) -> dict[str, Any] | None:
    if not user.has_perm("eligibility.view_reverificationrun"):
        return None
    run = ReverificationRun.objects.filter(scope=Scope.ALL).select_related("release").order_by("-id").first()
    if run is None:
        return {"run": None, "is_late": True}
    took = int((run.finished_at - run.started_at).total_seconds()) if run.finished_at else None
    return {
        "run": run,
        "is_late": now - run.started_at > NIGHT_IS_LATE,
        "took": duration(took) if took is not None else "",
        "report_url": address_of("admin:eligibility_reverificationrun_change", run.pk),
        "url": address_of("admin:eligibility_reverificationrun_changelist"),
    }


def duration(seconds: int) -> str:
    if seconds < 60:
        return _("%d detik") % seconds
    minutes, rest = divmod(seconds, 60)
    return _("%(minutes)d menit %(rest)d detik") % {"minutes": minutes, "rest": rest}


def silent_processes(user: Any, now: datetime) -> list[dict[str, Any]]:
    """Processes of ours without a sign of life for two minutes; for those who can do something about it."""
    if not (user.has_perm("eligibility.view_reverificationrun") or user.has_perm("common.view_job")):
        return []
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    return [
        {"name": words, "seen_at": seen.get(name)}
        for name, words in PROCESSES.items()
        if name not in seen or now - seen[name] > SILENT_AFTER
    ]
