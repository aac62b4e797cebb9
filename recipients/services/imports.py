"""The verbs of recipients: receive a delivery, check it, approve it, apply it, and what follows when it is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from recipients.enums import BatchState, FileKind, ImportEventKind
from recipients.importing import apply, codebooks, columns, impact, match, oddities, preview, staging, storage
from recipients.importing.issues import printable
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import (
    CurrentRelease,
    ImportBatch,
    ListDelivery,
    ProposalPack,
    RegistryRelease,
    Tolerance,
)
from recipients.models.code_books import OURS
from recipients.models.imports import DROPPED
from recipients.services import fixes, guards, publishing
from recipients.services.batches import REGISTRY, ImportRefused, hold, job_key, move, queue, record

DAY = "j F Y"
FILE_FACTS = ("format", "sheets", "rows", "unchanged", "warned")  # of the tally, kept to be told
DOOR = "recipients.receive"  # one delivery at a time is taken in


def receive_file(
    *,
    family: Stored,
    member: Stored | None,
    label: str,
    as_of: date,
    by: User,
    today: date,
    code_book: str = OURS,
) -> ImportBatch:
    """Take stored files in as a delivery and queue their check. The same files are received once."""
    try:
        with transaction.atomic():
            db.lock_until_commit(DOOR)
            refuse_impossible(
                family=family, member=member, label=label, as_of=as_of, today=today, code_book=code_book
            )
            batch = ImportBatch.objects.create(
                release_label=label,
                as_of=as_of,
                code_book=code_book,
                received_by=by,
                family_file_name=printable(family.name)[:200],
                family_stored=family.key,
                family_sha256=family.sha256,
                member_file_name=printable(member.name)[:200] if member else "",
                member_stored=member.key if member else "",
                member_sha256=member.sha256 if member else "",
            )
            queue(batch, "imports.validate")
    except BaseException:
        storage.discard(family)
        storage.discard(member)
        raise
    return batch


def refuse_impossible(
    *, family: Stored, member: Stored | None, label: str, as_of: date, today: date, code_book: str
) -> None:
    """What is known to be wrong before a row is read."""
    _refuse_old_book(code_book)
    _refuse_unpublished()
    _refuse_older_release(label, as_of)
    _refuse_future(as_of, today)
    _refuse_same_file(family.sha256, member.sha256 if member else "")


def _refuse_old_book(code: str) -> None:
    if code not in (known := codebooks.in_use()):
        raise ImportRefused(
            _("Buku kode %(code)s tidak dipakai untuk kiriman baru. Pilih salah satu: %(known)s.")
            % {"code": code, "known": ", ".join(known)}
        )


def _refuse_same_file(family_sha256: str, member_sha256: str) -> None:
    same = ImportBatch.objects.filter(family_sha256=family_sha256)
    if member_sha256:  # members may follow for families that came alone
        same = same.filter(member_sha256=member_sha256)
    earlier = same.exclude(state__in=DROPPED).first()
    if earlier:
        raise ImportRefused(
            _(
                "Berkas yang sama sudah dimuat pada %(day)s oleh %(who)s (kiriman nomor %(number)d). Lihat hasilnya."
            )
            % {
                "day": date_format(localtime(earlier.received_at), DAY),
                "who": earlier.received_by,
                "number": earlier.pk,
            }
        )


def _refuse_older_release(label: str, as_of: date) -> None:
    newest = RegistryRelease.objects.first()
    if newest and (as_of <= newest.as_of or label == newest.label):
        raise ImportRefused(
            _("Rilis %(label)s per %(as_of)s tidak lebih baru dari rilis %(newest)s per %(newest_as_of)s.")
            % {
                "label": label,
                "as_of": date_format(as_of, DAY),
                "newest": newest.label,
                "newest_as_of": date_format(newest.as_of, DAY),
            }
        )


def _refuse_unpublished() -> None:
    """A delivery is read against the release in force, and applied on the newest: they must be one."""
    waiting = ImportBatch.objects.unpublished().first()
    if waiting:
        raise ImportRefused(
            _("Rilis %(label)s sudah diterapkan tetapi belum terbit. Terbitkan atau batalkan dulu rilis itu.")
            % {"label": waiting.release_label}
        )


def _refuse_future(as_of: date, today: date) -> None:
    """A release of tomorrow would be published and not be in force: nobody could be decided by it."""
    if as_of > today:
        raise ImportRefused(
            _("Tanggal data %(as_of)s belum tiba. Cek surat pengantar dari pusat.")
            % {"as_of": date_format(as_of, DAY)}
        )


def validate_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """RECEIVED -> VALIDATED: stage every row, keep every refused one. A file that cannot be read is refused whole."""
    started = clock()
    try:
        with lease.completing():
            if not hold(batch, BatchState.RECEIVED):
                return
            db.share_until_commit(REGISTRY)
            _refuse_unpublished()
            _refuse_older_release(batch.release_label, batch.as_of)
            match.drop_tables(batch.pk)
            batch.refused_rows.all().delete()
            batch.checked_with = fixes.fixes_digest(batch)
            batch.counts = {
                "read_against": CurrentRelease.label(),
                "staged": {kind: _stage(batch, FileKind(kind), lease) for kind in _files_of(batch)},
            }
            move(
                batch,
                BatchState.RECEIVED,
                BatchState.VALIDATED,
                clock() - started,
                "validate",
                ["counts", "checked_with"],
            )
            queue(batch, "imports.preview")
    except (FileRefused, ImportRefused) as refusal:
        refuse_batch(batch, str(refusal))


def _files_of(batch: ImportBatch) -> list[FileKind]:
    return [FileKind.FAMILY, FileKind.MEMBER] if batch.member_sha256 else [FileKind.FAMILY]


def _stage(batch: ImportBatch, kind: FileKind, lease: jobs.Lease) -> dict[str, int]:
    is_family = kind == FileKind.FAMILY
    stored, name = (
        (batch.family_stored, batch.family_file_name)
        if is_family
        else (batch.member_stored, batch.member_file_name)
    )
    with storage.open_stored(stored) as file:
        stager = staging.Stager(batch.pk, kind, file, name, batch.code_book)
        return asdict(stager.run(lambda rows: lease.report(**{kind.lower(): rows})))


def refuse_batch(batch: ImportBatch, reason: str) -> None:
    """The delivery goes no further; nothing of it reached the registry."""
    with transaction.atomic():
        match.drop_tables(batch.pk)
        ImportBatch.objects.filter(pk=batch.pk, applied_at=None).exclude(state__in=DROPPED).update(
            state=BatchState.REFUSED, refusal=printable(reason)
        )


def preview_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """VALIDATED -> PREVIEWED: match with the registry and count what applying would do."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.VALIDATED):
            return
        db.share_until_commit(REGISTRY)
        if batch.counts["read_against"] != CurrentRelease.label():
            return _refuse_overtaken(batch)
        match_and_count(batch)
        if not batch.counts["accepted"]:
            return _refuse_useless(batch)
        move(
            batch,
            BatchState.VALIDATED,
            BatchState.PREVIEWED,
            clock() - started,
            "preview",
            ["counts", "preview"],
        )


