"""Figures of the catalogue, each against a count in plain Python that shares no code with the program.

One month of a shop with visits in time, late, unanswered, handed over, cancelled and taken in late, told as plain rows
here; the same rows are written to the tables, and both are counted.
"""

import uuid
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest

from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.figures.behind import behind
from reports.domain.figures.measuring import METRICS, figure, figures_of
from reports.domain.figures.query import query
from reports.models import Inspection, InspectionItem, OwedReport
from staff.domain.activity import log_many
from staff.domain.periods import period_named
from staff.models import Violation
from tests.policies.regulation import rule
from tests.reports.naive import Naive, Visit, month
from tests.visits.world import at, branch, customer, employee, event, publish
from visits.models import FollowUpItem, Obligation, RecordTask, VisitRecord, VisitStep, VisitTask

pytestmark = pytest.mark.django_db

BOUNDS = "min_seconds = 60\nmax_seconds = 180\n"
PACK = rule("first", '"service_completed"', f'closes = "1d"\n{BOUNDS}') + rule("second", '"purchase"', 'closes = "1d"')
MAY = period_named("2024-05")
NOW = at("2024-06-10 09:00")
SPECS = {
    "plain": {}, "of a rule": {"of": ("visit_rule:first",)}, "of a kind": {"of": ("purchase",)},
    "each customer once": {"count": "customers"}, "by phone": {"of": ("mobile",)},
    "dissatisfied basis": {"basis": "visited"}, "of events": {"basis": "events"},
    "under a condition": {"when": [{"field": "product", "op": "==", "value": "精品"}]},
}  # fmt: skip


SPAN = (MAY.key, MAY.first, MAY.last, at("2024-05-01"), at("2024-06-01"))


def table_of(metric: str, spec: dict) -> dict:
    """Return a figure as a table of a regulation."""
    return {"metric": metric} | {key: list(one) if isinstance(one, tuple) else one for key, one in spec.items()}


def written(visits: list[Visit]):
    """Write the visits down and return the people and the release."""
    release = publish(PACK)
    people = {name: employee(name, branch=branch()) for name in ("liu", "chen", "zhao")}
    steps = {step.rule.trigger[0]: step for step in VisitStep.objects.select_related("rule")}
    customers = [customer() for _number in range(40)]
    handed = []
    for visit in visits:
        happened = event(
            visit.kind, f"{visit.event_day} 10:00", customer=customers[visit.customer], product=visit.product,
            css=visit.event_css, advisor=people[visit.holder], branch=branch(), needs_planning=False,
        )  # fmt: skip
        has = visit.taken_by or visit.holder
        task = VisitTask.objects.create(
            event=happened, step=steps[visit.kind], release=release, customer=happened.customer, branch=branch(),
            assignee=people[has], status=visit.status, opens_at=visit.closes - timedelta(days=2),
            closes_at=visit.closes, completed_at=visit.done, completed_in_time=visit.in_time if visit.done else None,
            channel=visit.channel, created_at=happened.taken_in_at,
        )  # fmt: skip
        if visit.taken_by:
            facts = {"from": people[visit.holder].pk, "to": people[has].pk}
            handed.append(("reassigned", task.pk, facts))
        if visit.done or visit.tried:
            contact(visit, task, people)
    log_many(now=at("2024-06-09 09:00"), actor=None, model=VisitTask, deeds=handed)
    return release, people


def contact(visit: Visit, task: VisitTask, people) -> None:
    at_once = visit.done or visit.tried
    record = VisitRecord.objects.create(
        form_token=uuid.uuid4(), fingerprint="f", customer=task.customer, branch=task.branch,
        advisor=people[visit.holder], channel=visit.channel, started_at=at_once - timedelta(seconds=visit.seconds),
        ended_at=at_once, logged_at=at_once, outcome="reached" if visit.done else "no_answer",
        satisfied=visit.satisfied, css=visit.css,
        incomplete=[] if visit.complete else ["answer.css"],
    )  # fmt: skip
    RecordTask.objects.create(record=record, task=task, completes=bool(visit.done), in_time=visit.in_time, attempt=1)
    if visit.tried and visit.seconds == 60:  # corrected since: it was tried all the same
        again = {name: getattr(record, name) for name in ("customer", "branch", "advisor", "started_at", "logged_at")}
        correction = VisitRecord.objects.create(
            **again, form_token=uuid.uuid4(), kind="correction", supersedes=record, channel="mobile",
            outcome="no_answer", corrected_by=record.advisor, corrected_at=at_once,
        )  # fmt: skip
        RecordTask.objects.create(record=correction, task=task, completes=False, in_time=visit.in_time, attempt=0)


