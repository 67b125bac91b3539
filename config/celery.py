"""The Celery app: beat rings once a minute, a worker answers; when a job is due stands in `config.wiring.JOBS`."""

import os
from contextlib import suppress

from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("huifang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["staff"])


def ring() -> None:
    """Ask the worker to look for due work now; where nobody hears it, the next minute does the same."""
    with suppress(OperationalError):
        app.send_task("staff.tasks.tick", expires=settings.TICK_SECONDS, retry=False)
