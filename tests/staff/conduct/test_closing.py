"""The end of a month: in order, once, by who may, and what was frozen stays; two people at the same moment."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from staff.domain.conduct import months
from staff.domain.conduct.closing import close_month, settle
from staff.domain.conduct.deciding import appeal, confirm, decide_appeal, take_back
from staff.domain.conduct.proposing import propose
from staff.domain.conduct.refusing import Refused
from staff.models import LedgerEntry, MonthClose, Statement, Violation
from tests.staff.conduct.shop import LATE, TIERS, Shop, amounts, day

pytestmark = pytest.mark.django_db


def refusal(deed, *given, **options) -> str:
    """Return why a deed is refused."""
    with pytest.raises(Refused) as refused:
        deed(*given, **options)
    return refused.value.code


def test_months_are_closed_in_order_after_their_end_by_who_may():
    shop = Shop()
    shop.confirmed(date(2026, 3, 2))
    shop.confirmed(date(2026, 4, 2))
    assert refusal(close_month, "2026-03", actor=shop.wang, now=day(4, 1)) == "right"
    assert refusal(close_month, "2026-03", actor=shop.zhou, now=day(3, 31, 23)) == "closed"
    assert refusal(close_month, "2026-04", actor=shop.zhou, now=day(5, 1)) == "closed"
    close_month("2026-03", actor=shop.zhou, now=day(4, 1, 0))
    close_month("2026-04", actor=shop.zhou, now=day(5, 1, 0))
    assert refusal(close_month, "2026-02", actor=shop.zhou, now=day(5, 1)) == "closed"
    assert refusal(settle, "2026-05", actor=shop.zhou, now=day(5, 1)) == "closed"


def test_the_list_of_months_asks_as_often_for_many_as_for_one():
    shop = Shop()

    def listed():
        with CaptureQueriesContext(connection) as queries:
            found = months.months(shop.zhou, on=date(2026, 5, 4))
        return len(queries), [(one.period, one.entries, one.waiting, one.is_closed) for one in found]

    shop.confirmed(date(2026, 3, 2))
    few, told = listed()
    assert told == [("2026-05", 0, 0, False), ("2026-03", 1, 0, False)]
    shop.confirmed(date(2026, 4, 2))
    shop.broken(date(2026, 5, 4))
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))

    assert listed() == (few, [("2026-05", 0, 1, False), ("2026-04", 1, 0, False), ("2026-03", 1, 0, True)])
    assert [one.penalties for one in months.month("2026-03", actor=shop.zhou, on=date(2026, 5, 4)).sums] == [5000]
    assert months.month("2026-01", actor=shop.zhou, on=date(2026, 5, 4)).sums == []


def test_ones_own_ledger_asks_as_often_for_many_as_for_one(client):
    shop = Shop()
    client.force_login(shop.liu)

    def asked() -> int:
        client.get("/me/ledger/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/me/ledger/")
        return len(queries)

    shop.confirmed(date(2026, 3, 2))
    few = asked()
    for number in (3, 4, 5):
        shop.confirmed(date(2026, 3, number))

    assert asked() == few


def test_settling_leaves_ones_own_and_what_is_appealed():
    shop = Shop()
    mine, his, other = (shop.broken(date(2026, 3, 2), one) for one in (shop.hr, shop.zhou, shop.liu))
    confirm([mine, other], actor=shop.zhou, now=day(3, 3))
    second = shop.company.person("second", ["general_manager"])
    confirm(his, actor=second, now=day(3, 3))
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    appeal(other, actor=shop.liu, now=day(3, 4), text="x")
    assert settle("2026-03", actor=shop.zhou, now=day(4, 1)) == {"settled": 1, "own": 1, "appealed": 1}
    assert settle("2026-03", actor=second, now=day(4, 2)) == {"settled": 1, "appealed": 1}


def test_what_comes_after_the_close_goes_to_the_open_month_and_leaves_the_statement():
    shop = Shop(TIERS)
    first, late = shop.confirmed(date(2026, 3, 2)), shop.broken(date(2026, 3, 3))
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    frozen = list(Statement.objects.values())
    confirm(late, actor=shop.zhou, now=day(4, 2))
    appeal(first, actor=shop.liu, now=day(3, 5), text="x")
    decide_appeal(first, uphold=False, actor=shop.wang, now=day(4, 2), text="x")
    moved = LedgerEntry.objects.filter(period="2026-04").order_by("pk").values_list("amount", "counts_in")
    assert list(moved) == [(2000, "2026-03"), (-1000, "2026-03")]  # the second of March, the first given back
    assert list(Statement.objects.values()) == frozen
    statement = close_month("2026-04", actor=shop.zhou, now=day(5, 1)).statements.get()
    assert (statement.penalties, [line["counts_in"] for line in statement.lines]) == (1000, ["2026-03"] * 2)


@pytest.mark.parametrize("period", ["2026-00", "2026-13", "2026"])
def test_a_month_is_a_month(period):
    with pytest.raises(DatabaseError), transaction.atomic():
        MonthClose.objects.create(period=period, closed_at=day(4, 1), entries=0, sha256="")


def test_the_database_keeps_what_was_posted_and_closed():
    shop = Shop()
    shop.confirmed(date(2026, 3, 2))
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    for rows in (LedgerEntry.objects, Statement.objects, MonthClose.objects, Violation.objects.get().steps):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all().delete()
    for change in ({"amount": 1}, {"seq": 2}, {"period": "2026-05"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LedgerEntry.objects.update(**change)
    for change in ({"employee": shop.chen}, {"occurred_on": date(2026, 5, 1)}, {"subject": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Violation.objects.update(**change)


def at_once(*deeds) -> list[object]:
    """Start deeds at the same moment, each with its own connection; return what each came to."""
    gate, found = Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        gate.wait()
        try:
            found[number] = deed()
        except Refused as refused:
            found[number] = refused.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_decide_once_and_count_on():
    """F71, F78: one proposal, one decision, one entry; two confirmed at once are the first and the second."""
    shop = Shop(TIERS + LATE.replace("report_late", "visit_overdue").replace('"late"', '"overdue"'))
    breaches = [shop.breach(date(2026, 3, number)) for number in (2, 3)]
    at_once(*[lambda: propose(breaches, now=day(3, 4))] * 2)
    first, second = Violation.objects.order_by("occurred_on")
    at_once(
        lambda: confirm(first, actor=shop.wang, now=day(3, 5)),
        lambda: confirm(second, actor=shop.zhou, now=day(3, 5)),
        lambda: confirm(first, actor=shop.zhou, now=day(3, 5)),
    )
    assert sorted(amounts(shop.liu)) == [10, 20]
    outcome = at_once(
        lambda: take_back(first, actor=shop.wang, now=day(3, 6), text="x"),
        lambda: take_back(first, actor=shop.zhou, now=day(3, 6), text="x"),
    )
    assert outcome.count("state") == 1
    assert LedgerEntry.objects.count() == 3
    at_once(*[lambda: close_month("2026-03", actor=shop.zhou, now=day(4, 1))] * 2)
    assert MonthClose.objects.get().statements.count() == 1
