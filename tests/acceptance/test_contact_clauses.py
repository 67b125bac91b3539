"""Clauses on how a customer is contacted, through the pages and the jobs: E-02, P-02, U-05, T-08, F-06, and T32."""

from datetime import date

import pytest

from staff.domain.jobs import run_due
from staff.models import Activity, Department, Notification, Posting, Role, RoleAssignment
from tests.visits.calls import Shop, at, told
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.models import Promise, VisitTask, WordRecipient

pytestmark = pytest.mark.django_db
NOW = "2026-03-02T09:30+08:00"


@pytest.fixture
def shop(clock_at):
    clock_at(NOW)
    return Shop()


def named(shop, *names):
    return [shop.task(shop.customer(name)) for name in names]


def places(page: str, *words: str) -> list[int]:
    return [page.index(word) for word in words]


def test_e_02_a_time_is_agreed_the_day_is_sorted_by_it_and_the_bell_rings_before_it(shop, clock_at):
    late, early = named(shop, "晚约客户", "早约客户")
    desk = signed_in(shop.wang)
    for task, moment in ((late, "16:00"), (early, "10:30")):
        desk.post(f"/tasks/{task.pk}/appointment/", {"at": f"2026-03-02T{moment}"})
    day = desk.get("/promises/").content.decode()
    assert places(day, "早约客户", "晚约客户") == sorted(places(day, "早约客户", "晚约客户"))
    assert "王芳" in day, "by whom it was agreed"
    run_due(now=at("10:24"))
    assert not Notification.objects.exists()
    run_due(now=at("10:25"))
    clock_at("2026-03-02T10:25+08:00")
    told_now = signed_in(shop.wang).get("/staff/bell/", headers=HTMX).content.decode()
    assert "早约客户" in told_now
    assert "晚约客户" not in told_now


def test_e_02_a_visit_that_wants_an_agreed_time_is_not_made_without_one(clock_at):
    clock_at(NOW)
    shop = Shop(appointment=True)
    [task] = named(shop, "须预约客户")
    desk = signed_in(shop.wang)
    desk.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached"))
    assert VisitTask.objects.get(pk=task.pk).status == "open"
    desk.post(f"/tasks/{task.pk}/appointment/", {"at": "2026-03-02T10:00"})
    clock_at("2026-03-02T10:01+08:00")
    task.refresh_from_db()
    signed_in(shop.wang).post(
        f"/tasks/{task.pk}/record/", sent(task, outcome="reached", started_at="2026-03-02T10:00:00")
    )
    assert VisitTask.objects.get(pk=task.pk).status == "done"
    assert Promise.objects.get().state == "kept"


def test_p_02_the_preferred_channel_and_hours_are_the_default_and_the_agreed_time_is_on_the_task(clock_at):
    clock_at(NOW)
    shop = Shop(channels=["desk_phone", "onsite", "questionnaire"])
    task = shop.task()
    customer = task.customer
    customer.preferred_channel, customer.preferred_time = "questionnaire", "15:00-17:00"
    customer.save()
    desk = signed_in(shop.wang)
    offered = desk.get(f"/tasks/{task.pk}/appointment/").content.decode()
    assert '<option value="questionnaire" selected>' in offered
    assert offered.count("<option") == 3
    assert "2026-03-02T15:00" in offered
    desk.post(f"/tasks/{task.pk}/appointment/", {"at": "2026-03-02T15:30", "channel": "onsite"})
    assert VisitTask.objects.get(pk=task.pk).call_back_at == at("15:30")
    assert Promise.objects.get().channel == "onsite"


@pytest.mark.parametrize("whose", ["company", "customer"])
def test_u_05_within_quiet_hours_a_call_is_blocked_until_somebody_says_why(clock_at, whose):
    clock_at("2026-03-02T12:30+08:00")
    hours = '[calling_hours]\nallowed = ["08:00-12:00", "14:00-20:00"]\noutside = "reason"\n'
    shop = Shop(pack=hours if whose == "company" else "")
    task = shop.task(shop.customer("午休客户", "13912345678"))
    if whose == "customer":
        task.customer.quiet_hours = "12:00-14:00"
        task.customer.save()
    desk, number = signed_in(shop.wang), f"/tasks/{task.pk}/number/"
    assert "13912345678" not in desk.post(number, headers=HTMX).content.decode()
    quiet, reason = {"at": "2026-03-02T13:00"}, {"reason": "客户约的这个时间"}
    assert desk.post(f"/tasks/{task.pk}/appointment/", quiet).status_code == 422
    assert desk.post(f"/tasks/{task.pk}/appointment/", quiet | reason).status_code == 302
    assert "13912345678" in desk.post(number, reason, headers=HTMX).content.decode()
    clock_at("2026-03-02T14:00+08:00")
    assert "13912345678" in signed_in(shop.wang).post(number, headers=HTMX).content.decode()


