"""What may be done with picked findings, step by step, and by whom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import key_of
from eligibility.engine.finding_kinds import KINDS
from eligibility.enums import CLOSING
from eligibility.models import Finding, FindingEvent, FindingState, Outcome
from eligibility.services import finding as services
from recipients.roles import CONFIRM_FINDING, HANDLE_FINDING, PROPOSE_FINDING


@dataclass(frozen=True)
class Step:
    """One thing that may be done with the picked findings that are in its state."""

    code: str
    label: Any
    permission: str
    take: Callable[..., int]
    state: FindingState = FindingState.OPEN


def _assign(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    return services.assign(findings=findings, to=by, by=by, now=now)


def _hand_over(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    to = handlers().filter(pk=key_of(request.POST.get("to", ""))).first()
    if to is None:
        raise services.FindingRefused(_("Pilih petugas yang akan menangani."))
    return services.assign(findings=findings, to=to, by=by, now=now)


def _dismiss(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    outcome = request.POST.get("outcome", "")
    if outcome not in CLOSING:
        raise services.FindingRefused(_("Pilih hasilnya: sudah diperbaiki, tidak benar, atau dibiarkan."))
    return services.dismiss(findings=findings, outcome=Outcome(outcome), note=note, by=by, now=now)


def _propose(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    return services.propose(findings=findings, note=note, by=by, now=now)


def _confirm(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    return services.confirm(findings=findings, by=by, now=now)


def _send_back(*, findings: Any, by: User, now: Any, note: str, request: HttpRequest) -> int:
    return services.send_back(findings=findings, note=note, by=by, now=now)


STEPS = (
    Step("ambil", gettext_lazy("Saya tangani"), HANDLE_FINDING, _assign),
    Step("serahkan", gettext_lazy("Serahkan ke petugas"), HANDLE_FINDING, _hand_over),
    Step("tutup", gettext_lazy("Tutup dengan alasan"), HANDLE_FINDING, _dismiss),
    Step(
        "usulkan",
        gettext_lazy("Usulkan akibatnya (tunda, daftar tunggu, atau terdaftar)"),
        PROPOSE_FINDING,
        _propose,
    ),
    Step("konfirmasi", gettext_lazy("Konfirmasi usulan"), CONFIRM_FINDING, _confirm, FindingState.PROPOSED),
    Step("kembalikan", gettext_lazy("Kembalikan usulan"), CONFIRM_FINDING, _send_back, FindingState.PROPOSED),
)


def handlers() -> QuerySet[User]:
    """Those of the office to whom findings can be handed over."""
    return User.objects.filter(groups__name="office_verifier", is_active=True).order_by("username")


def as_opened(rows: Any, request: HttpRequest) -> Any:
    """Without what was found, or moved by somebody, since the list was opened: nobody acts on what they did not see."""
    opened = min(key_of(request.POST.get("opened", "")) / 1e6, time.time())
    moment = datetime.fromtimestamp(opened, tz=UTC)
    moved = FindingEvent.objects.filter(at__gt=moment).values("finding")
    return rows.filter(found_at__lte=moment).exclude(pk__in=moved)


def tell(request: HttpRequest, step: Step, done: int, asked: int) -> None:
    if done:
        messages.success(request, _("%(step)s: %(done)d temuan.") % {"step": step.label, "done": done})
    if done < asked:
        words = _(
            "%d temuan tidak ikut: keadaannya sudah berubah, bukan bagian Anda, Anda sendiri yang mengusulkan, "
            "surat peringatannya belum dicetak, atau masa sanggahnya belum lewat."
        )
        messages.warning(request, words % (asked - done))


def bulk_form(user: Any, finding: Finding | None = None) -> dict[str, Any]:
    """The steps that this person may take, for the form under the list and on the page of one finding."""
    steps = [step for step in STEPS if user.has_perm(step.permission) and _fits(step, finding, user)]
    return {
        "steps": steps,
        "outcomes": [(outcome.value, outcome.label) for outcome in CLOSING],
        "handlers": handlers() if any(step.code == "serahkan" for step in steps) else (),
        "step_codes": [step.code for step in steps],
    }


def _fits(step: Step, finding: Finding | None, user: Any) -> bool:
    """Whether the step can be taken with this finding as it stands; for a list, that is said row by row."""
    if finding is None:
        return True
    is_bare = step.permission == PROPOSE_FINDING and KINDS[finding.kind].consequence is None
    is_own = step.permission == CONFIRM_FINDING and finding.proposed_by_id == user.pk
    is_others = step.permission == HANDLE_FINDING and not services.is_on_worklist_of(user, finding)
    return finding.state == step.state and not (is_bare or is_own or is_others)
