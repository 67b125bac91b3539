"""`audit` and the exports of the ledger: what the program did differs in nothing, each tampering shows."""

import json
from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reports.domain.auditing.everything import differences
from reports.domain.auditing.reported import verdict
from reports.domain.datasets import DATASETS
from reports.domain.period import Period
from staff.domain.conduct.closing import close_month, settle
from staff.domain.conduct.deciding import appeal, confirm, decide_appeal, waive
from staff.domain.conduct.proposing import propose
from staff.models import Violation
from tests.staff.conduct.shop import Shop, day

REGULATION = """
[[penalty]]
code = "late"
title = "迟交"
violation = "misconduct"
tiers = [10, 20, 50]
joint = [ { who = "role:department_manager", amount = 10, from_tier = 2 } ]
clause = "7.1"
[[penalty]]
code = "every-second"
violation = "privacy_breach"
amount = 25.50
from_count = 2
tier_period = "30d"
[[penalty]]
code = "fault"
violation = "false_report"
range = [50, 200]
[ledger]
cap = 100
stacking = "highest"
"""
VIOLATIONS = (
    "employee kind violation policy rule clause subject amount unit tier liability state occurred_on confirmed_by "
    "explanation branch"
)
LEDGER = "employee kind policy rule clause subject amount unit period posted_at reverses"
NOW = day(5, 4)


class Books(Shop):
    """A shop whose violations people saw."""

    def breach(self, on, employee=None, **facts):
        return super().breach(on, employee, **{"violation": "misconduct", "facts": {"text": "当面发现"}, **facts})


@pytest.fixture
def books(db) -> Books:
    """Two months: tiers with joint liability, every second one, a range, an appeal, a cap, closes, a later fact."""
    shop = Books(REGULATION)
    march = [shop.confirmed(date(2026, 3, number)) for number in (2, 3, 4, 5)]
    for number in (6, 9, 10):
        shop.confirmed(date(2026, 3, number), shop.chen, violation="privacy_breach")
    fault = shop.broken(date(2026, 3, 11), shop.chen, violation="false_report")
    confirm(fault, actor=shop.zhou, now=day(3, 12), amount=15000, text="情节严重")
    waive(shop.broken(date(2026, 3, 12)), actor=shop.wang, now=day(3, 13), text="已说明")
    appeal(march[3], actor=shop.liu, now=day(3, 9), text="不对")
    appeal(march[2], actor=shop.liu, now=day(3, 9), text="不对")
    decide_appeal(march[2], uphold=True, actor=shop.wang, now=day(3, 16), text="属实")
    close_month("2026-03", actor=shop.zhou, now=day(4, 1))
    decide_appeal(march[3], uphold=False, actor=shop.wang, now=day(4, 2), text="有误")
    settle("2026-03", actor=shop.zhou, now=day(4, 3))
    shop.confirmed(date(2026, 4, 7))
    propose([shop.breach(date(2026, 4, 8), exempt="outage")], now=day(4, 8))
    close_month("2026-04", actor=shop.zhou, now=day(5, 2))
    return shop


def test_what_the_program_did_differs_in_nothing(books):
    checked, found = differences(now=NOW)

    assert [str(one) for one in found] == []
    assert checked["months"] == 2 and checked["entries"] >= 12
    out = StringIO()
    call_command("audit", stdout=out)
    assert str(checked["entries"]) in out.getvalue()


TAMPERINGS = {
    "a state": "UPDATE staff_violation SET state = 'waived' WHERE id = {violation}",
    "an amount": "UPDATE staff_violation SET amount = 4900 WHERE id = {violation}",
    "a tier": "UPDATE staff_violation SET tier = 3 WHERE id = {violation}",
    "a posting": "UPDATE staff_ledgerentry SET amount = amount + 1 WHERE id = {entry}",
    "whose posting": "UPDATE staff_ledgerentry SET employee_id = {other} WHERE id = {entry}",
    "a month": "UPDATE staff_ledgerentry SET period = '2026-07' WHERE id = {entry}",
    "a cap": "UPDATE staff_ledgerentry SET capped = 100 WHERE id = {entry}",
    "a counter-entry": "UPDATE staff_ledgerentry SET amount = 0 WHERE reverses_id IS NOT NULL",
    "a statement": "UPDATE staff_statement SET penalties = penalties - 100 WHERE id = {statement}",
    "a hash": "UPDATE staff_monthclose SET sha256 = 'f' WHERE period = '2026-03'",
    "a reason": "UPDATE staff_violationstep SET by_id = {own} WHERE violation_id = {violation} AND deed = 'confirmed'",
    "a decision": "DELETE FROM staff_violationstep WHERE violation_id = {violation} AND deed = 'confirmed'",
}


