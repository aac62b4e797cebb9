"""Proposals: facts that differ go to the centre on paper, signed by two, and its next ranking is the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bansos.common import db, ids
from recipients import packs, proposable
from recipients.enums import Basis, CentralResult, ProposalState
from recipients.models import (
    CurrentRelease,
    Family,
    FamilyMembership,
    ProposalPack,
    RegistryRelease,
    UpdateProposal,
    WelfareSnapshot,
)
from recipients.roles import named

EvidenceOf = Callable[[list[UpdateProposal]], Iterable[packs.Evidence]]

NUMBERS = "recipients.proposal_numbers"  # one number is given out at a time


class ProposalRefused(ValueError):
    """The step is not possible; the message says why and what to do, in Indonesian."""


def no_evidence(_proposals: list[UpdateProposal]) -> Iterable[packs.Evidence]:
    return ()


@dataclass(frozen=True)
class Change:
    """One fact as it is said to be: `value` as typed (a code, a count, a day), `person` where it is a person's."""

    field: str
    value: str
    person: int | None = None
    note: str = ""


@transaction.atomic
def propose_update(
    *,
    family: Family,
    changes: Iterable[Change],
    basis: str,
    basis_ref: str,
    basis_on: date,
    by: User,
    now: datetime,
    reference: str = "",
) -> UpdateProposal:
    """Write down what the centre should look at again. It becomes a promise of nothing: the centre alone ranks."""
    facts, decile = check_proposal(
        family=family, changes=changes, basis=basis, basis_ref=basis_ref, basis_on=basis_on, now=now
    )
    db.lock_until_commit(NUMBERS)
    try:
        with transaction.atomic():
            return UpdateProposal.objects.create(
                number=_next_number(UpdateProposal, "USUL", now, digits=5),
                family=family,
                changed_facts=facts,
                basis=basis,
                basis_ref=basis_ref.strip()[:80],
                basis_on=basis_on,
                reference=reference,
                made_by=by,
                made_at=now,
                release_before=CurrentRelease.get(),
                decile_before=decile,
            )
    except IntegrityError as clash:
        if "proposal_one_open_per_family" not in str(clash):
            raise
        open_one = UpdateProposal.objects.open().get(family=family)
        raise ProposalRefused(
            _("Keluarga ini sudah punya usulan %(number)s (%(state)s). Tunggu jawabannya atau batalkan dulu.")
            % {"number": open_one.number, "state": open_one.get_state_display()}
        ) from clash


def check_proposal(
    *, family: Family, changes: Iterable[Change], basis: str, basis_ref: str, basis_on: date, now: datetime
) -> tuple[list[dict[str, Any]], int | None]:
    """The facts as they would be proposed and the decile today; ProposalRefused where it cannot be proposed so."""
    if basis not in Basis.values:
        raise ProposalRefused(_("Pilih dasar usulan: berita acara atau surat pernyataan."))
    snapshot = WelfareSnapshot.objects.standing().filter(family=family).first()
    facts = [_changed_fact(family, snapshot, change) for change in changes]
    _refuse_unfounded(facts, basis_ref, basis_on, localdate(now))
    return facts, snapshot.decile if snapshot else None


def _changed_fact(family: Family, snapshot: WelfareSnapshot | None, change: Change) -> dict[str, Any]:
    fact = proposable.FACTS.get(change.field)
    if fact is None:
        raise ProposalRefused(
            _("Data %s tidak bisa diusulkan dari kabupaten. Pilih dari daftar.") % change.field
        )
    if fact.of_person != (change.person is not None):
        raise ProposalRefused(
            _("%s adalah data seorang anggota. Pilih anggotanya.") % fact.label
            if fact.of_person
            else _("%s adalah data keluarga, bukan data seorang anggota.") % fact.label
        )
    row = _member(family, change.person) if change.person is not None else snapshot
    recorded = proposable.recorded(row, change.field)
    try:
        proposed = fact.parse(change.value)
    except ValueError as wrong:
        raise ProposalRefused(
            _("%(label)s tidak bisa berisi %(value)s. Pilih dari daftar kode, atau ketik angka 0 sampai 999.")
            % {"label": fact.label, "value": change.value or _("kosong")}
        ) from wrong
    if recorded == proposed:
        raise ProposalRefused(
            _("%(label)s sudah tercatat %(value)s. Usulkan hanya yang berbeda.")
            % {"label": fact.label, "value": fact.say(recorded)}
        )
    return {
        "field": change.field,
        "person": change.person,
        "recorded": recorded,
        "proposed": proposed,
        "note": ids.scrub(change.note.strip())[:200],
    }


