"""Whoever has nothing but the exported files and the regulation arrives at every figure: difference zero."""

import json
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import uuid4

import pytest
from django.core.management import call_command

from complaints.models import Case, CaseDeed, Compensation, Entry
from reports.domain.auditing.metrics import METRICS as AUDITED_METRICS
from reports.domain.auditing.metrics import Asked
from reports.domain.auditing.metrics import figures as audited
from reports.domain.auditing.regulation import tables
from reports.domain.datasets import DATASETS, Period
from reports.domain.ground_sets import GROUNDS
from reports.domain.metric_sets import spans
from reports.domain.people_sets import PEOPLE_SETS
from reports.models import Inspection, InspectionItem, OwedReport
from staff.models import Employee, Policy, Violation
from tests.reports.recomputing_people import Company
from tests.reports.recounted_world import OF_PEOPLE, of_people
from tests.reports.test_figures import PACK, SPAN
from tests.reports.test_reading import shop
from tests.visits.world import at, branch, event, publish
from visits.models import FollowUpItem, Obligation, RecordTask, VisitRecord, VisitStep, VisitTask

pytestmark = pytest.mark.django_db
HEAD = '[policy]\nslug = "house"\ntitle = "本店制度"\neffective_from = 2024-01-01\n'
KPIS = """
[[kpi]]
code = "done"
metric = "completion_rate"
count = "customers"
op = ">="
target = 0.5
[[kpi]]
code = "by-phone"
metric = "timely_rate"
of = ["visit_rule:first", "mobile"]
[[kpi]]
code = "liked"
metric = "satisfaction_rate"
basis = "visited"
op = ">"
target = 0.99
[[kpi]]
code = "scores"
metric = "css_average"
basis = "events"
per = "quarter"
[[kpi]]
code = "rings"
metric = "ring_rate"
limit = 3
[[kpi]]
code = "answers"
metric = "answer_average"
of = ["price", "time"]
[[kpi]]
code = "by-message"
metric = "evaluation_rate"
of = ["sms"]
[[questionnaire]]
code = "asked"
[[questionnaire.question]]
code = "price"
kind = "score"
max = 10
[[questionnaire.question]]
code = "time"
kind = "score"
max = 10
[[reward]]
code = "success"
metric = "success_rate"
op = ">"
threshold = 0.8
amount = 500
[[penalty]]
code = "late"
violation = "report_late"
amount = 50
"""
# In the second world customers are asked by one way of writing and answer by another, and one rule is of each month.
SEEDS = (20240731, 918273)
RECOUNTED = (
    "worked_rate", "completion_rate", "success_rate", "timely_rate", "coverage_rate", "satisfaction_rate",
    "css_average", "visit_count", "duration_rate", "complaint_count", "reply_rate", "report_rate", "violation_count",
    "award_count", "reopen_rate", "resolution_rate", "obligation_rate", "accuracy_rate", "compensation_sum",
    "nps", "quality_score", "response_time", "solve_time", "evaluation_rate", "opportunity_sum", "workload", "votes",
    "qualification_rate", "roster_rate",
)  # fmt: skip
AUDITED = sorted(set(AUDITED_METRICS) & set(RECOUNTED))

