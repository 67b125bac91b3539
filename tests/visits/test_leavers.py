"""What becomes of deeds, reports and actions of somebody who leaves: others do them, what was late before stays."""

from collections import Counter
from datetime import date

import pytest

from reports.domain.auditing.grounds import faults
from reports.models import ImprovementAction, OwedReport
from staff.domain.conduct.detecting import find_violations
from staff.domain.people import resign
from staff.models import Notification, Violation
from tests.visits.calls import MONDAY, Shop, at
from tests.visits.world import employee
from visits.domain.obliging.owing import note_obligations
from visits.models import EventKind, Obligation, ServiceEvent

PACK = """
[[obligation]]
code = "first-call"
title = "首次联系"
on = "inquiry"
deed = "attempt"
by = "advisor"
within = "2h"

[[penalty]]
code = "missed"
violation = "obligation_missed"
amount = 50
"""


@pytest.fixture
def shop(db) -> Shop:
    """Return a shop in which Wang owes two calls: one is late at eleven, the other is not."""
    shop = Shop(pack=PACK)
    kind = EventKind.objects.create(code="inquiry", title="咨询")
    for number, hour in (("1", "08:00"), ("2", "10:30")):
        ServiceEvent.objects.create(
            source="web", order_no=number, kind=kind, happened_at=at(hour), happened_on=MONDAY, branch=shop.branch,
            customer=shop.customer(), advisor=shop.wang, taken_in_at=at(hour), changed_at=at(hour),
            needs_planning=False,
        )  # fmt: skip
    note_obligations(now=at("10:31"))
    return shop


@pytest.mark.parametrize("heir", ["li", "boss", None])
def test_owed_deeds_go_to_who_takes_over_and_what_was_late_stays_with_who_left(shop, heir):
    boss = employee("boss", "general_manager") if heir == "boss" else None
    to = shop.li if heir == "li" else None
    resign(shop.wang, hand_over_to=to, left_on=MONDAY, actor=None, now=at("11:00"))
    expected = to or boss
    owners = list(Obligation.objects.order_by("anchor_at").values_list("employee", flat=True))
    assert owners == ([expected.pk] * 2 if expected else [shop.wang.pk, None])
    find_violations(now=at("11:01"))
    find_violations(now=at("13:00"))
    assert Violation.objects.get(occurred_at=at("10:00")).employee == shop.wang
    late = Violation.objects.exclude(employee=shop.wang).values_list("employee", flat=True)
    assert list(late) == ([expected.pk] if expected else [])
    assert list(faults(Counter())) == []  # the second computation knows as well who owed what when
    told = Notification.objects.filter(recipient=expected, kind="obligation").count() if expected else 2
    assert told == 2


def test_reports_that_fall_due_afterwards_are_lifted_and_actions_go_on(shop):
    release = {"policy": shop.policy, "release": shop.release, "covers_from": MONDAY, "covers_to": MONDAY}
    for key, due in (("late", "10:00"), ("later", "18:00")):
        OwedReport.objects.create(
            **release, rule="daily", employee=shop.wang, key=key, due_at=at(due), day_ends_at=at("2026-03-03 00:00"),
            inclusive=True, listing=[], listed=0, made_at=at("08:00"),
        )  # fmt: skip
    boss = employee("boss", "general_manager")
    ImprovementAction.objects.create(
        title="话术", measure="练习", owner=shop.wang, due_on=date(2026, 3, 9), made_at=at("08:00"), made_by=boss
    )
    resign(shop.wang, hand_over_to=shop.li, left_on=MONDAY, actor=boss, now=at("11:00"))
    assert dict(OwedReport.objects.values_list("key", "fate")) == {"late": "", "later": "excused"}
    assert ImprovementAction.objects.get().owner == shop.li
