"""The workbench and the call form: what the pages do with what people type and press."""

from datetime import timedelta

import pytest

from staff.models import Activity, Role
from tests.visits.calls import MONDAY, QUESTIONNAIRE, Shop, at, day_start
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import TaskStatus
from visits.models import ContactNumber, VisitRecord, VisitTask


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], script="您好，我是服务顾问。")


@pytest.fixture
def wang(shop):
    return signed_in(shop.wang)


def test_the_workbench_stands_in_eight_queries_for_one_task_and_for_three(shop, wang, django_assert_max_num_queries):
    shop.task()
    with django_assert_max_num_queries(8) as one:
        wang.get("/")
    shop.task()
    shop.task()
    with django_assert_max_num_queries(len(one)):
        page = wang.get("/").content.decode()

    assert page.count('class="row-link') == 3


def test_a_card_costs_the_same_for_a_customer_with_one_and_with_three_of_everything(
    shop, wang, django_assert_max_num_queries
):
    task = shop.task()
    wang.post(f"/tasks/{shop.task(task.customer).pk}/record/", sent(task))
    with django_assert_max_num_queries(50) as few:
        wang.get(f"/tasks/{task.pk}/", headers=HTMX)
        wang.get(f"/tasks/{task.pk}/known/", headers=HTMX)
    cost = len(few)
    for _again in range(2):
        shop.task(task.customer)
        wang.post(f"/tasks/{shop.task(task.customer).pk}/record/", sent(task))
    with django_assert_max_num_queries(cost):
        wang.get(f"/tasks/{task.pk}/", headers=HTMX)
        wang.get(f"/tasks/{task.pk}/known/", headers=HTMX)


def test_opening_a_task_changes_nothing(shop, wang):
    task = shop.task()
    before = VisitTask.objects.values().get(pk=task.pk)
    wang.get(f"/tasks/{task.pk}/")
    wang.get("/")

    assert VisitTask.objects.values().get(pk=task.pk) == before


def test_the_card_masks_the_number_and_says_why_and_what_to_say(shop, wang):
    customer = shop.customer("陈建国", "13812345678")
    page = wang.get(f"/tasks/{shop.task(customer).pk}/").content.decode()

    assert ("138****5678" in page, "13812345678" in page) == (True, False)
    assert ("回访制度 v1" in page, "您好，我是服务顾问。" in page, "极为满意" in page) == (True, True, True)


def test_an_unanswered_call_is_saved_and_the_next_task_opens_held_for_me(shop, wang):
    first = shop.task(closes_at=day_start(MONDAY))
    second = shop.task()
    answer = wang.post(f"/tasks/{first.pk}/record/", sent(first), headers=HTMX)
    page = answer.content.decode()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (answer.status_code, answer["HX-Push-Url"]) == (200, f"/tasks/{second.pk}/")
    assert (first.status, first.attempts, second.leased_by) == (TaskStatus.OPEN, 1, shop.wang)
    assert (f'data-task="{second.pk}"' in page, 'id="queue" hx-swap-oob="true"' in page, "撤销" in page) == (True,) * 3


def test_without_a_script_a_save_leads_on_by_a_redirect(shop, wang):
    first, second = shop.task(closes_at=day_start(MONDAY)), shop.task()

    assert wang.post(f"/tasks/{first.pk}/record/", sent(first))["Location"] == f"/tasks/{second.pk}/"
    assert wang.post(f"/tasks/{second.pk}/record/", sent(second))["Location"] == "/"


def test_the_last_save_says_when_the_next_call_can_be_made(shop, wang):
    task = shop.task()
    page = wang.post(f"/tasks/{task.pk}/record/", sent(task), headers=HTMX).content.decode()

    assert "下一个可拨打的时间" in page


def test_the_same_form_twice_makes_one_record(shop, wang):
    task = shop.task()
    form = sent(task)
    answers = [wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX).status_code for _press in range(2)]

    assert (answers, VisitRecord.objects.count()) == ([200, 200], 1)


def test_a_bundled_call_pressed_twice_makes_one_record_for_both_tasks(shop, wang):
    task = shop.task()
    other = shop.task(task.customer)
    form = sent(task, outcome="reached", also=[str(other.pk)])
    answers = [wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX).status_code for _press in range(2)]

    assert (answers, VisitRecord.objects.count()) == ([200, 200], 1)
    assert set(VisitTask.objects.values_list("status", flat=True)) == {TaskStatus.DONE}


