"""Counting what days add to a figure, inside of the database, from the one definition of the metric.

A figure of a period that is over is the sum of the facts with `on` in the period and `since` not after its last day;
while it lasts, of all facts with `on` in it. Keep that and nothing else, and every month is its days, however late it
is asked.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from reports.domain.facts.measures import DIMENSIONS, HUNDREDTHS, open_ended
from reports.domain.figures.counted import EVERYTHING, Counted
from reports.domain.figures.measuring import DIMENSIONS as OF_METRIC
from reports.domain.figures.measuring import sources_of
from reports.domain.figures.query import Query
from reports.models import DayFact, Measure

COLUMNS: Final = 'measure_id, dimension, "on", since, branch_id, employee_id, "key", numerator, denominator'


def count_days(measure: Measure, asked: Query, first: date, last: date, *, today: date) -> None:
    """Add what each of these days adds to the measure, as of `asked.now`; nothing may be kept of them yet.

    Of visits due after today only those are counted that are settled already; once their day is over, all. Count a day
    again when a row of it changed, and when it ends. TypeError for a metric that is not counted from tables.
    """
    dimensions = [one for one in DIMENSIONS if one in OF_METRIC[asked.kpi.metric]]
    for source in sources_of(open_ended(asked, first, last, today=today)):
        if not isinstance(source, Counted) or source.weigh is not None:
            raise TypeError(f"{asked.kpi.metric}: not counted from tables alone.")
        _insert(measure, source, dimensions)


def _insert(measure: Measure, source: Counted, dimensions: Sequence[str]) -> None:
    """Sum the rows of one table by day and person, and by day and each dimension, in one statement.

    The rows are read once and set aside, so that no row is looked up again for each sum that it is in.
    """
    try:
        sql, parameters = _rows(source, dimensions).query.sql_with_params()
    except EmptyResultSet:  # visits of a regulation that has none of them
        return
    steps = [f"counted AS MATERIALIZED ({sql})", f"placed AS MATERIALIZED ({_placed(source)})"]
    if source.each == "pk":
        steps.append(f"cells AS MATERIALIZED ({_cells(dimensions)})")
    sums = " UNION ALL ".join(_sums(measure, source, one) for one in ("", *dimensions))
    with connection.cursor() as cursor:
        into = f"INSERT INTO {DayFact._meta.db_table} ({COLUMNS})"
        cursor.execute(f"{into} WITH {', '.join(steps)} {sums}", parameters)


def _rows(source: Counted, dimensions: Sequence[str]) -> QuerySet[Any, Any]:
    """Return each row: its day, whose it is, its dimensions, whether and from when it is good, what it adds, and it.

    Nothing is asked twice: what is looked up for a row costs more than all else.
    """
    found = source.limited(EVERYTHING, "on", "where", "who", *dimensions)
    columns: dict[str, Combinable] = {} if source.each == "pk" else {"row_each": F(source.each)}
    if source.met_at is not None:
        columns["row_met_on"] = TruncDate(source.met_at, tzinfo=source.zone)
    if source.value is not None:
        columns["row_adds"] = source.value
    if source.good is not None and not source.is_good_when_met:
        columns["row_is_good"] = F("row_good")
    return found.values_list(*(f"by_{one}" for one in ("on", "where", "who", *dimensions))).annotate(**columns)


def _placed(source: Counted) -> str:
    """Return the SQL of the same rows with the day from which on they are good, and what they add in hundredths."""
    met, adds = "row_met_on IS NOT NULL" if source.is_good_when_met else "row_is_good = 1", str(HUNDREDTHS)
    if source.value is not None:
        adds = f"COALESCE(row_adds, 0) * {HUNDREDTHS // source.scale}"
    elif source.good is not None:
        adds = f"CASE WHEN {met} THEN {HUNDREDTHS} ELSE 0 END"
    since = (
        "by_on" if source.met_at is None else f"CASE WHEN {met} AND row_met_on > by_on THEN row_met_on ELSE by_on END"
    )
    return f"SELECT c.*, {since} AS since, {adds} AS top FROM counted c"


def _cells(dimensions: Sequence[str]) -> str:
    """Return the SQL of the rows by all that they are told apart by: each on its day, what is good later from then."""
    keys = ", ".join(["by_where", "by_who", *(f"by_{one}" for one in dimensions)])
    on_day = "SUM(CASE WHEN since = by_on THEN top ELSE 0 END)"
    return (
        f"SELECT by_on, by_on AS since, {keys}, {on_day} AS top, COUNT(*) AS number "
        f"FROM placed GROUP BY by_on, {keys} UNION ALL SELECT by_on, since, {keys}, SUM(top), 0 "
        f"FROM placed WHERE since > by_on GROUP BY by_on, since, {keys}"
    )


def _sums(measure: Measure, source: Counted, dimension: str) -> str:
    """Return the SQL of the facts of one dimension, or of people; what counts once for each person does so for them."""
    by = f"by_{dimension}" if dimension else "by_who"
    who, key = ("NULL", f"COALESCE({by}, '')") if dimension else (by, "''")
    cells = "cells"
    if source.each != "pk":
        once = f"by_on, since, by_where, by_who{f', {by}' if dimension else ''}"
        cells = f"(SELECT {once}, MAX(top) AS top, 1 AS number FROM placed GROUP BY {once}, row_each) c"
    rows = f"SUM(number) * {source.weight}"
    return (
        f"SELECT {measure.pk}, '{dimension}', by_on, since, by_where, {who}, {key}, SUM(top), {rows} "
        f"FROM {cells} GROUP BY by_on, since, by_where, {by} HAVING SUM(top) <> 0 OR {rows} <> 0"
    )
