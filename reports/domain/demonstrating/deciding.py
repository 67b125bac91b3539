"""What becomes of violations in the demo company: confirmed, waived, appealed, decided; months are closed."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Min, Q

from staff.choices import ConductKind, Liability, MeasureState, ViolationDeed, ViolationState
from staff.domain.conduct import carrying_out, choosing, closing, deciding, noticing
from staff.domain.conduct.refusing import Refused
from staff.domain.conduct.rights import Rights
from staff.domain.conduct.rules import rule_of
from staff.models import Employee, LedgerEntry, Measure, MonthClose, Violation, ViolationStep
from visits.domain.demonstrating.scene import Company

OPEN_DAYS: Final = 2  # what came up on the last days still waits for the visitor
CLOSES_ON: Final = 3  # the day of the month on which the one before is closed
BOSS: Final = "zhoujie"
DECIDERS: Final = ("wangfang", "zhangwei", "hejun", BOSS)
WAIVED: Final = ("客户来电说明是他改了时间", "当天系统升级，录音没有传上来", "已当面核实，情有可原")
TAUGHT: Final = {"retraining": "已参加电话沟通复训", "interview": "已面谈，商定每天留一小时打电话"}
APPEALED_ON: Final = (1, 8, 15, 29)  # days before today on which somebody appeals for sure; the last one waits
APPEALS: Final = ("录音里说了，系统没有识别出来", "客户自己要求改到下周，我登记晚了", "那天我在做另一位客户的上门")


def decide(company: Company, on: date) -> None:
    """Let managers decide what has waited since the day before, and let some people appeal."""
    now, dice = company.at(on, "09:12"), company.luck("decide", on=on)
    _decide_appeals(company, on, now)
    # Who answers jointly is decided with the deed itself, but for one's own: that is left to somebody above.
    decided_alone = Q(liability=Liability.PRIMARY) | ~Q(primary__state=ViolationState.PROPOSED)
    waiting = Violation.objects.filter(decided_alone, state=ViolationState.PROPOSED)
    if company.ago(on) <= OPEN_DAYS:
        waiting = waiting.filter(occurred_on__lt=on - timedelta(OPEN_DAYS))
    for violation in waiting.select_related("release__policy", "employee").order_by("occurred_on", "pk"):
        chance, why = dice.random(), dice.choice(WAIVED)
        by = _decider(company, violation, on)
        if by is None or (chance > 0.92 and violation.kind == ConductKind.PENALTY and _waive(violation, by, now, why)):
            continue
        _confirm(violation, by, now)
    _appeal(company, on)
    _train(company, on)


def close_a_month(company: Company, on: date) -> None:
    """Close the month before, with its notice, on its day, or on the last day that is lived where that comes first."""
    last = on.replace(day=1) - timedelta(1)
    month = f"{last:%Y-%m}"
    ends = on.day == CLOSES_ON or (company.ago(on) == 1 and on.day < CLOSES_ON)
    begun = LedgerEntry.objects.aggregate(first=Min("occurred_on"))["first"]
    if not ends or begun is None or begun > last or MonthClose.objects.filter(period=month).exists():
        return
    now, boss = company.at(on, "09:30"), company.person(BOSS)
    with transaction.atomic():
        closed = closing.close_month(month, actor=boss, now=now)
        closing.settle(month, actor=boss, now=now + timedelta(minutes=20))
        noticing.publish(closed, actor=boss, now=now + timedelta(minutes=25))


def _decider(company: Company, violation: Violation, on: date) -> Employee | None:
    for name in DECIDERS:
        person = company.person(name)
        if person.pk != violation.employee_id and Rights(person, on).may_confirm(violation):
            return person
    return None


def _confirm(violation: Violation, by: Employee, now: datetime) -> None:
    """Confirm it; where the clause leaves the amount open, its lower end."""
    bounds = choosing.bounds(rule_of(violation))
    try:
        deciding.confirm(violation, actor=by, now=now, amount=bounds[0] if bounds else None, text="属实")
    except Refused:
        return


def _waive(violation: Violation, by: Employee, now: datetime, why: str) -> bool:
    try:
        deciding.waive(violation, actor=by, now=now, text=why)
    except Refused:
        return False
    return True


def _appeal(company: Company, on: date) -> None:
    """Let one in twenty of the last decisions be appealed; on some days there is one for certain."""
    now, dice = company.at(on, "09:40"), company.luck("appeal", on=on)
    since = now - timedelta(days=6)  # within the seven days in which one may appeal
    own = Violation.objects.filter(
        state=ViolationState.CONFIRMED, liability=Liability.PRIMARY, kind=ConductKind.PENALTY, amount__gt=0,
        decided_at__gte=since,
    )  # fmt: skip
    sure = company.ago(on) in APPEALED_ON
    for violation in own.select_related("employee").order_by("-decided_at", "-pk")[:12]:
        if not sure and dice.random() > 0.05:
            continue
        try:
            deciding.appeal(violation, actor=violation.employee, now=now, text=dice.choice(APPEALS))
        except Refused:
            continue
        sure = False


def _decide_appeals(company: Company, on: date, now: datetime) -> None:
    """Let the general manager decide what was appealed two days ago; every other one was right."""
    boss = company.person(BOSS)
    if company.ago(on) <= 1:
        return
    decided = ViolationStep.objects.filter(deed__in=(ViolationDeed.UPHELD, ViolationDeed.REVERSED)).count()
    for place, violation in enumerate(Violation.objects.filter(state=ViolationState.APPEALED).order_by("pk"), decided):
        uphold = place % 2 == 0
        why = "听过录音，事实清楚" if uphold else "申诉属实，予以撤销"
        try:
            deciding.decide_appeal(violation, uphold=uphold, actor=boss, now=now, text=why)
        except Refused:
            continue


def _train(company: Company, on: date) -> None:
    """Let every other open training or interview of a week ago take place; those of the last week wait."""
    now = company.at(on, "09:45")
    due = Measure.objects.filter(state=MeasureState.OPEN, what__in=TAUGHT, made_at__lt=now - timedelta(days=5))
    for measure in list(due.order_by("pk"))[::2] if company.ago(on) > 6 else ():
        try:
            carrying_out.close(measure, actor=company.person(BOSS), now=now, text=TAUGHT[measure.what])
        except Refused:
            continue
