"""Statistics of contacts, reached or not: by channel, class, result and day (P-05), and when people are best reached.

Counted are the contacts of the regulation as they stand, by the moment at which they were saved, as figures count
visits: those that reached somebody are the metric `visit_count`. What a count says opens the contacts themselves.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate

from reports.domain.dashboard.choosing import parts_of
from reports.domain.dashboard.narrowing import Narrow, Undivided, people_of
from reports.domain.figures.contacts import of_visit
from reports.domain.figures.counted import among
from reports.domain.figures.limiting import links_of, with_first_link
from reports.domain.figures.query import Query
from reports.domain.figures.reading import Part
from staff.domain.calendar import day_start
from staff.domain.periods import period_named
from visits.choices import Outcome
from visits.models import VisitRecord

Key = TypeVar("Key", bound=Hashable)
HEAT_DAYS: Final = 28  # four whole weeks: each weekday as often as any other
FOUND_WRONG: Final = ~Q(problem="") | ~Q(displeasure="")  # the customer told of a problem, or why they are displeased
OUR_CALLS: Final = Q(inbound=False)  # when customers call says when they call, not when they can be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What one count of the statistics is limited to: a result, a weekday (1 is Monday) and an hour, a part of the
    period by its name (`in_period`), the first day that counts for the best hours (`since`), a kind of what was found
    wrong (`about`; "": of no kind). Empty or None: not."""

    outcome: str = ""
    weekday: int | None = None
    hour: int | None = None
    in_period: str = ""
    since: date | None = None
    about: str | None = None


NOT_MARKED: Final = Marked()


def contacts(asked: Query, narrow: Narrow, part: Part, marked: Marked = NOT_MARKED) -> QuerySet[Any, Any]:
    """Return the contacts that are counted, each of the rule, model … of the first task that it was about.

    Raises `Undivided` for categories of complaints, which contacts have not.
    """
    return _all(asked, narrow, part, marked).filter(Exists(links_of(asked).filter(record=OuterRef("pk"))))


def _all(asked: Query, narrow: Narrow, part: Part, marked: Marked) -> QuerySet[Any, Any]:
    """Return the same of whichever regulation."""
    found = VisitRecord.objects.current().filter(_saved(asked, marked), _of(asked, narrow, part))
    for by, path in of_visit(asked).items():
        if (value := getattr(narrow, by)) is not None:
            found = found.annotate(**{f"by_{by}": F(path) if isinstance(path, str) else path})
            found = found.filter(Q(**{f"by_{by}": value}) | (Q(**{f"by_{by}": None}) if value == "" else Q()))
    if marked.about is not None:
        found = found.filter(FOUND_WRONG, displeasure_kind=marked.about)
    if marked.outcome:
        found = found.filter(outcome=marked.outcome)
    if marked.weekday is not None:
        found = found.annotate(weekday=ExtractIsoWeekDay("started_at", tzinfo=asked.zone)).filter(
            weekday=marked.weekday
        )
    if marked.hour is not None:
        found = found.annotate(hour=ExtractHour("started_at", tzinfo=asked.zone)).filter(hour=marked.hour)
    return found


def _saved(asked: Query, marked: Marked) -> Q:
    """Return the condition that a contact was saved in the period, or in the part of it that is marked."""
    saved = Q(logged_at__gte=asked.since, logged_at__lt=asked.until)
    if marked.in_period:
        inner = period_named(marked.in_period)
        saved &= Q(logged_at__gte=inner.starts_at(asked.zone), logged_at__lt=inner.ends_at(asked.zone))
    if marked.since:
        saved &= Q(logged_at__gte=day_start(marked.since, asked.zone))
    return saved


def _of(asked: Query, narrow: Narrow, part: Part) -> Q:
    """Return the condition on who made a contact where."""
    if narrow.category is not None:
        raise Undivided("category")
    part = people_of(narrow, part, asked.period)
    found = Q() if part.people is None else among("advisor", part.people)
    return found if part.branches is None else found & among("branch", part.branches)


@dataclass(frozen=True, slots=True)
class Statistics:
    """How many contacts, in all and by each of what P-05 tells them by; each sums up to the whole."""

    count: int = 0
    channel: Mapping[str, int] = field(default_factory=dict)
    rule: Mapping[str, int] = field(default_factory=dict)
    outcome: Mapping[str, int] = field(default_factory=dict)
    crossed: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by channel and result
    days: Mapping[str, int] = field(default_factory=dict)  # by the name of the day or month


