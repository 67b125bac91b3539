"""When a record is judged: at the cut-off of its daily report, else at the end of its maker's next working day.

Which reports are owed, the app of reports knows; `config.wiring.RECORD_CUT_OFFS` names the function that tells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol, cast

from django.db.models import Q
from django.utils.module_loading import import_string

from config import wiring
from staff.domain.calendar import WorkCalendar, day_end, day_start, local_date
from staff.domain.workforce import Workforce, load_workforce
from visits.choices import RecordKind
from visits.domain.calling.terms import work_calendar
from visits.domain.detecting.bounds import fell_due, house
from visits.models import RecordTask, VisitRecord

LONGEST_LEAVE: Final = timedelta(days=30)  # whoever is away longer is judged by the company's next working day


@dataclass(frozen=True)
class CutOff:
    """The cut-off of one person's report of one day under one policy; at an `inclusive` one itself it is in time."""

    employee: int
    policy: int
    on: date
    at: datetime
    inclusive: bool = False


class TellsCutOffs(Protocol):
    """What the app of reports provides."""

    def __call__(
        self, *, due: tuple[datetime, datetime] | None = None, days: tuple[date, date] | None = None
    ) -> Iterable[CutOff]:
        """Return the cut-offs of daily reports that are over in (first, last], or that cover these local days."""


@dataclass(frozen=True)
class Due:
    """A record as it was first saved, with the moment at which it is judged."""

    record: VisitRecord
    cut_off: CutOff
    links: tuple[RecordTask, ...]


def due_records(*, since: datetime, until: datetime) -> Iterator[Due]:
    """Yield the contacts of tasks whose cut-off was over in (`since`, `until`], however late one asks."""
    tells = told_by_reports()
    reported = {off.on: None for off in tells(due=(since, until))}
    midnight = since < day_start(local_date(until, house()), house()) <= until
    if not reported and not midnight:
        return
    workforce, calendar = load_workforce(), work_calendar()
    left = _days_left_to_judge(since, until, workforce, calendar) if midnight else ()
    days: dict[date, Collection[int] | None] = {**dict(left), **reported}
    if not days:
        return
    offs = _by_person_and_day(tells(days=(min(days), max(days))))
    for record, links in _contacts(days):
        on = local_date(record.logged_at, house())
        found = offs.get((record.advisor_id, links[0].task.release.policy_id, on))
        cut_off = found or own_cut_off(record, links, on, workforce, calendar)
        if fell_due(cut_off.at, inclusive=cut_off.inclusive, since=since, until=until):
            yield Due(record, cut_off, tuple(links))


def told_by_reports() -> TellsCutOffs:
    """Return the function of the app of reports."""
    return cast(TellsCutOffs, import_string(wiring.RECORD_CUT_OFFS))


def own_cut_off(
    record: VisitRecord, links: list[RecordTask], on: date, workforce: Workforce, calendar: WorkCalendar
) -> CutOff:
    """Return the end of the next day on which the company works and the person is not on leave."""
    day = calendar.add_workdays(on, 1)
    while workforce.leave_of(record.advisor_id, on=day) is not None and day - on <= LONGEST_LEAVE:
        day = calendar.add_workdays(day, 1)
    if day - on > LONGEST_LEAVE:
        day = calendar.add_workdays(on, 1)
    return CutOff(record.advisor_id, links[0].task.release.policy_id, on, day_end(day, house()))


def _days_left_to_judge(
    since: datetime, until: datetime, workforce: Workforce, calendar: WorkCalendar
) -> Iterator[tuple[date, Collection[int] | None]]:
    """Yield the days whose records may be judged at a midnight in (`since`, `until`], each with whose (None: all).

    Of an older day only the records of those are left who were on leave on the working day after it.
    """
    first, last = local_date(since, house()), local_date(until, house())
    begin = first - LONGEST_LEAVE - timedelta(days=15)  # with the longest row of days off
    for day in (begin + timedelta(count) for count in range((last - begin).days)):
        after = calendar.add_workdays(day, 1)
        if day_end(after, house()) > since:
            yield day, None
        elif away := [one for one in workforce.leaves if workforce.leave_of(one, on=after) is not None]:
            yield day, away


def _by_person_and_day(offs: Iterable[CutOff]) -> dict[tuple[int, int, date], CutOff]:
    """Return the earliest cut-off of each person, policy and day."""
    found: dict[tuple[int, int, date], CutOff] = {}
    for off in offs:
        key = (off.employee, off.policy, off.on)
        if key not in found or off.at < found[key].at:
            found[key] = off
    return found


def _contacts(days: Mapping[date, Collection[int] | None]) -> Iterator[tuple[VisitRecord, list[RecordTask]]]:
    """Yield the contacts of these days that may lack something, each with its links to the tasks that it settled.

    `days`: whose records of each day, None for everybody's.
    """
    of_days = Q()
    for on, people in days.items():
        saved = Q(record__logged_at__gte=day_start(on, house()), record__logged_at__lt=day_end(on, house()))
        of_days |= saved if people is None else saved & Q(record__advisor__in=people)
    links = RecordTask.objects.filter(of_days, attempt__gt=0, record__kind=RecordKind.CONTACT)
    found: dict[int, list[RecordTask]] = defaultdict(list)
    may_lack = ~Q(record__incomplete=[]) | ~Q(record__proof_wanted="") | Q(record__superseded_by__isnull=False)
    related = ("record", "task__release", "task__step__rule", "task__event")
    for link in links.filter(may_lack).select_related(*related).order_by("pk"):
        found[link.record_id].append(link)
    for grouped in found.values():
        yield grouped[0].record, grouped
