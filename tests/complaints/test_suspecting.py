"""The nightly search for duplicates: it proposes once, merges nothing, and keeps silent about what people decided."""

from datetime import timedelta

import pytest

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain import handling, merging
from complaints.domain.suspecting import propose_duplicates
from complaints.models import Case, CaseDeed
from staff.models import Notification
from tests.complaints.desk import Desk
from tests.visits.calls import MONDAY, at

NIGHT, NEXT = at("2026-03-03 04:00"), at("2026-03-04 04:00")
pytestmark = pytest.mark.django_db


def proposed():
    lines = CaseDeed.objects.filter(kind=CaseDeedKind.ALIKE).order_by("pk").values_list("case", "facts")
    return [(case, facts["other"]) for case, facts in lines]


def test_the_likeliest_earlier_case_is_proposed_once_and_nothing_is_merged(client, clock_at):
    clock_at("2026-03-03T09:00+08:00")
    desk = Desk()
    one = desk.case(contact="13900001111", category="paint", summary="车门掉漆")
    desk.case(
        contact="13900001111", category="", summary="发票抬头写错了", department=None
    )  # only the person is the same
    desk.case(contact="13900002222", category="paint", summary="车门掉漆")  # somebody else
    old = desk.case(contact="13900003333", category="paint", opened_at=at("2026-01-30 09:59"))
    again = desk.case(contact="13900003333", category="quality")  # 31 days later
    same = desk.case(contact="13900001111", category="quality", summary="又来说掉漆的事", handler=desk.li)
    for _turn in range(2):
        propose_duplicates(now=NIGHT, on=MONDAY + timedelta(1))

    assert (again.opened_at - old.opened_at).days >= 30
    assert proposed() == [(same.pk, one.pk)]
    assert not Case.objects.filter(state=CaseState.MERGED).exists()
    assert Notification.objects.filter(recipient=desk.li, key=f"case-{same.pk}-alike-{one.pk}").count() == 1
    client.force_login(desk.zhang)
    mark = 'title="可能是同一件事"'
    assert client.get("/complaints/").content.decode().count(mark) == 1
    page = client.get(f"/complaints/{same.pk}/").content.decode()
    assert "可能是同一件事" in page and one.number in page
    same.refresh_from_db()
    handling.remark(same, by=desk.li, now=at("2026-03-03 08:59"), text="问过了，是另一扇门")
    assert mark not in client.get("/complaints/").content.decode()


def test_what_people_took_apart_or_ended_is_not_proposed_again():
    desk = Desk()
    one, two = (desk.case(contact="13900001111", category="paint") for _ in range(2))
    merging.merge([two], into=one, by=desk.zhang, now=at("12:00"))
    assert propose_duplicates(now=NIGHT, on=MONDAY) == 0
    merging.unmerge(Case.objects.get(pk=two.pk), by=desk.zhang, now=at("13:00"))
    assert propose_duplicates(now=NIGHT, on=MONDAY) == 0
    third = desk.case(contact="13900001111", category="paint", opened_at=at("09:30"))
    handling.withdraw(Case.objects.get(pk=one.pk), by=desk.zhang, now=at("14:00"), text="客户撤回")
    assert propose_duplicates(now=NEXT, on=MONDAY) == 1
    assert proposed() == [(third.pk, two.pk)]
