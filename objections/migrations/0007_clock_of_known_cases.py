"""Times of service (ux.md G25), and the clock of cases that came in before there was one: the date they were given."""

from typing import Any

from django.db import migrations
from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

TIMES = {
    "URGENT": (1, "Jalur mendesak PBI-JK; perlu ditetapkan kantor"),
    "TRIAGE": (3, "Usul layanan, setara LAPOR!; perlu ditetapkan kantor"),
    "EXPLAIN": (5, "Usul layanan; perlu ditetapkan kantor"),
    "VISIT": (10, "Usul layanan; perlu ditetapkan kantor"),
    "COMPLETION": (10, "Usul layanan; lewat waktu tidak menutup sanggahan"),
    "REEXAM": (10, "Usul layanan; perlu ditetapkan kantor"),
    "DECISION": (14, "Waktu sanggah di Cek Bansos, 14 hari; perlu ditetapkan kantor"),
}


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("objections", "ServiceTime").objects.bulk_create(
        apps.get_model("objections", "ServiceTime")(step=step, working_days=days, basis=basis)
        for step, (days, basis) in TIMES.items()
    )
    cases = apps.get_model("objections", "Objection").objects
    cases.update(
        clock_from=TruncDate("filed_at", tzinfo=timezone.get_default_timezone()), answer_by=F("due_on")
    )
    cases.filter(reasons__contains=["NIK_MISUSED"]).update(kind="NIK_MISUSED")
    cases.filter(reasons__contains=["NOT_DEAD"]).update(kind="NOT_DEAD")
    cases.filter(~Q(state__in=["SUBMITTED", "CHECKING"])).update(due_on=None)


def empty(apps: Any, schema_editor: Any) -> None:
    cases = apps.get_model("objections", "Objection").objects
    cases.filter(due_on=None).update(due_on=F("answer_by"))
    apps.get_model("objections", "ServiceTime").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("objections", "0006_states_and_clock")]

    operations = [migrations.RunPython(fill, empty)]
