"""An upheld objection acts: what was prepared happens with the decision, is decided again, and the citizen is told."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from bansos.common.models import Message
from objections import codes, notices, services
from objections.attachments import keeping
from objections.enums import RemedyKind, State
from objections.models import Objection, Remedy
from objections.services import MoveRefused
from recipients import evidence
from recipients import services as facts
from recipients.enums import Basis, FlagStatus, ProposalState
from recipients.importing import storage
from recipients.models import ExternalFlag, FactCorrection, FactsChange, UpdateProposal, WelfareSnapshot
from recipients.services import Change
from tests.factories.registry import make_release
from tests.objections.steps import receipt, send, text_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 3, 10, tzinfo=ZoneInfo("Asia/Makassar"))
PAPER = {"basis": Basis.MINUTES, "basis_ref": "140/3", "basis_on": date(2026, 2, 1)}


@pytest.fixture
def case(world, client):
    """Matched with its family and under check."""
    send(client)
    objection = Objection.objects.get()
    Objection.objects.filter(pk=objection.pk).update(family=world.family, state=State.READY)
    objection.refresh_from_db()
    return objection


def birth(world, day="1985-08-27"):
    return Change("birth_date", day, person=world.head.person_id)


def decided(case, outcome, checker, head):
    services.propose(objection=case, outcome=outcome, by=checker, now=NOW, answer="Sudah kami periksa.")
    services.approve(objection=case, by=head, now=NOW)
    case.refresh_from_db()
    return case


def test_our_own_error_is_corrected_with_the_decision_and_the_family_is_decided_again(
    case, world, checker, head
):
    services.prepare_correction(
        objection=case, changes=[birth(world)], note="salah baca", by=checker, now=NOW
    )
    assert not FactCorrection.objects.exists()

    decided(case, State.UPHELD_HERE, checker, head)

    correction = FactCorrection.objects.get()
    assert (correction.day, correction.made_by, correction.approved_by) == (date(1985, 8, 27), checker, head)
    assert correction.reference == f"objection:{case.receipt_no}"
    assert FactsChange.objects.filter(family=world.family).exists()
    assert Remedy.objects.get().done_by == head


def test_a_wrong_flag_is_refuted_with_the_decision(case, world, checker, head):
    flag = facts.raise_flag(
        family=world.family, person=world.head.person, kind="GAMBLING", source="PPATK", observed_on=date(2026, 1, 2)
    )  # fmt: skip
    services.prepare_refutation(objection=case, flag=flag.pk, note="NIK dipinjam orang", by=checker, now=NOW)

    decided(case, State.UPHELD_HERE, checker, head)

    assert ExternalFlag.objects.get().status == FlagStatus.REFUTED


def test_facts_that_differ_become_an_endorsed_proposal(case, world, checker, head):
    services.prepare_proposal(
        objection=case, changes=[Change("floor_type", "8")], note="lantai tanah", by=checker, now=NOW, **PAPER
    )

    decided(case, State.UPHELD_TO_CENTRE, checker, head)

    proposal = UpdateProposal.objects.get()
    assert (proposal.state, proposal.made_by, proposal.endorsed_by) == (ProposalState.READY, checker, head)
    assert Remedy.objects.get().outcome == proposal.number


def test_the_photos_of_the_case_travel_with_its_proposal(case, world, checker, head, settings, tmp_path):
    settings.EVIDENCE_DIR = settings.UPLOAD_DIR = tmp_path
    photo = keeping.take_photo(data=picture(), form_key=case.form_key, now=NOW, objection=case)
    services.prepare_proposal(
        objection=case, changes=[Change("floor_type", "8")], note="lantai tanah", by=checker, now=NOW, **PAPER
    )
    decided(case, State.UPHELD_TO_CENTRE, checker, head)

    pack = facts.make_pack(by=head, now=NOW, evidence=evidence.gather)

    with zipfile.ZipFile(storage.open_stored(pack.stored)) as unpacked:
        (name,) = [name for name in unpacked.namelist() if name.startswith("bukti/")]
        assert name == "bukti/USUL-26-00001/foto-1.jpg"
        assert unpacked.read(name) == keeping.content(photo)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("outcome", "says"),
    [(State.UPHELD_HERE, "apa yang diperbaiki"), (State.UPHELD_TO_CENTRE, "diusulkan ke pusat")],
)
def test_nothing_is_upheld_that_changes_nothing(case, checker, outcome, says):
    with pytest.raises(MoveRefused, match=says):
        services.propose(objection=case, outcome=outcome, by=checker, now=NOW, answer="Ya.")


def test_a_rejection_needs_no_remedy_and_runs_none(case, world, checker, head):
    services.prepare_correction(objection=case, changes=[birth(world)], note="ragu", by=checker, now=NOW)

    decided(case, State.REJECTED, checker, head)

    assert not FactCorrection.objects.exists()
    assert Remedy.objects.waiting().count() == 1


def test_where_a_remedy_cannot_be_done_nothing_is_decided(case, world, checker, head):
    services.prepare_proposal(
        objection=case, changes=[Change("floor_type", "8")], note="lantai tanah", by=checker, now=NOW, **PAPER
    )
    services.propose(objection=case, outcome=State.UPHELD_TO_CENTRE, by=checker, now=NOW, answer="Ya.")
    facts.propose_update(
        family=world.family, changes=[Change("wall_type", "4")], by=checker, now=NOW, **PAPER
    )

    with pytest.raises(MoveRefused, match="USUL-26-00001"):
        services.approve(objection=case, by=head, now=NOW)

    case.refresh_from_db()
    assert case.state == State.PROPOSED
    assert not Message.objects.filter(
        key__contains=f"objection:{case.pk}:", values__step=State.UPHELD_TO_CENTRE
    ).exists()


def test_what_cannot_be_corrected_is_refused_when_it_is_written(case, checker):
    with pytest.raises(MoveRefused, match="tidak bisa diperbaiki di kabupaten"):
        services.prepare_correction(
            objection=case, changes=[Change("decile", "1")], note="x", by=checker, now=NOW
        )


def test_a_case_without_its_family_prepares_nothing_on_facts(case, world, checker):
    Objection.objects.update(family=None)
    case.refresh_from_db()

    with pytest.raises(MoveRefused, match="belum dicocokkan"):
        services.prepare_correction(objection=case, changes=[birth(world)], note="x", by=checker, now=NOW)


@pytest.mark.parametrize(
    ("decile", "floor", "ends", "words"),
    [
        (3, 2, State.CENTRE_CHANGED, "kurang mampu: desil 6 menjadi 3."),
        (7, 8, State.CENTRE_CHANGED, "lebih mampu: desil 6 menjadi 7."),
        (6, 2, State.CENTRE_KEPT, "tetap 6."),
    ],
)
def test_the_next_release_closes_the_case_and_the_citizen_is_told(
    case, world, checker, head, facts_by_hand, client, decile, floor, ends, words
):
    services.prepare_proposal(
        objection=case, changes=[Change("floor_type", "8")], note="lantai tanah", by=checker, now=NOW, **PAPER
    )
    decided(case, State.UPHELD_TO_CENTRE, checker, head)
    pack = facts.make_pack(by=head, now=NOW)
    facts.mark_keyed(
        pack=pack, proposals=None, on=date(2026, 2, 9), reference="7", by=checker, today=date(2026, 2, 9)
    )
    assert services.tell_centre_answers(now=NOW) == 0
    later = make_release("2026-Q2", date(2026, 4, 20))
    WelfareSnapshot.objects.filter(family=world.family).update(decile=decile, floor_type=floor)

    facts.reconcile_proposals(release=later)
    assert services.tell_centre_answers(now=NOW) == 1
    assert services.tell_centre_answers(now=NOW) == 0

    case.refresh_from_db()
    assert case.state == ends
    assert Message.objects.filter(values__step=ends).count() == 1
    number, pin = receipt(client)
    client.post("/status/", {"number": number, "pin": pin})
    assert "desil 6" not in (status := text_of(client.get("/status/sanggahan/")))
    assert "Jawaban pusat" in status
    code = codes.make_letter_codes(families=[world.family], by=head, today=timezone.localdate())
    client.post("/kode/", {"code": code[world.family.pk]})
    assert f"keluarga Anda {words}" in text_of(client.get("/status/sanggahan/"))
    client.force_login(checker)
    staff = text_of(client.get(reverse("admin:objections_objection_change", args=[case.pk])))
    assert f"keluarga ini {words}" in staff


def test_every_step_a_citizen_waits_for_is_told_once_and_fits_one_sms(case, checker, head):
    services.prepare_elsewhere(objection=case, note="KK dicetak ulang", by=checker, now=NOW)
    decided(case, State.UPHELD_HERE, checker, head)

    told = [message.values["step"] for message in Message.objects.filter(channel="SMS").order_by("pk")]
    assert told == [State.SUBMITTED, State.UPHELD_HERE]
    for step in (*notices.TOLD, notices.LATE, *notices.VISITS):
        days = dict.fromkeys(("by", "answer_by", "day"), "2026-12-28")
        values = {"step": step, "number": "SGH-26-4K7Q-2XX", **days}
        body = notices.write(values).body
        assert len(body) <= notices.ONE_PART, body
        assert body.isascii()
        assert "desil" not in body


def test_the_page_writes_and_drops_remedies(client, case, world, checker):
    client.force_login(checker)
    page = reverse("admin:objections_objection_remedies", args=[case.pk])

    client.post(f"{page}?jenis=lain", {"note": "KK dicetak ulang"})
    client.post(
        f"{page}?jenis=perbaiki", {f"birth_date-{world.head.person_id}": "1985-08-27", "note": "salah baca"}
    )
    shown = client.get(page).content.decode()

    assert "27 Agustus 1985" in shown
    assert {remedy.kind for remedy in Remedy.objects.all()} == {RemedyKind.ELSEWHERE, RemedyKind.CORRECT}
    for remedy in Remedy.objects.all():
        client.post(reverse("admin:objections_remedy_drop", args=[remedy.pk]))
    assert not Remedy.objects.exists()


def test_what_was_proposed_is_not_changed_by_a_page_that_is_out_of_date(case, world, checker):
    """The clerk's second tab: one remedy is read and approved, another slips in beside it."""
    kept = services.prepare_elsewhere(objection=case, note="kartu diganti", by=checker, now=NOW)
    tab = Objection.objects.get(pk=case.pk)
    services.propose(objection=case, outcome=State.UPHELD_HERE, by=checker, now=NOW, answer="Benar.")

    with pytest.raises(MoveRefused):
        services.prepare_correction(
            objection=tab, changes=[birth(world)], note="salah baca", by=checker, now=NOW
        )
    kept.objection = tab
    with pytest.raises(MoveRefused):
        services.drop_remedy(remedy=kept, by=checker)
    assert list(case.remedies.all()) == [kept]
