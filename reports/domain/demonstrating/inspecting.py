"""Inspections of the demo company: scored a few a day, replied to, appealed, published; the newest one waits."""

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
LEFT: Final = 4  # of the newest inspection of each card so many wait to be scored by the visitor, and one appeal
INSPECTORS: Final = ("wangfang", "lina", "sunli", "zhoujie")
NOTES: Final = ("没有提到下次保养", "问题记得太简单", "说话快了一些")
REPLY, APPEAL = "记下了，下次改。", "客户当时在开车，我特意长话短说。"


def score(company: Company, on: date) -> None:
    """Let the inspectors score a few of what was drawn; when all is done and answered, publish the ranks."""
    now, dice = company.at(on, "09:20"), company.luck("inspect", on=on)
    for inspection in Inspection.objects.filter(published_at=None).order_by("pk"):
        is_newest = inspection.drawn_at >= company.at(company.today.replace(day=1), "00:00")
        if not is_newest:
            _answer(company, inspection, on, now)
        drawn = list(inspection.items.filter(state=InspectionState.DRAWN).order_by("pk"))
        for item in drawn[: min(A_DAY, max(len(drawn) - LEFT * is_newest, 0))]:
            _score(company, item, dice, now)
        if not is_newest:
            _publish(company, inspection, now)


def _score(company: Company, item: InspectionItem, dice: Random, now: datetime) -> None:
    by = next((one for one in _inspectors(company) if may_score(item, one, on=company.day(now))), None)
    if by is None:
        return
    given: dict[str, Fraction | None] = {}
    missed: dict[str, str] = {}
    for spec in card_of(item.inspection).items():
        given[spec.code] = most = Fraction(int(spec.max or 1))
        if dice.random() > 0.88:
            given[spec.code], missed[spec.code] = most - 1, dice.choice(NOTES)
    try:
        with transaction.atomic():
            scored = write_down(item, Scores(given, missed), actor=by, now=now)
            if missed and item.second_of_id is None and scored.employee is not None and dice.random() < 0.6:
                replied = item.inspection.items.filter(replied_at__isnull=False)
                appeal = replied.exists() and not replied.filter(state=InspectionState.APPEALED).exists()
                reply(scored, APPEAL if appeal else REPLY, appeal=appeal, actor=scored.employee, now=now)
    except CannotScore:
        return


def _answer(company: Company, inspection: Inspection, on: date, now: datetime) -> None:
    """Answer the appeals of the days before: the points stand."""
    for item in inspection.items.filter(state=InspectionState.APPEALED).order_by("pk"):
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