def _member(family: Family, person: int) -> FamilyMembership:
    row = FamilyMembership.objects.standing().filter(family=family, person_id=person).first()
    if row is None:
        raise ProposalRefused(_("Orang itu bukan anggota keluarga ini menurut rilis sekarang."))
    return row


def _refuse_unfounded(facts: list[dict[str, Any]], basis_ref: str, basis_on: date, today: date) -> None:
    if not facts:
        raise ProposalRefused(_("Pilih paling sedikit satu data yang berbeda."))
    if len({(fact["field"], fact["person"]) for fact in facts}) < len(facts):
        raise ProposalRefused(_("Satu data diusulkan dua kali. Hapus salah satunya."))
    if not basis_ref.strip():
        raise ProposalRefused(_("Tulis nomor surat dasar. Tanpa surat dasar pusat tidak memproses usulan."))
    if basis_on > today:
        raise ProposalRefused(_("Tanggal surat dasar belum tiba. Periksa tanggalnya."))


def _next_number(model: Any, word: str, now: datetime, *, digits: int) -> str:
    """USUL-26-00012: numbers run through the year without gaps; the caller holds the lock."""
    start = f"{word}-{localdate(now):%y}-"
    last = model.objects.filter(number__startswith=start).order_by("-number").first()
    return f"{start}{(int(last.number.removeprefix(start)) if last else 0) + 1:0{digits}d}"


def endorse_proposal(*, proposal: UpdateProposal, by: User, now: datetime) -> None:
    """DRAFT -> READY by a second person: from then on it may travel."""
    if proposal.made_by_id == by.pk:
        raise ProposalRefused(_("Anda tidak bisa mengesahkan usulan yang Anda buat sendiri."))
    _move(proposal, ProposalState.DRAFT, ProposalState.READY, endorsed_by=by, endorsed_at=now)


def withdraw_proposal(*, proposal: UpdateProposal, by: User, now: datetime, reason: str) -> None:
    """Not sent yet: it goes no further, and stays on record."""
    if not reason.strip():
        raise ProposalRefused(_("Tulis sebabnya. Sebab ini dibaca saat ada pemeriksaan."))
    before = ProposalState(proposal.state)
    if before not in (ProposalState.DRAFT, ProposalState.READY):
        raise ProposalRefused(_("Usulan ini sudah dikirim, jadi tidak bisa dibatalkan dari sini."))
    _move(
        proposal,
        before,
        ProposalState.WITHDRAWN,
        withdrawn_by=by,
        withdrawn_at=now,
        withdrawn_because=reason.strip()[:200],
    )


def _move(proposal: UpdateProposal, before: ProposalState, after: ProposalState, **values: Any) -> None:
    moved = UpdateProposal.objects.filter(pk=proposal.pk, state=before).update(state=after, **values)
    if not moved:
        raise ProposalRefused(_("Petugas lain lebih dulu mengubahnya. Muat ulang halaman."))
    proposal.refresh_from_db()


