"""Leave that is granted when its days are over: before a proposal was decided, after it, after the month was closed."""

from datetime import timedelta

import pytest

from reports.domain.daily.submitting import submit
from reports.models import OwedReport
from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import confirm, take_back
from staff.domain.conduct.detecting import find_violations
from staff.domain.people import put_on_leave
from staff.models import LedgerEntry, Notification, Violation
from tests.reports.daily import REPORT, TUESDAY, judged, report_of, shop_with
from tests.visits.calls import MONDAY, Shop, at
from tests.visits.world import employee

WEDNESDAY = TUESDAY + timedelta(1)
OVERDUE = '[[penalty]]\ncode = "overdue"\nviolation = "visit_overdue"\ntiers = [10, 20]\n'


@pytest.fixture
def shop(db) -> Shop:
    """Return a shop in which Wang's report of Monday is missing, and two visits are overdue."""
    shop = shop_with(OVERDUE + REPORT)
    shop.task(closes_at=at("00:00", WEDNESDAY))  # Tuesday 24:00
    shop.task(closes_at=at("00:00", WEDNESDAY + timedelta(1)))
    report_of(shop.wang)
    judged("12:00", WEDNESDAY)
    find_violations(now=at("12:00", WEDNESDAY + timedelta(1)))
    return shop


def stands() -> list[tuple[str, str, str, int | None]]:
    return list(Violation.objects.order_by("rule", "occurred_on").values_list("rule", "state", "exempt", "tier"))


def leave(shop: Shop, first, last, now) -> None:
    put_on_leave(shop.wang, from_on=first, until_on=last, substitute=None, actor=None, now=now)


def test_what_is_still_open_goes_by_itself_and_the_rest_moves_up(shop):
    assert stands() == [
        ("overdue", "proposed", "", 1),
        ("overdue", "proposed", "", 2),
        ("report-late", "proposed", "", 1),
    ]
    leave(shop, MONDAY, TUESDAY, at("12:00", WEDNESDAY + timedelta(1)))
    assert stands() == [
        ("overdue", "waived", "leave", 1),
        ("overdue", "proposed", "", 1),
        ("report-late", "waived", "leave", 1),
    ]
    assert OwedReport.objects.get().fate == "excused"
    told = Notification.objects.filter(recipient=shop.wang, message__contains="waived")
    assert told.count() == 2


def test_what_people_have_decided_stays_and_they_hear_of_it(shop):
    boss = employee("boss", "general_manager")
    late = Violation.objects.get(rule="report-late")
    confirm(late, actor=boss, now=at("13:00", WEDNESDAY + timedelta(1)))
    close_month("2026-03", actor=boss, now=at("2026-04-01 08:00"))
    leave(shop, MONDAY, MONDAY, at("2026-04-02 09:00"))
    assert Violation.objects.get(pk=late.pk).state == "confirmed"
    assert (
        Notification.objects.filter(recipient=boss, url=f"/ledger/{late.pk}/", message__contains="afterwards").count()
        == 1
    )
    take_back(late, actor=boss, now=at("2026-04-02 10:00"), text="请假")
    entries = list(LedgerEntry.objects.order_by("pk").values_list("amount", "period", "counts_in"))
    assert entries == [(5000, "2026-03", "2026-03"), (-5000, "2026-04", "2026-03")]


def test_a_cut_off_that_leave_moves_is_judged_anew(shop):
    report = OwedReport.objects.get()
    thursday = WEDNESDAY + timedelta(1)
    leave(shop, TUESDAY, thursday, at("12:01", thursday))  # the next working day of his own is Friday
    report.refresh_from_db()
    assert (report.fate, report.due_at) == ("", at("09:00", thursday + timedelta(1)))
    assert Violation.objects.get(rule="report-late").state == "proposed"  # as long as it is not there
    submit(report, by=shop.wang, now=at("09:00", thursday + timedelta(1)))
    find_violations(now=at("09:01", thursday + timedelta(1)))
    assert Violation.objects.get(rule="report-late").state == "waived"


def test_by_its_new_cut_off_it_may_be_missing_as_well(shop):
    leave(shop, TUESDAY, TUESDAY, at("12:00", WEDNESDAY + timedelta(2)))
    assert OwedReport.objects.get().fate == "missing"
    assert Violation.objects.get(rule="report-late").state == "proposed"
