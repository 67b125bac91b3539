"""A case that waits goes on waiting where a merging or a withdrawal of it is taken back: its clocks stand still."""

import pytest

from complaints.choices import CaseState
from complaints.domain import clocks, handling, merging
from complaints.models import Case
from tests.complaints.at_once import busy_shop, case_of
from tests.visits.calls import at
from visits.models import Obligation

pytestmark = pytest.mark.django_db
REASON = "等配件到货"


@pytest.mark.any_database
@pytest.mark.parametrize("way", ["merged", "withdrawn"])
def test_what_stood_still_stands_still_again_with_its_reason_and_only_that(way):
    shop = busy_shop()
    case, other = case_of(shop), case_of(shop)
    solve, reply = (Obligation.objects.get(subject=f"case:{case.pk}", deed=deed) for deed in ("resolve", "first_reply"))
    bound = solve.due_at
    clocks.pause(case, reason=REASON, by=shop.wang, now=at("10:20"))
    hand = {"by": shop.zhou, "text": "误操作"}
    if way == "merged":
        merging.merge([case], into=other, now=at("10:30"), **hand)
        back = merging.unmerge(Case.objects.get(pk=case.pk), now=at("10:40"), **hand)
    else:
        back = case
        handling.withdraw(back, now=at("10:30"), **hand)
        handling.restore(back, now=at("10:40"), **hand)
    solve.refresh_from_db()
    reply.refresh_from_db()
    assert (back.state, reply.paused_at, reply.state) == (CaseState.WAITING, None, "open")
    assert (solve.paused_at is None, solve.pauses.get(until_at=None).reason) == (False, REASON)
    clocks.resume(back, by=shop.wang, now=at("11:20"))
    solve.refresh_from_db()
    assert (solve.due_at - bound).total_seconds() == 3600