def test_each_tampering_shows(books):
    first = Violation.objects.filter(employee=books.liu, state="settled").order_by("pk").first()
    keys = {
        "violation": first.pk, "entry": first.entries.get().pk, "other": books.chen.pk, "own": books.liu.pk,
        "statement": books.liu.statements.first().pk,
    }  # fmt: skip
    unseen = []
    for what, statement in TAMPERINGS.items():
        with transaction.atomic():
            tamper(statement.format(**keys))
            unseen += [] if differences(now=NOW)[1] else [what]
            transaction.set_rollback(True)
    assert unseen == []
    tamper(TAMPERINGS["an amount"].format(**keys))
    with pytest.raises(CommandError):
        call_command("audit", stdout=StringIO())


@pytest.mark.parametrize(
    ("handed", "inclusive", "now", "expected"),
    [
        ("08:59:59", False, "10:00:00", "in_time"),
        ("09:00:00", False, "10:00:00", "report_late"),
        ("09:00:00", True, "10:00:00", "in_time"),
        ("09:00:01", True, "10:00:00", "report_late"),
        ("23:59:59", True, "23:59:59", "report_late"),
        ("", True, "23:59:59", ""),
        ("", True, "", "report_missing"),
    ],
)
def test_a_report_is_in_time_late_or_missing_to_the_second(handed, inclusive, now, expected):
    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f"2026-03-03T{clock}+08:00") if clock else midnight

    midnight = datetime.fromisoformat("2026-03-04T00:00:00+08:00")
    found = verdict(
        due=at("09:00:00"), inclusive=inclusive, day_ends=midnight, handed=at(handed) if handed else None, now=at(now)
    )
    assert found == expected


def tamper(statement: str) -> None:
    """Change what the triggers keep, as somebody with the database in hand could."""
    table = statement.split()[2] if statement.startswith("DELETE") else statement.split()[1]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for name in (f"{table}_keep_update", f"{table}_keep_delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_the_exports_have_the_names_that_others_rely_on(books, tmp_path):
    rows = {}
    for name, fields in (("violations", VIOLATIONS), ("ledger", LEDGER)):
        path = tmp_path / f"{name}.json"
        call_command("export", name, out=path, stdout=StringIO(), first=date(2026, 3, 1), last=date(2026, 3, 31))
        rows[name] = json.loads(path.read_text())
        assert {tuple(row) for row in rows[name]} == {tuple(fields.split())}
    first = next(row for row in rows["violations"] if row["employee"] == "liu" and row["tier"] == 2)
    assert first | {"subject": "", "explanation": "", "branch": ""} == {
        "employee": "liu", "kind": "penalty", "violation": "misconduct", "policy": "shop", "rule": "late",
        "clause": "7.1", "subject": "", "amount": 20, "unit": "CNY", "tier": 2, "liability": "primary",
        "state": "settled", "occurred_on": "2026-03-03", "confirmed_by": "zhou", "explanation": "",
        "branch": "",
    }  # fmt: skip
    assert first["explanation"]
    assert {row["period"] for row in rows["ledger"]} == {"2026-03"}
    assert sum(row["amount"] for row in rows["ledger"] if row["employee"] == "liu") == 100  # 10 + 20 + 50, then the cap
    assert 25.5 in [row["amount"] for row in rows["ledger"]]


@pytest.mark.parametrize("name", ["violations", "ledger"])
def test_more_of_the_ledger_costs_no_more_queries(books, name, django_assert_max_num_queries):
    list(DATASETS[name].read(Period()))
    with django_assert_max_num_queries(4):
        assert len(list(DATASETS[name].read(Period()))) > 10
