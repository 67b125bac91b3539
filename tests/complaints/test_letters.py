"""One public letter answers many cases; the register and the file of a case go on paper."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain import letters
from complaints.domain.register import registered
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo, write
from complaints.models import Case
from staff.choices import BaseRole
from staff.models import RoleAssignment
from tests.complaints.solving import PACK, asking, solve, solved
from tests.visits.calls import MONDAY, MORNING, Shop, at
from visits.choices import TaskStatus
from visits.models import Obligation, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    made = Shop(pack=PACK)
    asking(made)
    return made


def test_publishing_closes_twelve_visits_and_their_cases_once(shop):
    cases = [solved(shop) for _number in range(12)]
    working = register(
        Told(summary="停水", source=Source.PHONE, opened_at=at("09:00"), branch=shop.branch, customer=shop.customer()),
        by=shop.wang,
        now=MORNING,
    )
    letter = letters.compose(title="停水说明", text="主管道已修复。", branch=shop.branch, by=shop.wang, now=MORNING)
    with pytest.raises(CannotDo):
        letters.publish(letter, by=shop.wang, now=MORNING)
    assert letters.put_under(letter, [*cases, working], by=shop.wang, now=MORNING) == 13
    assert letters.publish(letter, by=shop.wang, now=at("11:00")) == 13
    ended = VisitTask.objects.filter(event__source="cases")
    assert set(ended.values_list("status", "closed_reason")) == {(TaskStatus.CANCELLED, letters.ANSWERED)}
    assert ended.count() == 12
    assert set(Case.objects.values_list("state", "letter")) == {(CaseState.CLOSED, letter.pk)}
    working.refresh_from_db()
    assert (working.solution, working.informed_at) == ("主管道已修复。", at("11:00"))
    assert not Obligation.objects.open().exists()
    for deed in (letters.publish, lambda one, **hand: letters.put_under(one, cases, **hand)):
        with pytest.raises(CannotDo):
            deed(letter, by=shop.wang, now=at("12:00"))


def test_a_case_taken_out_before_publishing_goes_on_by_itself(shop):
    first, second = solved(shop), solved(shop)
    letter = letters.compose(title="停水说明", text="已修复。", branch=shop.branch, by=shop.wang, now=MORNING)
    letters.put_under(letter, [first, second], by=shop.wang, now=MORNING)
    letters.take_out(letter, second, by=shop.wang, now=MORNING)
    letters.publish(letter, by=shop.wang, now=at("11:00"))
    second.refresh_from_db()
    assert (second.state, second.letter) == (CaseState.VERIFYING, None)


def test_the_register_counts_duplicates_once_and_what_was_told_on_its_days(shop):
    inside = solved(shop)
    solved(shop, opened_at=at("2026-02-27 10:00"))
    double = register(
        Told(summary="同一件", source=Source.LETTER, opened_at=at("09:30"), branch=shop.branch),
        by=shop.wang,
        now=MORNING,
    )
    write(
        double, CaseDeedKind.MERGED, by=shop.wang, now=MORNING, state=CaseState.MERGED,
        merged_into=inside,
    )  # fmt: skip
    found = registered(shop.wang, {"first": MONDAY, "last": MONDAY}, on=MONDAY)
    assert [case.pk for case in found] == [inside.pk]
    assert not registered(shop.wang, {"state": "archived"}, on=MONDAY).exists()


def test_paper_and_letters_are_pages(shop, client, clock_at):
    clock_at("2026-03-02T15:00+08:00")
    case = solved(shop, summary="空调不凉，电话13812345678", contact="13812345678")
    write(case, CaseDeedKind.CHANGED, by=shop.wang, now=MORNING, state=CaseState.IN_PROGRESS, solution="换压缩机")
    solve(case, by=shop.wang)
    client.force_login(shop.wang)
    shown = client.get(f"/complaints/{case.pk}/print/").content.decode()
    assert "换压缩机" in shown and "138****5678" in shown and "13812345678" not in shown
    for part in ("原因", "要求", "经过", "结果", "客户意见"):
        assert part in shown
    assert case.number in client.get("/complaints/register/?first=2026-03-01").content.decode()
    book = load_workbook(BytesIO(client.get("/complaints/register/?form=xlsx").content))
    rows = list(book.active.values)
    assert case.number in str(rows) and "138****5678" in str(rows)
    assert client.get("/complaints/letters/new/").status_code == 404  # managers write letters
    manager = RoleAssignment.objects.get(employee=shop.wang).role
    manager.like = BaseRole.CS_SUPERVISOR
    manager.save()
    client.force_login(shop.wang)
    assert client.post("/complaints/letters/new/", {"title": "停水"}).status_code == 422
    made = client.post("/complaints/letters/new/", {"title": "停水", "text": "已修复", "unit": ""}, follow=True)
    page = made.redirect_chain[-1][0]
    assert case.number in made.content.decode()
    assert client.post(page, {"deed": "publish"}).status_code == 422
    client.post(page, {"deed": "put", "cases": [case.pk]})
    client.post(page, {"deed": "publish"})
    case.refresh_from_db()
    assert (case.state, "停水" in client.get(f"/complaints/letters/?q={case.number}").content.decode()) == (
        "closed",
        True,
    )
