"""From the centre's file to a decision, an objection and its answer, in a real browser: JavaScript off for citizens."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bansos.common import db, jobs
from objections import codes
from objections.models import Objection
from recipients.enums import BatchState
from recipients.importing import layouts
from recipients.models import CurrentRelease, Family, ImportBatch, WelfareSnapshot
from recipients.roles import install_roles
from tests.factories.registry import make_nik
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, family_row, member_row

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PASSWORD = "kata-sandi-contoh-panjang"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM FOUND: apt-get install chromium"),
]


@pytest.fixture
def browser(monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()
        connections.close_all()  # of this context: the browser's loop has connections apart


@pytest.fixture
def district(transactional_db, settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    for command in ("load_regions", "load_rule_sets"):
        call_command(command, stdout=open(os.devnull, "w"))  # noqa: SIM115
    for role in ("data_admin", "office_head", "office_verifier"):
        user = make_user(role)
        user.set_password(PASSWORD)
        user.save()
    yield tmp_path
    db.run(  # connections of the server's threads would keep the test database from being dropped
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def no_sideways_scroll(page):
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, page.url


def staff_page(browser, server, role):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{server.url}/staf/login/")
    page.fill("#id_username", role)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    assert page.url.endswith("/staf/")
    return page


def finish(batch, *states):
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state in states, wait_s=60)
    assert batch.state in states


def upload(clerk, server, folder, label, as_of, families, members):
    (folder / "keluarga.csv").write_bytes(as_csv(families))
    (folder / "anggota.csv").write_bytes(as_csv(members))
    clerk.goto(f"{server.url}/staf/recipients/importbatch/unggah/")
    clerk.fill("[name=label]", label)
    clerk.fill("[name=as_of]", as_of)
    clerk.set_input_files("[name=family]", folder / "keluarga.csv")
    clerk.set_input_files("[name=member]", folder / "anggota.csv")
    clerk.click("form.stacked button")
    clerk.wait_for_url("**/change/")
    return ImportBatch.objects.first()


def open_batch(page, server, batch):
    page.goto(f"{server.url}/staf/recipients/importbatch/{batch.pk}/change/")
    no_sideways_scroll(page)


def bring_in(browser, server, folder, label, as_of, families, members):
    clerk = staff_page(browser, server, "data_admin")
    batch = upload(clerk, server, folder, label, as_of, families, members)
    finish(batch, BatchState.PREVIEWED)
    head = staff_page(browser, server, "office_head")
    open_batch(head, server, batch)
    head.click("text=Setujui dan terapkan")
    finish(batch, BatchState.WITHHELD)
    head.reload()
    no_sideways_scroll(head)
    head.click("text=Terbitkan rilis ini")
    finish(batch, BatchState.DECIDED)
    head.reload()
    assert head.locator("text=keputusan baru").count()
    return batch


def citizen_page(browser, server):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{server.url}/")
    return page


def file_objection(page, nik):
    page.click("text=Ajukan sanggahan")
    page.fill("[name=nik]", f"{nik[:6]} {nik[6:12]} {nik[12:]}")
    page.fill("[name=birth_date]", "12 5 1980")
    page.click("main button")
    page.check("text=Keadaan rumah berbeda dari data")
    page.click("main button")
    page.fill("textarea", "Rumah kami bukan milik sendiri lagi.")
    page.click("main button >> text=Lanjut")
    page.click("main button >> text=Lanjut")
    page.check("text=Saya tidak punya HP")
    page.click("main button")
    page.click("text=Kirim sanggahan")
    told = page.inner_text("main")
    return re.search(r"SGH-\S+", told)[0], re.search(r"PIN\s+([0-9A-Z-]{8,10})", told)[1]


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


def letter_code(card_no):
    family = Family.objects.with_card_no(card_no).get()
    by = get_user_model().objects.get(username="office_head")
    (code,) = codes.make_letter_codes(families=[family], by=by, today=timezone.localdate()).values()
    return code


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
