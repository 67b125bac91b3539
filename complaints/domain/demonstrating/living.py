"""What a day of the demo company brings to its cases; called by the days themselves, by the program's own doors."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from complaints.choices import WORKED, CaseState
from complaints.domain import books, entering
from complaints.domain.demonstrating import deeds
from complaints.domain.demonstrating.stories import STORIES, Story
from complaints.domain.linking import make_link
from complaints.domain.registering import Told, register
from complaints.models import Case, IntakeLink
from staff.models import Branch
from visits.domain.demonstrating.scene import Company
from visits.models import Customer, ServiceEvent

FIRST_TOLD: Final = "08:25"
REGISTERED_AT: Final = "09:25"
CALLS: Final = (
    ("陈女士", "预约", "周六上午保养，已排九点", "已发预约短信"),
    ("保险公司", "查进度", "浙C 牌照的钣金车什么时候好", "周四下午交车，已告知"),
    ("李先生", "问价格", "四条轮胎加动平衡多少钱", ""),
)
SOLUTIONS: Final = ("已上门道歉并说明原因", "返修完成，客户试车认可", "按保修重新更换")
CAUSES: Final = ("交接时没有说清楚", "配件有瑕疵", "工序漏做一项")
EACH_CALLS_DAYS: Final = 2
PACE: Final = 16  # minutes between the deeds of one day about a case


def begin_day(company: Company, on: date) -> None:
    """Let what customers tell that morning be registered, and older cases go on."""
    now = company.at(on, REGISTERED_AT)
    if company.has_come(now) and not IntakeLink.objects.exists():
        _lay_out(company, now)
    for number, story in enumerate(STORIES):
        began = _began(company, story)
        if company.ago(on) == began and company.has_come(now):
            with deeds.attempt():
                _tell(company, story, number, on, now)
        for deed, moment in _due(company, story, on, began):
            case = Case.objects.filter(reference=story.key).first()
            if case is not None:
                with deeds.attempt():
                    deed(company, case, moment)
    if (company.ago(on) == 1 or company.ago(on) % EACH_CALLS_DAYS == 0) and company.has_come(company.at(on, "10:05")):
        _enter(company, on)


def _lay_out(company: Company, now: datetime) -> None:
    """Put the square code of the public form on the counter."""
    branch, by = Branch.objects.order_by("pk").first(), company.person("lina")
    if branch is not None:
        make_link(title=f"{branch.name} 服务前台", types=(), branch=branch, department=None, by=by, now=now)


def end_day(company: Company, on: date) -> None:
    """Let whoever handles a case that a call has brought work on it; what is new today is mostly left to a visitor."""
    now = company.at(on, "17:20")
    if not company.has_come(now) or company.ago(on) == 0:
        return
    for case in Case.objects.filter(reference="", state__in=(*WORKED, CaseState.RESOLVED)).order_by("pk"):
        if case.handler is not None:
            with deeds.attempt():
                _work_on(company, case, on, now)


def _began(company: Company, story: Story) -> int:
    """Return how many days before today a story begins; in a young company the older ones on its first day."""
    return max(min(story.ago, max(company.days - 1, 0)), _reached(company, story))


def _reached(company: Company, story: Story) -> int:
    """Return the last day that has room for all of a story: yesterday, where the visitor comes before it is over."""
    return 0 if company.has_come(_moment(company, story, company.today, len(story.then) - 1)) else 1


def _moment(company: Company, story: Story, on: date, place: int) -> datetime:
    """Return when that deed of a story is done, on a day: one after the other, each story a minute later."""
    minutes = STORIES.index(story) + PACE * place
    return company.at(on, "09:31") + timedelta(minutes=minutes) if place >= 0 else company.at(on, REGISTERED_AT)


def _due(company: Company, story: Story, on: date, began: int) -> Iterator[tuple[deeds.Deed, datetime]]:
    """Yield the deeds of that day, one after the other; what would lie ahead is done on the last day that has come."""
    last = _reached(company, story)
    for place, (after, deed) in enumerate(story.then):
        if max(began - after, last) == company.ago(on):
            yield deed, _moment(company, story, on, place)


def _tell(company: Company, story: Story, number: int, on: date, now: datetime) -> None:
    customer = None if story.exemption else _customer(story, number)
    orders = ServiceEvent.objects.orders().filter(customer=customer).order_by("-happened_at", "-pk")
    event = orders.first() if customer else None
    branch = event.branch if event else Branch.objects.order_by("pk").first()
    told = Told(
        **story.facts(), opened_at=company.at(on, FIRST_TOLD) + timedelta(minutes=2 * number),
        customer=customer, event=event,
        vehicle=event.vehicle if event else None, branch=branch, department=event.department if event else None,
        reference=story.key,
    )  # fmt: skip
    register(told, by=company.person(story.by), now=now)


def _customer(story: Story, number: int) -> Customer | None:
    """Return who tells it: somebody who was served by the branch, or the customer of the story that it repeats."""
    if story.whose:
        return Case.objects.get(reference=story.whose).customer
    served = Customer.objects.filter(merged_into=None, pk__in=ServiceEvent.objects.orders().values("customer"))
    found = list(served.order_by("pk").values_list("pk", flat=True))
    return Customer.objects.get(pk=found[(7 * number + 3) % len(found)]) if found else None


def _work_on(company: Company, case: Case, on: date, now: datetime) -> None:
    dice, ago = company.luck("case", case.number, on=on), company.ago(on)
    if ago <= 1 and dice.random() < 0.6:
        return
    if case.state in (CaseState.REGISTERED, CaseState.ASSIGNED):
        deeds.reply("已与客户通话，了解了情况")(company, case, now)
    elif case.state == CaseState.IN_PROGRESS and dice.random() < 0.6:
        deeds.solve(dice.choice(CAUSES), dice.choice(SOLUTIONS))(company, case, now)
    elif case.state == CaseState.IN_PROGRESS:
        deeds.go_on("正在与车间核对", told=dice.random() < 0.5)(company, case, now)
    elif case.state == CaseState.RESOLVED:
        deeds.close("客户表示满意")(company, case, now)


def _enter(company: Company, on: date) -> None:
    """Write calls into the book of the front desk; the last one of the day waits for its answer."""
    clerk = company.person("lina")
    found = next(iter(books.offered(clerk, on=on)), None)
    if found is None:
        return
    for number, (caller, need, matter, answer) in enumerate(CALLS):
        at = company.at(on, "10:05") - timedelta(minutes=20 - 5 * number)
        values = {"caller": caller, "need": need, "matter": matter}
        with deeds.attempt():
            made = entering.enter(found, values, at=at, by=clerk, now=at)
            if answer:
                entering.close(made, found, answer, {}, by=clerk, now=at + timedelta(minutes=4 + number))
