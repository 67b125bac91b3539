"""Finding, confirming, closing and handing in under kill -9 and by several at once: once each, to the cent (SM4)."""

from collections import Counter
from contextlib import suppress
from datetime import date

import pytest

from config.detectors import Detector
from reports.domain.daily.judging import judge_reports
from reports.domain.daily.owing import note_owed
from reports.domain.daily.submitting import CannotSubmit, is_whole, submit
from reports.domain.figures.rewarding import judge_periods
from reports.domain.figures.voting import CannotVote, cast
from reports.domain.inspecting.opening import draw_more
from reports.domain.inspecting.scoring import CannotScore
from reports.models import InspectionItem, ItemScore, OwedReport, ReportVersion
from staff.domain.absences import working_calendar
from staff.domain.calendar import add_months
from staff.domain.conduct import detecting
from staff.domain.conduct.closing import chained, close_month, settle, statement_hash
from staff.domain.conduct.deciding import appeal, confirm
from staff.domain.conduct.posting import month_of
from staff.domain.conduct.refusing import Refused
from staff.domain.periods import period_named
from staff.models import Activity, Ballot, DetectorMark, LedgerEntry, Measure, MonthClose, Policy, Violation
from tests.company import morning
from tests.faults.killing import kill_cycles, together
from tests.reports.daily import noted, shop_with, visited
from tests.reports.inspections import Desk
from tests.reports.inspections import at as moment
from tests.staff.conduct.shop import Shop as Conduct
from tests.staff.conduct.shop import amounts, day
from tests.visits.calls import MONDAY, at
from tests.visits.world import branch, employee, publish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]
TEXT = (
    '[[penalty]]\ncode = "late"\nviolation = "report_late"\ntiers = [10, 20, 50]\nalso = ["announcement"]\n'
    'joint = [{ who = "role:department_manager", amount = 5 }]\n[ledger]\ncap = 70\n'
)
DAYS = (2, 3, 4, 5)  # on which something falls due in each month
OWED = [10, 20, 40, 0]  # what they cost: the third and the fourth reach the cap
STAR = '[[reward]]\ncode = "star"\nmetric = "votes"\ntop_n = 1\nper = "month"\nunit = "none"\n'
HERE = "tests.faults.test_conduct_faults"
FIRST = date(2026, 3, 1)
DUE = []  # what falls due, as breaches; a forked child finds what its parent has written here


def detect(*, since, until, now):
    """Find what fell due after `since` and by `until`."""
    return [breach for breach in DUE if since < breach.at <= until]


def explain(facts):
    """Tell nothing: no test reads it."""
    return ""


@pytest.fixture
def shop(monkeypatch):
    """Return a shop whose one detector finds what stands in `DUE`."""
    found = {"report_late": Detector(f"{HERE}.detect", f"{HERE}.explain")}
    monkeypatch.setattr(detecting, "DETECTORS", found)
    monkeypatch.setattr(detecting, "AT_ONCE", 2)  # a month is found in two chunks
    DUE.clear()
    return Conduct(TEXT)


def break_clauses(shop, month):
    """Let something fall due on some days of a month."""
    for number in DAYS:
        on = month.replace(day=number)
        DUE.append(shop.breach(on, at=morning(on)))


def live_a_month(shop, month):
    """Find, confirm one by one, close, and settle a month, as its worker and its managers do."""
    now = morning(add_months(month, 1))
    detecting.find_violations(now=now)
    waiting = Violation.objects.filter(state="proposed", liability="primary", occurred_on__month=month.month)
    for violation in waiting.order_by("occurred_on"):
        confirm(violation, actor=shop.zhou, now=now)
    close_month(month_of(month), actor=shop.zhou, now=now)
    settle(month_of(month), actor=shop.zhou, now=now)


def check_months(shop, months):
    """Hold everything that was written against what these months come to."""
    deeds = Counter(Violation.objects.values_list("steps__deed", flat=True))
    liable = 2 * len(DAYS) * len(months)  # each with the manager who answers for it
    assert deeds == {"proposed": liable, "confirmed": liable, "settled": liable}
    assert amounts(shop.liu) == OWED * len(months)
    assert amounts(shop.zhang) == [5] * len(DAYS) * len(months)
    assert Measure.objects.filter(what="announcement").count() == len(DAYS) * len(months)
    lines = Counter(Activity.objects.filter(subject_type="violation").values_list("verb", flat=True))
    assert lines == {"violation.proposed": liable, "violation.confirmed": liable}
    for closed in MonthClose.objects.order_by("period"):
        statements = list(closed.statements.order_by("employee", "unit"))
        assert sum(one.penalties for one in statements) == (sum(OWED) + 5 * len(DAYS)) * 100
        assert [one.sha256 for one in statements] == [statement_hash(one, closed.period) for one in statements]
        assert closed.sha256 == chained(closed.period, [one.sha256 for one in statements])
    assert list(MonthClose.objects.order_by("period").values_list("period", flat=True)) == [
        month_of(month) for month in months
    ]


def test_killed_again_and_again_a_ledger_says_everything_once(shop):
    months = []

    def supply(number):
        months.append(add_months(FIRST, number))
        break_clauses(shop, months[-1])

    toll = kill_cycles(supply=supply, work=lambda: live_a_month(shop, months[-1]), cycles=12, seed=5, longest=0.5)
    live_a_month(shop, months[-1])
    assert len(months) == toll.rounds + 1
    check_months(shop, months)


