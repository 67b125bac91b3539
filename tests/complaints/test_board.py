"""The board: which cards in which column for whom, in how many queries; the daily word to who keeps track."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.choices import CaseState
from complaints.domain import handling
from complaints.domain.branch_figures import by_department
from complaints.domain.reminding import remind_of_cases
from complaints.domain.showing.board import board_of
from staff.models import Notification
from tests.complaints.desk import Desk, later
from tests.visits.calls import MONDAY, MORNING

pytestmark = pytest.mark.django_db


def shown(desk, who, **wanted):
    board = board_of(who, wanted, now=later(minutes=30), on=MONDAY)
    return {column.state: [card.case.pk for card in column.cards] for column in board.columns if column.cards}


def test_cards_stand_in_their_columns_late_ones_first(client, clock_at):
    clock_at(later(minutes=30))
    desk = Desk()
    late, calm, free = desk.case(), desk.case(importance="high", urgency="high"), desk.case(handler=desk.li)
    handling.reply(calm, by=desk.wang, now=MORNING, channel="mobile", text="已联系")
    handling.assign(free, by=desk.zhang, now=MORNING, role="service_advisor")
    assert shown(desk, desk.zhang) == {
        CaseState.REGISTERED: [free.pk], CaseState.ASSIGNED: [late.pk], CaseState.IN_PROGRESS: [calm.pk],
    }  # fmt: skip
    assert shown(desk, desk.zhang, whose="free") == {CaseState.REGISTERED: [free.pk]}
    assert shown(desk, desk.wang, whose="mine") == {
        CaseState.ASSIGNED: [late.pk], CaseState.IN_PROGRESS: [calm.pk],
    }  # fmt: skip
    assert shown(desk, desk.zhang, home=True) == {CaseState.REGISTERED: [free.pk], CaseState.ASSIGNED: [late.pk]}
    assert shown(desk, desk.lina) == {}
    client.force_login(desk.zhang)
    with CaptureQueriesContext(connection) as few:
        assert late.number in client.get("/complaints/?whose=unit").content.decode()
    for _turn in range(8):
        desk.case()
    with CaptureQueriesContext(connection) as many:
        client.get("/complaints/")
    assert len(many) <= len(few) + 1
    client.force_login(desk.lina)
    assert "没有" in client.get("/complaints/?whose=nonsense").content.decode()


def test_who_keeps_track_is_reminded_each_day_until_the_end():
    desk = Desk()
    case = desk.case()
    handling.set_people(
        case, by=desk.zhang, now=MORNING, tracker=desk.li, coordinator=None, departments=[desk.workshop]
    )
    handling.ask_department(
        case, by=desk.wang, now=MORNING, department=desk.workshop, text="检查", due_on=MONDAY + timedelta(1)
    )
    handling.ask_department(
        case, by=desk.wang, now=MORNING, department=desk.workshop, text="报价", due_on=MONDAY + timedelta(9)
    )

    def heard(who) -> int:
        return Notification.objects.filter(recipient=who, message__contains="still open").count()

    for day in range(4):  # the day of the registration itself needs no reminder (I-05)
        for _twice in range(2):
            remind_of_cases(now=later(days=day), on=MONDAY + timedelta(day))
    assert heard(desk.li) == 3
    assert Notification.objects.filter(recipient=desk.worker, message__contains="owes an answer").count() == 2

    def judged(at) -> tuple[int, ...]:
        [row] = by_department(desk.zhou, MORNING, later(days=1), at=at, on=MONDAY)
        return row.asked, row.answered, row.bounded, row.in_time

    assert judged(later(days=3)) == (2, 0, 1, 0)
    handling.department_reply(case, by=desk.wang, now=later(days=3), department=desk.workshop, text="好了")
    assert judged(later(days=3)) == (2, 2, 2, 1)
    handling.withdraw(case, by=desk.zhang, now=later(days=3), text="客户撤回")
    remind_of_cases(now=later(days=4), on=MONDAY + timedelta(4))
    assert heard(desk.li) == 3
