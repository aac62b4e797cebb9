"""Lists beside the registry: received, their columns matched, checked, approved by a second person, applied.

The same way as a release where it fits; what differs and why: docs/decisions/0011-lists.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from recipients.enums import Limit, ListKind, ListState
from recipients.importing import storage
from recipients.importing.issues import printable
from recipients.importing.lists import mapping, match, plan, staging
from recipients.importing.lists.kinds import KINDS
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import ColumnMapping, CurrentRelease, ListDelivery, ListRow, Tolerance
from recipients.services.batches import REGISTRY
from recipients.services.imports import DAY
from recipients.signals import facts_changed

DOOR = "recipients.lists"  # one list at a time is taken in, and one is applied
OPEN = (ListState.RECEIVED, ListState.MAPPING, ListState.MAPPED, ListState.PREVIEWED)


class ListRefused(ValueError):
    """The step is not possible now; the message says why and what to do, in Indonesian."""


def receive_list(
    *,
    kind: str,
    stored: Stored,
    source: str,
    as_of: date,
    by: User,
    today: date,
    is_complete: bool = False,
    fixed: Mapping[str, str] | None = None,
) -> ListDelivery:
    """Take a stored file in and queue its recognition. The same file is received once."""
    try:
        if as_of > today:
            raise ListRefused(
                _("Tanggal daftar %s belum tiba. Cek surat pengantarnya.") % date_format(as_of, DAY)
            )
        if not source.strip():
            raise ListRefused(_("Tulis sumber daftar, misalnya Dukcapil atau Kemensos."))
        with transaction.atomic():
            db.lock_until_commit(DOOR)
            _refuse_same_file(kind, stored.sha256)
            delivery = ListDelivery.objects.create(
                kind=ListKind(kind),
                source=printable(source.strip())[:80],
                as_of=as_of,
                is_complete=is_complete,
                file_name=printable(stored.name)[:200],
                sha256=stored.sha256,
                stored=stored.key,
                fixed={name: text for name, text in (fixed or {}).items() if text},
                received_by=by,
            )
            _queue(delivery, "lists.recognise")
    except BaseException:
        storage.discard(stored)
        raise
    return delivery


def _refuse_same_file(kind: str, sha256: str) -> None:
    earlier = ListDelivery.objects.standing().filter(kind=kind, sha256=sha256).first()
    if earlier:
        raise ListRefused(
            _(
                "Berkas yang sama sudah dimuat pada %(day)s oleh %(who)s (daftar nomor %(number)d). Lihat hasilnya."
            )
            % {
                "day": date_format(localtime(earlier.received_at), DAY),
                "who": earlier.received_by,
                "number": earlier.pk,
            }
        )


def _queue(delivery: ListDelivery, kind: str) -> None:
    jobs.enqueue(kind=kind, key=f"list={delivery.pk}:{delivery.round}", params={"list": delivery.pk})


def _hold(delivery: ListDelivery, expected: ListState) -> bool:
    """Take the list for one stage. False when it moved on meanwhile: then there is nothing left to do."""
    db.lock_until_commit(f"list:{delivery.pk}")
    delivery.refresh_from_db()
    return delivery.state == expected


def _move(delivery: ListDelivery, before: ListState, after: ListState, fields: Iterable[str] = ()) -> None:
    delivery.state = after
    values = {name: getattr(delivery, name) for name in ("state", *fields)}
    if not ListDelivery.objects.filter(pk=delivery.pk, state=before).update(**values):
        raise ListRefused(_("Daftar ini sudah tidak pada tahap itu."))


def _took(delivery: ListDelivery, stage: str, time: timedelta) -> None:
    delivery.stage_seconds = {**delivery.stage_seconds, stage: round(time.total_seconds(), 3)}


def recognise_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """RECEIVED -> MAPPED where the source's last mapping fits this file, else MAPPING: a person matches columns."""
    started = clock()
    try:
        with lease.completing():
            if not _hold(delivery, ListState.RECEIVED):
                return
            with storage.open_stored(delivery.stored) as file:
                head = mapping.read_head(file, delivery.file_name)
            delivery.header, delivery.filled = head.header, head.filled
            delivery.sealed_head = mapping.seal_rows(head.rows, delivery.pk)
            known = last_mapping(delivery)
            is_known = known is not None and _fits(delivery, known)
            if known and is_known:
                delivery.mapping, delivery.fixed = known, {**known.fixed, **delivery.fixed}
            _took(delivery, "recognise", clock() - started)
            _move(
                delivery,
                ListState.RECEIVED,
                ListState.MAPPED if is_known else ListState.MAPPING,
                ["header", "filled", "sealed_head", "mapping", "fixed", "stage_seconds"],
            )
            if is_known:
                _queue(delivery, "lists.check")
    except FileRefused as refusal:
        refuse_list(delivery, str(refusal))


