"""Whoever has nothing but the exported files and the regulation arrives at every figure: difference zero."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.core.management import call_command

from reports.domain.auditing.metrics import METRICS as AUDITED_METRICS
from reports.domain.auditing.metrics import Asked
from reports.domain.auditing.metrics import figures as audited
from reports.domain.auditing.regulation import tables
from reports.domain.datasets import DATASETS, Period
from reports.domain.ground_sets import GROUNDS
from reports.domain.metric_sets import spans
from reports.domain.people_sets import PEOPLE_SETS
from staff.models import Employee, Policy
from tests.reports.recomputing_people import Company
from tests.reports.recounted_customers import ASKED, OF_CUSTOMERS, of_customers
from tests.reports.recounted_world import OF_PEOPLE, beside_visits, of_people, written_about
from tests.reports.test_figures import PACK, SPAN
from tests.reports.test_reading import shop
from tests.visits.world import at, publish

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
SETS = (
    "events", "tasks", "records", "complaints", "daily_reports", "violations", "customers",
    *(one.name for one in (*GROUNDS, *PEOPLE_SETS)),
)  # fmt: skip
AUDITED = sorted(set(AUDITED_METRICS) & set(RECOUNTED))

ASKING = PACK.replace('closes = "1d"\n', 'closes = "1d"\nquestionnaire = "asked"\n', 1)
ALIGNED = ASKING.replace('closes = "1d"', 'align = "month"\ncloses = "1d"').replace('align = "month"\n', "", 1)


def exported(tmp_path, name: str, *period: str) -> list[dict]:
    out = tmp_path / f"{name}.json"
    call_command("export", name, *period, out=out, verbosity=0)
    return json.loads(out.read_text(encoding="utf-8"))


def rows_of(told: list[dict], period: str, entry: str | None, metric: str) -> list[dict]:
    return [row for row in told if (row["period"], row["entry"], row["metric"]) == (period, entry, metric)]


def both_sides(rows: list[dict], mine: dict) -> dict[tuple[str, str | None], tuple[Fraction, int]]:
    """Return the figures that the program tells; a count of nothing only where there is one beside it."""
    return {
        (row["scope"], row["key"]): (Fraction(Decimal(str(row["numerator"]))), row["denominator"])
        for row in rows if row["numerator"] or row["denominator"] > 1 or mine
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_recounted_from_the_files_alone(tmp_path, clock_at, seed):
    clock_at("2024-07-10T09:00+08:00")
    random = Random(seed)
    shop(random)
    text = HEAD + (ALIGNED if seed == SEEDS[1] else ASKING) + KPIS + OF_PEOPLE + OF_CUSTOMERS
    release = publish(text)
    beside_visits(random, release)
    written_about(random, release)
    of_people(random, release)
    of_customers(random)
    files = Company({name: exported(tmp_path, name) for name in SETS}, tomllib.loads(text), in_force="2024-01-01")
    told = exported(tmp_path, "metrics", "--from", "2024-04-01", "--to", "2024-06-30")

    specs = {f"kpi:{one['code']}": one for one in files.regulation["kpi"]}
    specs["reward:success"] = files.regulation["reward"][0]
    compared, seen, told_apart = 0, set(), set()
    for period in ("2024-04", "2024-05", "2024-06"):
        for entry, spec in [*specs.items(), *((None, {"metric": name}) for name in RECOUNTED)]:
            if spec.get("per", "month") == "month":
                mine = files.figures(spec, period)
                rows = rows_of(told, period, entry, spec["metric"])
                theirs = both_sides(rows, mine)
                assert theirs == (mine or {}), (period, entry, spec)
                compared += len(theirs)
                seen |= {spec["metric"] for top, _count in theirs.values() if top}
                hold_to_their_bars(rows, spec)
                plain = files.figures({key: one for key, one in spec.items() if key != "when"}, period)
                told_apart |= {spec.get("code")} if mine and mine != plain else set()
    assert compared > 200
    assert told_apart >= set(ASKED)  # each condition holds of some and not of others
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
