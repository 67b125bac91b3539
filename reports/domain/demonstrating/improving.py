"""Improvement actions of the demo company: begun, carried out, checked; one is overdue today."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from reports.choices import ActionState
from reports.domain.improving import deeds
from reports.models import ImprovementAction
from visits.domain.demonstrating.scene import Company

# Days before today: title, cause, measure, owner, days until it is due.
BEGUN: Final = (
    (40, "电话里忘提回访用语", "抽查十通电话，三通没有说到", "晨会每天两人对练开场白，组长听一通", "zhangwei", 10),
    (26, "客户反映等待时间长", "回访记录里同一周出现五次", "预约客户专用工位，超时主管到场说明", "hejun", 14),
    (9, "日报漏写整改结果", "一周三份日报被退回", "交报前先看红色行，组长每晚检查一遍", "zhangwei", 7),
)
RESULT: Final = "已按措施执行两周，组长每天抽查"
EFFECT: Final = "复查十通电话，全部做到"


def improve(company: Company, on: date) -> None:
    """Begin what is to begin on that day, and bring older actions to their end."""
    now, earliest = company.at(on, "09:50"), max(company.days - 1, 1)
    for ago, title, cause, measure, owner, lasts in BEGUN:
        if min(ago, earliest) != company.ago(on):
            continue
        plan = deeds.Plan(
            title=title, cause=cause, measure=measure, owner=company.person(owner), due_on=on + timedelta(lasts),
            check_on=on + timedelta(lasts + 7),
        )  # fmt: skip
        _try(partial(deeds.begin, plan, by=company.person("wangfang"), now=now))
    _bring_on(company, on, now)


def _bring_on(company: Company, on: date, now: datetime) -> None:
    waiting = ImprovementAction.objects.select_related("owner").order_by("pk")
    for action in waiting.filter(state=ActionState.OPEN, due_on=on)[:1]:
        if company.ago(on) > 5:  # the last one is left for the visitor, overdue
            _try(partial(deeds.carry_out, action, RESULT, by=action.owner, now=now))
    for action in waiting.filter(state=ActionState.DONE, check_on=on):
        _try(partial(deeds.check_effect, action, EFFECT, holds=True, by=company.person("wangfang"), now=now))


def _try(deed: Callable[[], object]) -> None:
    """Do it, unless the program says no."""
    try:
        with transaction.atomic():
            deed()
    except deeds.CannotImprove:
        return
