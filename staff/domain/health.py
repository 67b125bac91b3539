"""The checks of the program's own works: scheduler, jobs, quarantine, room on the disk, calendar.

Each yields findings in the words of whoever administers; `staff.domain.checking` runs them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.clock import local_day
from config.health import STALE_SECONDS
from staff.domain import calendar
from staff.domain.checking import Finding, Level
from staff.domain.installation import disk
from staff.domain.job_ledger import JobStanding, standings
from staff.domain.outages import silent_for
from staff.domain.wording import moment_words
from staff.models import Outage, Quarantined, WorkdayOverride

FAILURES_ALARM: Final = 3
DISK_ALARM: Final = 0.10
DISK_WARNING: Final = 0.20
SETTLED_HOLIDAYS: Final = 5  # days off of its own by which a company has settled a year that is not published yet
AUTUMN: Final = 11  # from this month on next year is planned for


def scheduler(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the worker has heard a ring within three minutes, by the clock of the database."""
    del now  # a clock that a demonstration has stopped would hide the silence
    silent = silent_for()
    mend = _("Start the program again (make run, or its service); its log says why the worker or the beat ended.")
    if silent is None:
        yield Finding(Level.ALARM, "scheduler", _("The scheduler has never been heard."), mend)
    elif silent.total_seconds() >= STALE_SECONDS:
        minutes = int(silent.total_seconds() // 60)
        words = _("The scheduler has been silent for %(minutes)d minutes: nothing opens, is made or reminded.")
        yield Finding(Level.ALARM, "scheduler", words % {"minutes": minutes}, mend)
    else:
        yield Finding(Level.OK, "scheduler", _("The scheduler rings and is heard."))


def jobs_done(*, now: datetime) -> Iterator[Finding]:
    """Find jobs that failed, and jobs of a day that are late."""
    found = [finding for standing in standings(now=now) for finding in _of_job(standing)]
    yield from found or [Finding(Level.OK, "jobs", _("Every job has done its work."))]


def _of_job(standing: JobStanding) -> Iterator[Finding]:
    what, told = f"job.{standing.job.name}", {"job": standing.title, "error": standing.error}
    if standing.failures:
        words = ngettext(
            "The job “%(job)s” failed: %(error)s",
            "The job “%(job)s” failed %(count)d times in a row: %(error)s",
            standing.failures,
        )
        level = Level.ALARM if standing.failures >= FAILURES_ALARM else Level.WARNING
        mend = _("It is tried again by itself. If it goes on, report the error to whoever looks after the program.")
        yield Finding(level, what, words % {**told, "count": standing.failures}, mend)
    elif standing.late:
        words = _("The job “%(job)s” of %(moment)s is not done yet.")
        mend = _("It is caught up by itself once the scheduler runs.")
        yield Finding(Level.WARNING, what, words % {**told, "moment": moment_words(standing.owed[0])}, mend)


def quarantine(*, now: datetime) -> Iterator[Finding]:
    """Find rows that no job could work on."""
    del now
    held = Quarantined.objects.held().count()
    if not held:
        yield Finding(Level.OK, "quarantine", _("Nothing is in quarantine."))
        return
    words = ngettext("%(count)d row is in quarantine.", "%(count)d rows are in quarantine.", held)
    mend = _("Read the reason on the page of health, mend it (a rule, the order), and try again there.")
    yield Finding(Level.ALARM, "quarantine", words % {"count": held}, mend)


def room_on_disk(*, now: datetime) -> Iterator[Finding]:
    """Find a disk that fills up."""
    del now
    found = disk()
    told = {"free": filesizeformat(found.free), "share": round(found.share * 100)}
    words = _("%(free)s of the disk of the data folder are free (%(share)d %%).") % told
    mend = _("Make room, or move the data folder to a larger disk: without room nothing can be saved any more.")
    if found.share < DISK_WARNING:
        yield Finding(Level.ALARM if found.share < DISK_ALARM else Level.WARNING, "disk", words, mend)
    else:
        yield Finding(Level.OK, "disk", words)


def stood_still_of_late(*, now: datetime) -> Iterator[Finding]:
    """Tell of an outage that ended within the last day."""
    for outage in Outage.objects.filter(to_at__gt=now - timedelta(days=1), to_at__lte=now):
        words = _("The program stood still from %(from)s to %(to)s (%(cause)s).")
        told = {"from": moment_words(outage.from_at), "to": moment_words(outage.to_at)}
        yield Finding(
            Level.WARNING,
            f"outage.{outage.pk}",
            words % {**told, "cause": outage.get_cause_display()},
            _("What became due meanwhile was made afterwards; nobody is held to the time in between."),
        )


def calendar_known(*, now: datetime) -> Iterator[Finding]:
    """Find a year whose public holidays the program does not know: this one, and from November on the next."""
    on = local_day(now)
    years = range(on.year, on.year + 1 + (on.month >= AUTUMN))
    unknown = [year for year in years if year > calendar.PUBLISHED_UNTIL and not _is_settled(year)]
    if not unknown:
        yield Finding(Level.OK, "calendar", _("The public holidays are known."))
    for year in unknown:
        words = _("The public holidays of %(year)d are not in the program: its working days are provisional.")
        mend = _("Update the program once they are published, or enter the company's days off in the calendar.")
        level = Level.ALARM if year == on.year else Level.WARNING
        yield Finding(level, f"calendar.{year}", words % {"year": year}, mend)


def _is_settled(year: int) -> bool:
    return WorkdayOverride.objects.filter(on__year=year, is_workday=False).count() >= SETTLED_HOLIDAYS
