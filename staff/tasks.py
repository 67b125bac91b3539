"""The one Celery task: somebody rang, so look into the database for what is due."""

import threading

from celery import shared_task
from django.conf import settings

from config import clock
from staff.domain import jobs, outages

_busy = threading.Lock()


@shared_task(name="staff.tasks.tick")
def tick() -> bool:
    """Run every job that is due; ringing twice, or not at all for a while, changes nothing but the delay.

    Each ring that is heard touches the heartbeat by which the supervisor knows a living worker from a deaf one, and
    leaves a sign of life in the database, whose gaps are outages. One that comes while this process is at work already
    does no more than that, and says so by returning False.
    """
    settings.HEARTBEAT.touch()
    outages.beat(now=clock.now())
    if not _busy.acquire(blocking=False):
        return False
    try:
        jobs.run_due(now=clock.now())
    finally:
        _busy.release()
    return True