def match_and_count(batch: ImportBatch) -> None:
    staged = batch.counts["staged"]
    match.match_families(batch.pk)
    if batch.member_sha256:
        match.match_members(batch.pk)
    counts, shown = preview.family_counts(batch.pk, staged["FAMILY"]["rows"], staged["FAMILY"]["unchanged"])
    if batch.member_sha256:
        counts |= preview.member_counts(batch.pk, staged["MEMBER"]["rows"])
    batch.counts = counts | {
        "refused_by_code": preview.refused_by_code(batch.pk),
        "refusals": preview.refusal_kinds(batch.pk),
        "notes": {kind: tally["notes"] for kind, tally in staged.items()},
        "files": {kind: {name: tally[name] for name in FILE_FACTS} for kind, tally in staged.items()},
    }
    batch.preview = shown | {
        "columns": columns.of_files(batch.pk, [FileKind(kind) for kind in staged]),
        "villages": impact.by_village(batch.pk) if shown["previous"] else {},
        "odd_families": oddities.counts(batch),
        "limits": Tolerance.objects.in_force(),
    }
    guards.hold_what_looks_wrong(batch, staged)


@transaction.atomic
def approve_import(
    *,
    batch: ImportBatch,
    by: User,
    now: datetime,
    accepts_missing: bool = False,
    answers: Mapping[int, str] | None = None,
    withhold: bool = False,
    why: str = "",
    seen: str | None = None,
) -> ImportBatch:
    """PREVIEWED -> APPROVED by a second person; applying is queued in the same transaction.

    Where a large share of the standing families would leave, `accepts_missing` says that the person knows. With
    `withhold` the release is applied and not published: that takes another word (services/publishing.py). `seen` is
    what the person's page was made of: fixes that came after it are not approved unseen.
    """
    if batch.received_by_id == by.pk:
        raise ImportRefused(_("Anda tidak bisa menyetujui impor yang Anda buat sendiri."))
    if not db.try_lock_until_commit(f"batch:{batch.pk}"):
        raise ImportRefused(_("Kiriman ini sedang dikerjakan. Tunggu sebentar, lalu lihat lagi."))
    batch.refresh_from_db()
    fixes.refuse_unseen(batch, by=by, seen=seen)
    if accepts_missing:
        guards.accept_missing(batch=batch, by=by, now=now)
    guards.answer_each(batch=batch, by=by, answers=answers or {}, now=now)
    if why:
        guards.answer_all(batch=batch, by=by, why=why, now=now)
    if guard := guards.first_unanswered(batch):
        raise ImportRefused(guards.why_held(guard))
    approved = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.APPROVED, approved_by=by, approved_at=now, is_withheld=withhold
    )
    if not approved:
        raise ImportRefused(_("Kiriman ini belum atau tidak lagi menunggu persetujuan."))
    batch.refresh_from_db()
    mended = batch.fixes.standing().count()
    note = _("dengan %d perbaikan") % mended if mended else ""
    record(batch, ImportEventKind.APPROVED, by=by, at=now, note=note)
    queue(batch, "imports.apply")
    return batch


