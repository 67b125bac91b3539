"""A case is registered once, levelled, given to who must handle it; its clocks start with the customer's word."""

import pytest

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo, Line, MeanwhileChanged, write
from complaints.models import Case
from tests.visits.calls import MORNING, Shop, at
from visits.models import Obligation

PACK = """
[complaints]
escalation = ["role:department_manager"]

[[complaint_level]]
code = "general"
handler = "role:service_advisor"

[[complaint_level]]
code = "major"
when = [{ field = "severity", op = "==", value = "major" }]
handler = "role:general_manager"

[[obligation]]
code = "first-reply"
on = "complaint_registered"
deed = "first_reply"
by = "handler"
within = "1h"
warn_before = "15min"
"""

pytestmark = pytest.mark.django_db


def told(shop, **facts):
    usual = {"summary": "空调不凉", "source": Source.PHONE, "opened_at": at("09:00"), "branch": shop.branch}
    return Told(**(usual | facts))


def test_a_case_has_its_number_level_handler_clock_and_line():
    shop = Shop(pack=PACK)
    case = register(told(shop), by=shop.wang, now=MORNING)
    case.refresh_from_db()
    assert case.number == f"TS20260302-{case.pk:05d}"
    assert (case.level, case.state, case.handler in (shop.wang, shop.li)) == ("general", CaseState.ASSIGNED, True)
    assert [deed.kind for deed in case.deeds.all()] == [CaseDeedKind.REGISTERED]
    [clock] = Obligation.objects.all()
    assert (clock.subject, clock.employee, clock.due_at) == (f"case:{case.pk}", case.handler, at("10:00"))
    assert clock.warn_at == at("09:45")


def test_what_its_source_has_numbered_is_registered_once():
    shop = Shop(pack=PACK)
    first = register(told(shop, reference="12345-1"), by=shop.wang, now=MORNING)
    assert register(told(shop, reference="12345-1"), by=shop.li, now=MORNING) == first
    assert Case.objects.count() == 1


def test_of_two_at_once_the_later_one_is_told_and_a_wrong_state_is_refused():
    shop = Shop(pack=PACK)
    case = register(told(shop), by=shop.wang, now=MORNING)
    mine, theirs = Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)
    write(
        mine,
        CaseDeedKind.PROGRESS,
        by=shop.wang,
        now=MORNING,
        line=Line(text="已联系配件"),
        state=CaseState.IN_PROGRESS,
    )
    with pytest.raises(MeanwhileChanged):
        write(theirs, CaseDeedKind.WITHDRAWN, by=shop.li, now=MORNING, state=CaseState.WITHDRAWN)
    with pytest.raises(CannotDo):
        write(mine, CaseDeedKind.CLOSED, by=shop.wang, now=MORNING, state=CaseState.CLOSED)
    case.refresh_from_db()
    assert (case.state, case.deeds.count()) == (CaseState.IN_PROGRESS, 2)