def last_mapping(delivery: ListDelivery) -> ColumnMapping | None:
    return (
        ColumnMapping.objects.filter(kind=delivery.kind, source=delivery.source).order_by("-version").first()
    )


def _fits(delivery: ListDelivery, known: ColumnMapping) -> bool:
    """Every column of the mapping is there, nothing needed is missing, and no new column looks like one of ours."""
    fixed = {**known.fixed, **delivery.fixed}
    if not set(known.columns.values()) <= set(delivery.header):
        return False
    if mapping.missing(delivery.kind, known.columns, fixed):
        return False
    new = set(delivery.header) - set(known.header)
    return not new or not any(one.header in new for one in suggestions(delivery).values())


def suggestions(delivery: ListDelivery) -> dict[str, mapping.Suggestion]:
    return mapping.suggest(delivery.kind, delivery.header, head_rows(delivery))


def head_rows(delivery: ListDelivery) -> list[list[str]]:
    return mapping.open_rows(delivery.sealed_head, delivery.pk) if delivery.sealed_head else []


@transaction.atomic
def map_list(
    *, delivery: ListDelivery, columns: Mapping[str, str], fixed: Mapping[str, str], by: User
) -> ListDelivery:
    """A person says whose column is whose field: kept as the source's next version, and the check is queued."""
    db.lock_until_commit(f"list:{delivery.pk}")
    delivery.refresh_from_db()
    if delivery.state not in (ListState.MAPPING, ListState.PREVIEWED):
        raise ListRefused(_("Kolom daftar ini tidak bisa dicocokkan lagi pada tahap ini."))
    columns, fixed = _cleaned(delivery, columns, fixed)
    delivery.mapping = _version(delivery, columns, fixed, by)
    before, delivery.fixed = ListState(delivery.state), fixed
    delivery.round += 1
    _move(delivery, before, ListState.MAPPED, ["mapping", "fixed", "round"])
    _queue(delivery, "lists.check")
    return delivery


