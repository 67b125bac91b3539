"""May at a service desk under regulation L: 24 hours to the second, points, retraining, the best tenth, the notice.

The regulation names no figure; the company has filled them in: 2, 3 and 5 points, and 300 yuan for the best.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from reports.domain.inspecting.publishing import publish as publish_results
from reports.models import Inspection
from staff.domain.policies import approve
from staff.models import Measure, Violation
from tests.packs import SHIPPED
from tests.policies.month import Month, posted, stated
from tests.visits.exports import counts, row, take_in, workbook
from tests.visits.world import at, publish

pytestmark = pytest.mark.django_db

POINTS = {"visit-overdue": 2, "record-incomplete": 3, "customer-dissatisfied": 5}
PACK = (SHIPPED / "callback-reward-penalty.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Service:
    """One service, its call, and what the customer said."""

    by: str
    done: str
    called: str = ""
    content: bool = True
    whole: bool = True


STORY = [
    Service("ann", "05-06 16:30:00", "05-07 16:30:00"),  # the 24th hour itself is in time
    Service("ann", "05-11 10:00:00", "05-11 15:00:00"),
    Service("bo", "05-06 16:30:00", "05-07 16:30:01"),
    Service("bo", "05-12 10:00:00", "05-12 12:00:00", content=False),
    Service("bo", "05-20 09:00:00", "05-20 12:00:00"),
    Service("chen", "05-13 10:00:00", "05-13 11:00:00", whole=False),
    Service("chen", "05-31 20:00:00"),  # its 24 hours end in June
]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}")


def reckoned() -> dict[str, dict[str, int]]:
    """Return the hundredths of points that each clause takes, by month, and the prize of May in fen."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in STORY:
        bound = moment(one.done) + timedelta(hours=24)
        if not one.called or moment(one.called) > bound:
            found[f"{bound:%Y-%m} {one.by}"]["L-04"] -= 200
        if one.called:
            month = f"{moment(one.called):%Y-%m} {one.by}"
            found[month]["L-05"] -= 300 * (not one.whole) + 500 * (not one.content)
    return {month: told for month, sums in found.items() if (told := {key: sum_ for key, sum_ in sums.items() if sum_})}


def best_of_may() -> str:
    """Return who has the best half of complete records and half of content customers."""
    results = {}
    for name in ("ann", "bo", "chen"):
        due = [one for one in STORY if one.by == name and (moment(one.done) + timedelta(hours=24)).month == 5]
        called = [one for one in due if one.called]
        records = Fraction(sum(one.whole for one in called), len(due))
        results[name] = records + Fraction(sum(one.content for one in called), len(called))
    return max(results, key=lambda name: results[name])


def filled() -> str:
    """Return the regulation with the figures of the company."""
    text = PACK
    for code, points in POINTS.items():
        head, tail = text.split(f'code = "{code}"', 1)
        text = f'{head}code = "{code}"' + tail.replace('amount = "?"', f"amount = {points}", 1)
    head, tail = text.split('code = "monthly-best"\ntitle', 1)
    return f'{head}code = "monthly-best"\ntitle' + tail.replace('amount = "?"', "amount = 300", 1)


@pytest.fixture
def bring(tmp_path, clock_at):
    """Return what takes one service in as it comes from the service system: by a workbook through `import_events`."""

    def taken_in(one: Service, number: int, now: datetime) -> None:
        clock_at(now)
        entry = row(number, 完工时间=f"2026-{one.done}", 服务顾问=one.by)
        assert counts(take_in(workbook(tmp_path / f"{number}.xlsx", [entry]))) == (1, 0, 0, 0)

    return taken_in


def may(bring) -> Month:
    month = Month()
    month.hire("ann", "bo", "chen")
    month.hire("song", role="cs_supervisor")
    month.hire("hu", role="hr", like="cs_supervisor")
    month.hire("gao", role="general_manager")
    approve(publish(filled(), on="2026-04-30"), now=at("2026-04-30"), on=date(2026, 4, 30), actor=month.people["gao"])
    for place, one in enumerate(STORY, 1):
        happens(month, one, place, bring)
    return month


def happens(month: Month, one: Service, number: int, bring) -> None:
    order = row(number)["工单号"]
    month.then(f"2026-{one.done}", lambda now: bring(one, number, now))
    if one.called:
        rated = {"satisfaction": "满意"} if one.content else {"satisfaction": "不满意", "satisfaction.why": "等得太久"}
        answers = rated | ({"advice": "无"} if one.whole else {})
        said = {"satisfaction": answers["satisfaction"], "satisfied": one.content, "answers": answers}
        month.then(f"2026-{one.called}", lambda now: month.call(order, now, by=one.by, **said))


def publish_ranks(month: Month, now: datetime) -> None:
    publish_results(Inspection.objects.get(scorecard="monthly", period="2026-05"), actor=month.people["song"], now=now)


def test_may_takes_points_and_gives_the_best_tenth_its_bonus(bring):
    month = may(bring)
    month.then("2026-06-03 09:10", lambda now: publish_ranks(month, now))
    month.then("2026-06-03 09:30", lambda now: month.confirm_all("song", now))
    month.then("2026-06-03 10:00", lambda now: month.close("2026-05", "gao", now))
    taken_in = sorted({f"2026-{moment(one.done) + timedelta(minutes=1):%m-%d %H:%M}" for one in STORY})
    month.live(ticks=[*taken_in, "2026-05-07 16:30:02", "2026-06-01 00:30", "2026-06-03 09:00", "2026-06-03 09:20"])

    points = {
        f"{period} {name}": clauses
        for period in ("2026-05", "2026-06")
        for name, clauses in posted(period=period, unit="points").items()
    }
    assert points == reckoned()
    assert posted(unit="CNY") == {best_of_may(): {"L-01": 300_00}}
    assert stated("2026-05") == {best_of_may(): 300_00}
    retraining = Measure.objects.filter(what="retraining").values_list("employee__username", "violation__rule")
    assert sorted(retraining) == [("bo", "customer-dissatisfied"), ("chen", "record-incomplete")]
    assert Violation.objects.get(rule="visit-overdue", employee=month.people["bo"]).occurred_at == at(
        "2026-05-07 16:30"
    )
