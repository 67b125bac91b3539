"""The small deeds beside a call, as a browser sends them: agree a time, write a refusal down, pass on; their lists."""

from datetime import date

import pytest

from staff.domain import notifying
from staff.models import Activity, Department, Employee, Posting, Role, RoleAssignment
from tests.visits.calls import MORNING, Shop, at, fresh, told
from tests.visits.desk import HTMX, signed_in
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.restricting import restrict
from visits.models import ContactRestriction, ImportantWord, Promise, VisitTask, WordRecipient

NOW = "2026-03-02T09:30+08:00"


@pytest.fixture
def shop(db, clock_at):
    clock_at(NOW)
    return Shop()


@pytest.fixture
def task(shop):
    return shop.task(shop.customer("刘女士", "13912345678"))


@pytest.fixture
def desk(shop):
    return signed_in(shop.wang)


def boss(shop, role="general_manager"):
    person = shop.advisor("boss", "张伟")
    held, _made = Role.objects.get_or_create(code=role, defaults={"title": role, "like": role})
    RoleAssignment.objects.create(employee=person, role=held, from_on=date(2020, 1, 1))
    return person


def test_a_time_is_agreed_on_the_card_and_shown_there(desk, task):
    address = f"/tasks/{task.pk}/appointment/"
    assert "datetime-local" in desk.get(address, headers=HTMX).content.decode()
    answer = desk.post(address, {"at": "2026-03-02T14:30", "channel": "mobile", "agreed_with": "刘先生"}, headers=HTMX)
    assert "14:30" in answer.content.decode()
    promise = Promise.objects.get()
    assert (promise.promised_at, promise.agreed_with) == (at("14:30"), "刘先生")
    assert "14:30" in desk.get("/promises/").content.decode()
    desk.post(f"/promises/{promise.pk}/cancel/")
    assert fresh(task).call_back_at is None


def test_what_cannot_be_agreed_comes_back_as_it_was_typed_and_says_why(desk, task):
    answer = desk.post(
        f"/tasks/{task.pk}/appointment/", {"at": "2026-03-02T21:30", "agreed_with": "老刘"}, headers=HTMX
    )
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#deed")
    assert "老刘" in page
    assert "21:30" in page
    assert desk.post(f"/tasks/{task.pk}/appointment/", {"at": "gestern"}).status_code == 422


def test_the_customers_own_hours_and_channel_come_first(desk, task):
    task.customer.preferred_time, task.customer.preferred_channel = "16:00-18:00", "wechat"
    task.customer.save()
    page = desk.get(f"/tasks/{task.pk}/appointment/", headers=HTMX).content.decode()
    assert "2026-03-02T16:00" in page
    assert '<option value="wechat" selected>' in page


def test_a_refusal_blocks_the_number_on_the_card_at_once(desk, shop, task):
    desk.post(f"/tasks/{task.pk}/lease/", headers=HTMX)
    address = f"/customers/{task.customer_id}/do-not-contact/"
    facts = {"purpose": "all", "reason": "请不要再打了", "task": task.pk}
    page = desk.post(address, facts, headers=HTMX).content.decode()
    assert "请不要再打了" in page
    assert 'id="number"' in page
    assert "data-reveal" not in page
    shown = desk.post(f"/tasks/{task.pk}/number/", {"reason": "还是想看"}, headers=HTMX).content.decode()
    assert "13912345678" not in shown
    assert "data-reveal" not in desk.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()
    desk.post(f"/restrictions/{ContactRestriction.objects.get().pk}/lift/", {"reason": "按错了"})
    assert "data-reveal" in desk.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()


def test_a_refusal_without_its_reason_is_not_written_down(desk, task):
    answer = desk.post(f"/customers/{task.customer_id}/do-not-contact/", {"purpose": "survey", "reason": " "})
    assert answer.status_code == 422
    assert not ContactRestriction.objects.exists()


def test_the_page_of_refusals_keeps_their_history(desk, shop, task):
    restrict(task.customer, "survey", reason="不做问卷", by=shop.wang, now=MORNING)
    page = desk.get(f"/customers/{task.customer_id}/do-not-contact/").content.decode()
    assert "不做问卷" in page


def test_too_many_calls_are_said_before_anybody_asks_for_the_number(desk, shop, task, settings):
    settings.CALLS_PER_DAY = 1
    other = shop.task(task.customer)
    record_contact(other, told(Outcome.NO_ANSWER, now=at("09:00")), advisor=shop.li, now=at("09:00"))
    assert "data-reveal" not in desk.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()