COUNTED = (
    "worked_rate", "completion_rate", "success_rate", "timely_rate", "satisfaction_rate", "css_average",
    "duration_rate", "visit_count", "coverage_rate",
)  # fmt: skip
LEFT_OUT = {("each customer once", "duration_rate"), ("each customer once", "coverage_rate")}  # counts visits alone


def test_every_figure_is_what_plain_loops_count_and_its_rows_are_the_figure():
    visits = month(Random(20240501))
    release, people = written(visits)
    names = {person.pk: name for name, person in people.items()}
    for title, spec in SPECS.items():
        for metric in COUNTED:
            if (title, metric) in LEFT_OUT or (spec.get("basis") == "events" and metric != "css_average"):
                continue
            asked = query(KpiSpec(code=metric, metric=metric, **spec), release, MAY, now=NOW)
            expected = {who: one for who, one in Naive(visits, spec).figures(metric).items() if one[1]}
            found = {names[who]: (one.numerator, one.denominator) for who, one in figures_of(asked).items()}
            assert found == expected, (title, metric)
            again = Asked(table_of(metric, spec), release.policy_id, tables(release.content), *SPAN)
            assert figures(again) in (None, {people[name].pk: one for name, one in expected.items()}), (title, metric)
            if title == "plain":
                rows = behind(asked, people["liu"].pk)
                counted = [row.counts for row in rows]
                if None not in counted:
                    assert (sum(counted), len(counted)) == expected["liu"], metric


def test_a_month_that_has_ended_stands_still_and_one_that_lasts_counts_what_is_over():
    visits = month(Random(7))
    release, people = written(visits)
    both = {"release": release, "employee": people["liu"].pk}
    early, late = (
        figure("completion_rate", period=MAY, now=moment, **both) for moment in (at("2024-06-01"), at("2024-09-01"))
    )
    assert early == late
    half = figure("completion_rate", period=MAY, now=at("2024-05-15 12:00"), **both)
    over = [
        one for one in Naive(visits, {}).due()
        if one.holder == "liu" and (one.closes <= at("2024-05-15 12:00") or one.status not in ("open", "done"))
        or (one.holder == "liu" and one.status == "done" and one.closes > at("2024-05-15 12:00"))
    ]  # fmt: skip
    assert half.denominator == len(over)


def test_a_unit_adds_both_sides_up():
    release, people = written(month(Random(3)))
    one, other, whole = (
        figure("timely_rate", release=release, period=MAY, now=NOW, employee=who)
        for who in (people["liu"].pk, people["chen"].pk, [person.pk for person in people.values()])
    )
    assert one + other == whole
    assert figure("timely_rate", release=release, period=MAY, now=NOW, branch=branch().pk) == whole
    assert figure("timely_rate", release=release, period=MAY, now=NOW, branch=branch("西店").pk).value is None


def test_the_catalogue_is_measured_where_its_data_is_kept(english):
    release = publish(PACK)
    for metric in METRICS:
        found = figure(metric, release=release, period=MAY, now=NOW)
        assert found.value in (None, 0), metric
    assert figure("ring_rate", release=release, period=MAY, now=NOW).value is None


def owed(policy, release, who, due: str, handed_in: str | None, *, inclusive=True) -> None:
    OwedReport.objects.create(
        policy=policy, release=release, rule="daily", employee=who, key=due, covers_from=at(due).date(),
        covers_to=at(due).date(), due_at=at(due), day_ends_at=at(due), inclusive=inclusive, made_at=at(due),
        state="submitted" if handed_in else "due", first_submitted_at=handed_in and at(handed_in),
    )  # fmt: skip


