"""What is kept of days and of closed months, a second time: by loops over the rows, and by adding up."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from reports.domain.auditing.company import day_of, midnight
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.ground import Releases
from reports.domain.auditing.metrics import COUNTS, Asked, figures
from reports.domain.auditing.owing import key_of
from reports.domain.auditing.regulation import tables
from reports.models import ClosedFigure, DayFact, Measure, RollMark, TouchedDay

MONTHS: Final = 2  # the last ones that ended: each visit of them is looked at one by one
WHOLE: Final = "coverage_rate"  # an event counts under each of its rules: parts are more than the whole
Sums = dict[Any, list[int]]


def faults(counts: Counter[str]) -> Iterator[Difference]:
    """Yield the sums of days that are not those of their rows, and closed months that do not add up."""
    yield from _frozen()
    mark = RollMark.objects.order_by("pk").first()
    if mark is None:
        return
    releases, month = Releases(), day_of(mark.rolled_to).replace(day=1)
    touched = set(TouchedDay.objects.values_list("day", flat=True))
    for _turn in range(MONTHS):
        last = month - timedelta(1)
        month = last.replace(day=1)
        if not any(month - timedelta(2) <= day <= last + timedelta(2) for day in touched):
            for measure in Measure.objects.filter(complete_from__lte=month).order_by("pk"):
                counts["sums"] += 1
                yield from _of_month(measure, month, last, releases)


def _of_month(measure: Measure, first: date, last: date, releases: Releases) -> Iterator[Difference]:
    where = f"measure {measure.pk} {measure.metric} {first:%Y-%m}"
    rows = list(
        DayFact.objects.filter(measure=measure, on__gte=first, on__lte=last).values_list(
            "dimension", "on", "since", "branch", "employee", "numerator", "denominator"
        )
    )
    kept: Sums = defaultdict(lambda: [0, 0])
    by_day: dict[str, Sums] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for dimension, on, since, branch, employee, top, count in rows:
        _add(by_day[dimension][on, since, branch], top, count)
        if not dimension and since <= last and employee is not None:
            _add(kept[employee], top, count)
    release = releases.ruling(measure.policy_id, last)
    if release is not None:
        yield from _compared(where, measure, kept, _asked(measure, tables(releases.content(release)), first, last))
    for dimension, sums in by_day.items():
        if dimension and measure.metric != WHOLE:
            for key in sorted({*sums, *by_day[""]}, key=str):
                if sums[key] != by_day[""][key]:
                    yield Difference(where, f"{dimension} {key}", sums[key], by_day[""][key])


def _compared(where: str, measure: Measure, kept: Sums, asked: Asked) -> Iterator[Difference]:
    computed = figures(asked)
    if computed is None:
        return
    for employee in sorted({*kept, *computed}):
        top, count = kept[employee]
        told = Fraction(top, 100), 1 if measure.metric in COUNTS else count
        found = computed.get(employee, (Fraction(0), 1 if measure.metric in COUNTS else 0))
        if told != found:
            yield Difference(f"{where} employee {employee}", "figure", f"{told[0]}/{told[1]}", f"{found[0]}/{found[1]}")


def _asked(measure: Measure, pack: dict[str, Any], first: date, last: date) -> Asked:
    """Return the question of a measure as a table of a regulation."""
    told = measure.spec
    steps = [f"visit_rule:{rule}/{step}" for rule, step in told["steps"]]
    named = [f"visit_rule:{code}" for code in told["rules"]] + steps + told["kinds"] + told["channels"]
    spec = {"metric": measure.metric, "basis": told["basis"], "count": told["count"], "of": named}
    until = midnight(last + timedelta(1))
    return Asked(spec, measure.policy_id, pack, key_of("month", first), first, last, midnight(first), until)


def _frozen() -> Iterator[Difference]:
    """Yield the figures of closed months whose people and branches are not what everybody together is."""
    sums: dict[Any, list[Any]] = defaultdict(lambda: [Decimal(0), 0])
    wholes = {}
    rows = ClosedFigure.objects.values_list("measure", "period", "whose", "numerator", "denominator")
    for measure, period, whose, top, count in rows.iterator(chunk_size=2000):
        if whose:
            _add(sums[measure, period], top, count)
        else:
            wholes[measure, period] = [top, count]
    for key in sorted({*sums, *wholes}):
        if sums[key] != wholes.get(key):
            yield Difference(f"closed figure {key[0]} {key[1]}", "whole", wholes.get(key), sums[key])


def _add(sums: list[Any], top: Any, count: Any) -> None:
    sums[0] += top
    sums[1] += count
