"""What customers are given to make good: approved by somebody else, within the allowance of the regulation (H-03)."""

import pytest

from complaints.choices import CaseDeedKind, SpendingKind, SpendingState
from complaints.domain import spending
from complaints.domain.writing import CannotDo
from complaints.models import Compensation
from staff.models import Notification
from tests.complaints.test_consequences import Desk
from tests.visits.world import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ALLOWANCES = """
[policy]
slug = "making-good"
title = "补偿"
effective_from = 2026-01-01

[complaints]

[[allowance]]
code = "case"
of = "compensation"
limit = 200
per = "case"
excess = "approval"
approve = "role:general_manager"
"""


def test_h_03_a_compensation_counts_once_somebody_else_has_approved_it_within_the_allowance():
    desk = Desk(ALLOWANCES)
    case, now = desk.case("05-04"), at("2026-05-04 11:00")
    given = {"kind": SpendingKind.COUPON, "by": desk.mei, "now": now}
    with pytest.raises(CannotDo):
        spending.propose(case, amount=0, **given)
    small = spending.propose(case, amount=100_00, **given)
    with pytest.raises(CannotDo, match="proposed"):
        spending.approve(small, by=desk.mei, now=now)
    with pytest.raises(CannotDo, match="manager"):
        spending.approve(small, by=desk.bo, now=now)
    told = Notification.objects.filter(key=f"compensation-{small.pk}")
    heard = set(told.values_list("recipient__username", flat=True))
    assert "gao" in heard and not heard & {"mei", "ann", "bo"}
    spending.approve(small, by=desk.hua, now=now)
    with pytest.raises(CannotDo, match="meantime"):
        spending.refuse(small, by=desk.gao, now=now, reason="晚了")
    case.refresh_from_db()
    large = spending.propose(case, amount=100_01, **given)  # with the first one a fen above the limit
    with pytest.raises(CannotDo, match="exceeds"):
        spending.approve(large, by=desk.hua, now=now)
    spending.approve(large, by=desk.gao, now=now)
    assert [one.state for one in Compensation.objects.all()] == [SpendingState.APPROVED] * 2
    assert [deed.facts["decision"] for deed in case.deeds.filter(kind=CaseDeedKind.COMPENSATION)] == [
        "proposed", "approved", "proposed", "approved",
    ]  # fmt: skip


def test_above_an_allowance_that_nobody_may_exceed_nothing_is_proposed():
    monthly = ALLOWANCES.replace('per = "case"', 'per = "month"')
    desk = Desk(monthly.replace('excess = "approval"', 'excess = "refuse"'))
    one, two, now = desk.case("05-04"), desk.case("05-05"), at("2026-05-05 11:00")
    spending.propose(one, kind=SpendingKind.CASH, amount=150_00, by=desk.ann, now=now)
    with pytest.raises(CannotDo, match="leaves 50 yuan"):
        spending.propose(two, kind=SpendingKind.CASH, amount=50_01, by=desk.ann, now=now)
    spending.propose(two, kind=SpendingKind.CASH, amount=50_00, by=desk.ann, now=now)
    june = at("2026-06-01 09:00")
    spending.propose(two, kind=SpendingKind.CASH, amount=200_00, by=desk.ann, now=june)
