"""What managers of the demo company do: follow-ups brought to their end, plans for many customers, files put right."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from config.packs.condition import Condition
from staff.domain.demo import BRANCH
from staff.models import Employee
from visits.choices import ChangeState, Channel, FollowUpKind, TaskStatus
from visits.domain.assigning.reassigning import reassign
from visits.domain.demonstrating.attempting import attempt
from visits.domain.demonstrating.cast import ADVISORS, COMPANIES
from visits.domain.demonstrating.scene import Company, luck, token
from visits.domain.demonstrating.words import DOUBTS, EXPLANATIONS, PROGRESS, REPAIRS_DONE, RESULTS, TOLD
from visits.domain.follow_up import handling
from visits.domain.obliging.listing import do_by_hand
from visits.domain.origin.campaigning import Plan, start
from visits.domain.origin.changing import change, decide
from visits.domain.origin.filtering import customers_of, save_filter
from visits.domain.origin.merging import merge, split
from visits.models import Customer, CustomerChange, FollowUpItem, Obligation, SavedFilter, VisitTask

BY_HAND: Final = (FollowUpKind.PROBLEM, FollowUpKind.QUESTION, FollowUpKind.RECOMMENDED_REPAIR, FollowUpKind.COMPLAINT)


def follow_up(company: Company, on: date) -> None:
    """Let the owners of follow-ups work on them: a word, a hand-over, an end; now and then it was not the end."""
    now, dice = company.at(on, "16:50"), company.luck("follow-up", on=on)
    for item in _waiting().filter(kind__in=BY_HAND):
        if (age := (now - item.opened_at).days) > 0:
            with attempt():
                _work_on(company, item, dice, now, age)
    for item in _waiting().filter(kind=FollowUpKind.RETURN_APPOINTMENT, due_on=on):
        if dice.random() < 0.6:
            with attempt():
                handling.note_arrival(item, arrived_on=on, by=_reception(company, item), now=now)


def _waiting() -> QuerySet[FollowUpItem]:
    return FollowUpItem.objects.waiting().select_related("owner", "record__advisor").order_by("pk")


def _work_on(company: Company, item: FollowUpItem, dice: random.Random, now: datetime, age: int) -> None:
    chance = dice.random()
    if chance < 0.14 + 0.03 * age:
        result = REPAIRS_DONE if item.kind == FollowUpKind.RECOMMENDED_REPAIR else RESULTS
        handling.settle(item, dice.choice(result), by=item.owner, now=now)
        if dice.random() < 0.03:
            handling.reopen(item, DOUBTS, by=item.owner, now=now)
    elif chance > 0.97 and item.kind == FollowUpKind.PROBLEM:
        handling.transfer(
            item, _colleague(company, item.owner), reason="客户住得近，请代为跟进", by=item.owner, now=now
        )
    elif chance > 0.955 and item.kind == FollowUpKind.PROBLEM:
        manager = company.person("zhangwei" if item.owner.username == "wangfang" else "wangfang")
        handling.withdraw(item, "与另一条记录重复", by=manager, now=now)
    elif chance > 0.6:
        told = dice.random() < 0.5
        handling.note_progress(
            item, dice.choice(TOLD if told else PROGRESS), told_customer=told, by=item.owner, now=now
        )


def _reception(company: Company, item: FollowUpItem) -> Employee:
    """Return who sees the car come in: never whoever has made the appointment."""
    made_by = {item.owner.username, item.record.advisor.username if item.record else ""}
    return company.person("lina" if "lina" not in made_by else "sunli")


def _colleague(company: Company, person: Employee) -> Employee:
    """Return whoever sits at the next desk of the same shop; for anybody else the supervisor of customer service."""
    for shop in ADVISORS.values():
        if person.username in shop:
            return company.person(shop[(shop.index(person.username) + 1) % (len(shop) - 1)])
    return company.person("lina")


def save_filters(company: Company, now: datetime) -> None:
    """Save the filters that plans are made from; one is shared with everybody."""
    wangfang, lina = company.person("wangfang"), company.person("lina")
    for name, by, shared, told in (
        ("近 90 天没来店", wangfang, True, [("last_order_days", ">", 90)]),
        ("消费 5000 元以上", wangfang, False, [("order_total", ">=", 5000)]),
        ("城东店老客户", lina, True, [("order_count", ">=", 2), ("last_order_days", "<=", 60)]),
        ("我的单位客户", company.person("liuyang"), False, [("company", "in", list(COMPANIES))]),
    ):  # fmt: skip
        when = [Condition(field=field, op=op, value=value) for field, op, value in told]
        save_filter(None, name=name, when=when, match="all", shared=shared, by=by, now=now)


def campaign(title: str, saved: str, *, lasts: int, most: int) -> Callable[[Company, datetime], None]:
    """Return what starts a plan of that title for customers of a saved filter, that lasts so many days."""

    def begin(company: Company, now: datetime) -> None:
        aim, content = CAMPAIGNS[title]
        by, on = company.person("wangfang"), company.day(now)
        kept = SavedFilter.objects.get(name=saved)
        chosen = list(customers_of(kept, by=by, on=on)[: 2 * most : 2])
        if chosen:
            plan = Plan(
                token(luck("campaign", title)), "campaign", title, aim, content, Channel.DESK_PHONE.value, on,
                on + timedelta(lasts), kept,
            )  # fmt: skip
            start(plan, chosen, by=by, now=now)

    return begin


CAMPAIGNS: Final = {
    "入冬用车关怀": (
        "提醒防冻液和电瓶检查，邀请免费检测",
        "先问候用车情况；介绍入冬免费检测 12 项；愿意来的直接约工位",
    ),
    "老客户满意度调查": ("了解老客户对今年服务的总体评价", "请客户按问卷打分，不满意的记下原因，次日由主管跟进"),
    "久未来店客户邀约": ("请三个月没有来店的客户回来做一次安全检查", "说明安全检查免费，不推销；约不到的问清原因"),
}


def explain(company: Company, on: date) -> None:
    """Let those who owe an explanation give it, most of them in time; what came up yesterday still waits."""
    now, dice = company.at(on, "11:30"), company.luck("explain", on=on)
    waiting = Obligation.objects.open().filter(
        deed="todo", anchor_at__lt=now - timedelta(days=1), employee__is_active=True
    )
    for owed in waiting.select_related("employee").order_by("pk"):
        note = dice.choice(EXPLANATIONS)
        if owed.employee is not None and dice.random() < 0.7:
            with attempt():
                do_by_hand(owed, note, by=owed.employee, now=now, on=on)


def propose_changes(company: Company, now: datetime) -> None:
    """Let advisors propose what a manager has to decide today: an address, a name, an interval of one's own."""
    told = ({"address": "瓯海区娄桥街道古岸路 22 号"}, {"name": "陈建国（车队）"}, {"visit_interval": "2m"})
    for name, change_ in zip(ADVISORS[BRANCH], told, strict=False):
        advisor = company.person(name)
        seen = Customer.objects.filter(events__advisor=advisor, merged_into=None, left_at=None).distinct()
        if customer := seen.order_by("-pk").first():
            change(customer, change_, by=advisor, now=now, reason="客户电话告知")