def test_what_cannot_be_saved_comes_back_as_it_was_typed_with_the_mend(shop, wang):
    task = shop.task()
    form = sent(task, outcome="", notes="<b>客户在开会</b>", problem="等待太久", call_back_at="2026-03-02T15:00")
    answer = wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX)
    page = answer.content.decode()

    assert (answer.status_code, VisitRecord.objects.count()) == (422, 0)
    assert ("请选择本次联系的结果" in page, "&lt;b&gt;客户在开会&lt;/b&gt;" in page, "等待太久" in page) == (True,) * 3
    assert ('value="2026-03-02T15:00' in page, form["token"] in page) == (True, True)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"outcome": "wrong_number", "new_number": "123"}, "这不是有效的电话号码"),
        ({"started_at": ""}, "请填写联系时间"),
        ({"started_at": "2026-03-02T12:00:00"}, "联系时间不能晚于现在"),
        ({"ended_at": "2026-03-02T09:00:00"}, "结束时间须晚于开始时间"),
        ({"outcome": "reached", "answer.css": "130"}, "130"),
        ({"outcome": "reached", "answer.css": "很好"}, "不是数字"),
    ],
)
def test_each_refusal_is_said_in_chinese_and_nothing_is_saved(shop, wang, typed, words):
    task = shop.task()
    answer = wang.post(f"/tasks/{task.pk}/record/", sent(task, **typed), headers=HTMX)

    assert (answer.status_code, words in answer.content.decode(), VisitRecord.objects.count()) == (422, True, 0)


def test_a_reached_customer_is_recorded_with_answers_phrases_and_words(shop, wang):
    task = shop.task()
    form = sent(task, outcome="reached", phrases=["极为满意"], notes="谢谢", problem="洗车慢", rectification="已致歉")
    form |= {"answer.css": "110", "why.css": "等了一小时", "ended_at": "2026-03-02T09:30:00"}
    wang.post(f"/tasks/{task.pk}/record/", form)

    record = VisitRecord.objects.get()
    assert (record.css, record.answers, record.phrases) == (110, {"css": 110, "css.why": "等了一小时"}, ["极为满意"])
    assert (record.problem, record.rectification, record.summary) == ("洗车慢", "已致歉", "谢谢")
    assert (record.started_at, record.incomplete) == (at("09:29"), [])


def test_whoever_comes_second_is_told_and_keeps_the_words(shop, wang):
    task = shop.task()
    li = signed_in(shop.li)
    VisitTask.objects.filter(pk=task.pk).update(assignee=None, role="service_advisor")
    mine, theirs = sent(task, outcome="reached"), sent(task, outcome="reached", notes="我也打了")
    wang.post(f"/tasks/{task.pk}/record/", mine, headers=HTMX)
    page = li.post(f"/tasks/{task.pk}/record/", theirs, headers=HTMX).content.decode()

    assert "王芳 已先完成这次回访" in page
    assert sorted(VisitRecord.objects.values_list("summary", flat=True)) == ["", "我也打了"]


def test_a_task_in_somebody_elses_hands_says_whose(shop):
    task = shop.task(leased_by=shop.li, leased_until=at("09:40"))
    page = signed_in(shop.wang).post(f"/tasks/{task.pk}/lease/", headers=HTMX).content.decode()

    assert "李强 正在处理，占用至 09:40" in page


def test_the_number_is_shown_on_request_and_that_is_written_down(shop, wang):
    task = shop.task(shop.customer("陈建国", "13812345678"))
    page = wang.post(f"/tasks/{task.pk}/number/", headers=HTMX).content.decode()

    line = Activity.objects.get(verb="number_shown")
    assert ("tel:13812345678" in page, line.actor, "13812345678" in str(line.data)) == (True, shop.wang, False)


def test_a_number_is_not_shown_while_somebody_else_calls_without_a_reason(shop, wang):
    task = shop.task(shop.customer("陈建国", "13812345678"), leased_by=shop.li, leased_until=at("09:40"))
    page = wang.post(f"/tasks/{task.pk}/number/", headers=HTMX).content.decode()

    assert ("13812345678" in page, "请说明查看号码的原因" in page) == (False, True)


def test_a_save_can_be_taken_back_for_half_a_minute(shop, wang, clock_at):
    task = shop.task()
    wang.post(f"/tasks/{task.pk}/record/", sent(task, outcome="refused"))
    record = VisitRecord.objects.get()
    clock_at("2026-03-02T09:30:29+08:00")
    answer = wang.post(f"/records/{record.pk}/undo/", follow=True)

    task.refresh_from_db()
    assert (task.status, answer.redirect_chain[0][0]) == (TaskStatus.OPEN, f"/tasks/{task.pk}/")
    assert "已撤销" in answer.content.decode()


