"""The whole chain: a decile goes up, PKH is lost, the family objects and is visited, the centre is asked, answers with
its next release, the family is eligible again and is told. Real worker, sweep and broker; no JavaScript for citizens.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from eligibility.models import EligibilityDecision, Verdict
from objections.enums import State
from objections.models import Objection
from recipients import services
from recipients.enums import BatchState, CentralResult
from recipients.importing import layouts, storage
from recipients.models import Family, ImportBatch, ProposalPack, UpdateProposal
from tests.factories.registry import make_nik
from tests.journeys.steps import IN_A_BROWSER, citizen_page, letter_code, no_sideways_scroll, staff_page
from tests.objections import files
from tests.processes import until
from tests.recipients.deliveries import as_csv, family_row, member_row, upload

pytestmark = IN_A_BROWSER

VILLAGE = {"kode_kelurahan_desa": "5203052001"}
TILES, EARTH = "2", "8"
DAYS = 10  # from the objection to the release that answers it: a release answers what was keyed before its data day


@pytest.fixture
def household():
    """A family in decile 4 with a small child: it meets the rule of PKH."""
    nik = make_nik(date(1980, 5, 12), 2)
    family = family_row(desil_nasional="4", jenis_lantai_terluas=TILES, **VILLAGE)
    child = {
        layouts.NIK: make_nik(date(2023, 3, 4), 1),
        layouts.MEMBER_NAME: "ANAK SAHRUN",
        layouts.BIRTH_DATE: "2023-03-04",
        layouts.SEX: "1",
        "status_hubungan_keluarga": "3",
    }
    members = [member_row(family[layouts.CARD_NO], **{layouts.NIK: nik})]
    return nik, family, [*members, member_row(family[layouts.CARD_NO], **child)]


def publish(label, as_of, families, members):
    """A delivery all the way to its decisions, by two people and the worker."""
    users = get_user_model().objects
    by, approver = users.get(username="data_admin"), users.get(username="office_head")
    batch = services.receive_file(
        family=upload("keluarga.csv", as_csv(families)),
        member=upload("anggota.csv", as_csv(members)),
        label=label,
        as_of=as_of,
        by=by,
        today=as_of,
    )
    reach(batch, BatchState.PREVIEWED)
    services.approve_import(batch=batch, by=approver, now=timezone.now(), withhold=True)
    reach(batch, BatchState.WITHHELD)
    services.publish_import(batch=batch, by=approver, now=timezone.now())
    reach(batch, BatchState.DECIDED)


def reach(batch, state):
    until(
        lambda: ImportBatch.objects.get(pk=batch.pk).state in (state, BatchState.REFUSED), f"{batch} {state}"
    )
    assert ImportBatch.objects.get(pk=batch.pk).state == state


def pkh(card_no):
    family = Family.objects.with_card_no(card_no).get()
    return EligibilityDecision.objects.standing().get(family=family, programme__code="PKH").verdict


def test_from_a_lost_programme_to_the_centres_answer(
    http_gateway, live_worker, live_server, district, household, browser, settings, monkeypatch
):
    sent, _codes = http_gateway
    settings.UPLOAD_DIR = settings.DATA_DIR / "uploads"  # where the worker looks
    nik, family, members = household
    card_no = family[layouts.CARD_NO]
    others = [family_row(**VILLAGE) for _ in range(3)]
    publish("2025-Q4", date(2025, 10, 20), [family, *others], members)
    assert pkh(card_no) == Verdict.ELIGIBLE
    publish("2026-Q1", date(2026, 1, 23), [family | {"desil_nasional": "6"}, *others], members)
    assert pkh(card_no) == Verdict.INELIGIBLE

    assert "dianggap lebih mampu" in staff_page(browser, live_server, "office_head").inner_text("body")

    real_now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real_now() - timedelta(days=DAYS))  # the office's clock
    receipt_no, pin = _object(citizen_page(browser, live_server), nik, card_no)
    case = Objection.objects.get(receipt_no=receipt_no)
    until(lambda: Objection.objects.get(pk=case.pk).family_id, "the case to find its family")

    verifier = staff_page(browser, live_server, "office_verifier")
    verifier.set_viewport_size({"width": 360, "height": 740})
    _visit(verifier, live_server, case)
    _propose(verifier, live_server, case)
    head = staff_page(browser, live_server, "office_head")
    _open(head, live_server, case).click("button[value=putuskan]")
    _hand_over(verifier, live_server, case)
    assert "belum ada, kami menunggu" in _status(browser, live_server, receipt_no, pin)

    monkeypatch.setattr(timezone, "now", real_now)  # some days later
    answered = family | {"desil_nasional": "4", "jenis_lantai_terluas": EARTH}
    publish("2026-Q4", timezone.localdate() - timedelta(days=1), [answered, *others], members)
    live_worker.sweep.restart()  # looks at once for cases that a release answered; else within a minute
    until(lambda: Objection.objects.get(pk=case.pk).state == State.CENTRE_CHANGED, "the centre's answer")

    assert pkh(card_no) == Verdict.ELIGIBLE
    told = _status(browser, live_server, receipt_no, pin)
    assert "disetujui, perbaikan diusulkan ke pusat" in told
    assert "data Anda diubah" in told
    assert "1 hal berbeda dari data" in told
    until(lambda: "pusat sudah menjawab" in sent[-1][1]["text"], "the last message")
    texts = [message["text"] for _key, message in sent]
    words = ["sudah masuk", "petugas datang", "sudah datang", "disetujui", "pusat sudah menjawab"]
    assert [next(word for word in words if word in text) for text in texts] == words
    assert len({key for key, _message in sent}) == len(words)


def _object(page, nik, card_no):
    """Reads the reason with the code of the letter, then objects with a photo."""
    page.click("text=Saya punya kode surat")
    page.fill("main input:not([type=hidden])", letter_code(card_no).lower())
    page.click("main button[type=submit]")
    assert "desil 4 menjadi 6" in page.inner_text("main")
    page.click("a.button >> text=Ajukan sanggahan")
    page.fill("[name=nik]", nik)
    page.fill("[name=birth_date]", "12 5 1980")
    page.click("main button[type=submit]")
    page.click("text=Lihat semua pilihan")
    page.check("text=Keadaan rumah berbeda dari data")
    page.click("main button[type=submit]")
    page.fill("textarea", "Lantai kami masih tanah.")
    page.click("main button >> text=Lanjut")
    photo = {"name": "lantai.jpg", "mimeType": "image/jpeg", "buffer": files.phone_photo()}
    page.set_input_files("[name=photos]", [photo])
    page.click("main button >> text=Lanjut")
    page.fill("[name=phone]", "0812 0000 9001")
    page.click("main button[type=submit]")
    assert "1 foto" in page.inner_text("main")
    page.click("text=Kirim sanggahan")
    no_sideways_scroll(page)
    told = page.inner_text("main")
    return re.search(r"SGH-\S+", told)[0], re.search(r"PIN\s+([0-9A-Z-]{8,10})", told)[1]


def _open(page, server, case):
    page.goto(f"{server.url}/staf/objections/objection/{case.pk}/change/")
    no_sideways_scroll(page)
    return page


def _visit(page, server, case):
    """Planned and done on a phone, the same day."""
    _open(page, server, case).click("button:has-text('Mulai cek')")
    page.goto(f"{server.url}/staf/objections/fieldvisit/rencana/")
    page.check(f"[name=kasus][value='{case.pk}']")
    page.click("text=Rencanakan yang dicentang")
    page.click("a.visit-link")
    no_sideways_scroll(page)
    page.check("[name=tie][value=none]")
    page.fill("[name=met_whom]", "Inaq Sahrun")
    page.select_option("[name=floor_type-0]", EARTH)
    page.fill("[name=finding]", "Lantai dapur dan kamar masih tanah.")
    page.check("[name=is_check_done]")
    page.click("text=Simpan kunjungan")


def _propose(page, server, case):
    _open(page, server, case).click("text=Usulkan 1 data yang berbeda")
    no_sideways_scroll(page)
    page.fill("[name=basis_ref]", "140/12/Kesik/2026")
    page.fill("[name=basis_on]", timezone.localdate().isoformat())
    page.click("text=Tulis perbaikan ini")
    _open(page, server, case).check("input[value=UPHELD_TO_CENTRE]")
    page.fill("#answer", "Lantai rumah Anda tanah. Kami minta pusat memperbaiki data.")
    page.click("button[value=usul]")


def _hand_over(page, server, case):
    page.goto(f"{server.url}/staf/recipients/updateproposal/")
    page.click("text=Buat berkas kiriman")
    pack = ProposalPack.objects.get()
    with zipfile.ZipFile(storage.open_stored(pack.stored)) as unpacked:
        assert any(name.startswith("bukti/") for name in unpacked.namelist())
    page.fill("[name=on]", timezone.localdate().isoformat())
    page.fill("[name=reference]", "SIKS-77")
    page.click("button:has-text('Catat')")
    proposal = UpdateProposal.objects.get(reference=f"objection:{case.receipt_no}")
    assert proposal.keyed_reference == "SIKS-77"
    assert proposal.result != CentralResult.JUDGED_POORER


def _status(browser, server, receipt_no, pin):
    page = citizen_page(browser, server)
    page.click("text=Saya sudah menyanggah")
    page.fill("[name=number]", receipt_no)
    page.fill("[name=pin]", pin)
    page.click("main button")
    no_sideways_scroll(page)
    return page.inner_text("main")
