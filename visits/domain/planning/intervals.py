"""A customer's own visit interval: what changes of it in the middle of a series (POLICY_PACK, `every`; H-08).

A series under `every` then counts from its last occurrence on, by the new interval. Occurrences that a shorter interval
would have put into the past are not made up for: at most the last of them is due now.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from config.packs.duration import Duration
from staff.domain.activity import log
from staff.domain.calendar import WorkCalendar
from staff.models import Employee
from visits.domain.planning.anchoring import EventFacts
from visits.domain.planning.events import load_calendar
from visits.domain.planning.rulebook import Rulebook, load_rulebook
from visits.domain.planning.series import FACTS, line_of, set_next_opening
from visits.domain.timing.recurrence import Timeline
from visits.domain.timing.windows import is_interval, moved
from visits.models import Customer, Series


@transaction.atomic
def set_interval(customer: Customer, interval: str, *, actor: Employee, now: datetime) -> None:
    """Give the customer an interval of his own ("30d"; empty: the rules' own). ValueError for anything below a day."""
    if interval and not is_interval(Duration.parse(interval)):
        raise ValueError(f"A customer's own interval of {interval} is not at least one day.")
    before = {customer.pk: customer.visit_interval}
    Customer.objects.filter(pk=customer.pk).update(visit_interval=interval)
    customer.visit_interval = interval
    follow_intervals(before, now=now)
    log(now=now, actor=actor, verb="customer.interval_set", subject=customer, interval=interval)


def follow_intervals(before: Mapping[int, str], *, now: datetime) -> int:
    """Count the series of customers anew whose interval was another `before`; return how many changed."""
    rulebook, calendar = load_rulebook(), load_calendar()
    series = Series.objects.filter(customer__in=list(before), ended_at=None)
    facts = {row[0]: EventFacts(*row[1:]) for row in series.values_list("pk", *FACTS)}
    changed = [
        one
        for one in series
        if facts[one.pk].interval != before[one.customer_id]
        and _counted_anew(one, facts[one.pk], before[one.customer_id], rulebook, calendar, now=now)
    ]
    Series.objects.bulk_update(
        changed, ["anchor_at", "anchor_occurrence", "next_opens_at", "ended_at", "ended_reason"], batch_size=500
    )
    return len(changed)


def _counted_anew(
    series: Series, facts: EventFacts, before: str, rulebook: Rulebook, calendar: WorkCalendar, *, now: datetime
) -> bool:
    """Move the anchor of a series to its last occurrence; say whether its rule repeats at all."""
    book = rulebook.book(series.release_id)
    found = book.step(series.step_id) if book else None
    if book is None or found is None or found[1].cadence.align != "none":
        return False
    step = found[1]
    if step.cadence.every is not None:
        every = Duration.parse(before) if before else step.cadence.every
        passed = series.next_occurrence - 1 - series.anchor_occurrence
        series.anchor_at = moved(series.anchor_at, every.offset * passed, book.zone, calendar)
        series.anchor_occurrence = series.next_occurrence - 1
        interval = Duration.parse(facts.interval) if facts.interval else step.cadence.every
        while _opens_by(line_of(book, step, facts, calendar, series), series.next_occurrence + 1, now):
            series.anchor_at = moved(series.anchor_at, interval.offset, book.zone, calendar)
    set_next_opening(series, line_of(book, step, facts, calendar, series), now=now)
    return True


def _opens_by(line: Timeline, occurrence: int, now: datetime) -> bool:
    found = line.window(occurrence)
    return found is not None and found.has_opened(now)
