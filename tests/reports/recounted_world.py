"""What figures are made of, by lot: visits in writing, cases, reports, deeds and inspections, and what people hold."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import uuid4

from complaints.models import Case, CaseDeed, Compensation, Entry, WorkOrder
from reports.models import Inspection, InspectionItem, OwedReport
from staff.models import (
    Absence,
    Ballot,
    Employee,
    Posting,
    QualificationHeld,
    Release,
    RoleAssignment,
    Shift,
    Violation,
)
from tests.visits.world import SHANGHAI, at, branch, department, employee, event
from visits.models import FollowUpItem, Obligation, RecordTask, VisitRecord, VisitStep, VisitTask

OF_PEOPLE = """
[[kpi]]
code = "dear"
metric = "satisfaction_rate"
basis = "visited"
when = [{ field = "model", op = "==", value = "X5" }, { field = "css", op = ">=", value = 60 }]
[[kpi]]
code = "cheap-or-none"
metric = "completion_rate"
match = "any"
when = [{ field = "css", op = "<", value = 90 }, { field = "model", op = "!=", value = "X7" }]
[[kpi]]
code = "first-covered"
metric = "coverage_rate"
when = [{ field = "model", op = "in", value = ["X5", "X7"] }]
[[kpi]]
code = "of-the-second"
metric = "visit_count"
of = ["visit_rule:second"]
when = [{ field = "rule", op = "==", value = "second" }]
[[qualification]]
code = "paper"
[[qualification]]
code = "test"
roles = ["service_advisor"]
pass = 80
[[roster]]
code = "front"
role = "service_advisor"
cover = ["08:00-12:30", "20:00-07:00"]
at_least = 2
[[reward]]
code = "star"
metric = "votes"
voters = ["staff"]
top_n = 1
amount = 100
"""


def of_people(random: Random, release: Release) -> None:
    """Let people change, be elected, repair and be on duty in spring 2024."""
    people = list(Employee.objects.filter(username__in=("liu", "chen", "zhao")).order_by("pk"))
    gone = employee("gone", branch=branch(), left_on=date(2024, 5, 20), is_active=False)
    late = employee("late", branch=branch("西店"))
    RoleAssignment.objects.filter(employee=late).update(from_on=date(2024, 5, 10))
    desk = department("客服部", branch("西店"))
    Posting.objects.create(employee=people[0], department=desk, from_on=date(2024, 5, 15))
    for person in [*people, gone, late]:
        for code in random.sample(["paper", "test"], random.randrange(3)):
            since = date(2024, random.choice([1, 5]), 3)
            QualificationHeld.objects.create(
                employee=person, code=code, from_on=since, until_on=random.choice([None, date(2024, 5, 30)])
            )
    for number, voter in enumerate(Employee.objects.order_by("pk")):
        chosen = next(one for one in people[number % 2 :] if one != voter)
        for month in ("2024-05", "2024-07"):
            Ballot.objects.create(
                policy=release.policy, rule="star", period=month, voter=voter, choice=chosen, at=at("2024-05-10")
            )
    for number, case in enumerate(Case.objects.order_by("pk")[::2]):
        state = random.choice(["opened", "cancelled"])
        WorkOrder.objects.create(
            case=case, number=f"WX{number}", kind="repair", instruction="检查", opened_at=case.opened_at, state=state,
            assignee=random.choice([*people, None]), closed_at=case.opened_at if state == "cancelled" else None,
        )  # fmt: skip
    on_duty(random, release, [*people, late])


def on_duty(random: Random, release: Release, people: list[Employee]) -> None:
    """Put people on duty on some days, let some stand in for others, be on leave or be taken back."""
    both = {"policy": release.policy, "roster": "front", "entered_by": people[0], "entered_at": at("2024-04-01")}
    for number in range(60):
        who, other = random.sample(people, 2)
        on = date(2024, 4, 25) + timedelta(random.randrange(40))
        begins = datetime.combine(on, time(random.randrange(24), random.choice([0, 30])), SHANGHAI)
        length = timedelta(minutes=random.choice([90, 480, 720]))
        back = {"withdrawn_at": begins, "withdrawn_by": who} if number % 9 == 0 else {}
        own = both | {"branch": random.choice([branch(), branch("西店"), None]), "starts_at": begins}
        Shift.objects.create(**own, employee=who, ends_at=begins + length, **back)
        if number % 4 == 0:
            Shift.objects.create(
                **own, employee=other, ends_at=begins + timedelta(minutes=60), in_place_of=who, reason="外出"
            )
    for person, deputy in ((people[0], people[1]), (people[2], None)):
        Absence.objects.create(
            employee=person, from_on=date(2024, 5, 6), until_on=date(2024, 5, 9 if deputy else 20), substitute=deputy
        )


def written_about(random: Random, release) -> None:
    """Let customers be written to and answer, by lot; and let own books tell of rings and of chances to sell."""
    people = list(Employee.objects.filter(username__in=("liu", "chen", "zhao")).order_by("pk"))
    step = VisitStep.objects.get(rule__code="first", rule__policy=release.policy)
    for number in range(40):
        told, who = at("2024-04-20 10:00") + timedelta(days=number), random.choice(people)
        here = {"branch": random.choice([branch(), branch("西店"), None])}
        happened = event("service_completed", f"{told:%Y-%m-%d} 08:00", advisor=who, needs_planning=False, **here)
        task = VisitTask.objects.create(
            event=happened, step=step, release=release, customer=happened.customer, assignee=who, status="open",
            opens_at=told, closes_at=told, created_at=told, channel="sms", **here,
        )  # fmt: skip
        for days, outcome in ((0, "no_answer"), (random.choice([1, 20]), random.choice(["reached", "no_answer"]))):
            came = outcome == "reached"
            record = VisitRecord.objects.create(
                form_token=uuid4(), fingerprint="f", customer=task.customer, advisor=random.choice(people),
                channel=random.choice(["sms", "wechat", "mobile"]), started_at=told, outcome=outcome,
                logged_at=told + timedelta(days), nps=random.choice([None, *range(11)]) if came else None,
                answers=random.choice([{}, {"price": 7}, {"price": 3, "time": "?"}, {"time": 9}]) if came else {},
                **here,
            )  # fmt: skip
            RecordTask.objects.create(record=record, task=task, completes=False, in_time=False, attempt=0)
        both = {"policy": release.policy, "release": release, "form": "book", "at": told, **here}
        field, value = random.choice([("rings", random.randrange(7)), ("worth", f"{random.randrange(90_000)}.55")])
        first = Entry.objects.create(**both, by=who, logged_at=told, values={field: value})
        if number % 3 == 0:
            Entry.objects.create(
                **both, by=random.choice(people), first=first, replaces=first, values={field: 5},
                logged_at=told + timedelta(days=random.choice([1, 40])),
            )  # fmt: skip


def beside_visits(random: Random, release) -> None:
    """Let there be complaints, reports, violations and awards by lot, and calls that raised a complaint."""
    people = list(Employee.objects.filter(username__in=("liu", "chen", "zhao")).order_by("pk"))
    for number in range(60):
        on = date(2024, 4, 20) + timedelta(random.randrange(50))
        told, who = at(f"{on} 10:00"), random.choice(people)
        state = random.choice(["assigned", "in_progress", "closed", "withdrawn"])
        case = Case.objects.create(
            number=f"TS{number}", type=random.choice(["complaint", "complaint", "repair"]), state=state, source="phone",
            summary="异响", branch=random.choice([branch(), branch("西店"), None]), opened_at=told, registered_at=told,
            handler=random.choice([*people, None]), exemption=random.choice(["", "", "anonymous"]), changed_at=told,
            replied_at=random.choice([None, told + timedelta(days=random.randrange(20))]),
            closed_at=told if state in ("closed", "withdrawn") else None,
        )  # fmt: skip
        bound = random.choice([told, at(f"{on + timedelta(1)}")])  # to the minute, or by the end of the day
        handed = random.choice([None, bound - timedelta(seconds=1), bound, bound + timedelta(minutes=5)])
        OwedReport.objects.create(
            policy=release.policy, release=release, rule="daily", employee=who, key=f"{on}/{number}", covers_from=on,
            covers_to=on, due_at=bound, day_ends_at=bound, inclusive=random.random() < 0.5, made_at=told,
            state="submitted" if handed else "due", first_submitted_at=handed, branch=branch(),
            fate=random.choice(["", "", "excused"]),
        )  # fmt: skip
        kind = random.choice(["penalty", "reward"])
        Violation.objects.create(
            policy=release.policy, release=release, kind=kind, rule={"penalty": "late", "reward": "success"}[kind],
            subject=f"{number}", employee=who, branch=branch("西店"), occurred_on=on, amount=5000, unit="CNY",
            state=random.choice(["proposed", "confirmed", "settled", "waived"]), proposed_at=told,
            violation="report_late",
        )  # fmt: skip
        if random.random() < 0.5:
            later = told + timedelta(days=random.randrange(20))
            CaseDeed.objects.create(
                case=case, kind=random.choice(["resolved", "reopened", "waiting", "resumed"]), at=later, logged_at=later
            )
            Compensation.objects.create(
                case=case, kind="cash", amount=random.randrange(1, 20_000), proposed_by=who, proposed_at=told,
                state=random.choice(["approved", "refused"]), decided_by=people[0], decided_at=later,
            )  # fmt: skip
        done = random.choice([None, bound, bound + timedelta(days=1)])
        Obligation.objects.create(
            policy=release.policy, release=release, rule="todo", deed="todo", subject=f"event:{number}", employee=who,
            anchor_at=told, due_at=bound, made_at=told, done_at=done, branch=branch(), inclusive=random.random() < 0.5,
            state=random.choice(["done", "dropped"]) if done else "open",
        )  # fmt: skip
    batch = Inspection.objects.create(
        policy=release.policy, release=release, scorecard="calls", period="2024-05", seed="s", drawn_at=at("2024-06-01")
    )
    for number, record in enumerate(VisitRecord.objects.filter(outcome="reached").order_by("pk")):
        if number % 3 == 0:
            InspectionItem.objects.create(
                inspection=batch, record=record, employee=record.advisor, branch=record.branch, cause="sample",
                state=random.choice(["drawn", "final"]), accurate=random.choice([True, False, None]), result=9000,
            )  # fmt: skip
        elif number % 3 == 1:
            solved = random.random() < 0.5
            FollowUpItem.objects.create(
                kind="problem", state="settled" if solved else "open", customer=record.customer, owner=record.advisor,
                branch=record.branch, record=record, text="异响", opened_at=record.logged_at,
                waiting_since=record.logged_at, closed_at=record.logged_at + timedelta(days=10) if solved else None,
            )  # fmt: skip
    for record in VisitRecord.objects.filter(outcome="reached")[::5]:
        FollowUpItem.objects.create(
            kind="complaint", state="open", text="投诉", record=record, customer=record.customer,
            branch=record.branch, owner=record.advisor, opened_at=record.logged_at, waiting_since=record.logged_at,
        )  # fmt: skip
