"""Proposals in the browser: written on the family's page, endorsed, packed, taken away on record, noted as typed."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from recipients.enums import ProposalState
from recipients.models import AccessLog, ProposalPack, UpdateProposal
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db
PAPER = {"basis": "MINUTES", "basis_ref": "140/7", "basis_on": "2026-01-24", "note": "dilihat saat kunjungan"}


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path


@pytest.fixture
def world() -> World:
    world = make_world()
    UpdateProposal.objects.all().delete()
    ProposalPack.objects.all().delete()
    return world


def as_role(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def write(world: World, **facts: str):
    address = reverse("admin:recipients_family_propose", args=[world.inside["recipients_family"].pk])
    return as_role(world, "village_operator").post(address, {**PAPER, **facts}, follow=True)


def step(client: Client, name: str, pk: int, **values):
    return client.post(reverse(f"admin:recipients_{name}", args=[pk]), values, follow=True)


def test_the_form_shows_what_is_recorded_beside_every_fact(world):
    address = reverse("admin:recipients_family_propose", args=[world.inside["recipients_family"].pk])

    page = as_role(world, "village_operator").get(address).content.decode()

    assert page.count("Tercatat:") == len(page.split('class="field"')) - 1 - len(PAPER)
    assert "desil" not in [part.lower() for part in page.split('name="')[1:]]
    assert "Kabupaten tidak bisa mengubah desil" in page


def test_a_proposal_goes_from_the_village_to_the_pack_and_is_noted_as_typed(world):
    answer = write(world, **{"floor_type-0": "8"})
    proposal = UpdateProposal.objects.get()
    assert "USUL-26-00001" in answer.content.decode()

    step(as_role(world, "office_head"), "updateproposal_endorse", proposal.pk)
    verifier = as_role(world, "office_verifier")
    packed = verifier.post(reverse("admin:recipients_proposalpack_make"), follow=True).content.decode()
    pack = ProposalPack.objects.get()
    assert pack.number in packed
    file = step(verifier, "proposalpack_download", pack.pk, reason="diketik di SIKS-NG")
    step(
        verifier,
        "proposalpack_keyed",
        pack.pk,
        on=localdate(pack.made_at).isoformat(),
        reference="SIKS-9",
        proposal=[proposal.pk],
    )

    proposal.refresh_from_db()
    assert (proposal.state, proposal.keyed_reference) == (ProposalState.KEYED, "SIKS-9")
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as unpacked:
        assert unpacked.testzip() is None
    assert AccessLog.objects.filter(kind="EXPORT", subject=pack.number, rows=1).count() == 1


def test_nothing_different_is_no_proposal(world):
    page = write(world).content.decode()

    assert "Pilih paling sedikit satu data yang berbeda" in page
    assert not UpdateProposal.objects.exists()


def test_a_pack_is_not_taken_away_without_a_reason(world):
    write(world, **{"floor_type-0": "8"})
    step(as_role(world, "office_head"), "updateproposal_endorse", UpdateProposal.objects.get().pk)
    verifier = as_role(world, "office_verifier")
    verifier.post(reverse("admin:recipients_proposalpack_make"))

    answer = step(verifier, "proposalpack_download", ProposalPack.objects.get().pk, reason="")

    assert "Ketik alasan" in answer.content.decode()
    assert not AccessLog.objects.filter(kind="EXPORT").exists()


def test_a_family_outside_the_area_takes_no_proposal(world):
    address = reverse("admin:recipients_family_propose", args=[world.outside["recipients_family"].pk])

    answer = as_role(world, "village_operator").post(address, {**PAPER, "floor_type-0": "8"})

    assert answer.status_code == 404
    assert not UpdateProposal.objects.exists()


def test_withdrawing_asks_for_the_cause(world):
    write(world, **{"floor_type-0": "8"})
    proposal, operator = UpdateProposal.objects.get(), as_role(world, "village_operator")

    step(operator, "updateproposal_withdraw", proposal.pk, reason=" ")
    assert UpdateProposal.objects.get().state == ProposalState.DRAFT
    page = step(operator, "updateproposal_withdraw", proposal.pk, reason="salah keluarga").content.decode()

    assert "salah keluarga" in page
