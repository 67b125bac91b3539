"""The figures of a service-quality report, from the one definition that dashboards and exports read too.

The regulation's own figures come first, then the standard ones of the catalogue that it says nothing of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from config.packs.measuring import KpiSpec
from reports.domain.facts.ripening import closed_unripe, is_ripening
from reports.domain.figures import reading
from reports.domain.figures.attaining import VOTES
from reports.domain.figures.earning import ranks
from reports.domain.figures.measured import COUNTS, SHARES, Measured
from reports.domain.figures.query import Query, query
from reports.domain.figures.reading import EVERYTHING, Part
from reports.domain.figures.targets import measured_of
from reports.domain.service.content import Figure, reached
from staff.domain.periods import Period
from staff.domain.policies import spec_of
from staff.domain.workforce import load_workforce
from staff.models import Branch, Department, Employee, Release

STANDARD: Final = (
    "visit_count", "completion_rate", "timely_rate", "coverage_rate", "satisfaction_rate", "css_average",
    "resolution_rate", "complaint_count", "reply_rate", "response_time", "solve_time", "violation_count",
)  # fmt: skip
LOOKED_AT: Final = ("visit_count", "timely_rate", "completion_rate", "satisfaction_rate", "violation_count")
BACK: Final = {"month": 12, "week": 4, "day": 1}  # periods before the present one with which it is compared
COLUMNS: Final = 5  # figures beside the name of a person or a department


@dataclass(frozen=True)
class Subject:
    """What one report is about: the units of a policy or one branch, over one period, as of `now`."""

    release: Release
    period: Period
    now: datetime
    branch: int | None = None

    @property
    def part(self) -> Part:
        """Return to what figures are limited."""
        return EVERYTHING if self.branch is None else Part(branches=frozenset({self.branch}))

    def asked(self, kpi: KpiSpec, period: Period | None = None) -> Query:
        """Return the question for a figure over the period of the report, or over another one."""
        return query(kpi, self.release, period or self.period, now=self.now)


def periods_until(period: Period) -> list[Period]:
    """Return the period and those before it with which it is compared, oldest first."""
    found = [period]
    while len(found) <= BACK[period.per]:
        found.append(found[-1].before())
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One figure that a report shows, under the name by which it is kept."""

    key: str
    kpi: KpiSpec


def wanted(release: Release) -> list[Wanted]:
    """Return the figures that a report shows, the regulation's own first; no tally of votes."""
    own = [one for one in measured_of(release) if one.metric != VOTES]
    plain = {one.metric for one in own if not _is_narrowed(one, release)}
    standard = [KpiSpec(code=one, metric=one) for one in STANDARD if one not in plain]
    return [Wanted(f"kpi:{one.code}", one) for one in own] + [Wanted(f"metric:{one.metric}", one) for one in standard]


def _is_narrowed(kpi: KpiSpec, release: Release) -> bool:
    """Say whether a figure of the regulation is about a part only, so that the standard one tells something else.

    On what it rests (`basis`, `limit`, `count`) is how the regulation measures; one of all its visit rules is of all.
    """
    rules = {f"visit_rule:{one.code}" for one in spec_of(release).visit_rule}
    return bool(kpi.when) or bool(kpi.of and not rules <= set(kpi.of))


def has_own(release: Release) -> bool:
    """Say whether the regulation sets figures of its own, so that somebody steers by them every week and day."""
    return any(one.key.startswith("kpi:") for one in wanted(release))


def figures(about: Subject) -> tuple[Figure, ...]:
    """Return the figures of a report with their past; standard ones that nobody could ever count are left out."""
    periods = periods_until(about.period)
    found = []
    for one in wanted(about.release):
        measured = reading.series(about.asked(one.kpi), periods, about.part)
        found.append(_figure(one, about.period, periods, measured, _ripeness(about.asked(one.kpi))))
    return _kept(found)


def present(about: Subject) -> dict[str, Figure]:
    """Return the figures of the period alone, by their keys, as they are now."""
    return {
        one.key: _figure(one, about.period, [about.period], [reading.whole(about.asked(one.kpi), about.part)])
        for one in wanted(about.release)
    }


def figures_of_branches(about: Subject, branches: Iterable[int]) -> dict[int, tuple[Figure, ...]]:
    """Return the same for each branch: each figure is asked once, whatever the number of branches and periods."""
    periods, found = periods_until(about.period), dict[int, list[Figure]]()
    branches = list(branches)
    for one in wanted(about.release):
        asked = about.asked(one.kpi)
        parts, ripeness = _by_branch(asked, periods, branches), _ripeness(asked)
        for branch in branches:
            measured = [part.get(str(branch), _none(one.kpi.metric)) for part in parts]
            found.setdefault(branch, []).append(_figure(one, about.period, periods, measured, ripeness))
    return {branch: _kept(ones) for branch, ones in found.items()}


def _by_branch(asked: Query, periods: Sequence[Period], branches: Sequence[int]) -> Sequence[Mapping[str, Measured]]:
    if "branch" in reading.dimensions_of(asked.kpi.metric):
        return reading.parted_over(asked, periods, "branch")
    found = [reading.series(asked, periods, Part(branches=frozenset({one}))) for one in branches]
    return [{str(one): row[at] for one, row in zip(branches, found, strict=True)} for at in range(len(periods))]


