"""`roster_rate`: how much of the time that must be staffed was staffed, on pages and files as in the roster (J-01)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.urls import reverse

from config.packs.measuring import KpiSpec
from reports.domain.facts.closing import freeze_month
from reports.domain.figures.goals import goals_of
from reports.domain.figures.measured import Measured, shown, sides
from reports.domain.figures.query import query
from reports.domain.figures.reading import EVERYTHING, Part, parted, rows_behind, whole
from staff.domain.periods import period_of
from staff.models import Shift
from tests.company import MONDAY, TUESDAY, morning
from tests.reports.test_reading import hold
from tests.staff.test_duty import PACK, Desked
from tests.visits.desk import signed_in

pytestmark = pytest.mark.django_db
DAY = 24 * 60


@pytest.fixture
def shop(clock_at):
    clock_at("2026-02-27T09:00+08:00")
    found = Desked('cover = ["08:00-20:00"]\n')
    found.wang = found.person("wang", ["duty_officer"], department=found.west_repairs, name="王芳")
    return found


def asked(shop, *, now=None, on=MONDAY, per="month", **spec):
    release = shop.policy.releases.order_by("-in_force_seq").first()
    kpi = KpiSpec(code="roster_rate", metric="roster_rate", **spec)
    return query(kpi, release, period_of(per, on), now=now or morning(date(2026, 4, 1)))


def test_minutes_staffed_over_minutes_to_staff_by_branch_day_and_desk(shop):
    shop.put(shop.li, 8, 20, until=MONDAY + timedelta(29))  # from the 2nd to the 31st of March
    Shift.objects.filter(starts_at=morning(TUESDAY, 8)).update(starts_at=morning(TUESDAY, 9))
    question = asked(shop)
    east, west = 30 * 720 - 60, 0
    assert whole(question) == Measured(Fraction(east), 2 * 31 * 720)
    assert parted(question, "branch") == {
        str(shop.east.pk): Measured(Fraction(east), 31 * 720), str(shop.west.pk): Measured(Fraction(west), 31 * 720),
    }  # fmt: skip
    assert parted(question, "rule") == {"front": whole(question)}
    assert parted(question, "employee") == {"": whole(question)}
    found = rows_behind(question, Part(branches=frozenset({shop.east.pk})), most=None)
    rows = list(found.rows)
    assert (found.count, found.good, len(rows)) == (31, east, 31)
    assert [(row.text, row.value, row.page, row.key) for row in rows[:3]] == [
        ("前台 · 城东店：无人或人数不足 08:00–20:00", "0", "staff:duty_day", 20260301),
        ("前台 · 城东店", "720", "staff:duty_day", 20260302),
        ("前台 · 城东店：无人或人数不足 08:00–09:00", "660", "staff:duty_day", 20260303),
    ]
    assert shown(whole(question).value, "roster_rate") == "48.25 %"
    assert sides(whole(question), "roster_rate") == "21540 / 44640"
    hold(question)


def test_while_a_period_lasts_what_is_still_to_come_does_not_count(shop):
    shop.put(shop.li, 8, 20)
    [east] = [
        one for key, one in parted(asked(shop, now=morning(MONDAY, 9), per="week"), "branch").items()
        if key == str(shop.east.pk)
    ]  # fmt: skip
    assert east == Measured(Fraction(60), 60)
    assert whole(asked(shop, now=morning(MONDAY, 9), on=MONDAY + timedelta(40))) == Measured()


def test_limited_to_a_desk_that_is_another_one_it_is_nothing(shop):
    shop.rule_by(PACK + '[[roster]]\ncode = "night"\nrole = "duty_officer"\n')
    shop.put(shop.li, 8, 20)
    assert whole(asked(shop, of=("roster:night",), per="day")) == Measured(Fraction(0), 2 * DAY)
    assert whole(asked(shop, per="day")) == Measured(Fraction(720), 4 * DAY)


def test_a_closed_month_stands_though_a_shift_is_entered_late(shop, clock_at):
    now = morning(date(2026, 4, 3))
    clock_at(now.isoformat())
    shop.rule_by(PACK + 'cover = ["08:00-20:00"]\n[[kpi]]\ncode = "duty"\nmetric = "roster_rate"\n')
    freeze_month(period="2026-03", now=now)
    question = asked(shop, now=now)
    assert whole(question) == Measured(Fraction(0), 2 * 31 * 720)
    shop.put(shop.li, 8, 20)
    assert whole(question) == Measured(Fraction(0), 2 * 31 * 720)
    assert rows_behind(question, EVERYTHING, most=None).good == 720


def test_a_target_of_desks_stands_among_nobodys_own_figures(shop):
    target = '[[kpi]]\ncode = "duty"\nmetric = "roster_rate"\nop = ">="\ntarget = 1\n'
    own = '[[kpi]]\ncode = "own"\nmetric = "worked_rate"\nop = ">="\ntarget = 1\n'
    shop.rule_by(PACK + target + own)
    assert [goal.code for goal in goals_of(shop.li, on=MONDAY, now=morning(MONDAY, 9))] == ["own"]


def test_the_dictionary_and_the_rows_lead_to_the_roster(shop, clock_at):
    clock_at(morning(TUESDAY, 21).isoformat())
    shop.put(shop.li, 8, 20)
    boss = shop.person("boss", ["general_manager"])
    client = signed_in(boss)
    page = client.get(reverse("reports:metric", args=["roster_rate"])).content.decode()
    assert "有人值班的分钟数" in page
    shop.rule_by(PACK + 'cover = ["08:00-20:00"]\n[[kpi]]\ncode = "duty"\ntitle = "值班"\nmetric = "roster_rate"\n')
    answer = client.get(
        reverse("reports:figure_behind"), {"of": "kpi:duty", "period": "2026-03", "regulation": shop.policy.slug}
    )
    page = answer.content.decode()
    assert "720 / 4320" in page
    assert 'href="/staff/duty/20260302/"' in page
    assert client.get("/staff/duty/20260302/").status_code == 200
