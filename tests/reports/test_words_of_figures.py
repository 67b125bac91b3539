"""What the dictionary says of a figure is what is counted: the cases in which a reader would count something else."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.figures.measuring import figure, figures_of
from reports.domain.figures.query import query
from reports.domain.figures.reading import rows_behind, whole
from reports.domain.ground_sets import obligations
from reports.domain.period import Period
from reports.models import OwedReport
from staff.domain.periods import period_named
from tests.reports.test_figures import MAY, NOW, PACK, SPAN, table_of
from tests.visits.world import at, branch, employee, publish
from visits.models import Obligation

pytestmark = pytest.mark.django_db
MIDNIGHT = "2024-06-01"  # the end of 31 May


def sides(metric: str, release, **spec) -> tuple[Fraction, int]:
    """Return both sides of a figure of May; the rows behind it and the audit's own count must say the same."""
    asked = query(KpiSpec(code=metric, metric=metric, **spec), release, MAY, now=NOW)
    found, people = whole(asked), figures_of(asked)
    rows = rows_behind(asked, most=None)
    assert rows.good == found.numerator and rows.count == len(list(rows.rows))
    again = figures(Asked(table_of(metric, spec), release.policy_id, tables(release.content), *SPAN))
    if again is not None:
        assert again == {who: (one.numerator, one.denominator) for who, one in people.items()}
    return found.numerator, found.denominator


def test_what_must_be_there_by_the_end_of_a_day_fell_due_on_that_day():
    """A bound of days is the midnight after its date, and the ledger says so too: the last report of May is May's."""
    release, liu = publish(PACK), employee("liu", branch=branch())
    for number, (due, inclusive) in enumerate(
        [("2024-05-01", False), (MIDNIGHT, False), (MIDNIGHT, True), ("2024-05-01", True)]
    ):
        facts = {"due_at": at(due), "inclusive": inclusive, "made_at": at(due), "branch": branch()}
        early = None if (due, inclusive) == (MIDNIGHT, False) else at(due) - timedelta(hours=1)
        OwedReport.objects.create(
            policy=release.policy, release=release, rule="daily", employee=liu, key=f"{number}", covers_to=at(due),
            covers_from=at(due), day_ends_at=at(due), state="submitted" if early else "due", first_submitted_at=early,
            **facts,
        )  # fmt: skip
        Obligation.objects.create(
            policy=release.policy, release=release, rule="todo", deed="todo", subject=f"event:{number}", employee=liu,
            anchor_at=at(due), state="done" if early else "open", done_at=early, **facts,
        )  # fmt: skip
    for metric in ("report_rate", "obligation_rate"):
        assert sides(metric, release) == (1, 2)
        by_day = {
            day: figure(metric, release=release, period=period_named(day), now=NOW).denominator
            for day in ("2024-04-30", "2024-05-01", "2024-05-31", MIDNIGHT)
        }
        assert by_day == {"2024-04-30": 1, "2024-05-01": 1, "2024-05-31": 1, MIDNIGHT: 1}
    files = {
        days: list(obligations(Period(*days)))
        for days in ((date(2024, 4, 30), date(2024, 4, 30)), (date(2024, 5, 1), MAY.last), (date(2024, 6, 1), None))
    }
    assert [len(rows) for rows in files.values()] == [1, 2, 1]


def test_a_deed_whose_clock_stands_still_is_in_no_figure_nor_in_the_audits():
    release, liu = publish(PACK), employee("liu", branch=branch())
    for number, paused in enumerate([None, at("2024-05-03")]):
        Obligation.objects.create(
            policy=release.policy,
            release=release,
            rule="todo",
            deed="todo",
            subject=f"event:{number}",
            employee=liu,
            anchor_at=at("2024-05-02"),
            due_at=at("2024-05-04"),
            made_at=at("2024-05-02"),
            paused_at=paused,
        )
    assert sides("obligation_rate", release) == (0, 1)
