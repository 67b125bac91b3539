"""Counting facts: the days that were touched anew, what is new from its last month back, everything by `rebuild`.

Touched days are taken first, counted measure by measure, each in a transaction of its own, and struck off last: a roll
that is broken off is done again, and what changes meanwhile is noted anew.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Min

from reports.choices import Touched
from reports.domain.facts.asking import asked_of
from reports.domain.facts.counting import count_days
from reports.domain.facts.kept import around, on_days, spans
from reports.domain.facts.measures import SPAN, is_kept, key_of, kind_of, measure_of
from reports.domain.figures.query import Query
from reports.domain.period import zone
from reports.models import DayFact, Measure, RollMark, TouchedDay
from staff.domain.calendar import local_date
from staff.domain.conduct.rules import in_force
from staff.domain.jobs import AGAIN
from staff.domain.periods import period_of
from staff.domain.policies import spec_of
from visits.models import ServiceEvent, VisitRecord, VisitTask

FEW: Final = 20_000  # visits up to which counting them takes no longer than adding days up
EVERY: Final = timedelta(minutes=15)  # how often touched days are counted anew: figures are right without it
MONTHS_AT_ONCE: Final = 8  # that one tick counts of measures that are new
ROWS_AT_ONCE: Final = 2_000
DAY: Final = timedelta(1)
BEGINNING: Final = date.min


def roll_facts(*, now: datetime) -> Counter[str]:
    """Count what was touched since the last time, and a part of what is new (a job of every tick)."""
    if not is_worth_it():
        return Counter()
    mark = RollMark.objects.order_by("pk").first()
    known = {key_of(one): one for one in questions(now=now)}
    measures = [measure_of(one) for one in known.values()]
    _give_up(measures)
    counts: Counter[str] = Counter()
    if mark is None or not mark.rolled_to <= now < mark.rolled_to + EVERY:
        counts += _count_touched(mark, known, measures, now=now)
    lacking = [one for one in measures if one.complete_from != BEGINNING]
    return +(counts + _go_back(lacking, known, now=now))


def rebuild(*, now: datetime) -> Counter[str]:
    """Forget all facts and count them again from the rows: the same facts, to the row."""
    with transaction.atomic():
        Measure.objects.select_for_update().update(complete_from=None)
        DayFact.objects.all().delete()
    counts: Counter[str] = Counter(roll_facts(now=now))
    while counts.pop(AGAIN, 0):
        counts += roll_facts(now=now)
    return counts


def is_worth_it() -> bool:
    """Say whether there are so many visits that adding days up is faster than counting them."""
    return (VisitTask.objects.aggregate(last=Max("pk"))["last"] or 0) > FEW


def questions(*, now: datetime) -> Iterator[Query]:
    """Yield what is asked of the regulations in force and can be kept by days: headlines, targets, rewards, fines."""
    today = local_date(now, zone())
    for release in in_force(on=today):
        if spec_of(release).visit_rule:
            yield from (one for one in asked_of(release, period_of("month", today), now=now) if is_kept(one))


@transaction.atomic
def _give_up(measures: Sequence[Measure]) -> None:
    """Forget the facts of what no regulation in force asks for: nothing counts anew what is touched of them."""
    gone = Measure.objects.exclude(pk__in=[one.pk for one in measures]).exclude(complete_from=None)
    if ids := list(gone.select_for_update().values_list("pk", flat=True)):
        Measure.objects.filter(pk__in=ids).update(complete_from=None)
        DayFact.objects.filter(measure__in=ids).delete()


def _count_touched(
    mark: RollMark | None, known: Mapping[str, Query], measures: Sequence[Measure], *, now: datetime
) -> Counter[str]:  # fmt: skip
    TouchedDay.objects.filter(taken=False).update(taken=True)
    taken = list(TouchedDay.objects.filter(taken=True).values_list("pk", "kind", "day"))
    noted = {(kind, day) for _pk, kind, day in taken}
    days = {kind: around(kind, (day for of, day in noted if of == kind)) for kind in Touched}
    counts: Counter[str] = Counter()
    for measure in measures:
        asked, first = known[measure.key], measure.complete_from
        if first is not None and mark is not None:
            ended = range((local_date(now, asked.zone) - local_date(mark.rolled_to, asked.zone)).days + 1)
            own = days[kind_of(asked)] | {local_date(now, asked.zone) - step * DAY for step in ended}
            counts["days"] += count_again(measure, asked, spans(one for one in own if one >= first), now=now)
    with transaction.atomic():
        for begin in range(0, len(taken), ROWS_AT_ONCE):
            some = [pk for pk, _kind, _day in taken[begin : begin + ROWS_AT_ONCE]]
            TouchedDay.objects.filter(pk__in=some).delete()
        RollMark.objects.update_or_create(pk=mark.pk if mark else 1, defaults={"rolled_to": now})
    return counts


def _go_back(lacking: Sequence[Measure], known: Mapping[str, Query], *, now: datetime) -> Counter[str]:
    """Count months before those that are kept, the last one first, and say whether there is more to do."""
    begun = _first_day() if lacking else None
    counts: Counter[str] = Counter()
    for measure in lacking:
        asked = known[measure.key]
        while measure.complete_from != BEGINNING and counts["months"] < MONTHS_AT_ONCE:
            _one_month_back(measure, asked, begun, now=now)
            counts["months"] += 1
    if any(one.complete_from != BEGINNING for one in lacking):
        counts[AGAIN] = 1
    return counts


def _one_month_back(measure: Measure, asked: Query, begun: date | None, *, now: datetime) -> None:
    today = local_date(now, asked.zone)
    kept_from = measure.complete_from
    # What closes later is kept from the start: visits that are settled before their day count for the running period.
    last = kept_from - DAY if kept_from else today + SPAN
    month = period_of("month", last if kept_from else today)
    if begun is None or month.last < begun:
        first = BEGINNING
    else:
        first = month.first
        count_again(measure, asked, [(month.first, last)], now=now)
    Measure.objects.filter(pk=measure.pk, complete_from=kept_from).update(complete_from=first)
    measure.complete_from = first


@transaction.atomic
def count_again(measure: Measure, asked: Query, found: Sequence[tuple[date, date]], *, now: datetime) -> int:
    """Replace the facts of these days by what their rows say now; return how many days."""
    Measure.objects.select_for_update().get(pk=measure.pk)
    DayFact.objects.filter(on_days(found), measure=measure).delete()
    for first, last in found:
        count_days(measure, asked, first, last, today=local_date(now, asked.zone))
    return sum((last - first).days + 1 for first, last in found)


def _first_day() -> date | None:
    """Return a day before which nothing happened; None where nothing did."""
    moments = (
        VisitTask.objects.aggregate(first=Min("closes_at"))["first"],
        VisitRecord.objects.aggregate(first=Min("logged_at"))["first"],
    )
    happened = ServiceEvent.objects.aggregate(first=Min("happened_on"))["first"]
    found = [one.date() - DAY for one in moments if one] + ([happened] if happened else [])
    return min(found, default=None)
