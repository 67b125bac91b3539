"""Figures whole, in parts, over time and row by row, of random worlds: whatever is asked, the sides add up.

The invariants are those of I25 to I28: parts are the whole, days are the month, rows are as many as the figure says, a
filter never makes more, a rate lies between 0 and 1, and nothing is "—".
"""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest

from complaints.models import Entry
from config.packs.measuring import KpiSpec
from reports.domain.figures.measured import COUNTS, NOTHING, SHARES, Measured, shown
from reports.domain.figures.query import Query, query
from reports.domain.figures.reading import (
    EVERYTHING,
    Part,
    dimensions_of,
    narrowed,
    part_of,
    parted,
    rows_behind,
    series,
    whole,
)  # fmt: skip
from reports.models import Inspection, InspectionItem, OwedReport
from staff.models import Ballot, Posting, QualificationHeld, Violation
from tests.policies.regulation import rule
from tests.reports import test_case_figures, test_figures
from tests.reports.naive import month
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import (
    Customer,
    CustomerSegment,
    FollowUpItem,
    Obligation,
    RecordTask,
    Segment,
    ServiceEvent,
    Vehicle,
    VisitRecord,
    VisitStep,
    VisitTask,
)

pytestmark = pytest.mark.django_db
UNITS = ("employee", "team", "department", "branch")
OF_VISITS = (
    "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
    "css_average", "duration_rate", "visit_count", "workload",
)  # fmt: skip
LIMITED = (
    ("worked_rate", {"of": ("visit_rule:first",)}), ("completion_rate", {"count": "customers"}),
    ("satisfaction_rate", {"of": ("mobile",), "basis": "visited"}), ("visit_count", {"count": "customers"}),
    ("css_average", {"basis": "events"}), ("accuracy_rate", {"basis": "all"}),
)  # fmt: skip


def asked(metric: str, release, period, now, **spec) -> Query:
    return query(KpiSpec(code=metric, metric=metric, **spec), release, period, now=now)


def shop(random: Random):
    """Return the release of a month of visits with units, segments and models all over it."""
    release, people = test_figures.written(month(random))
    lead = employee("lead", "cs_supervisor", branch=branch())
    offices = [department("服务部", branch()), department("销售部", branch("西店"))]
    for number, person in enumerate(people.values()):
        Posting.objects.filter(employee=person).update(
            department=offices[number % 2], line_manager=lead if number else None
        )
    segments = [Segment.objects.create(code=code, priority=place) for place, code in enumerate(("usual", "vip"))]
    for customer in Customer.objects.all():
        for segment in random.sample(segments, random.randrange(3)):
            CustomerSegment.objects.create(customer=customer, segment=segment, since=at("2024-01-01"))
    cars = [Vehicle.objects.create(plate=f"沪A{model}", model=model) for model in ("X5", "X7")]
    for served in ServiceEvent.objects.all():
        ServiceEvent.objects.filter(pk=served.pk).update(vehicle=random.choice([*cars, None]))
        VisitTask.objects.filter(event=served).update(branch=random.choice([branch(), branch("西店"), None]))
    for record in random.sample(list(VisitRecord.objects.order_by("pk")), 12):  # some calls are about another task too
        also = random.choice(list(VisitTask.objects.exclude(links__record=record).order_by("pk")))
        RecordTask.objects.create(record=record, task=also, completes=False, in_time=False, attempt=0)
    return release


def part_named(by: str, key: str, on: date) -> Part:
    """Return the part that a key of a breakdown names."""
    if by in UNITS:
        return narrowed(EVERYTHING, on=on, **{by: int(key)})
    return narrowed(EVERYTHING, on=on, by=by, key=key)


def adds_up(question: Query, by: str) -> bool:
    """Say whether the parts make the whole: what is counted once each can be in several of them."""
    if by in UNITS or question.kpi.metric == "workload":
        return True
    if question.kpi.metric == "coverage_rate":
        return by not in ("rule", "channel")
    return question.kpi.count != "customers"