ASKING = PACK.replace('closes = "1d"\n', 'closes = "1d"\nquestionnaire = "asked"\n', 1)
ALIGNED = ASKING.replace('closes = "1d"', 'align = "month"\ncloses = "1d"').replace('align = "month"\n', "", 1)


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
        handed = random.choice([None, told - timedelta(seconds=1), told, told + timedelta(minutes=5)])
        OwedReport.objects.create(
            policy=release.policy, release=release, rule="daily", employee=who, key=f"{on}/{number}", covers_from=on,
            covers_to=on, due_at=told, day_ends_at=told, inclusive=random.random() < 0.5, made_at=told,
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
        done = random.choice([None, told, told + timedelta(days=1)])
        Obligation.objects.create(
            policy=release.policy, release=release, rule="todo", deed="todo", subject=f"event:{number}", employee=who,
            anchor_at=told, due_at=told, made_at=told, done_at=done, branch=branch(), inclusive=random.random() < 0.5,
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


def exported(tmp_path, name: str, *period: str) -> list[dict]:
    out = tmp_path / f"{name}.json"
    call_command("export", name, *period, out=out, verbosity=0)
    return json.loads(out.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_recounted_from_the_files_alone(tmp_path, clock_at, seed):
    clock_at("2024-07-10T09:00+08:00")
    random = Random(seed)
    shop(random)
    text = HEAD + (ALIGNED if seed == SEEDS[1] else ASKING) + KPIS + OF_PEOPLE
    release = publish(text)
    beside_visits(random, release)
    written_about(random, release)
    of_people(random, release)
    names = ("events", "tasks", "records", "complaints", "daily_reports", "violations")
    sets = [*names, *(one.name for one in (*GROUNDS, *PEOPLE_SETS))]
    files = Company({name: exported(tmp_path, name) for name in sets}, tomllib.loads(text), in_force="2024-01-01")
    told = exported(tmp_path, "metrics", "--from", "2024-04-01", "--to", "2024-06-30")

    specs = {f"kpi:{one['code']}": one for one in files.regulation["kpi"]}
    specs["reward:success"] = files.regulation["reward"][0]
    compared, seen = 0, set()
    for period in ("2024-04", "2024-05", "2024-06"):
        for entry, spec in [*specs.items(), *((None, {"metric": name}) for name in RECOUNTED)]:
            if spec.get("per", "month") == "month":
                mine = files.figures(spec, period)
                rows = [
                    row for row in told
                    if (row["period"], row["entry"], row["metric"]) == (period, entry, spec["metric"])
                ]  # fmt: skip
                theirs = {
                    (row["scope"], row["key"]): (Fraction(Decimal(str(row["numerator"]))), row["denominator"])
                    for row in rows if row["numerator"] or row["denominator"] > 1 or mine
                }  # fmt: skip
                assert theirs == (mine or {}), (period, entry, spec)
                compared += len(theirs)
                seen |= {spec["metric"] for top, _count in theirs.values() if top}
                hold_to_their_bars(rows, spec)
    assert compared > 200
    audited_alike(told, release, tables(text))
    assert seen == {*RECOUNTED, "ring_rate", "answer_average"}  # none is equal for want of rows


def audited_alike(told: list[dict], release, pack: dict) -> None:
    """Check that the audit, which counts a third time, finds the figure of everybody as well."""
    people = dict(Employee.objects.values_list("username", "pk"))
    for metric in AUDITED:
        mine = {
            people[row["key"]]: (Fraction(Decimal(str(row["numerator"]))), row["denominator"])
            for row in told
            if (row["period"], row["entry"], row["metric"], row["scope"]) == ("2024-05", None, metric, "employee")
            and row["denominator"]
        }
        found = audited(Asked({"metric": metric}, release.policy_id, pack, *SPAN))
        assert mine and found == mine, metric


def hold_to_their_bars(rows: list[dict], spec: dict) -> None:
    bar = spec.get("target", spec.get("threshold"))
    for row in rows:
        value = Fraction(Decimal(str(row["numerator"]))) / row["denominator"] if row["denominator"] else None
        assert (row["value"] is None) is (value is None)
        if value is not None:
            assert abs(Fraction(Decimal(str(row["value"]))) - value) < Fraction(1, 10**9)
        if bar is not None and value is not None:
            above = value >= Fraction(str(bar)) if spec["op"] == ">=" else value > Fraction(str(bar))
            assert row["met"] is above


def test_a_quarter_a_department_and_what_has_no_bar(tmp_path, clock_at):
    clock_at("2024-07-10T09:00+08:00")
    random = Random(7)
    shop(random)
    publish(HEAD + PACK + KPIS)
    rows = exported(tmp_path, "metrics", "--from", "2024-05-01", "--to", "2024-05-31")
    assert set(DATASETS["metrics"].fields) == set(rows[0])
    assert [row["period"] for row in rows if row["entry"] == "kpi:scores"][0] == "2024-Q2"
    plain = [row for row in rows if row["entry"] is None and row["metric"] == "timely_rate"]
    departments = {row["key"]: row["denominator"] for row in plain if row["scope"] == "department"}
    assert set(departments) == {"总店/服务部", "西店/销售部"}
    assert sum(departments.values()) == sum(row["denominator"] for row in plain if row["scope"] == "employee")
    [company] = [row for row in rows if row["metric"] == "nps" and row["scope"] == "company"]
    assert (company["value"], company["denominator"], company["target"], company["met"]) == (None, 0, None, None)


def test_the_periods_are_those_of_the_days_asked_for():
    assert [one.key for one in spans("month", date(2024, 1, 31), date(2024, 3, 1))] == ["2024-01", "2024-02", "2024-03"]
    assert [one.key for one in spans("week", date(2024, 1, 7), date(2024, 1, 8))] == ["2024-W01", "2024-W02"]
    assert Period(last=date(2024, 5, 31)).as_of() == at("2024-06-01")
    with pytest.raises(ValueError, match="as of when"):
        Period(first=date(2024, 5, 31)).as_of()


def test_nothing_goes_out_before_a_regulation_is_in_force(tmp_path, db, clock_at):
    clock_at("2024-07-10T09:00+08:00")
    assert Policy.objects.count() == 0
    assert exported(tmp_path, "metrics") == []
