"""Figures of people, units and periods: `figure` for one, `figures_of` for everybody at once.

Each metric is one function that says what it is counted from (`counted.Counted`); everything else follows from that.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, cast

from config.packs.measuring import KpiSpec
from reports.domain.facts.frozen import frozen_sums
from reports.domain.facts.kept import Kept, Span, kept
from reports.domain.facts.ripening import closed_unripe
from reports.domain.figures import calls_in, cases, contacts, duties, evaluating, on_duty, selling, tasks, workload
from reports.domain.figures.counted import EVERYTHING, Counted, Given, Part, grouped_abreast, with_part
from reports.domain.figures.measured import COUNTS, NOTHING, Measured, together
from reports.domain.figures.query import Query, query
from staff.domain.periods import Period
from staff.domain.workforce import load_workforce
from staff.models import Release

METRICS: Final[Mapping[str, Callable[[Query], Sequence[Counted | Given]]]] = {
    "worked_rate": tasks.rate,
    "completion_rate": tasks.rate,
    "success_rate": tasks.rate,
    "timely_rate": tasks.rate,
    "coverage_rate": tasks.coverage_rate,
    "satisfaction_rate": contacts.satisfaction_rate,
    "css_average": contacts.css_average,
    "nps": contacts.nps,
    "answer_average": contacts.answer_average,
    "duration_rate": contacts.duration_rate,
    "visit_count": contacts.visit_count,
    "resolution_rate": contacts.resolution_rate,
    "report_rate": duties.report_rate,
    "obligation_rate": duties.obligation_rate,
    "accuracy_rate": duties.accuracy_rate,
    "quality_score": duties.quality_score,
    "qualification_rate": duties.qualification_rate,
    "roster_rate": on_duty.roster_rate,
    "violation_count": duties.violation_count,
    "award_count": duties.award_count,
    "votes": duties.votes,
    "complaint_count": cases.complaint_count,
    "reply_rate": cases.reply_rate,
    "reopen_rate": cases.reopen_rate,
    "response_time": cases.response_time,
    "solve_time": cases.solve_time,
    "compensation_sum": cases.compensation_sum,
    "ring_rate": calls_in.ring_rate,
    "workload": workload.workload,
    "evaluation_rate": evaluating.evaluation_rate,
    "opportunity_sum": selling.opportunity_sum,
}


SEGMENT: Final = "segment"
OF_VISITS: Final = ("rule", "channel", SEGMENT, "model", "kind")
OF_CASES: Final = ("category", SEGMENT, "model", "kind")
DIMENSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(METRICS, OF_VISITS),
    **dict.fromkeys(("report_rate", "obligation_rate", "qualification_rate", "roster_rate"), ("rule",)),
    **dict.fromkeys(("violation_count", "award_count", "votes"), ("rule",)),
    **dict.fromkeys(("complaint_count", "reply_rate", "reopen_rate"), OF_CASES),
    **dict.fromkeys(("response_time", "solve_time", "compensation_sum"), OF_CASES),
    "resolution_rate": ("rule", *OF_CASES),
    "ring_rate": (),
    "opportunity_sum": ("rule", SEGMENT),
    "workload": (),
}


def sources_of(asked: Query) -> Sequence[Counted | Given]:
    """Return what a figure is counted from."""
    return METRICS[asked.kpi.metric](asked)


def figures_of(asked: Query) -> dict[int, Measured]:
    """Return the figure of each employee who has one, as consequences go by it."""
    return of_people(sums_judged(asked, "who"), asked.kpi.metric)


def of_people(sums: Mapping[int | None, Measured], metric: str) -> dict[int, Measured]:
    """Return the figures of the people who have one, from both sides by employee."""
    found = {who: as_figure(one, metric) for who, one in sums.items() if who is not None}
    return {who: one for who, one in found.items() if one.denominator}


def sums_by(asked: Query, key: str, part: Part = EVERYTHING) -> dict[Any, Measured]:
    """Return both sides of the part's figure by one key of its rows: who, where, or a dimension; "" for all together.

    Of a closed month they are as they were frozen; else of days that are kept what is kept, of all others their rows.
    """
    return sums_over([asked], key, part)[0]


def sums_over(asks: Sequence[Query], key: str, part: Part = EVERYTHING) -> list[dict[Any, Measured]]:
    """Return the same of one question over several periods, in their order."""
    return sums_over_by(asks, [key], part)[key]


def sums_over_by(
    asks: Sequence[Query], keys: Sequence[str], part: Part = EVERYTHING
) -> dict[str, list[dict[Any, Measured]]]:  # fmt: skip
    """Return the same by each of several keys; rows that none of these have kept are read once for all of them."""
    found = {}
    for key, stored in _stored(asks, keys, part).items():
        lacking = [one for one, sums in zip(asks, stored, strict=True) if sums is None]
        counted_so = iter(_counted_over(lacking, key, part))
        found[key] = [next(counted_so) if sums is None else sums for sums in stored]
    return found


def sums_of_units(asked: Query) -> tuple[dict[Any, Measured], dict[Any, Measured]]:
    """Return both sides by person and by branch; where their rows must be counted, they are counted once for both."""
    [stored] = _stored([asked], ["who"], EVERYTHING)["who"]
    if stored is not None:
        return stored, sums_by(asked, "where")
    by_who: dict[Any, Measured] = {}
    by_where: dict[Any, Measured] = {}
    for (who, where), one in tallied(asked, "who", "where").items():
        by_who[who] = by_who.get(who, NOTHING) + one
        by_where[where] = by_where.get(where, NOTHING) + one
    return by_who, by_where


def sums_now(asked: Query, key: str, part: Part = EVERYTHING) -> dict[Any, Measured]:
    """Return both sides as the rows are now, though the month may be closed and its figure frozen."""
    [known] = kept([asked], key, part)
    return counted_by(asked, key, part) if known is None else _completed(asked, {key: known}, part)[key]


def sums_judged(asked: Query, key: str, part: Part = EVERYTHING) -> dict[Any, Measured]:
    """Return both sides as consequences go by them: of what ripens after its month was closed, as its rows are."""
    return sums_now(asked, key, part) if closed_unripe(asked) else sums_by(asked, key, part)


def _stored(
    asks: Sequence[Query], keys: Sequence[str], part: Part
) -> dict[str, list[dict[Any, Measured] | None]]:  # fmt: skip
    """Return what is frozen or kept, with the rows of the days of which nothing is kept; None where nothing is."""
    found = {key: frozen_sums(asks, key, part) for key in keys}
    moving: list[dict[str, Kept]] = [{} for _one in asks]  # of each period by key
    for key, sums in found.items():
        places = [place for place, one in enumerate(sums) if one is None]
        known = kept([asks[place] for place in places], "" if key == SEGMENT else key, part)
        for place, one in zip(places, known, strict=True):
            if one is not None:
                moving[place][key] = one
    for place, (asked, of_keys) in enumerate(zip(asks, moving, strict=True)):
        for key, summed in _completed(asked, of_keys, part).items():
            found[key][place] = _by_segment(asked, summed[None], part) if key == SEGMENT else summed
    return found


def _by_segment(asked: Query, whole: Measured, part: Part) -> dict[Any, Measured]:
    """Return both sides by segment. What customers are today is not kept, and is counted of those who are in one.

    Whoever is in none has what is left of the whole, for each row is of one customer.
    """
    segmented = [source.of_segments() for source in sources_of(asked) if isinstance(source, Counted)]
    sums = {value: one for (value,), one in _tally(segmented, (SEGMENT,), part).items()}
    rest = whole - together(sums.values())
    return sums if rest == NOTHING else {**sums, None: rest}


def _completed(asked: Query, known: Mapping[str, Kept], part: Part) -> dict[str, dict[Any, Measured]]:
    """Return what is kept by each key with the rows of the days of which nothing is."""
    found = {key: dict(one.sums) for key, one in known.items()}
    lacking: dict[Span, list[str]] = {}  # the same days for all keys, unless facts were counted in between
    for key, one in known.items():
        for span in one.spans:
            lacking.setdefault(span, []).append(key)
    for (first, last), keys in lacking.items():
        for key, sums in _counted_by_each(asked.slice(first, last), keys, part).items():
            for value, rows in sums.items():
                found[key][value] = found[key].get(value, NOTHING) + rows
    return found


def _counted_by_each(asked: Query, keys: Sequence[str], part: Part) -> dict[str, dict[Any, Measured]]:
    """Return the same by each key, counted from the rows: read once, but for what counts once each by any key."""
    dimensions = [key for key in keys if key not in ("", SEGMENT)]
    sources = sources_of(asked)
    if any(isinstance(one, Counted) and one.each != "pk" for one in sources):
        return {key: counted_by(asked, "" if key == SEGMENT else key, part) for key in keys}
    found: dict[str, dict[Any, Measured]] = {key: {} for key in keys}
    for values, one in _tally(sources, dimensions, part).items():
        by = dict(zip(dimensions, values, strict=True))
        for key, sums in found.items():
            sums[by.get(key)] = sums.get(by.get(key), NOTHING) + one
    return found


def counted_by(asked: Query, key: str, part: Part = EVERYTHING) -> dict[Any, Measured]:
    """Return the same, counted from the rows themselves."""
    found = tallied(asked, *([key] if key else []), part=part)
    return {values[0] if values else None: one for values, one in found.items()}


def _counted_over(asks: Sequence[Query], key: str, part: Part) -> list[dict[Any, Measured]]:
    """Return the same of several periods, each table asked once for all; one by one what SQL does not sum by itself.

    Under `when`, each question names the rows that hold: together they could be more than one statement takes.
    """
    found = [sources_of(one) for one in asks]
    abreast = len(asks) > 1 and not asks[0].conditions and len({len(sources) for sources in found}) == 1
    if not abreast or any(not isinstance(one, Counted) or one.weigh for sources in found for one in sources):
        return [counted_by(one, key, part) for one in asks]
    sums: list[dict[Any, Measured]] = [{} for _one in asks]
    for table in cast(list[Sequence[Counted]], list(zip(*found, strict=True))):
        for place, (values, top, rows) in grouped_abreast(table, part, *([key] if key else [])):
            value, both = values[0] if values else None, Measured(Fraction(top), rows * table[place].weight)
            sums[place][value] = sums[place].get(value, NOTHING) + both
    return sums


def tallied(asked: Query, *keys: str, part: Part = EVERYTHING) -> dict[tuple[Any, ...], Measured]:
    """Return both sides by several keys of the rows at once, counted from them; the database is asked once."""
    return _tally(sources_of(asked), keys, part)


def _tally(sources: Iterable[Counted | Given], keys: Sequence[str], part: Part) -> dict[tuple[Any, ...], Measured]:
    sums: dict[tuple[Any, ...], Measured] = {}
    for source in sources:
        for key, numerator, rows in source.grouped(part, *keys):
            sums[key] = sums.get(key, NOTHING) + Measured(Fraction(numerator), rows * source.weight)
    return sums


def counted(asked: Query, part: Part = EVERYTHING) -> Measured:
    """Return the figure of the part: sums of both sides, never an average of averages."""
    return as_figure(sum(sums_by(asked, "", part).values(), NOTHING), asked.kpi.metric)


def as_figure(sums: Measured, metric: str) -> Measured:
    """Return what was counted as a figure: a count is the number over one."""
    return Measured(sums.numerator, 1) if metric in COUNTS else sums


def figure(
    metric: str,
    *,
    spec: KpiSpec | None = None,
    release: Release,
    period: Period,
    now: datetime,
    employee: int | Collection[int] | None = None,
    branch: int | None = None,
    department: int | None = None,
) -> Measured:
    """Return one figure of the catalogue, as consequences go by it as of `now`: of people, a branch, a department, all.

    `spec` limits it as a `[[kpi]]` does (`of`, `when`, `basis` …); a department is that of its people on the last
    day of the period.
    """
    asked = query(spec or KpiSpec(code=metric, metric=metric), release, period, now=now)
    people = {employee} if isinstance(employee, int) else employee
    part = with_part(EVERYTHING, people=people, branches=None if branch is None else {branch})
    if department is not None:
        part = with_part(part, people=members_of(department, period))
    return as_figure(sum(sums_judged(asked, "", part).values(), NOTHING), metric)


def members_of(department: int, period: Period) -> set[int]:
    """Return who works in the department on the last day of the period."""
    workforce = load_workforce()
    return {one for one in workforce.people if workforce.post(one, on=period.last).department == department}