def test_the_31st_number_is_refused_with_429_and_the_manager_opens_the_limit(desk, shop, task):
    manager = boss(shop)
    other = shop.task(task.customer, assignee=shop.li)
    VisitTask.objects.filter(pk=other.pk).update(role="service_advisor")
    for _number in range(30):
        Activity.objects.create(at=at("09:20"), actor=shop.wang, verb="number_revealed", subject_type="customer")
    task.status = TaskStatus.DONE
    task.save()
    asked = desk.post(f"/tasks/{task.pk}/number/", {"reason": "核对"}, headers=HTMX)
    assert asked.status_code == 429
    [alarm] = notifying.alarms(manager)
    assert "王芳" in alarm.text
    office = signed_in(manager)
    assert "王芳" in office.get("/numbers/").content.decode()
    assert desk.get("/numbers/").status_code == 404
    office.post(f"/numbers/{shop.wang.pk}/unlock/", {"reason": "节日名单"})
    assert desk.post(f"/tasks/{task.pk}/number/", {"reason": "核对"}, headers=HTMX).status_code == 200


@pytest.fixture
def repairs(shop):
    """Return a department with a manager, and with somebody who makes no calls."""
    repairs = Department.objects.create(branch=shop.branch, name="维修部")
    for username, role in (("head", "department_manager"), ("tech", "hr")):
        person = Employee.objects.create(username=username, name=username.title())
        held = Role.objects.create(
            code=role, title=role, like="department_manager" if username == "head" else "general_manager"
        )
        RoleAssignment.objects.create(employee=person, role=held, from_on=date(2020, 1, 1))
        Posting.objects.create(employee=person, branch=shop.branch, department=repairs, from_on=date(2020, 1, 1))
    return repairs


def test_what_is_passed_on_reaches_two_and_is_handled_by_one(desk, shop, task, repairs):
    Posting.objects.create(employee=shop.li, branch=shop.branch, department=repairs, from_on=date(2026, 1, 1))
    facts = {"text": "客户要投诉13912345678", "people": shop.li.pk, "departments": repairs.pk}
    page = desk.post(f"/tasks/{task.pk}/pass-on/", facts, headers=HTMX).content.decode()
    assert "0/2" in page
    word = ImportantWord.objects.get()
    assert word.text == "客户要投诉139****5678"
    assert [notifying.unread_count(one.employee) for one in word.recipients.all()] == [1, 1]
    colleague = signed_in(shop.li)
    assert "客户要投诉" in colleague.get(f"/words/{word.pk}/").content.decode()
    assert colleague.post(f"/words/{word.pk}/read/").status_code == 204
    colleague.post(f"/words/{word.pk}/handle/", {"outcome": "已安抚"})
    assert "1/2" in desk.get("/words/").content.decode()
    assert "已安抚" in desk.get(f"/words/{word.pk}/").content.decode()
    own = WordRecipient.objects.get(employee=shop.li)
    assert own.read_at == own.handled_at == at("09:30")
    assert notifying.unread_count(shop.wang) == 1


def test_what_reaches_nobody_is_not_passed_on(desk, task):
    assert desk.post(f"/tasks/{task.pk}/pass-on/", {"text": "要紧"}).status_code == 422
    assert not ImportantWord.objects.exists()


def test_whoever_was_not_told_finds_nothing(desk, shop, task, repairs):
    stranger = shop.advisor("stranger", "陌生")
    desk.post(f"/tasks/{task.pk}/pass-on/", {"text": "要紧", "departments": repairs.pk})
    word = ImportantWord.objects.get()
    client = signed_in(stranger)
    missing = client.get(f"/words/{word.pk + 1}/")
    assert (client.get(f"/words/{word.pk}/").status_code, client.get(f"/words/{word.pk}/").content) == (
        404,
        missing.content,
    )
    assert client.get(f"/customers/{task.customer_id}/do-not-contact/").status_code == 404
    assert client.get(f"/tasks/{task.pk}/appointment/").status_code == 404


def test_why_a_visit_was_cancelled_is_said_in_the_language_of_the_screen(desk, shop, task):
    restrict(task.customer, "all", reason="不要再打", by=shop.wang, now=MORNING)
    for page in (f"/customers/{task.customer_id}/", f"/tasks/{task.pk}/"):
        shown = desk.get(page).content.decode()
        assert "客户不愿接受这类联系" in shown
        assert "does not want" not in shown