def hold(question: Query) -> None:
    """Check everything that is true of every figure."""
    metric, found, title = question.kpi.metric, whole(question), (question.kpi.metric, question.kpi)
    rows_are_the_figure(question, EVERYTHING, found)
    for by in dimensions_of(metric):
        parts = parted(question, by)
        if adds_up(question, by):
            sums = sum(parts.values(), NOTHING)
            assert sums.numerator == found.numerator, (*title, by)
            assert metric in COUNTS or sums.denominator == found.denominator, (*title, by)
        # A part names people and branches, not the lack of one; and any of the keys stands for the others.
        for key, one in sorted((key, one) for key, one in parts.items() if key or by not in UNITS)[-1:]:
            part = part_named(by, key, question.period.last)
            assert whole(question, part) == one, (*title, by, key)
            if metric in SHARES:
                assert one.denominator <= found.denominator and one.numerator <= found.numerator, (*title, by, key)
                assert one.value is None or 0 <= one.value <= 1, (*title, by, key)
            rows_are_the_figure(question, part, one)
    if question.kpi.count != "customers" and metric != "workload":
        days = [question.period.first + timedelta(number) for number in (-1, 0, 9, 10, 29, 30)]
        slices = [whole(question.slice(after + timedelta(1), last)) for after, last in pairwise(days)]
        sums = sum(slices, NOTHING)
        assert sums.numerator == found.numerator, title
        assert metric in COUNTS or sums.denominator == found.denominator, title


def rows_are_the_figure(question: Query, part: Part, found: Measured) -> None:
    """Check that the rows behind are as many as the figure says, on every page of them and in a stream."""
    metric, rows = question.kpi.metric, rows_behind(question, part, most=None)
    every = list(rows.rows)
    title = (metric, question.kpi, part)
    assert rows.count == len(every) and rows.good == found.numerator, title
    if metric in SHARES - {"quality_score", "roster_rate"}:  # rows of which each weighs more than one
        assert rows.count == found.denominator, title
        assert sum(row.counts for row in every) == found.numerator, title
    if metric in COUNTS - {"compensation_sum", "opportunity_sum"}:
        assert rows.count == found.numerator, title
    assert rows_behind(question, part, first=7, most=7).rows == every[7:14], title


def test_everything_that_is_true_of_a_figure_of_visits_holds_on_a_random_month():
    random = Random(20240502)
    release = shop(random)
    for metric in OF_VISITS:
        hold(asked(metric, release, test_figures.MAY, test_figures.NOW))
    for metric, spec in LIMITED:
        hold(asked(metric, release, test_figures.MAY, test_figures.NOW, **spec))
    done, due, timely = (
        whole(asked(name, release, test_figures.MAY, test_figures.NOW))
        for name in ("completion_rate", "worked_rate", "timely_rate")
    )
    assert timely.numerator <= done.numerator <= done.denominator == due.denominator


def test_everything_that_is_true_of_a_figure_of_cases_holds_on_a_random_month():
    random = Random(20260502)
    release, _people = test_case_figures.written(test_case_figures.cases(random))
    for metric in test_case_figures.METRICS:
        hold(asked(metric, release, test_case_figures.MAY, test_case_figures.NOW))


PAPERS = (
    rule("first", '"service_completed"', 'closes = "1d"')
    + '[[questionnaire]]\ncode = "asked"\n[[questionnaire.question]]\ncode = "price"\n'
    + '[[questionnaire.question]]\ncode = "time"\n'
    + '[[qualification]]\ncode = "calls"\ntitle = "电话礼仪"\nroles = ["service_advisor"]\n'
)
OF_PAPERS = (
    ("nps", {}), ("answer_average", {"of": ("price", "time")}), ("resolution_rate", {}), ("report_rate", {}),
    ("obligation_rate", {}), ("accuracy_rate", {}), ("accuracy_rate", {"basis": "all"}), ("quality_score", {}),
    ("qualification_rate", {}), ("violation_count", {}), ("award_count", {}), ("votes", {}),
    ("ring_rate", {"limit": 3}),
)  # fmt: skip