@transaction.atomic
def make_pack(*, by: User, now: datetime, evidence: EvidenceOf = no_evidence) -> ProposalPack:
    """READY -> PACKED: everything endorsed travels in one numbered pack. A cut leaves the proposals ready.

    `evidence` gives the photos and papers of these proposals; they stand in an app above this one.
    """
    db.lock_until_commit(NUMBERS)
    ready = UpdateProposal.objects.select_for_update(of=("self",)).filter(state=ProposalState.READY)
    proposals = list(ready.select_related("family__village__parent").order_by("family__village__code", "pk"))
    if not proposals:
        raise ProposalRefused(_("Belum ada usulan yang disahkan. Sahkan dulu, lalu buat berkas kiriman."))
    number = _next_number(ProposalPack, "KIRIM", now, digits=4)
    stored = packs.build_pack(
        number=number, proposals=proposals, evidence=evidence(proposals), made_by=named(by), made_at=now
    )
    pack = ProposalPack.objects.create(
        number=number,
        made_by=by,
        made_at=now,
        proposal_count=len(proposals),
        stored=stored.key,
        sha256=stored.sha256,
        size=stored.size,
    )
    UpdateProposal.objects.filter(pk__in=[proposal.pk for proposal in proposals]).update(
        state=ProposalState.PACKED, pack=pack
    )
    return pack


@transaction.atomic
def mark_keyed(
    *, pack: ProposalPack, proposals: Iterable[int] | None, on: date, reference: str, by: User, today: date
) -> int:
    """The operator typed them into SIKS-NG on that day under that number; `proposals` None: all of the pack."""
    if not reference.strip():
        raise ProposalRefused(_("Tulis nomor yang diberi SIKS-NG."))
    if on > today:
        raise ProposalRefused(_("Tanggal ketik belum tiba. Periksa tanggalnya."))
    if on < localdate(pack.made_at):
        raise ProposalRefused(_("Tanggal ketik lebih dulu dari tanggal berkas kiriman. Periksa tanggalnya."))
    rows = pack.proposals.filter(state=ProposalState.PACKED)
    if proposals is not None:
        rows = rows.filter(pk__in=list(proposals))
    keyed = rows.update(
        state=ProposalState.KEYED, keyed_on=on, keyed_reference=reference.strip()[:60], keyed_by=by
    )
    if not keyed:
        raise ProposalRefused(_("Tidak ada usulan yang menunggu diketik. Pilih paling sedikit satu."))
    return keyed


@transaction.atomic
def reconcile_proposals(*, release: RegistryRelease) -> int:
    """The published release answers what was keyed before its data day; doing it again changes nothing."""
    waiting = list(UpdateProposal.objects.select_for_update().answerable_by(release))
    families = [proposal.family_id for proposal in waiting]
    snapshots = {
        row.family_id: row
        for row in WelfareSnapshot.objects.at_release(release).filter(family__in=families).order_by()
    }
    members = {
        row.person_id: row
        for row in FamilyMembership.objects.at_release(release).filter(family__in=families).order_by()
    }
    for proposal in waiting:
        _answer(proposal, release, snapshots.get(proposal.family_id), members)
    UpdateProposal.objects.bulk_update(
        waiting,
        ["state", "answered_by_release", "decile_after", "result", "facts_taken"],
        batch_size=500,
    )
    return len(waiting)


def _answer(
    proposal: UpdateProposal,
    release: RegistryRelease,
    snapshot: WelfareSnapshot | None,
    members: dict[int, FamilyMembership],
) -> None:
    proposal.state, proposal.answered_by_release = ProposalState.ANSWERED, release
    proposal.decile_after = snapshot.decile if snapshot else None
    proposal.result = central_result(proposal.decile_before, proposal.decile_after)
    proposal.facts_taken = sum(
        _is_taken(fact, members.get(fact["person"]) if fact["person"] else snapshot)
        for fact in proposal.changed_facts
    )


def central_result(before: int | None, after: int | None) -> CentralResult:
    """A decile that goes up means judged better off (domain.md 0, no. 3)."""
    if after is None:
        return CentralResult.NOT_RANKED
    if before is None:
        return CentralResult.NEWLY_RANKED
    if after == before:
        return CentralResult.SAME
    return CentralResult.JUDGED_BETTER_OFF if after > before else CentralResult.JUDGED_POORER


def _is_taken(fact: dict[str, Any], row: Any) -> bool:
    return bool(proposable.recorded(row, fact["field"]) == fact["proposed"])
