"""Inspections of the demo company: what was drawn is scored, a few a day; one reply, one appeal; then published."""

from datetime import date, datetime
from fractions import Fraction
from random import Random
from typing import Final

from django.db import transaction

from reports.choices import InspectionState
from reports.domain.inspecting.cards import card_of
from reports.domain.inspecting.publishing import CannotPublish, publish
from reports.domain.inspecting.scoring import CannotScore, Scores, decide, may_decide, may_score, reply
from reports.domain.inspecting.scoring import score as write_down
from reports.models import Inspection, InspectionItem
from staff.models import Employee
from visits.domain.demonstrating.scene import Company

A_DAY: Final = 8
INSPECTORS: Final = ("wangfang", "lina", "sunli", "zhoujie")
NOTES: Final = ("没有提到下次保养", "问题记得太简单", "说话快了一些")
REPLY, APPEAL = "记下了，下次改。", "客户当时在开车，我特意长话短说。"


def score(company: Company, on: date) -> None:
    """Let the inspectors score a few of what was drawn; when all is done and answered, publish the ranks."""
    now, dice = company.at(on, "09:20"), company.luck("inspect", on=on)
    if company.ago(on) > 1:
        _answer(company, on, now)
    for inspection in Inspection.objects.filter(published_at=None).order_by("pk"):
        drawn = inspection.items.filter(state=InspectionState.DRAWN).order_by("pk")
        for item in drawn[:A_DAY]:
            _score(company, item, dice, now)
        _publish(company, inspection, now)


def _score(company: Company, item: InspectionItem, dice: Random, now: datetime) -> None:
    by = next((one for one in _inspectors(company) if may_score(item, one, on=company.day(now))), None)
    if by is None:
        return
    given: dict[str, Fraction | None] = {}
    for spec in card_of(item.inspection).items():
        most = int(spec.max or 1)
        given[spec.code] = Fraction(most if dice.random() < 0.9 else max(most - 1, 0))
    missed = {code: dice.choice(NOTES) for code, points in given.items() if points == 0}
    try:
        with transaction.atomic():
            scored = write_down(item, Scores(given, missed), actor=by, now=now)
            if missed and item.second_of_id is None and scored.employee is not None and dice.random() < 0.5:
                appeal = dice.random() < 0.3
                reply(scored, APPEAL if appeal else REPLY, appeal=appeal, actor=scored.employee, now=now)
    except CannotScore:
        return


def _answer(company: Company, on: date, now: datetime) -> None:
    """Answer the appeals of the days before: the points stand."""
    for item in InspectionItem.objects.filter(state=InspectionState.APPEALED).order_by("pk"):
        by = next((one for one in _inspectors(company) if may_decide(item, one, on=on)), None)
        if by is None:
            continue
        try:
            decide(item, "听过录音，维持原来的评分。", scores=None, actor=by, now=now)
        except CannotScore:
            continue


def _publish(company: Company, inspection: Inspection, now: datetime) -> None:
    try:
        with transaction.atomic():
            publish(inspection, actor=company.person(INSPECTORS[0]), now=now)
    except CannotPublish:
        return


def _inspectors(company: Company) -> list[Employee]:
    return [company.person(name) for name in INSPECTORS]