def _cleaned(
    delivery: ListDelivery, columns: Mapping[str, str], fixed: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    fields = {field.name: field for field in KINDS[delivery.kind].fields}
    columns = {name: head for name, head in columns.items() if name in fields and head in delivery.header}
    fixed = {
        name: printable(text.strip())[:80]
        for name, text in fixed.items()
        if name in fields and fields[name].may_be_fixed and name not in columns and text.strip()
    }
    twice = sorted({head for head in columns.values() if list(columns.values()).count(head) > 1})
    if twice:
        raise ListRefused(_("Kolom %s dipilih untuk dua isian. Pilih satu saja.") % ", ".join(twice))
    lacking = mapping.missing(delivery.kind, columns, fixed)
    if lacking:
        labels = ", ".join(str(field.label) for field in lacking)
        raise ListRefused(_("Isian ini wajib dan belum ada kolomnya: %s.") % labels)
    return columns, fixed


def _version(
    delivery: ListDelivery, columns: dict[str, str], fixed: dict[str, str], by: User
) -> ColumnMapping:
    db.lock_until_commit(f"mapping:{delivery.kind}:{delivery.source}")
    last = last_mapping(delivery)
    said = (columns, fixed, delivery.header)
    if last and (last.columns, last.fixed, last.header) == said:
        return last
    versions = ColumnMapping.objects.filter(kind=delivery.kind, source=delivery.source)
    highest = versions.aggregate(highest=Max("version"))["highest"] or 0
    return ColumnMapping.objects.create(
        kind=delivery.kind,
        source=delivery.source,
        version=highest + 1,
        columns=columns,
        fixed=fixed,
        header=delivery.header,
        made_by=by,
    )


def check_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """MAPPED -> PREVIEWED: stage every row, find whom it speaks of, count what applying would do."""
    started = clock()
    try:
        with lease.completing():
            if not _hold(delivery, ListState.MAPPED):
                return
            db.share_until_commit(REGISTRY)
            _check(delivery, lease)
            if not delivery.counts["used"] and not delivery.counts["work"]:
                raise ListRefused(
                    _("Tidak ada satu baris pun yang bisa dipakai. Lihat sebabnya di baris ditolak.")
                )
            _took(delivery, "check", clock() - started)
            _move(delivery, ListState.MAPPED, ListState.PREVIEWED, ["counts", "preview", "stage_seconds"])
    except (FileRefused, ListRefused) as refusal:
        refuse_list(delivery, str(refusal))


def _check(delivery: ListDelivery, lease: jobs.Lease) -> None:
    staging.drop_tables(delivery.pk)
    delivery.rows.all().delete()
    assert delivery.mapping is not None
    with storage.open_stored(delivery.stored) as file:
        stager = staging.ListStager(delivery, file, delivery.mapping.columns)
        rows = stager.run(lambda done: lease.report(rows=done))
    if KINDS[delivery.kind].needs_number:
        match.match_rows(delivery)
    plan.settle(delivery)
    actions = plan.make(delivery)
    delivery.counts = {
        **plan.row_counts(delivery, rows),
        "actions": actions,
        "by_code": plan.by_code(delivery),
        "read_against": CurrentRelease.label(),
        "notes": stager.notes.as_json(),
        "file": {"format": stager.notes.format, "sheets": stager.sheets, "rows": rows},
    }
    delivery.preview = plan.breakdown(delivery)


def share_gone(delivery: ListDelivery) -> int:
    """Percent of those on the list's programmes who would leave; a large one means a list that is not complete."""
    actions = delivery.counts.get("actions", {})
    gone = actions.get("GONE", 0)
    stays = actions.get("SAME", 0) + actions.get("MOVED", 0)
    return round(100 * gone / (gone + stays)) if gone else 0


def seen_as(delivery: ListDelivery) -> str:
    """Every matching of its columns begins another round."""
    return str(delivery.round)


def loses_many(delivery: ListDelivery) -> bool:
    """Whether so many would leave that who approves must say that it is true."""
    return share_gone(delivery) >= Tolerance.objects.in_force()[Limit.LIST_GONE_SHARE]


@transaction.atomic
def approve_list(
    *, delivery: ListDelivery, by: User, now: datetime, accepts_gone: bool = False, seen: str | None = None
) -> ListDelivery:
    """PREVIEWED -> APPROVED by a second person; applying is queued in the same transaction.

    `seen` is what the person's page was made of: columns matched anew after it are not approved unseen.
    """
    if delivery.received_by_id == by.pk:
        raise ListRefused(_("Anda tidak bisa menyetujui impor yang Anda buat sendiri."))
    if seen is not None and seen != seen_as(delivery):
        raise ListRefused(
            _("Kolom daftar ini dicocokkan ulang sesudah Anda membukanya. Lihat lagi, lalu setujui.")
        )
    if loses_many(delivery) and not accepts_gone:
        raise ListRefused(_("Banyak penerima akan berhenti. Centang dulu bahwa itu memang benar."))
    standing = ListDelivery.objects.filter(pk=delivery.pk, state=ListState.PREVIEWED, round=delivery.round)
    approved = standing.update(state=ListState.APPROVED, approved_by=by, approved_at=now)
    if not approved:
        raise ListRefused(_("Daftar ini belum atau tidak lagi menunggu persetujuan."))
    delivery.refresh_from_db()
    _queue(delivery, "lists.apply")
    return delivery


def apply_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """APPROVED -> APPLIED: one transaction for what the list says, its events and the marks."""
    started = clock()
    with lease.completing():
        if not _hold(delivery, ListState.APPROVED):
            return
        db.share_until_commit(REGISTRY)
        db.lock_until_commit(DOOR)
        if delivery.counts["read_against"] != CurrentRelease.label():
            return _check_again(delivery)
        assert delivery.approved_by_id is not None
        actions = plan.make(delivery)
        written = plan.write(delivery, by_id=delivery.approved_by_id)
        marked = plan.mark_families(delivery)
        staging.drop_tables(delivery.pk)
        delivery.counts = {**delivery.counts, "actions": actions, "written": written, "marked": marked}
        delivery.applied_at = clock()
        _took(delivery, "apply", delivery.applied_at - started)
        _move(delivery, ListState.APPROVED, ListState.APPLIED, ["counts", "applied_at", "stage_seconds"])
        if marked:
            facts_changed.send(sender=ListDelivery, reason=f"{delivery.reference} {delivery.source}")


def _check_again(delivery: ListDelivery) -> None:
    """Another release was published meanwhile: what was approved is no longer what would happen."""
    delivery.round += 1
    delivery.approved_by = delivery.approved_at = None
    fields = ["round", "approved_by", "approved_at"]
    _move(delivery, ListState.APPROVED, ListState.MAPPED, fields)
    _queue(delivery, "lists.check")


def refuse_list(delivery: ListDelivery, reason: str) -> None:
    """The list goes no further; nothing of it was written."""
    with transaction.atomic():
        staging.drop_tables(delivery.pk)
        ListDelivery.objects.filter(pk=delivery.pk, applied_at=None).update(
            state=ListState.REFUSED, refusal=printable(reason), counts=delivery.counts
        )


@transaction.atomic
def withdraw_list(*, delivery: ListDelivery, reason: str) -> None:
    """Refuse a list by hand before it is applied, or when applying gave up."""
    if not db.try_lock_until_commit(f"list:{delivery.pk}"):
        raise ListRefused(_("Daftar ini sedang dikerjakan. Tunggu sebentar, lalu tolak lagi."))
    delivery.refresh_from_db()
    if delivery.state not in OPEN and not (
        delivery.state == ListState.APPROVED and stopped_list_job(delivery)
    ):
        raise ListRefused(_("Daftar ini sudah disetujui atau selesai, jadi tidak bisa ditolak lagi."))
    refuse_list(delivery, reason)


def list_job(delivery: ListDelivery) -> Job | None:
    """The newest job of this list."""
    keys = Job.objects.filter(kind__startswith="lists.", params__list=delivery.pk)
    return keys.order_by("-pk").first()


def stopped_list_job(delivery: ListDelivery) -> Job | None:
    job = list_job(delivery)
    return job if job and job.state == JobState.DEAD else None


@transaction.atomic
def retry_list(*, delivery: ListDelivery) -> None:
    job = stopped_list_job(delivery)
    if job is None or not jobs.retry(job):
        raise ListRefused(_("Tidak ada langkah yang berhenti pada daftar ini."))


def settle_row(*, row: ListRow, by: User, now: datetime, note: str) -> None:
    """Somebody looked at a row that matched nobody and says what came of it."""
    if not note.strip():
        raise ListRefused(_("Tulis hasilnya, misalnya: NIK diperbaiki desa, dikirim ulang."))
    settled = ListRow.objects.filter(pk=row.pk, is_work=True, settled_at=None).update(
        settled_at=now, settled_by=by, settled_note=printable(note.strip())[:300]
    )
    if not settled:
        raise ListRefused(_("Baris ini sudah ditangani."))
