"""Facts changed: ask for a run over what is stale. Sent after commit; a lost signal is found within a minute."""

from __future__ import annotations

from django.dispatch import receiver
from django.utils import timezone

from eligibility import services
from eligibility.models import Scope
from recipients.signals import facts_changed


@receiver(facts_changed, dispatch_uid="eligibility.queue_stale_run")
def queue_stale_run(*, reason: str, batch_id: int | None = None, **_later: object) -> None:
    services.queue_verify(
        scope=Scope.STALE, as_of=timezone.localdate(), reason=reason[:100], batch_id=batch_id
    )
