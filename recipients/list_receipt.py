"""The receipt of a list: the one object that the command prints and the browser shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from recipients.models import ListDelivery

ROW_LABELS = {
    "rows": _("baris dalam berkas"),
    "used": _("baris dipakai"),
    "refused": _("baris ditolak"),
    "work": _("baris perlu dilihat orang"),
    "assisted": _("dicocokkan dari NIK bersensor"),
    "other_card": _("No. KK berbeda dari data kami"),
}
ACTION_LABELS = {
    "NEW": _("baru"),
    "MOVED": _("berubah keadaan"),
    "CHANGED": _("berubah"),
    "SAME": _("tetap"),
    "KNOWN": _("sudah tercatat"),
    "REFUTED": _("pernah diputus tidak terbukti, tidak dicatat lagi"),
    "GONE": _("berhenti menerima"),
}


def receipt(delivery: ListDelivery) -> dict[str, Any]:
    counts = delivery.counts
    told: dict[str, Any] = {
        "list": delivery.pk,
        "kind": delivery.kind,
        "source": delivery.source,
        "as_of": delivery.as_of.isoformat(),
        "state": delivery.state,
        "sha256": delivery.sha256,
        "sheets": delivery.sheets,
        "mapping": delivery.mapping.version if delivery.mapping else None,
    }
    told |= {name: counts[name] for name in ROW_LABELS if name in counts}
    told |= {name: counts[name] for name in ("actions", "by_code", "written", "marked") if name in counts}
    told["seconds"] = round(sum(delivery.stage_seconds.values()), 3)
    told["stage_seconds"] = delivery.stage_seconds
    return told
