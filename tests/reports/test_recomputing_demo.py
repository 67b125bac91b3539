"""Of a company that was not made for it: every figure of the demonstration is recounted from its exported files."""

import tomllib
from datetime import date

import pytest

from reports.models import ClosedFigure
from staff.domain.policies import releases_in_force
from tests.reports.recomputing_people import Company
from tests.reports.test_recomputing import RECOUNTED, SETS, both_sides, exported, rows_of
from tests.visits.test_demo_company import demo

__all__ = ["demo"]
pytestmark = pytest.mark.django_db
MONTHS = ("2026-02", "2026-03")


def test_every_figure_of_the_demonstration_is_recounted_from_its_files(demo, clock_at, tmp_path):
    demo()
    clock_at("2026-04-10T09:00+08:00")  # both months are over
    files = {name: exported(tmp_path, name) for name in SETS}
    told = exported(tmp_path, "metrics", "--from", "2026-02-01", "--to", "2026-03-31")
    compared, seen, apart = 0, set(), []
    for release in releases_in_force(date(2026, 3, 31)):
        company = Company(files, tomllib.loads(release.content), in_force=release.effective_from.isoformat())
        theirs_told = [row for row in told if row["policy"] == release.policy.slug]
        for month in MONTHS:
            for entry, spec in asked(company.regulation):
                rows = rows_of(theirs_told, month, entry, spec["metric"])
                mine = to_nine_places(company.figures(spec, month) or {})
                theirs = to_nine_places(both_sides(rows, mine))
                compared += len(theirs)
                seen |= {spec["metric"] for top, _count in theirs.values() if top}
                if mine != theirs:
                    apart.append((release.policy.slug, month, entry, spec["metric"], mine, theirs))
    assert apart == []
    assert not ClosedFigure.objects.exists()
    assert compared > 500 and len(seen) > 15, (compared, sorted(seen))


def to_nine_places(figures: dict) -> dict:
    """Return the figures with their numerators as files hold them: hours are fractions without an end."""
    return {key: (round(top, 9), count) for key, (top, count) in figures.items()}


def asked(regulation: dict):
    """Yield what is asked of each month: the figures of a regulation, its rewards on a metric, the catalogue."""
    yield from ((f"kpi:{one['code']}", one) for one in regulation.get("kpi", ()) if one.get("per", "month") == "month")
    for one in regulation.get("reward", ()):
        if one.get("metric") in RECOUNTED and one.get("per", "month") == "month" and not one.get("streak"):
            yield f"reward:{one['code']}", one
    yield from ((None, {"metric": metric}) for metric in RECOUNTED if metric != "votes")
