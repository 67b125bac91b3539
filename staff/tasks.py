"""The one Celery task: somebody rang, so look into the database for what is due."""

from celery import shared_task

from config import clock
from staff.domain import jobs


@shared_task(name="staff.tasks.tick")
def tick() -> None:
    """Run every job that is due; ringing twice, or not at all for a while, changes nothing but the delay."""
    jobs.run_due(now=clock.now())