def decide_changes(company: Company, on: date) -> None:
    """Decide on what was proposed for customers' files the day before yesterday; later proposals still wait."""
    now, dice = company.at(on, "09:05"), company.luck("change", on=on)
    waiting = CustomerChange.objects.filter(state=ChangeState.PROPOSED, made_at__lt=now - timedelta(days=2))
    for row in waiting.order_by("pk"):
        good = dice.random() < 0.85
        reason = "" if good else "与行驶证地址不符，请再核实"
        decide(row, approve=good, by=company.person("wangfang"), now=now, reason=reason)


def merge_files(company: Company, now: datetime) -> None:
    """Make one file of two for three pairs of namesakes; the third turns out to be two people after all."""
    wangfang, pairs = company.person("wangfang"), _namesakes()[:3]
    for place, (customer, other) in enumerate(pairs, 1):
        with attempt():
            done = merge(customer, other, reason="同名同地址，电话确认是同一人", by=wangfang, now=now)
            if place == len(pairs):
                split(done, by=wangfang, now=now + timedelta(minutes=9))


def _namesakes() -> list[tuple[Customer, Customer]]:
    """Return pairs of customers of one name, each customer once."""
    first: dict[str, Customer] = {}
    pairs = []
    for customer in Customer.objects.filter(merged_into=None).exclude(name="").order_by("pk"):
        if other := first.pop(customer.name, None):
            pairs.append((other, customer))
        else:
            first[customer.name] = customer
    return pairs


def hand_around(company: Company, now: datetime) -> None:
    """Give a few open visits of somebody with too much to a colleague, and two back into the pool."""
    head = company.person("zhangwei")
    seen = VisitTask.objects.visible_to(head, on=company.day(now)).filter(status=TaskStatus.OPEN)
    tasks = list(seen.filter(assignee=company.person("chenjing")).distinct().order_by("pk")[:6])
    with attempt():
        reassign(tasks[:4], company.person("luchao"), actor=head, now=now, reason="分担一下，她手上还有投诉要处理")
        reassign(tasks[4:], None, actor=head, now=now, reason="等晨会再定")
