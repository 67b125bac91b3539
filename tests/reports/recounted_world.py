"""What figures of people are made of, by lot: papers, posts and roles, elections, work orders, shifts, leave."""

from datetime import date, datetime, time, timedelta
from random import Random

from complaints.models import Case, WorkOrder
from staff.models import Absence, Ballot, Employee, Posting, QualificationHeld, Release, RoleAssignment, Shift
from tests.visits.world import SHANGHAI, at, branch, department, employee

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
