"""The one Celery task: somebody rang, so look into the database for what is due."""

import logging
import secrets
import threading
from contextlib import suppress

from celery import current_task, shared_task
from django.conf import settings

from config import clock, filling
from config.celery import ring
from config.clock import ClocksDisagree
from config.logs import about
from staff.domain import alarms, clocks, jobs, outages

logger = logging.getLogger(__name__)
_busy = threading.Lock()


@shared_task(name="staff.tasks.tick")
def tick() -> bool:
    """Run every job that is due; ringing twice, or not at all for a while, changes nothing but the delay.

    Each ring that is heard touches the heartbeat by which the supervisor knows a living worker from a deaf one, and
    leaves a sign of life in the database, whose gaps are outages. One that comes while this process is at work already
    does no more than that, and says so by returning False. So does one that finds the clocks at odds.
    """
    with about(**_ring()):
        return answer()


def _ring() -> dict[str, str]:
    """Return the id of this ring for the log, and that of the request which rang, if one did."""
    asked = current_task.request.get("rung_by") if current_task else None
    return {"ring": secrets.token_hex(4)} | ({"rung_by": str(asked)} if asked else {})


def answer() -> bool:
    """Do what the ring is for; say whether there was time for it. While the demo company is made it lives by itself."""
    hear()
    if filling.is_held():
        return False
    try:
        clocks.require_agreement()
    except ClocksDisagree as problem:
        logger.error("%s", problem)
        alarms.tell_alarms(now=clock.now())
        return False
    outages.beat(now=clock.now())
    if not _busy.acquire(blocking=False):
        return False
    try:
        report = jobs.run_due(now=clock.now())
        alarms.tell_alarms(now=clock.now())
    finally:
        _busy.release()
    if report.again:
        ring()
    return True


def hear() -> None:
    """Show the supervisor that a ring was heard; on a full disk a new file cannot be made, an old one be touched."""
    with suppress(OSError):
        settings.HEARTBEAT.touch()
