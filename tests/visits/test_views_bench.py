"""Around the call: the line of the day, finding and skipping, what has joined the queue, who holds the task."""

import re
from datetime import timedelta

import pytest

from staff.models import Role, RoleAssignment
from tests.visits.calls import MONDAY, Shop, at, day_start, fresh
from tests.visits.desk import HTMX, sent, signed_in
from visits.choices import TaskStatus
from visits.models import VisitTask


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop()


@pytest.fixture
def wang(shop):
    return signed_in(shop.wang)


def text(answer):
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows(answer):
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', answer.content.decode())]


def news(client, *shown, **query):
    return client.get("/queue/news/", {"shown": ",".join(map(str, shown)), **query}, headers=HTMX)


def test_the_line_of_the_day_counts_what_is_settled_overdue_and_promised(shop, wang):
    shop.task(opens_at=day_start(MONDAY - timedelta(3)), closes_at=day_start(MONDAY))
    shop.task(shop.customer("黄志强"), call_back_at=at("09:45"), next_attempt_at=at("09:45"))
    done = shop.task()
    wang.post(f"/tasks/{done.pk}/record/", sent(done, outcome="refused"))
    page = text(wang.get("/"))

    assert "今日 1/3" in page and "拨打 1" in page and "逾期 1" in page
    assert re.search(r"回拨 今天 09:45 黄志强 15 分钟后", page)


def test_a_promise_that_is_late_says_by_how_much(shop, wang):
    shop.task(call_back_at=at("09:20"), next_attempt_at=at("09:20"))

    assert "已晚 10 分钟" in text(wang.get("/"))


def test_those_who_give_tasks_to_others_see_what_waits_to_be_assigned(shop, wang):
    shop.task(assignee=None, role="")
    shop.task(assignee=None, role="service_advisor")
    assert "待指定" not in text(wang.get("/"))
    role = Role.objects.create(code="quality_manager", title="质量经理", like="quality_manager")
    RoleAssignment.objects.create(employee=shop.li, role=role, from_on=MONDAY)
    manager = signed_in(shop.li)

    assert "待指定 1" in text(manager.get("/"))
    assert text(manager.get("/tasks/?who=named")).count("陈先生") == 1


def test_a_skip_leads_on_to_the_next_call_and_says_how_many_there_were(shop, wang):
    first, second = shop.task(closes_at=day_start(MONDAY)), shop.task()
    answer = wang.post(f"/tasks/{first.pk}/skip/", {"skip": "moment"}, headers=HTMX)

    assert (answer.status_code, answer["HX-Push-Url"]) == (200, f"/tasks/{second.pk}/")
    assert "今天第 1 次跳过，上限 10 次" in text(answer)
    assert rows(answer) == [second.pk, first.pk]
    assert fresh(second).leased_by == shop.wang
    assert "王芳 今天 09:30 跳过：客户此刻不方便" in text(wang.get(f"/tasks/{first.pk}/"))


def test_a_refused_skip_leaves_the_card_alone_and_says_why(shop, wang):
    task = shop.task()
    answer = wang.post(f"/tasks/{task.pk}/skip/", {"skip": "other", "skip_note": ""}, headers=HTMX)

    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert "请简单写明跳过的原因" in text(answer)
    assert 'id="card"' not in answer.content.decode()
    assert wang.post(f"/tasks/{task.pk}/skip/", {"skip": ""})["Location"] == f"/tasks/{task.pk}/"
    assert fresh(task).skipped_at is None


def test_somebody_elses_task_can_be_skipped_by_nobody_else(shop, wang):
    hidden = shop.task(assignee=shop.li, branch=None)

    assert wang.post(f"/tasks/{hidden.pk}/skip/", {"skip": "moment"}, headers=HTMX).status_code == 404
    assert (
        "data-skip>" not in wang.get(f"/tasks/{shop.task(assignee=None, role='service_advisor').pk}/").content.decode()
    )


def test_the_rows_alone_answer_a_search_and_the_whole_page_without_a_script(shop, wang):
    found, other = shop.task(shop.customer("林晓燕")), shop.task()
    alone = wang.get("/?q=林晓", headers=HTMX | {"HX-Target": "queue-rows"})

    assert (rows(alone), "<html" in alone.content.decode()) == ([found.pk], False)
    whole = wang.get("/?q=林晓")
    assert (rows(whole), 'value="林晓"' in whole.content.decode()) == ([found.pk], True)
    assert "您的待办任务中没有匹配的客户" in text(wang.get("/?q=没有"))
    assert other.pk in rows(wang.get("/"))