def test_reports_deeds_and_problems_count_by_their_bounds():
    release = publish(PACK)
    liu = employee("liu")
    policy = release.policy
    owed(policy, release, liu, "2024-05-02 09:00", "2024-05-02 09:00:00.400000")  # in time: the second counts
    owed(policy, release, liu, "2024-05-03 09:00", "2024-05-03 09:00", inclusive=False)
    owed(policy, release, liu, "2024-05-04 09:00", "2024-05-04 09:01")
    owed(policy, release, liu, "2024-05-05 09:00", None)
    owed(policy, release, liu, "2024-06-01 00:00", None)  # falls due in June
    for number, (due, done, state) in enumerate(
        [("05-02", "05-02", "done"), ("05-03", "05-04", "done"), ("05-04", None, "open"), ("05-05", "05-05", "dropped")]
    ):
        Obligation.objects.create(
            policy=policy, release=release, rule="todo", deed="todo", subject=f"event:{number}", employee=liu,
            anchor_at=at("2024-05-01"), due_at=at(f"2024-{due} 12:00"), made_at=at("2024-05-01"), state=state,
            done_at=done and at(f"2024-{done} 12:00"),
        )  # fmt: skip
    patient = event("service_completed", "2024-05-02 10:00").customer
    for number in range(40):  # AK-30: 40 reported, 34 solved
        opened = at("2024-05-03 09:00")
        FollowUpItem.objects.create(
            kind="problem", state="settled" if number < 34 else "open", customer=patient, owner=liu, text="异响",
            opened_at=opened, waiting_since=opened, closed_at=opened if number < 34 else None,
        )  # fmt: skip
    said = {
        name: figure(name, release=release, period=MAY, now=NOW, employee=liu.pk).value
        for name in ("report_rate", "obligation_rate", "resolution_rate")
    }
    assert said == {
        "report_rate": Fraction(1, 4), "obligation_rate": Fraction(1, 3), "resolution_rate": Fraction(85, 100),
    }  # fmt: skip


def test_ak_31_accuracy_over_the_inspected_or_over_all_visits():
    visits = [visit for visit in month(Random(5)) if visit.status == "done" and visit.done.month == 5][:20]
    release, people = written(visits)
    batch = Inspection.objects.create(
        policy=release.policy, release=release, scorecard="calls", period="2024-05", seed="s", drawn_at=NOW
    )
    records = list(VisitRecord.objects.order_by("pk")[:10])
    for number, record in enumerate(records):
        InspectionItem.objects.create(
            inspection=batch, record=record, employee=record.advisor, cause="sample", state="final",
            accurate=number > 0, result=10000 if number else 0,
        )  # fmt: skip
    both = {"release": release, "period": MAY, "now": NOW}
    assert figure("accuracy_rate", **both).value == Fraction(9, 10)
    everything = KpiSpec(code="a", metric="accuracy_rate", basis="all")
    found = figure("accuracy_rate", spec=everything, **both)
    assert (found.numerator, found.denominator) == (9, len([one for one in visits if one.done < at("2024-06-01")]))
    assert figure("quality_score", **both).value == Fraction(9, 10)


def test_violations_and_awards_count_when_they_stand():
    release = publish(PACK)
    liu = employee("liu")
    for number, (kind, state, day) in enumerate(
        [("penalty", "confirmed", 3), ("penalty", "proposed", 4), ("penalty", "reversed", 5), ("reward", "settled", 31)]
    ):
        Violation.objects.create(
            kind=kind, policy=release.policy, release=release, rule="r", subject=f"hand:{number}", employee=liu,
            occurred_on=f"2024-05-{day:02}", unit="CNY", amount=1, state=state, proposed_at=NOW,
        )  # fmt: skip
    both = {"release": release, "period": MAY, "now": NOW, "employee": liu.pk}
    assert (figure("violation_count", **both).value, figure("award_count", **both).value) == (1, 1)