def statistics(asked: Query, narrow: Narrow, part: Part) -> Statistics:
    """Return the statistics of a period in one question to the database, however many contacts there were.

    A contact about several tasks is of the class (rule) of the first of them.
    """
    found = with_first_link(_all(asked, narrow, part, NOT_MARKED), asked).order_by()
    found = found.annotate(rule=F("links__task__step__rule__code"), day=TruncDate("logged_at", tzinfo=asked.zone))
    told = ("channel", "outcome", "rule", "day")
    rows = list(found.values(*told).annotate(n=Count("pk")).values_list(*told, "n"))
    return Statistics(
        sum(count for *_keys, count in rows),
        _summed((channel, count) for channel, _outcome, _rule, _day, count in rows),
        _summed((rule, count) for _channel, _outcome, rule, _day, count in rows),
        _summed((outcome, count) for _channel, outcome, _rule, _day, count in rows),
        _summed(((channel, outcome), count) for channel, outcome, _rule, _day, count in rows),
        _by_part(_summed((day, count) for *_keys, day, count in rows), asked),
    )


def _summed(counts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: Counter[Key] = Counter()
    for key, count in counts:
        sums[key] += count
    return dict(sums)


def _by_part(days: Mapping[date, int], asked: Query) -> dict[str, int]:
    parts = [one for one in parts_of(asked.period) if one.starts_at(asked.zone) < asked.until]
    return {one.key: sum(count for day, count in days.items() if one.holds(day)) for one in parts}


def found_wrong(asked: Query, narrow: Narrow, part: Part) -> dict[str, int]:
    """Return how many contacts told of something wrong, by its kind; "" is of no kind. Raises `Undivided`."""
    told = contacts(asked, narrow, part).filter(FOUND_WRONG).order_by().values("displeasure_kind")
    return dict(told.annotate(n=Count("pk")).values_list("displeasure_kind", "n"))


@dataclass(frozen=True, slots=True)
class Hours:
    """When people are best reached: by weekday (1 is Monday) and hour the calls made and those that reached somebody.

    `since`: the first day that counts, four weeks before the end of the period or its first day if that is later.
    """

    since: date
    last: date
    cells: Mapping[tuple[int, int], tuple[int, int]]

    @property
    def span(self) -> list[int]:
        """Return the hours from the first to the last in which anybody called."""
        hours = [hour for _day, hour in self.cells]
        return list(range(min(hours), max(hours) + 1)) if hours else []


def best_hours(asked: Query, narrow: Narrow, part: Part) -> Hours:
    """Return reached and made calls by weekday and hour of the last four weeks of the period; customers' calls not."""
    last = min(asked.period.last, asked.now.astimezone(asked.zone).date())
    since = max(asked.period.first, date.fromordinal(last.toordinal() - HEAT_DAYS + 1))
    found = contacts(asked, narrow, part, Marked(since=since)).filter(OUR_CALLS).order_by()
    rows = (
        found.annotate(
            weekday=ExtractIsoWeekDay("started_at", tzinfo=asked.zone),
            hour=ExtractHour("started_at", tzinfo=asked.zone),
        )
        .values("weekday", "hour")
        .annotate(reached=Count("pk", filter=Q(outcome=Outcome.REACHED)), made=Count("pk"))
    )
    cells = {
        (day, hour): (good, all) for day, hour, good, all in rows.values_list("weekday", "hour", "reached", "made")
    }
    return Hours(since, last, cells)


ROW: Final = ("pk", "logged_at", "channel", "outcome")


def rows_of(found: QuerySet[Any, Any], *, first: int, most: int) -> tuple[int, int, list[dict[str, Any]]]:
    """Return how many contacts there are, how many reached somebody, and one page of them, the oldest first."""
    counts = found.aggregate(all=Count("pk"), good=Count("pk", filter=Q(outcome=Outcome.REACHED)))
    return counts["all"], counts["good"], list(told(found)[first : first + most])


def told(found: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Return contacts as plain values, the oldest first."""
    return found.order_by("logged_at", "pk").values(*ROW, who=F("advisor__name"))