def _figure(
    one: Wanted, period: Period, periods: Sequence[Period], measured: Sequence[Measured],
    ripeness: tuple[bool, bool] = (False, False),
) -> Figure:  # fmt: skip
    kpi = one.kpi
    has_target = kpi.target is not None and kpi.per == period.per
    trend = tuple(
        (when.key, str(Fraction(part.numerator)), part.denominator)
        for when, part in zip(periods, measured, strict=True)
    )
    bar = (str(kpi.op), f"{kpi.target:f}") if has_target else ("", "")
    return Figure(one.key, kpi.metric, kpi.title, *bar, trend, *ripeness)


def _ripeness(asked: Query) -> tuple[bool, bool]:
    """Return whether a figure is still ripening, and whether it was frozen while it was."""
    ripening = is_ripening(asked)
    return ripening, not ripening and closed_unripe(asked) is not None


def _kept(found: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(one for one in found if one.key.startswith("kpi:") or not one.is_empty)


def _none(metric: str) -> Measured:
    return Measured(Fraction(0), 1) if metric in COUNTS else Measured()


def columns(about: Subject, found: Sequence[Figure], by: str) -> list[tuple[KpiSpec, Figure]]:
    """Return the figures by which people, or departments, are told apart: those with a target first."""
    by_key = {one.key: one for one in found}
    known = [(one.kpi, by_key[one.key]) for one in wanted(about.release) if one.key in by_key]
    known = [one for one in known if by in reading.dimensions_of(one[0].metric)]
    bars = [one for one in known if one[1].target]
    others = [one for metric in LOOKED_AT for one in known if one[1].metric == metric and one not in bars]
    return (bars + others)[:COLUMNS]


def people(about: Subject, found: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return everybody who has a figure, with all of them, the best by the first figure that ranks first."""
    chosen = columns(about, found, "employee")
    rows = _table(about, chosen, "employee")
    known = Employee.objects.in_bulk([int(key) for key in rows])
    workforce, names = load_workforce(), _departments()
    places = _ranks(rows, chosen)
    told = [
        {
            "id": int(key), "name": str(known[int(key)]), "rank": places.get(key, 0), "figures": row,
            "unit": names.get(workforce.post(int(key), on=about.period.last).department or 0, ""),
        }
        for key, row in rows.items() if int(key) in known
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one["rank"] or len(told) + 1, one["name"]))


def departments(about: Subject, found: Sequence[Figure]) -> list[dict[str, Any]]:
    """Return every department whose people have a figure, ranked alike, with the targets that it missed (AK-25)."""
    chosen = columns(about, found, "department")
    rows, names = _table(about, chosen, "department"), _departments()
    places = _ranks(rows, chosen)
    told = [
        {
            "id": int(key), "name": names[int(key)], "rank": places.get(key, 0), "figures": row,
            "missed": list(_missed(row, chosen)),
        }
        for key, row in rows.items() if int(key) in names
    ]  # fmt: skip
    return sorted(told, key=lambda one: (one["rank"] or len(told) + 1, one["name"]))


def _table(about: Subject, chosen: Sequence[tuple[KpiSpec, Figure]], by: str) -> dict[str, dict[str, list[Any]]]:
    rows: dict[str, dict[str, list[Any]]] = {}
    for kpi, figure in chosen:
        for key, one in reading.parted(about.asked(kpi), by, about.part).items():
            if key and one.denominator:
                rows.setdefault(key, {})[figure.key] = [str(Fraction(one.numerator)), one.denominator]
    return rows


def _ranks(rows: Mapping[str, Mapping[str, list[Any]]], chosen: Sequence[tuple[KpiSpec, Figure]]) -> dict[str, int]:
    """Return the places by the first share among the columns, else by the first; equals share one."""
    figures = [figure for _kpi, figure in chosen]
    by = next((one for one in figures if one.metric in SHARES), figures[0] if figures else None)
    if by is None:
        return {}
    sign = -1 if by.less_is_better else 1
    values = {int(key): sign * Fraction(row[by.key][0]) / row[by.key][1] for key, row in rows.items() if by.key in row}
    return {str(key): place for key, place in ranks(values).items()}


def _missed(row: Mapping[str, list[Any]], chosen: Sequence[tuple[KpiSpec, Figure]]) -> Iterator[str]:
    for _kpi, figure in chosen:
        if (
            figure.target
            and figure.key in row
            and figure.metric not in COUNTS
            and not (figure.ripening or figure.unripe)
        ):
            numerator, denominator = row[figure.key]
            if reached(Measured(Fraction(numerator), denominator), figure.op, figure.target) is False:
                yield figure.key


def _departments() -> dict[int, str]:
    """Return what departments are called: with their branch where the company has several."""
    several = Branch.objects.count() > 1
    found = Department.objects.select_related("branch")
    return {one.pk: f"{one.branch} · {one.name}" if several and one.branch else one.name for one in found}