def test_whoever_was_called_today_is_found_again(shop, wang):
    task = shop.task(shop.customer("林晓燕"))
    assert "您今天还没有拨打过电话" in text(wang.get("/?pile=done"))
    wang.post(f"/tasks/{task.pk}/record/", sent(task))
    page = wang.get("/?pile=done")

    assert (rows(page), "林晓燕" in text(page), "09:29 无人接听" in text(page)) == ([task.pk], True, True)


def test_news_count_what_joined_and_bring_no_rows(shop, wang):
    seen = shop.task()
    urgent = shop.task(closes_at=day_start(MONDAY), opens_at=day_start(MONDAY - timedelta(2)))
    answer = news(wang, seen.pk)

    assert "1 个新任务" in text(answer) and rows(answer) == []
    assert "逾期 1" in text(answer)
    assert "个新任务" not in text(news(wang, seen.pk, urgent.pk))


def test_of_a_full_screen_only_what_goes_before_its_rows_is_new(shop, wang):
    tasks = [shop.task() for _number in range(51)]
    full = [task.pk for task in tasks[:50]]
    VisitTask.objects.filter(pk=full[0]).update(status=TaskStatus.DONE)
    assert "个新任务" not in text(news(wang, *full))
    VisitTask.objects.filter(pk=tasks[50].pk).update(priority=90)
    assert "1 个新任务" in text(news(wang, *full))


@pytest.mark.parametrize("shown", ["", "x", "1,,²", "9" * 40])
def test_news_of_nonsense_are_no_error(shop, wang, shown):
    shop.task()

    assert wang.get("/queue/news/", {"shown": shown}, headers=HTMX).status_code == 200
    assert wang.get("/queue/news/")["Location"] == "/"


def test_the_hold_says_who_has_the_task_and_that_it_is_settled(shop, wang):
    shared = shop.task(assignee=None, role="service_advisor", leased_by=shop.li, leased_until=at("09:40"))
    assert "李强 正在处理，占用至 09:40" in text(wang.post(f"/tasks/{shared.pk}/lease/", headers=HTMX))
    VisitTask.objects.filter(pk=shared.pk).update(status=TaskStatus.DONE, leased_until=None)
    assert "该回访已结束" in text(wang.post(f"/tasks/{shared.pk}/lease/", headers=HTMX))


def test_without_a_call_the_page_says_what_comes_next(shop, wang):
    shop.task(call_back_at=at("14:30"), next_attempt_at=at("14:30"))
    shop.task(next_attempt_at=at("15:10"))
    for _number in range(2):
        shop.task(
            status=TaskStatus.PLANNED,
            opens_at=day_start(MONDAY + timedelta(1)),
            closes_at=day_start(MONDAY + timedelta(2)),
        )
    page = text(wang.get("/"))

    assert "下一个承诺回拨：今天 14:30。" in page
    assert "今天 15:10" in page
    assert "2026-03-03 周二 将有 2 个回访开始。" in page


def test_the_whole_page_stands_in_eight_queries_for_those_who_share_tasks_out_too(shop, django_assert_max_num_queries):
    role = Role.objects.create(code="quality_manager", title="质量经理", like="quality_manager")
    RoleAssignment.objects.create(employee=shop.wang, role=role, from_on=MONDAY)
    wang = signed_in(shop.wang)
    shop.task(call_back_at=at("09:00"), next_attempt_at=at("09:00"))
    shop.task(assignee=None, role="")
    with django_assert_max_num_queries(8):
        wang.get("/")


@pytest.mark.parametrize("address", ["/?pile=done", "/?q=没有", "/?pile=overdue"])
def test_beside_a_narrowed_list_without_rows_the_next_call_is_open_all_the_same(shop, wang, address):
    task = shop.task()
    page = wang.get(address).content.decode()

    assert f'hx-get="/tasks/{task.pk}/" hx-trigger="load"' in page


def test_a_promise_of_another_day_names_its_day(shop, wang):
    shop.task(call_back_at=at("2026-02-27 09:26"), next_attempt_at=at("2026-02-27 09:26"))

    assert "02-27 09:26" in text(wang.get("/"))
