"""Proposals to the centre: signed by two, packed with their evidence, answered by the next ranking alone."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from recipients import services
from recipients.enums import Basis, CentralResult, ProposalState
from recipients.importing import storage
from recipients.models import FamilyMembership, ProposalPack, UpdateProposal, WelfareSnapshot
from recipients.packs import Evidence
from recipients.services import Change, ProposalRefused
from recipients.services.proposals import central_result
from tests.factories.registry import make_card_no, make_family, make_member, make_nik, make_release

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 3, 10, 30, tzinfo=ZoneInfo("Asia/Makassar"))


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.UPLOAD_DIR = str(tmp_path)


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def family(release):
    return make_family(release=release, decile=6, floor_type=2, card_no=make_card_no())


@pytest.fixture
def verifier():
    return User.objects.create_user("verifikator", first_name="Lale", last_name="Contoh")


@pytest.fixture
def head():
    return User.objects.create_user("kepala")


def propose(family, by, *changes, **how):
    values = {
        "basis": Basis.MINUTES,
        "basis_ref": "140/12/Kesik/2026",
        "basis_on": date(2026, 2, 1),
        "reference": "objection:SGH-26-4K7Q-2",
        "now": NOW,
        **how,
    }
    return services.propose_update(
        family=family, changes=changes or [Change("floor_type", "8", note="lantai tanah")], by=by, **values
    )


def keyed(family, verifier, head, *, on=date(2026, 2, 10)):
    proposal = propose(family, verifier)
    services.endorse_proposal(proposal=proposal, by=head, now=NOW)
    pack = services.make_pack(by=head, now=NOW)
    services.mark_keyed(pack=pack, proposals=None, on=on, reference="SIKS-77", by=verifier, today=on)
    proposal.refresh_from_db()
    return proposal


def next_release(facts_by_hand, family, *, decile, **facts):
    """The family stands anew from the next release on."""
    later = make_release("2026-Q2", date(2026, 4, 20))
    WelfareSnapshot.objects.filter(family=family).update(until_release=later)
    if decile is not False:
        WelfareSnapshot.objects.create(
            family=family,
            from_release=later,
            village=family.village,
            decile=decile,
            head_name="X",
            row_key=1,
            **facts,
        )
    return later


def test_a_proposal_says_what_is_recorded_and_what_is_proposed(family, verifier):
    proposal = propose(family, verifier)

    assert proposal.number == "USUL-26-00001"
    assert proposal.decile_before == 6
    assert proposal.changed_facts == [
        {"field": "floor_type", "person": None, "recorded": 2, "proposed": 8, "note": "lantai tanah"}
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("decile", "2"), "tidak bisa diusulkan dari kabupaten"),
        (Change("floor_type", "2"), "sudah tercatat keramik"),
        (Change("floor_type", "77"), "tidak bisa berisi 77"),
        (Change("floor_type", ""), "tidak bisa berisi kosong"),
        (Change("cattle", "5000"), "angka 0 sampai 999"),
        (Change("floor_type", "8", person=1), "data keluarga"),
        (Change("has_disability", "1"), "Pilih anggotanya"),
        (Change("has_disability", "1", person=10**6), "bukan anggota keluarga ini"),
    ],
)
def test_what_cannot_be_proposed_is_refused_with_the_reason(family, verifier, change, says):
    with pytest.raises(ProposalRefused, match=says):
        propose(family, verifier, change)

    assert not UpdateProposal.objects.exists()


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"basis_ref": " "}, "nomor surat dasar"),
        ({"basis_on": date(2026, 3, 1)}, "belum tiba"),
    ],
)
def test_a_proposal_needs_a_paper_it_stands_on(family, verifier, how, says):
    with pytest.raises(ProposalRefused, match=says):
        propose(family, verifier, **how)


def test_a_second_open_proposal_for_a_family_is_refused_and_names_the_first(family, verifier):
    propose(family, verifier)

    with pytest.raises(ProposalRefused, match="USUL-26-00001"):
        propose(family, verifier, Change("wall_type", "4"))


def test_who_made_it_does_not_endorse_it(family, verifier):
    proposal = propose(family, verifier)

    with pytest.raises(ProposalRefused, match="Anda buat sendiri"):
        services.endorse_proposal(proposal=proposal, by=verifier, now=NOW)
    with pytest.raises(IntegrityError, match="proposal_endorsed_by_another"):
        UpdateProposal.objects.update(endorsed_by=verifier)


def test_a_withdrawn_proposal_stays_on_record_and_makes_room(family, verifier):
    proposal = propose(family, verifier)

    services.withdraw_proposal(proposal=proposal, by=verifier, now=NOW, reason="salah keluarga")

    assert (proposal.state, proposal.withdrawn_because) == (ProposalState.WITHDRAWN, "salah keluarga")
    assert propose(family, verifier).number == "USUL-26-00002"


def test_a_pack_holds_the_list_the_evidence_and_their_hashes(release, verifier, head):
    card, nik = make_card_no(), make_nik()
    family = make_family(release=release, decile=6, floor_type=2, card_no=card)
    member = make_member(family, release=release, nik=nik, has_disability=False)
    proposal = propose(
        family, verifier, Change("floor_type", "8"), Change("has_disability", "1", person=member.person_id)
    )
    services.endorse_proposal(proposal=proposal, by=head, now=NOW)

    pack = services.make_pack(
        by=head,
        now=NOW,
        evidence=lambda rows: [Evidence(row.number, "foto-1.jpg", [b"JP", b"EG"]) for row in rows],
    )

    with storage.open_stored(pack.stored) as file:
        sealed = file.read()
    assert hashlib.sha256(sealed).hexdigest() == pack.sha256
    with zipfile.ZipFile(io.BytesIO(sealed)) as unpacked:
        assert unpacked.namelist() == [
            "bukti/USUL-26-00001/foto-1.jpg", "usulan.xlsx", "daftar-isi.pdf", "SHA256SUMS"
        ]  # fmt: skip
        for line in unpacked.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(unpacked.read(name)).hexdigest() == digest
        sheet = openpyxl.load_workbook(io.BytesIO(unpacked.read("usulan.xlsx"))).active
        assert nik.encode() not in unpacked.read("daftar-isi.pdf")
    typed = [
        dict(zip([c.value for c in sheet[1]], [c.value for c in row], strict=True)) for row in sheet[2:3]
    ]
    assert typed[0]["nomor_kartu_keluarga"] == card
    assert (typed[0]["data"], typed[0]["arti_tercatat"], typed[0]["arti_diusulkan"]) == (
        "floor_type", "keramik", "tanah",
    )  # fmt: skip
    assert (typed[1]["nik_anggota"], typed[1]["kode_tercatat"], typed[1]["kode_diusulkan"]) == (nik, "0", "1")
    assert ProposalPack.objects.get().number == "KIRIM-26-0001"


def test_a_pack_that_breaks_midway_leaves_nothing_behind(family, verifier, head, tmp_path):
    services.endorse_proposal(proposal=propose(family, verifier), by=head, now=NOW)

    def torn(_rows):
        yield Evidence("USUL-26-00001", "foto-1.jpg", [b"x"])
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        services.make_pack(by=head, now=NOW, evidence=torn)

    assert list(tmp_path.iterdir()) == []
    assert UpdateProposal.objects.get().state == ProposalState.READY


def test_nothing_endorsed_makes_no_pack(family, verifier, head):
    propose(family, verifier)

    with pytest.raises(ProposalRefused, match="Belum ada usulan yang disahkan"):
        services.make_pack(by=head, now=NOW)


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (6, 3, CentralResult.JUDGED_POORER),
        (3, 6, CentralResult.JUDGED_BETTER_OFF),
        (4, 4, CentralResult.SAME),
        (4, None, CentralResult.NOT_RANKED),
        (None, 4, CentralResult.NEWLY_RANKED),
        (None, None, CentralResult.NOT_RANKED),
    ],
)
def test_the_answer_is_named_by_what_became_of_the_decile(before, after, result):
    assert central_result(before, after) == result


def test_the_next_release_answers_what_was_keyed_before_it(family, verifier, head, facts_by_hand):
    proposal = keyed(family, verifier, head)
    later = next_release(facts_by_hand, family, decile=3, floor_type=8)

    answered = services.reconcile_proposals(release=later)

    proposal.refresh_from_db()
    assert answered == 1
    assert (proposal.state, proposal.result) == (ProposalState.ANSWERED, CentralResult.JUDGED_POORER)
    assert (proposal.decile_before, proposal.decile_after, proposal.facts_taken) == (6, 3, 1)
    assert services.reconcile_proposals(release=later) == 0


def test_a_release_of_an_earlier_day_answers_nothing(family, verifier, head, facts_by_hand):
    keyed(family, verifier, head, on=date(2026, 4, 20))
    later = next_release(facts_by_hand, family, decile=3)

    assert services.reconcile_proposals(release=later) == 0


def test_a_family_that_the_release_does_not_name_is_told_so(family, verifier, head, facts_by_hand):
    proposal = keyed(family, verifier, head)
    later = next_release(facts_by_hand, family, decile=False)

    services.reconcile_proposals(release=later)

    proposal.refresh_from_db()
    assert (proposal.result, proposal.facts_taken) == (CentralResult.NOT_RANKED, 0)


def test_a_fact_of_a_person_is_taken_when_the_release_shows_it(
    release, family, verifier, head, facts_by_hand
):
    member = make_member(family, release=release, has_disability=False)
    proposal = propose(family, verifier, Change("has_disability", "1", person=member.person_id))
    services.endorse_proposal(proposal=proposal, by=head, now=NOW)
    pack = services.make_pack(by=head, now=NOW)
    services.mark_keyed(
        pack=pack, proposals=None, on=date(2026, 2, 9), reference="7", by=verifier, today=date(2026, 2, 9)
    )
    later = next_release(facts_by_hand, family, decile=6)
    FamilyMembership.objects.filter(pk=member.pk).update(has_disability=True)

    services.reconcile_proposals(release=later)

    proposal.refresh_from_db()
    assert (proposal.result, proposal.facts_taken) == (CentralResult.SAME, 1)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"reference": ""}, "nomor yang diberi SIKS-NG"),
        ({"on": date(2026, 3, 1)}, "belum tiba"),
        ({"on": date(2026, 2, 2)}, "lebih dulu dari tanggal berkas kiriman"),
        ({"proposals": []}, "Pilih paling sedikit satu"),
    ],
)
def test_keying_is_noted_with_a_number_and_a_possible_day(family, verifier, head, how, says):
    services.endorse_proposal(proposal=propose(family, verifier), by=head, now=NOW)
    pack = services.make_pack(by=head, now=NOW)
    values = {"proposals": None, "on": date(2026, 2, 5), "reference": "7", "today": date(2026, 2, 5), **how}

    with pytest.raises(ProposalRefused, match=says):
        services.mark_keyed(pack=pack, by=verifier, **values)