def test_u_05_where_the_policy_refuses_nobody_dials_whatever_they_say(clock_at):
    clock_at("2026-03-02T12:30+08:00")
    shop = Shop(pack='[calling_hours]\nallowed = ["08:00-12:00"]\noutside = "refuse"\n')
    task = shop.task(shop.customer("午休客户", "13912345678"))
    shown = signed_in(shop.wang).post(f"/tasks/{task.pk}/number/", {"reason": "核对"}, headers=HTMX).content.decode()
    assert "tel:" not in shown
    assert "data-dial" not in shown


def test_t_08_two_recipients_are_told_and_one_of_them_has_handled_it(shop):
    repairs = Department.objects.create(branch=shop.branch, name="维修部")
    head = shop.advisor("head", "赵主管")
    role = Role.objects.create(code="department_manager", title="部门经理", like="department_manager")
    RoleAssignment.objects.create(employee=head, role=role, from_on=date(2020, 1, 1))
    for person in (head, shop.li):
        Posting.objects.create(employee=person, branch=shop.branch, department=repairs, from_on=date(2021, 1, 1))
    [task] = named(shop, "要紧客户")
    desk = signed_in(shop.wang)
    facts = {"text": "明天要来退车", "people": shop.li.pk, "departments": repairs.pk}
    desk.post(f"/tasks/{task.pk}/pass-on/", facts)
    assert Notification.objects.filter(kind="important").count() == 2
    word = WordRecipient.objects.first().word_id
    signed_in(shop.li).post(f"/words/{word}/handle/", {"outcome": "已联系客户"})
    assert "1/2" in desk.get(f"/words/{word}/").content.decode()


def test_f_06_a_number_is_masked_and_each_time_it_is_shown_is_written_down(shop):
    task = shop.task(shop.customer("保密客户", "13800000000"))
    desk = signed_in(shop.wang)
    for page in (f"/tasks/{task.pk}/", f"/customers/{task.customer_id}/", "/customers/", "/tasks/"):
        shown = desk.get(page).content.decode()
        assert "13800000000" not in shown
    assert "138****0000" in desk.get("/customers/").content.decode()
    assert "13800000000" in desk.post(f"/tasks/{task.pk}/number/", headers=HTMX).content.decode()
    line = Activity.objects.get(verb="number_shown")
    assert (line.actor, line.at, line.subject_id) == (shop.wang, at("09:30"), task.customer_id)


@pytest.mark.parametrize(
    ("moment", "dialled"), [("07:59:59", False), ("08:00:00", True), ("20:59:59", True), ("21:00:00", False)]
)
def test_t32_nobody_dials_before_eight_or_from_nine_in_the_evening_on(clock_at, moment, dialled):
    clock_at(f"2026-03-02T{moment}+08:00")
    shop = Shop()
    task = shop.task(shop.customer("守时客户", "13912345678"))
    shown = signed_in(shop.wang).post(f"/tasks/{task.pk}/number/", headers=HTMX).content.decode()
    assert ("tel:13912345678" in shown) is dialled


def test_t32_the_sixth_call_of_a_day_is_not_dialled(shop):
    customer = shop.customer("常被打客户", "13912345678")
    for hour in range(4, 9):
        moment = at(f"{hour:02}:45")
        record_contact(shop.task(customer), told(Outcome.NO_ANSWER, now=moment), advisor=shop.li, now=moment)
    task = shop.task(customer)
    shown = signed_in(shop.wang).post(f"/tasks/{task.pk}/number/", {"reason": "再试"}, headers=HTMX).content.decode()
    assert "13912345678" not in shown
