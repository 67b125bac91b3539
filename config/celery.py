"""The Celery app: beat rings once a minute, a worker answers; when a job is due stands in `config.wiring.JOBS`."""

import logging
import os
import threading

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from config import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.0
_ringing = threading.Lock()

app = Celery("huifang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["staff"])


@setup_logging.connect
def keep_our_log(**_facts: object) -> None:
    """Write Celery's records as all others: with a listener here it leaves the log as the settings have it."""


def ring() -> None:
    """Ask the worker to look for due work now; where nobody hears it, the next minute does the same.

    Who rings waits `PATIENCE_SECONDS` at the longest, and not at all while an earlier ring is still on its way, so that
    a Redis that hangs holds up nobody (RELIABILITY, F10, F11).
    """
    if _ringing.acquire(blocking=False):
        rung_by = str(logs.present().get("request", ""))
        bell = threading.Thread(target=_send, args=(_ringing, rung_by), name="ring", daemon=True)
        bell.start()
        bell.join(PATIENCE_SECONDS)


def _send(ringing: threading.Lock, rung_by: str) -> None:
    """Ring; the message carries the id of the request that rang, so that the records of both can be put together."""
    try:
        app.send_task("staff.tasks.tick", expires=settings.TICK_SECONDS, retry=False, headers={"rung_by": rung_by})
    except Exception as problem:  # noqa: BLE001  a bell that is broken, however, spoils nobody's work
        logger.warning("nobody can be rung, the next minute does the work: %s", problem)
    finally:
        ringing.release()