def papers(random: Random):
    """Return the release of a month with a few rows of everything that is not a visit or a case."""
    release = publish(PAPERS)
    policy, step = release.policy, VisitStep.objects.get()
    people = [employee(name, branch=branch(place)) for name, place in (("liu", "总店"), ("chen", "西店"))]
    QualificationHeld.objects.create(employee=people[0], code="calls", from_on=date(2024, 1, 1))
    both = {"policy": policy, "release": release}
    drawn = Inspection.objects.create(**both, scorecard="calls", period="2024-05", seed="s", drawn_at=at("2024-06-02"))
    for number in range(24):
        who, moment = random.choice(people), at("2024-05-02 09:00") + timedelta(days=number * 30 // 24)
        here, day = {"branch": branch(random.choice(["总店", "西店"]))}, (moment + timedelta(hours=8)).date()
        happened = event("service_completed", f"{day} 08:00", advisor=who, **here)
        task = VisitTask.objects.create(
            event=happened, step=step, release=release, customer=happened.customer, assignee=who, status="done",
            opens_at=moment, closes_at=moment, completed_at=moment, created_at=moment, channel="mobile", **here,
        )  # fmt: skip
        record = VisitRecord.objects.create(
            form_token=uuid4(), fingerprint="f", customer=task.customer, advisor=who, channel="mobile", nps=number % 11,
            started_at=moment, logged_at=moment, outcome="reached", answers={"price": number, "time": "?"}, **here,
        )  # fmt: skip
        RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=1)
        FollowUpItem.objects.create(
            kind="problem", state="settled" if number % 3 else "open", customer=task.customer, owner=who, text="异响",
            opened_at=moment, waiting_since=moment, closed_at=moment + timedelta(2) if number % 3 else None,
            record=record, **here,
        )  # fmt: skip
        OwedReport.objects.create(
            **both, **here, rule=f"daily-{number % 2}", employee=who, key=str(number), covers_from=day, covers_to=day,
            due_at=moment, day_ends_at=moment, made_at=moment, state="submitted",
            first_submitted_at=moment + timedelta(minutes=number % 3 - 1),
        )  # fmt: skip
        Obligation.objects.create(
            **both, **here, rule="todo", deed="todo", subject=f"event:{number}", employee=who, anchor_at=moment,
            due_at=moment, made_at=moment, state="done", done_at=moment + timedelta(minutes=number % 3 - 1),
        )  # fmt: skip
        Violation.objects.create(
            **both, **here, kind=("penalty", "reward")[number % 2], rule=f"r-{number % 3}", subject=f"hand:{number}",
            employee=who, occurred_on=day, unit="CNY", amount=1, state="confirmed", proposed_at=moment,
        )  # fmt: skip
        Entry.objects.create(**both, **here, form="in", values={"rings": str(number % 6)}, by=who, at=moment,
                             logged_at=moment)  # fmt: skip
        if number % 2:
            InspectionItem.objects.create(
                inspection=drawn, record=record if number % 3 else None, employee=who, cause="sample", state="final",
                round=number, accurate=number % 5 > 1 if number % 3 else None, result=number * 400, **here,
            )  # fmt: skip
        Ballot.objects.create(policy=policy, rule="star", period="2024-05", customer=task.customer_id, choice=who,
                              at=moment)  # fmt: skip
    return release


def test_everything_that_is_true_of_a_figure_holds_for_reports_deeds_answers_papers_and_votes():
    release = papers(Random(20240504))
    for metric, spec in OF_PAPERS:
        question = asked(metric, release, test_figures.MAY, test_figures.NOW, **spec)
        assert rows_behind(question).count, (metric, spec)
        hold(question)


def test_nothing_is_a_dash_and_what_cannot_be_asked_is_refused():
    release = publish(PAPERS)
    question = asked("timely_rate", release, test_figures.MAY, test_figures.NOW)
    assert (whole(question).value, shown(whole(question).value, "timely_rate"), parted(question, "rule")) == (
        None, "—", {},
    )  # fmt: skip
    assert series(question, [test_figures.MAY, test_figures.MAY.before()]) == [NOTHING, NOTHING]
    assert dimensions_of("ring_rate") == UNITS and dimensions_of("roster_rate") == (*UNITS, "rule")
    with pytest.raises(ValueError, match="not by category"):
        parted(question, "category")
    with pytest.raises(ValueError, match="not a part of"):
        question.slice(date(2024, 4, 30), date(2024, 5, 2))


def test_a_part_is_what_somebody_may_see_and_never_grows():
    publish(PAPERS)
    on = date(2024, 5, 31)
    boss = employee("boss", "general_manager")
    head = employee("head", "cs_supervisor", branch=branch())
    liu, chen = (employee(name, branch=branch(place)) for name, place in (("liu", "总店"), ("chen", "西店")))
    assert part_of(boss, on=on) == EVERYTHING
    assert part_of(head, on=on) == Part(branches=frozenset({branch().pk}))
    assert part_of(liu, on=on) == Part(people=frozenset({liu.pk}))
    assert narrowed(part_of(liu, on=on), on=on, employee=chen.pk) == Part(people=frozenset())
    assert narrowed(part_of(head, on=on), on=on, branch=branch("西店").pk).branches == frozenset()
    assert narrowed(EVERYTHING, on=on, by="rule", key="first") == Part(by="rule", key="first")