def test_three_processes_at_once_live_a_month_once(shop):
    break_clauses(shop, FIRST)

    def work():
        while not MonthClose.objects.exists():
            with suppress(Refused):  # another has confirmed a moment ago
                live_a_month(shop, FIRST)

    together(work, work, work)
    check_months(shop, [FIRST])
    assert DetectorMark.objects.get().until == morning(date(2026, 4, 1))


def test_an_appeal_meets_a_close_and_a_confirmation_by_another(shop):
    """Whatever comes first: what is appealed is not settled, and what is confirmed twice is posted once."""
    mine, other = (shop.broken(date(2026, 3, number)) for number in (2, 3))
    confirm(mine, actor=shop.wang, now=day(3, 4))

    def deed(do, *given, **facts):
        def run():
            with suppress(Refused):
                do(*given, **facts)

        return run

    together(
        deed(appeal, mine, actor=shop.liu, now=day(3, 5), text="已交"),
        deed(confirm, other, actor=shop.wang, now=day(4, 1)),
        deed(confirm, other, actor=shop.zhou, now=day(4, 1)),
        deed(close_month, "2026-03", actor=shop.zhou, now=day(4, 1)),
        deed(close_month, "2026-03", actor=shop.zhou, now=day(4, 1)),
    )
    settle("2026-03", actor=shop.zhou, now=day(4, 2))
    assert Violation.objects.get(pk=mine.pk).state == "appealed"
    assert Counter(other.steps.values_list("deed", flat=True))["confirmed"] == 1
    closed = MonthClose.objects.get()
    posted = LedgerEntry.objects.filter(employee=shop.liu)
    assert sorted(entry.amount for entry in posted) == [1000, 2000]
    in_march = [entry.amount for entry in posted if entry.period == "2026-03"]
    assert closed.statements.get(employee=shop.liu).penalties == sum(in_march)


def hand_in_all(on):
    """Note, judge and hand in everything that is owed for a day, as the worker and its owner do."""
    now = at("18:00", on)
    note_owed(now=now, on=on)
    judge_reports(now=now)
    for report in OwedReport.objects.filter(covers_to=on, state="due").select_related("employee"):
        with suppress(CannotSubmit):  # another window has handed it in a moment ago
            submit(report, by=report.employee, now=now)


def check_reports(count):
    """Hold the reports against what was logged: one version each, whole, with its one line."""
    reports = OwedReport.objects.all()
    assert Counter(reports.values_list("state", "fate")) == {("submitted", "in_time"): count}
    versions = ReportVersion.objects.prefetch_related("lines")
    assert [version.lines.count() for version in versions] == [1] * count
    assert all(map(is_whole, versions))
    assert Activity.objects.filter(verb="report_submitted").count() == count


def test_killed_while_handing_in_every_report_is_there_once_and_whole():
    calls = shop_with(closes="90d")
    days = [MONDAY]

    def supply(_number):
        days.append(working_calendar().add_workdays(days[-1], 1))  # on others nobody owes a report
        visited(calls.task(closes_at=at("2026-12-31 00:00")), on=days[-1])

    toll = kill_cycles(supply=supply, work=lambda: hand_in_all(days[-1]), cycles=8, seed=3, longest=0.25)
    hand_in_all(days[-1])
    check_reports(toll.rounds + 1)


def test_three_windows_hand_in_the_same_report_once():
    calls = shop_with()
    visited(calls.task())
    noted()
    together(*[lambda: hand_in_all(date(2026, 3, 2))] * 3)
    check_reports(1)


def test_two_processes_note_the_same_day_and_both_get_through():
    calls = shop_with()
    visited(calls.task())
    together(*[lambda: note_owed(now=at("00:00"), on=date(2026, 3, 2))] * 3)
    assert OwedReport.objects.count() == 1


def test_two_who_draw_and_score_at_once_do_it_once():
    desk = Desk()
    desk.month(desk.ann, 8)
    month, now = period_named("2026-05"), moment("2026-05-20 10:00")
    together(*[lambda: draw_more(desk.card, month, 4, now=now, actor=desk.li)] * 3)
    drawn = list(InspectionItem.objects.order_by("pk"))
    assert len(drawn) == 4

    def scored_by(inspector):
        with suppress(CannotScore):
            desk.scored(drawn[0], "2026-05-21 10:00", by=inspector)

    together(lambda: scored_by(desk.li), lambda: scored_by(desk.lu), lambda: scored_by(desk.zong))
    assert ItemScore.objects.values_list("item", flat=True).distinct().get() == drawn[0].pk
    assert (ItemScore.objects.count(), Activity.objects.filter(verb="inspection.scored").count()) == (3, 1)


def test_a_vote_counts_once_and_a_figure_is_proposed_once_whoever_is_faster():
    publish(STAR, on="2026-01-01")
    liu, chen = employee("liu", branch=branch("城东店")), employee("chen", branch=branch("城东店"))
    policy, on = Policy.objects.get(), date(2026, 3, 20)

    def vote():
        with suppress(CannotVote):
            cast(liu, f"{policy.pk}/star/2026-03", chen.pk, on=on, now=morning(on))

    together(vote, vote, vote)
    assert Ballot.objects.get().choice == chen
    night = {"now": morning(date(2026, 4, 1)), "on": date(2026, 4, 1)}
    together(*[lambda: judge_periods(**night)] * 2, lambda: close_month("2026-03", actor=None, now=night["now"]))
    assert Violation.objects.get().employee == chen
    assert Counter(Activity.objects.values_list("verb", flat=True))["violation.proposed"] == 1
