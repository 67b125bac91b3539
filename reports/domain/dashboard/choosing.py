"""Which figures a dashboard shows of a regulation: the six that everybody steers by, then its own with targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from config.packs.measuring import KpiSpec
from reports.domain.figures.attaining import VOTES
from reports.domain.figures.measuring import METRICS
from reports.domain.figures.targets import measured_of
from staff.domain.calendar import add_months
from staff.domain.metric_words import metric_words
from staff.domain.periods import Period, period_of
from staff.models import Release

STEERED_BY: Final = (
    "completion_rate", "success_rate", "satisfaction_rate", "css_average", "resolution_rate", "timely_rate",
)  # fmt: skip
FIRST_FOCUS: Final = "satisfaction_rate"
CATALOGUE: Final = tuple(metric for metric in METRICS if metric != VOTES)  # an election is secret while it lasts
SPAN: Final = "span"  # days that are no calendar period: those before or after a project
FIRST_DAY: Final = date(1970, 1, 1)  # before it, nobody kept records
LONG: Final = 92  # days that are told one by one
PERIODS: Final = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure. `key` names it in addresses: ``kpi:<code>`` of the regulation, or ``metric:<metric>``."""

    key: str
    title: str
    kpi: KpiSpec

    @property
    def metric(self) -> str:
        """Return the metric of the catalogue."""
        return self.kpi.metric

    @property
    def op(self) -> str | None:
        """Return the operator of its target."""
        return self.kpi.op

    @property
    def target(self) -> Decimal | None:
        """Return its target."""
        return self.kpi.target


def figures_shown(release: Release, also: str = "") -> list[Shown]:
    """Return the six figures, each as the regulation measures it where it does, then all others that it sets.

    `also` is the key of one more, of the catalogue: it comes last, where it is not among them.
    """
    own = [Shown(f"kpi:{kpi.code}", kpi.title or metric_words(kpi.metric), kpi) for kpi in measured_of(release)]
    six = [_first(own, metric) for metric in STEERED_BY]
    found = six + [one for one in own if one not in six]
    more = _of_catalogue(also)
    return [*found, more] if more and all(one.key != also for one in found) else found


def _first(own: Sequence[Shown], metric: str) -> Shown:
    """Return the regulation's own figure of a metric, one of all visits before one of some; else the plain one."""
    found = sorted((one for one in own if one.metric == metric), key=lambda one: bool(one.kpi.of or one.kpi.when))
    return found[0] if found else plain(metric)


def plain(metric: str) -> Shown:
    """Return a metric of the catalogue as it is, of everything."""
    return Shown(f"metric:{metric}", metric_words(metric), KpiSpec(code=metric, metric=metric))


def figure_named(key: str, release: Release) -> Shown | None:
    """Return the figure that an address names, if the regulation or the catalogue has it."""
    return next((one for one in figures_shown(release, key) if one.key == key), None)


def _of_catalogue(key: str) -> Shown | None:
    section, _colon, code = key.partition(":")
    return plain(code) if section == "metric" and code in CATALOGUE else None


def other(period: Period, against: str) -> Period:
    """Return what a period is compared with: the one before, or the same one of the year before.

    A week of the year before is the one that holds the same day 52 weeks earlier; days that are no calendar period are
    compared with as many right before.
    """
    if period.per == SPAN:
        length = period.last.toordinal() - period.first.toordinal() + 1
        first, last = (_earlier(one, length) for one in (period.first, period.last))
        return Period(SPAN, first, last)
    if against != "year":
        return period.before()
    if period.per == "week":
        return period_of("week", date.fromordinal(period.first.toordinal() - 364))
    return period_of(period.per, add_months(period.first, -12))


def _earlier(on: date, days: int) -> date:
    """Return the day so many days earlier, within what calendars reach."""
    return date.fromordinal(max(on.toordinal() - days, FIRST_DAY.toordinal()))


def run_up(period: Period, count: int) -> list[Period]:
    """Return so many periods, the oldest first, that end with this one; of a span of days as many days right before."""
    found = [period]
    while len(found) < count:
        found.append(other(found[-1], "before"))
    return found[::-1]


def parts_of(period: Period) -> Iterator[Period]:
    """Yield the smaller periods that a period is told by: months of a year or a quarter, days of anything shorter."""
    long = period.per == SPAN and (period.last - period.first).days > LONG
    per = "month" if long or period.per in ("quarter", "half_year", "year") else "day"
    one = period_of(per, period.first)
    while one.first <= period.last:
        yield replace(one, last=min(one.last, period.last))
        one = period_of(per, date.fromordinal(one.last.toordinal() + 1))