def job_of(batch: ImportBatch) -> Job | None:
    """The newest job of this delivery."""
    return Job.objects.filter(kind__startswith="imports.", key=job_key(batch)).order_by("-pk").first()


def stopped_job(batch: ImportBatch) -> Job | None:
    """The job that gave up on this delivery, if one did."""
    job = job_of(batch)
    return job if job and job.state == JobState.DEAD else None


@transaction.atomic
def retry_import(*, batch: ImportBatch) -> None:
    """A person says: try the stopped step again."""
    job = stopped_job(batch)
    if job is None or not jobs.retry(job):
        raise ImportRefused(_("Tidak ada langkah yang berhenti pada kiriman ini."))


def apply_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """APPROVED -> APPLIED or WITHHELD: one transaction for the facts and, unless withheld, for publishing them."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.APPROVED):
            return
        db.lock_until_commit(REGISTRY)
        db.run("SET CONSTRAINTS ALL IMMEDIATE")
        previous = CurrentRelease.get()
        if batch.preview["previous"] != CurrentRelease.label() or ImportBatch.objects.unpublished().exists():
            return _refuse_overtaken(batch)
        batch.release = apply.create_release(batch, started)
        _write(batch, batch.release, previous)
        batch.applied_at = clock()
        (_stand_aside if batch.is_withheld else _go_live)(batch, batch.applied_at - started)


def _write(batch: ImportBatch, release: RegistryRelease, previous: RegistryRelease | None) -> None:
    apply.apply_families(batch, release)
    if previous:
        apply.record_decile_changes(batch, release, previous)
    if batch.member_sha256:
        apply.apply_members(batch, release)
    apply.refresh_statistics()


def _stand_aside(batch: ImportBatch, took: timedelta) -> None:
    match.drop_rows(batch.pk)
    move(batch, BatchState.APPROVED, BatchState.WITHHELD, took, "apply", ["release", "applied_at"])


def _go_live(batch: ImportBatch, took: timedelta) -> None:
    publishing.put_in_force(batch)
    batch.published_at, batch.published_by = batch.applied_at, batch.approved_by
    fields = ["release", "applied_at", "published_at", "published_by"]
    move(batch, BatchState.APPROVED, BatchState.APPLIED, took, "apply", fields)
    publishing.tell(batch)


def _refuse_useless(batch: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)
    refuse_batch(
        batch, _("Tidak ada satu baris pun yang bisa dipakai. Lihat alasannya di daftar baris ditolak.")
    )


def _refuse_overtaken(batch: ImportBatch) -> None:
    """Another release was published meanwhile: what was read or approved is no longer what would happen."""
    refuse_batch(batch, _("Rilis lain terbit sesudah berkas ini diperiksa. Kirim ulang berkas ini."))


def discard_unowned_uploads(*, now: datetime) -> int:
    """Delete sealed files that no delivery or pack owns: of uploads that were cut or refused more than a day ago."""
    owned = set(ImportBatch.objects.values_list("family_stored", flat=True))
    owned |= set(ImportBatch.objects.values_list("member_stored", flat=True))
    owned |= set(ProposalPack.objects.values_list("stored", flat=True))
    owned |= set(ListDelivery.objects.values_list("stored", flat=True))
    return storage.discard_others(owned, before=now - timedelta(days=1))


def keep_only_owned(stored: Iterable[Stored]) -> None:
    """After an upload: what became part of a delivery stays, the rest goes at once."""
    for one in stored:
        is_owned = ImportBatch.objects.filter(Q(family_stored=one.key) | Q(member_stored=one.key)).exists()
        if not is_owned and not ListDelivery.objects.filter(stored=one.key).exists():
            storage.discard(one)


def mark_decided(*, batch_id: int, written: int, at: datetime) -> None:
    """APPLIED -> DECIDED: the decisions that follow are made. Called when eligibility closes its run."""
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id, state=BatchState.APPLIED).first()
    if batch is None:
        return
    batch.counts = {**batch.counts, "decisions_written": batch.counts.get("decisions_written", 0) + written}
    batch.decided_at = at
    move(
        batch,
        BatchState.APPLIED,
        BatchState.DECIDED,
        at - (batch.published_at or at),
        "decide",
        ["counts", "decided_at"],
    )
