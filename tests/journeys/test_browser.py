"""From the centre's file to a decision, an objection and its answer, in a real browser: JavaScript off for citizens."""

from __future__ import annotations

from datetime import date

from bansos.common import jobs
from objections.models import Objection
from recipients.enums import BatchState
from recipients.importing import layouts
from recipients.models import CurrentRelease, WelfareSnapshot
from tests.factories.registry import make_nik
from tests.journeys.steps import (
    IN_A_BROWSER,
    bring_in,
    citizen_page,
    file_objection,
    finish,
    letter_code,
    no_sideways_scroll,
    open_batch,
    staff_page,
    upload,
)
from tests.recipients.deliveries import family_row, member_row

pytestmark = IN_A_BROWSER


def test_from_a_file_to_a_decision_an_objection_and_its_answer(live_server, district, browser):
    nik = make_nik(date(1980, 5, 12), 2)
    family = family_row(desil_nasional="4", kode_kelurahan_desa="5203052001")
    others = [family_row(kode_kelurahan_desa="5203052001") for _ in range(3)]
    members = [member_row(family[layouts.CARD_NO], nomor_induk_kependudukan=nik)]
    bring_in(browser, live_server, district, "2025-Q4", "2025-10-20", [family, *others], members)
    moved = [family | {"desil_nasional": "6"}, *others]
    bring_in(browser, live_server, district, "2026-Q1", "2026-01-23", moved, members)

    home = staff_page(browser, live_server, "office_head")
    assert "dianggap lebih mampu" in home.inner_text("body")

    citizen = citizen_page(browser, live_server)
    citizen.click("text=Saya punya kode surat")
    citizen.fill("main input:not([type=hidden])", letter_code(family[layouts.CARD_NO]).lower())
    citizen.click("main button")
    shown = citizen.inner_text("main")
    assert "desil 4 menjadi 6" in shown
    assert "Memenuhi syarat belum berarti" in shown

    receipt_no, pin = file_objection(citizen_page(browser, live_server), nik)
    objection = Objection.objects.get(receipt_no=receipt_no)
    jobs.work_until(lambda: objection.refresh_from_db() or objection.family_id is not None, wait_s=30)

    _decide(browser, live_server, objection)

    status = citizen_page(browser, live_server)
    status.click("text=Saya sudah menyanggah")
    fields = status.locator("main input:not([type=hidden])")
    fields.nth(0).fill(receipt_no.lower())
    fields.nth(1).fill(pin.lower())
    status.click("main button")
    assert "Data kami yang keliru." in status.inner_text("main")


def test_a_delivery_is_stopped_held_approved_undone_and_brought_in_after_all(live_server, district, browser):
    families = [family_row(kode_kelurahan_desa="5203052001") for _ in range(8)]
    members = [member_row(families[0][layouts.CARD_NO])]
    bring_in(browser, live_server, district, "2025-Q4", "2025-10-20", families, members)
    clerk, head = (staff_page(browser, live_server, role) for role in ("data_admin", "office_head"))
    second = (district, "2026-Q1", "2026-01-23", families[:7], members)

    stopped = upload(clerk, live_server, *second)
    clerk.click("text=Hentikan kiriman ini")
    no_sideways_scroll(clerk)
    clerk.fill("#reason", "Berkasnya belum lengkap")
    clerk.click("button.default")
    finish(stopped, BatchState.REFUSED)

    batch = upload(clerk, live_server, *second)
    finish(batch, BatchState.PREVIEWED)
    head.set_viewport_size({"width": 360, "height": 740})
    open_batch(head, live_server, batch)
    told = head.inner_text("main")
    assert "1 dari 8 keluarga" in told
    assert all(title in told for title in ("Berkas yang dikenali", "Mutu berkas", "Yang akan berubah"))
    head.check("[name=guard]")
    head.fill("fieldset.guard input[maxlength]", "Satu keluarga pindah ke Mataram")
    head.click("text=Setujui dan terapkan")
    finish(batch, BatchState.WITHHELD)

    open_batch(clerk, live_server, batch)
    clerk.click("text=Minta rilis ini dibatalkan")
    clerk.fill("#undo-reason", "Pusat mengirim berkas pengganti")
    clerk.click("button:has-text('Minta pembatalan')")
    head.reload()
    head.click("text=Setujui pembatalan")
    finish(batch, BatchState.UNDONE)
    assert CurrentRelease.get().label == "2025-Q4"
    assert WelfareSnapshot.objects.standing().count() == 8

    corrected = [*families[:7], families[7] | {"desil_nasional": "2"}]
    bring_in(browser, live_server, district, "2026-Q1", "2026-01-23", corrected, members)
    assert CurrentRelease.get().label == "2026-Q1"


def _decide(browser, server, objection):
    verifier = staff_page(browser, server, "office_verifier")
    verifier.goto(f"{server.url}/staf/objections/objection/{objection.pk}/change/")
    assert "desil" in verifier.inner_text("body").lower()
    no_sideways_scroll(verifier)
    verifier.click("button:has-text('Mulai cek')")
    verifier.fill("#note-selesai-cek", "Rumah sudah dilihat.")
    verifier.click("button[value=selesai-cek]")
    verifier.click("text=Tulis perbaikan")
    verifier.click("text=Dibereskan di luar portal")
    no_sideways_scroll(verifier)
    verifier.fill("#id_note", "Kartu keluarga lama ditarik dari daftar.")
    verifier.click("text=Tulis perbaikan ini")
    verifier.goto(f"{server.url}/staf/objections/objection/{objection.pk}/change/")
    verifier.check("input[value=UPHELD_HERE]")
    verifier.fill("#answer", "Data kami yang keliru.")
    verifier.click("button[value=usul]")
    head = staff_page(browser, server, "office_head")
    head.goto(f"{server.url}/staf/objections/objection/{objection.pk}/change/")
    no_sideways_scroll(head)
    head.click("button[value=putuskan]")
