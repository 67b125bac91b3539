"""Beat: a process that rings once a minute and knows nothing else, neither the program nor the time of day.

It keeps no file that could be lost or spoilt (RELIABILITY, F07), rings as soon as it starts, and counts its minutes by
the clock that nobody can move (F23, F24).
"""

from logging.config import dictConfig

from celery import Celery
from celery.beat import Scheduler
from celery.signals import setup_logging
from django.conf import settings

# Without Celery's care for Django: ringing needs neither models nor database, and so a third of the memory.
app = Celery("huifang", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")


@setup_logging.connect
def keep_our_log(**_facts: object) -> None:
    """Write what beat has to say as everything else is written."""
    dictConfig(settings.LOGGING)


class MinuteHand(Scheduler):
    """Rings every bell of the schedule, then says how long to sleep."""

    def tick(self, *_args, **_options) -> float:
        """Ring, whether or not anybody hears it, and return the seconds until the next time."""
        for entry in self.schedule.values():
            self.apply_entry(entry, producer=self.producer)
        return min(float(entry.schedule.run_every.total_seconds()) for entry in self.schedule.values())
