"""What people do in the browser, as the journeys share it."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from bansos.common import jobs
from objections import codes
from recipients.enums import BatchState
from recipients.models import Family, ImportBatch
from tests.recipients.deliveries import as_csv
from tests.rendered import CHROMIUM

PASSWORD = "kata-sandi-contoh-panjang"
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(CHROMIUM is None, reason="NO CHROMIUM FOUND: apt-get install chromium"),
]


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


def letter_code(card_no):
    family = Family.objects.with_card_no(card_no).get()
    by = get_user_model().objects.get(username="office_head")
    (code,) = codes.make_letter_codes(families=[family], by=by, today=timezone.localdate()).values()
    return code
