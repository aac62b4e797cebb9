"""The receipt of a delivery: the one object that the command prints and the browser shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from recipients.models import ImportBatch

COUNT_LABELS = {
    "rows": _("baris keluarga dalam berkas"),
    "accepted": _("baris dipakai"),
    "refused": _("baris ditolak"),
    "families_new": _("keluarga baru"),
    "families_changed": _("keluarga berubah"),
    "families_unchanged": _("keluarga tetap"),
    "families_missing": _("keluarga tidak ada lagi di rilis ini"),
    "decile_up": _("dianggap lebih mampu"),
    "decile_down": _("dianggap kurang mampu"),
    "decile_same": _("desil sama"),
    "newly_ranked": _("baru diperingkat"),
    "member_rows": _("baris anggota dalam berkas"),
    "members_refused": _("baris anggota ditolak"),
    "members_new": _("anggota baru"),
    "members_changed": _("anggota berubah"),
    "members_missing": _("anggota tidak ada lagi"),
    "decisions_written": _("keputusan baru"),
}


def receipt(batch: ImportBatch) -> dict[str, Any]:
    told: dict[str, Any] = {
        "batch": batch.pk,
        "release": batch.release_label,
        "as_of": batch.as_of.isoformat(),
        "state": batch.state,
        "sha256": batch.family_sha256,
        "sheets": batch.sheets,
    }
    if "refused_by_code" in batch.counts:
        told["refused_by_code"] = batch.counts["refused_by_code"]
    told |= {name: batch.counts[name] for name in COUNT_LABELS if name in batch.counts}
    told["seconds"] = round(sum(batch.stage_seconds.values()), 3)
    told["stage_seconds"] = batch.stage_seconds
    return told
