"""What happens in the offices of the demo company: papers signed, tests passed and failed, leave, somebody who goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from config.clock import local_day
from staff.choices import LeaveKind, TrainingWay
from staff.domain import leave, notifying, people, qualifying
from staff.domain.qualifying import Training
from staff.models import Employee, LeaveRequest, Notification, TrainingRecord
from visits.domain.demonstrating.cast import ADVISORS, COLLEAGUES, NEWCOMER
from visits.domain.demonstrating.scene import Company, luck

SUPERVISORS: Final = ("lina", "sunli")
FAILED: Final = "xuyan"  # the test, the first time
MANAGERS: Final = {username: manager for username, _name, _role, _branch, _unit, manager in COLLEAGUES}


def sign_papers(company: Company, now: datetime) -> None:
    """Let everybody sign the paper without which no customer is shown, but the one who has only just come."""
    for person in Employee.objects.filter(is_active=True).exclude(username=NEWCOMER).order_by("pk"):
        qualifying.sign(person, "confidentiality", now=now)


def hold_test(company: Company, now: datetime) -> None:
    """Enter the test of this year: most pass, one fails, the newcomer was not there."""
    for advisor in _advisors(company):
        score = 71 if advisor.username == FAILED else luck("test", advisor.username).randint(82, 98)
        _enter(company, advisor, "phone-manners", TrainingWay.TEST, now, score=score)


def hold_test_again(company: Company, now: datetime) -> None:
    """Let the one who failed pass, and take back an entry that was meant for somebody else."""
    _enter(company, company.person(FAILED), "phone-manners", TrainingWay.TEST, now, score=86)
    wrong = TrainingRecord.objects.filter(employee=company.person("luchao"), code="phone-manners", revoked_at=None)
    if record := wrong.first():
        qualifying.revoke(record, actor=_head(company, record.employee), now=now)
        _enter(company, record.employee, "phone-manners", TrainingWay.TEST, now, score=88)


def train(company: Company, now: datetime) -> None:
    """Teach how to talk to dissatisfied customers: half of the people in class, a few by simulated calls."""
    present = [person for place, person in enumerate(_advisors(company)) if place % 3]
    for place, person in enumerate([*present, *map(company.person, SUPERVISORS)]):
        way = TrainingWay.CLASS if place % 2 else TrainingWay.SIMULATION
        _enter(company, person, "difficult-calls", way, now)


def _enter(
    company: Company, person: Employee, code: str, way: TrainingWay, now: datetime, *, score: int | None = None
) -> None:
    told = Training(code, local_day(now), way, None if score is None else Decimal(score))
    qualifying.enter_training(person, told, actor=_head(company, person), now=now)


def _advisors(company: Company) -> list[Employee]:
    return [company.person(name) for shop in ADVISORS.values() for name in shop if name != NEWCOMER]


def _head(company: Company, person: Employee) -> Employee:
    return company.person("zhoujie" if person.username in SUPERVISORS else "hejun" if _is_west(person) else "zhangwei")


def _is_west(person: Employee) -> bool:
    return MANAGERS.get(person.username) == "hejun"


@dataclass(frozen=True)
class Off:
    """One request for leave: whose, why, its days counted from today, who stands in, what became of it."""

    who: str
    kind: LeaveKind
    first: int
    last: int
    deputy: str = ""
    verdict: str = ""  # granted, refused, withdrawn; nothing: it waits
    reason: str = ""


# By how many days before today they were asked for.
REQUESTS: Final[dict[int, tuple[Off, ...]]] = {
    50: (Off("wanglei", LeaveKind.ANNUAL, -44, -40, "guoting", "granted", "回老家"),),
    33: (
        Off("fanxue", LeaveKind.SICK, -33, -31, "songyu", "granted", "发烧"),
        Off("luchao", LeaveKind.PERSONAL, -27, -26, "", "refused", "搬家"),
    ),
    20: (Off("zhaomin", LeaveKind.TRAINING, -16, -15, "chenjing", "granted", "厂家服务顾问认证"),),
    9: (
        Off("guoting", LeaveKind.ANNUAL, -2, 2, "wanglei", "granted", "探亲"),
        Off("dengkai", LeaveKind.PERSONAL, -1, -1, "", "withdrawn", "原定体检，改期"),
    ),
    4: (
        Off("chenjing", LeaveKind.ANNUAL, 6, 10, "liuyang", "granted", "年假"),
        Off("lina", LeaveKind.TRIP, 8, 9, "sunli", "granted", "总部客服会议"),
    ),
    1: (
        Off("liuyang", LeaveKind.PERSONAL, 12, 12, "zhaomin", "", "孩子家长会"),
        Off("xuyan", LeaveKind.ANNUAL, 14, 18, "wanglei", "", "旅行"),
        Off("huangli", LeaveKind.OTHER, 5, 5, "songyu", "", "驾照年审"),
    ),
}  # fmt: skip


def ask_for_leave(ago: int) -> Callable[[Company, datetime], None]:
    """Return what asks for the leave of that day, and decides on it where it was decided."""

    def ask(company: Company, now: datetime) -> None:
        for off in REQUESTS[ago]:
            _ask(company, off, now)

    return ask


def _ask(company: Company, off: Off, now: datetime) -> None:
    person, today = company.person(off.who), company.today
    deputy = company.person(off.deputy) if off.deputy else None
    wish = leave.Wish(off.kind, today + timedelta(off.first), today + timedelta(off.last), deputy, off.reason)
    request = leave.ask(person, wish, now=now)
    head = company.person(MANAGERS.get(off.who, "wangfang" if off.who in SUPERVISORS else "zhangwei"))
    _decide(request, off.verdict, head, person, now + timedelta(minutes=50))


def _decide(request: LeaveRequest, verdict: str, head: Employee, person: Employee, now: datetime) -> None:
    match verdict:
        case "granted":
            leave.decide(request, grant=True, actor=head, now=now)
        case "refused":
            leave.decide(request, grant=False, actor=head, now=now, remark="这两天店庆，人手不够，请改到下周")
        case "withdrawn":
            leave.withdraw(request, actor=person, now=now)


def give_notice(company: Company, now: datetime) -> None:
    """Let one advisor go in nine days: her work will go to a colleague, and the list of people says so already."""
    leaver, heir = company.person("songyu"), company.person("dengkai")
    last = local_day(now) + timedelta(12)
    people.resign(leaver, hand_over_to=heir, left_on=last, actor=company.person("hejun"), now=now)


def part_with(company: Company, now: datetime) -> None:
    """Let the thirteenth advisor go today; the colleague at the next desk takes over."""
    leaver, heir = company.person("machao"), company.person("wanglei")
    people.resign(leaver, hand_over_to=heir, left_on=local_day(now), actor=company.person("zhangwei"), now=now)


def set_capacities(company: Company, now: datetime) -> None:
    """Note how many visits people can make in a day, where it is not what everybody can."""
    for username, capacity in (("xuyan", 40), (NEWCOMER, 15), ("zhangwei", 5), ("hejun", 5), ("wangfang", 10)):
        head = "zhoujie" if username in ("zhangwei", "hejun", "wangfang") else MANAGERS[username]
        people.set_capacity(company.person(username), capacity, actor=company.person(head), now=now)


def read_mail(company: Company, now: datetime) -> None:
    """Let everybody read what rang before yesterday: a bell with three hundred unread lines rings for nobody."""
    old = Notification.objects.filter(read_at=None, created_at__lt=now - timedelta(hours=20))
    for person in Employee.objects.filter(pk__in=old.values("recipient")).order_by("pk"):
        ids = list(old.filter(recipient=person).values_list("pk", flat=True))
        notifying.mark_read(person, now=now, ids=ids)
