"""The Celery app: beat rings once a minute, a worker answers; when a job is due stands in `config.wiring.JOBS`."""

import logging
import os
import threading

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.0
_ringing = threading.Lock()

app = Celery("huifang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["staff"])


def ring() -> None:
    """Ask the worker to look for due work now; where nobody hears it, the next minute does the same.

    Who rings waits `PATIENCE_SECONDS` at the longest, and not at all while an earlier ring is still on its way, so that
    a Redis that hangs holds up nobody (RELIABILITY, F10, F11).
    """
    if _ringing.acquire(blocking=False):
        bell = threading.Thread(target=_send, name="ring", daemon=True)
        bell.start()
        bell.join(PATIENCE_SECONDS)


def _send() -> None:
    try:
        app.send_task("staff.tasks.tick", expires=settings.TICK_SECONDS, retry=False)
    except Exception as problem:  # noqa: BLE001  a bell that is broken, however, spoils nobody's work
        logger.warning("nobody can be rung, the next minute does the work: %s", problem)
    finally:
        _ringing.release()
