"""A delivery's whole life at the office, in a real browser: stopped, held, approved, undone, brought in after all."""

from __future__ import annotations

from recipients.enums import BatchState
from recipients.importing import layouts
from recipients.models import CurrentRelease, WelfareSnapshot
from tests.journeys.steps import (
    IN_A_BROWSER,
    bring_in,
    finish,
    no_sideways_scroll,
    open_batch,
    staff_page,
    upload,
)
from tests.recipients.deliveries import family_row, member_row

pytestmark = IN_A_BROWSER


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
