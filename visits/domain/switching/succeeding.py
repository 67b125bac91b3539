"""Series of earlier releases that follow a new one: their next turn is counted by the new rules from the last one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from staff.domain.calendar import WorkCalendar
from visits.domain.planning.anchoring import EventFacts
from visits.domain.planning.rulebook import ActiveStep, Book, Rulebook
from visits.domain.planning.series import FACTS, line_of, set_next_opening
from visits.domain.timing.windows import moved
from visits.models import Series

CHUNK: Final = 1000
NO_LONGER_REPEATED: Final = gettext_noop("the step no longer repeats")
FIELDS: Final = ["release", "anchor_at", "anchor_occurrence", "next_opens_at", "ended_at", "ended_reason"]


def follow_series(book: Book, rulebook: Rulebook, calendar: WorkCalendar, *, now: datetime) -> int:
    """Let the running series of the policy's other releases follow this one; return how many did.

    A series whose step the release lacks is left alone: it ends by itself at its next turn.
    """
    steps = [step.step_id for rule in book.rules for step in rule.steps]
    waiting = Series.objects.filter(step__in=steps, ended_at=None).exclude(release=book.release_id)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    return sum(
        _follow(ids[start : start + CHUNK], book, rulebook, calendar, now=now) for start in range(0, len(ids), CHUNK)
    )


@transaction.atomic
def _follow(ids: Sequence[int], book: Book, rulebook: Rulebook, calendar: WorkCalendar, *, now: datetime) -> int:
    found = list(Series.objects.filter(pk__in=ids, ended_at=None).order_by("pk"))
    rows = Series.objects.filter(pk__in=ids).values_list("pk", *FACTS)
    facts = {row[0]: EventFacts(*row[1:]) for row in rows}
    for series in found:
        former = rulebook.book(series.release_id)
        before = former.step(series.step_id) if former else None
        step = book.step(series.step_id)
        if step is not None:
            _count_anew(series, book, before[1] if before else None, step[1], facts[series.pk], calendar, now=now)
    Series.objects.bulk_update(found, FIELDS)
    return len(found)


def _count_anew(
    series: Series, book: Book, before: ActiveStep | None, step: ActiveStep, facts: EventFacts,
    calendar: WorkCalendar, *, now: datetime,
) -> None:  # fmt: skip
    """Move a series to the new release; where its interval is another, it counts from its last turn on."""
    series.release_id = book.release_id
    if not step.cadence.is_recurring:
        series.ended_at, series.ended_reason, series.next_opens_at = now, NO_LONGER_REPEATED, None
        return
    old, new = before.cadence.every if before else None, step.cadence.every
    if old is not None and new is not None and old != new and not facts.interval:
        passed = series.next_occurrence - 1 - series.anchor_occurrence
        series.anchor_at = moved(series.anchor_at, old.offset * passed, book.zone, calendar)
        series.anchor_occurrence = series.next_occurrence - 1
        while _is_due(book, step, series, facts, calendar, series.next_occurrence + 1, now):
            series.anchor_at = moved(series.anchor_at, new.offset, book.zone, calendar)
    if series.next_opens_at is not None or not step.cadence.is_chain:
        set_next_opening(series, line_of(book, step, facts, calendar, series), now=now)


def _is_due(
    book: Book, step: ActiveStep, series: Series, facts: EventFacts, calendar: WorkCalendar, turn: int, now: datetime
) -> bool:
    found = line_of(book, step, facts, calendar, series).window(turn)
    return found is not None and found.has_opened(now)
