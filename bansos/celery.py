"""The Celery app and the timetable; nothing else. What a task does stands in each app's tasks.py."""

import os

from celery import Celery
from celery.schedules import crontab

from bansos.common import worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")

app = Celery("bansos")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["bansos.common", "recipients", "eligibility", "objections"])
worker.show_signs_of_life()


@app.on_after_finalize.connect
def keep_timetable(sender: Celery, **_signal: object) -> None:
    from django.conf import settings

    sender.conf.beat_schedule = {
        "reverify-all-nightly": {
            "task": "eligibility.tasks.reverify_all",
            "schedule": crontab(hour=settings.NIGHTLY_HOUR, minute=0),
            "kwargs": {"reason": "malam"},
        },
    }