def test_after_half_a_minute_a_save_stands(shop, wang, clock_at):
    task = shop.task()
    wang.post(f"/tasks/{task.pk}/record/", sent(task, outcome="refused"))
    clock_at("2026-03-02T09:30:31+08:00")
    page = wang.post(f"/records/{VisitRecord.objects.get().pk}/undo/", follow=True).content.decode()

    task.refresh_from_db()
    assert (task.status, "只能在保存后 30 秒内撤销" in page) == (TaskStatus.REFUSED, True)


def test_a_wrong_number_is_put_right_from_the_closed_task(shop, wang):
    task = shop.task(shop.customer("陈建国", "13812345678"))
    wang.post(f"/tasks/{task.pk}/record/", sent(task, outcome="wrong_number"))
    page = wang.get(f"/tasks/{task.pk}/").content.decode()
    wang.post(f"/customers/{task.customer_id}/number/", {"number": "139 0000 1111"})

    task.refresh_from_db()
    number = ContactNumber.objects.get(customer=task.customer, valid_until=None).number
    assert ("更正" in page, task.status, number) == (True, TaskStatus.OPEN, "13900001111")


def test_a_number_that_is_none_is_refused_in_words(shop, wang):
    customer = shop.task().customer
    page = wang.post(f"/customers/{customer.pk}/number/", {"number": "12"}, follow=True).content.decode()

    assert "这不是有效的电话号码" in page


def test_a_general_manager_reads_the_card_but_has_no_form(shop):
    task = shop.task()
    manager = shop.advisor("zongjingli", "周总")
    manager.assignments.update(role=Role.objects.create(code="gm", title="总经理", like="general_manager"))
    client = signed_in(manager)
    page = client.get(f"/tasks/{task.pk}/").content.decode()

    assert (task.customer.name in page, 'id="call-form"' in page, "data-reveal" in page) == (True, False, False)
    assert client.post(f"/tasks/{task.pk}/record/", sent(task)).status_code == 404


def test_why_is_told_in_the_card_and_on_a_page_of_its_own(shop, wang):
    task = shop.task()
    part = wang.get(f"/tasks/{task.pk}/why/", headers=HTMX).content.decode()
    page = wang.get(f"/tasks/{task.pk}/why/").content.decode()

    assert ("回访制度 v1" in part, "<html" in part, "<html" in page) == (True, False, True)


def test_call_back_chips_lie_ahead(shop, wang):
    page = wang.get(f"/tasks/{shop.task().pk}/").content.decode()

    assert [value in page for value in ("2026-03-02T10:30", "2026-03-02T15:00", "2026-03-03T10:00")] == [True] * 3


def test_a_promised_call_back_waits_for_its_moment_and_then_comes_first(shop, wang, clock_at):
    later, promised = shop.task(closes_at=day_start(MONDAY)), shop.task(closes_at=day_start(MONDAY + timedelta(9)))
    wang.post(
        f"/tasks/{promised.pk}/record/", sent(promised, outcome="call_back", call_back_at="2026-03-02T10:30")
    )  # fmt: skip
    before = wang.get("/").content.decode()
    clock_at("2026-03-02T10:30+08:00")
    after = signed_in(shop.wang).get("/").content.decode()

    assert f'hx-get="/tasks/{later.pk}/" hx-trigger="load"' in before
    assert f'hx-get="/tasks/{promised.pk}/" hx-trigger="load"' in after


def test_a_save_says_what_the_record_still_lacks(shop, wang):
    task = shop.task()
    form = sent(task, outcome="reached") | {"answer.css": "96"}
    page = wang.post(f"/tasks/{task.pk}/record/", form, headers=HTMX).content.decode()

    assert ("仍缺" in page, "未提及“极为满意”" in page, "“css”的原因" in page) == (True, True, True)


def test_what_is_known_of_the_customer_comes_after_the_form_and_without_a_script_with_it(shop):
    task, client = shop.task(), signed_in(shop.wang)
    form = client.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()
    assert ('id="call-form"' in form, f'hx-get="/tasks/{task.pk}/known/"' in form, 'id="known-history"' in form) == (
        True, True, False,
    )  # fmt: skip
    assert 'id="known-history"' in client.get(f"/tasks/{task.pk}/known/", headers=HTMX).content.decode()
    for path in (f"/tasks/{task.pk}/", f"/tasks/{task.pk}/known/"):
        page = client.get(path).content.decode()
        assert ('id="call-form"' in page, 'id="known-history"' in page) == (True, True)
