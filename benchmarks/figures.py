"""Twelve closed months by advisor as they are kept, beside one raw GROUP BY over all records; and the rollup of a day.

The report is read by the door that all pages use; it must equal what the raw statement counts, to the visit.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.module_loading import import_string

from benchmarks import worlds
from benchmarks.measuring import Figure, compared, in_turn, seconds
from benchmarks.world import NOW, TODAY
from config.packs.measuring import KpiSpec
from reports.domain.figures.query import Query, query
from reports.domain.figures.reading import parted_over
from reports.models import RollMark
from staff.domain.periods import Period, period_of
from staff.models import Release

MONTHS = 12
RAW = """
SELECT to_char(r.logged_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, r.advisor_id, count(*)
FROM visits_visitrecord r
WHERE r.outcome = 'reached' AND r.kind <> 'void'
  AND NOT EXISTS (SELECT 1 FROM visits_visitrecord l WHERE l.supersedes_id = r.id)
GROUP BY 1, 2
"""
TOUCH = """
UPDATE visits_visittask SET completed_in_time = NOT completed_in_time WHERE id IN (
  SELECT id FROM visits_visittask WHERE status = 'done' AND closes_at < %s ORDER BY closes_at DESC LIMIT 100)
"""
ROLL, REBUILD = "reports.domain.facts.rolling.roll_facts", "reports.domain.facts.rolling.rebuild"


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Keep all figures anew, read the report in turn with the raw statement, then touch a day and roll it."""
    worlds.use(sizes["tasks"])
    roll, rebuild = import_string(ROLL), import_string(REBUILD)
    whole = seconds(lambda: rebuild(now=NOW))
    kpi = KpiSpec(code="visits", metric="visit_count")
    months = [period_of("month", TODAY).before()]
    while len(months) < MONTHS:
        months.append(months[-1].before())
    release = Release.objects.get()
    check(months, report(kpi, release, months), raw())
    taken = in_turn(sizes["rounds"], ours=lambda: report(kpi, release, months), limit=raw)
    size = f"{MONTHS} months × 100 advisors, world of {sizes['tasks']:,} tasks"
    read = compared("KPI report as it is kept, exactly equal", taken, target="≤ 0.02 ×", sizes=size)
    hours = [NOW + timedelta(hours=turn) for turn in range(1, sizes["rounds"] + 1)]  # it rests between two rounds
    rolled = min(touched(roll, now) for now in hours)
    RollMark.objects.update(rolled_to=NOW)  # whoever measures this world next asks it as of NOW
    size = "every kept figure of the regulation"
    return [read, Figure("rolling up a touched day, beside all days", rolled, whole, "s", "≤ 0.02 ×", size)]


def report(kpi: KpiSpec, release: Release, months: list[Period]) -> dict[tuple[str, str], int]:
    """Return the visits of each advisor in each month, as pages read them."""
    found = parted_over(asked(kpi, release, months[0]), months, "employee")
    return {
        (month.first.strftime("%Y-%m"), who): int(one.numerator)
        for month, people in zip(months, found, strict=True)
        for who, one in people.items()
    }


def asked(kpi: KpiSpec, release: Release, month: Period) -> Query:
    """Return the question for one month."""
    return query(kpi, release, month, now=NOW)


def raw() -> dict[tuple[str, str], int]:
    """Count all records of all months by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(RAW)
        return {(month, str(who)): count for month, who, count in cursor.fetchall()}


def check(months: list[Period], ours: dict[Any, int], theirs: dict[Any, int]) -> None:
    """Refuse to report how fast a wrong figure comes."""
    names = {month.first.strftime("%Y-%m") for month in months}
    expected = {key: count for key, count in theirs.items() if key[0] in names}
    if ours != expected:
        wrong = [key for key in {*ours, *expected} if ours.get(key) != expected.get(key)]
        raise SystemExit(f"{len(wrong)} figures differ from the raw statement, such as {wrong[:3]}")


def touched(roll: Any, now: datetime) -> float:
    """Change a hundred visits of the days before, and return the seconds until their days are rolled up again."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCH, [NOW])
    began = time.perf_counter()
    roll(now=now)
    return time.perf_counter() - began
