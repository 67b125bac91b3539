"""Questionnaires that came back and chances to sell, by hand: ten messages and four answers, 500 + 300 yuan."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from complaints.models import Entry
from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.figures.counted import EVERYTHING
from reports.domain.figures.measured import Measured, shown
from reports.domain.figures.measuring import figures_of
from reports.domain.figures.query import query
from reports.domain.figures.reading import narrowed, parted, rows_behind, whole
from staff.domain.periods import period_named
from tests.policies.regulation import rule
from tests.visits.world import at, branch, employee, event, publish
from visits.models import RecordTask, VisitRecord, VisitStep, VisitTask

pytestmark = pytest.mark.django_db
MAY, NOW = period_named("2024-05"), at("2024-06-10 09:00")
PACK = (
    rule("first", '"service_completed"', 'closes = "1d"\nquestionnaire = "asked"', 'closes = "1d"')
    + '[[questionnaire]]\ncode = "asked"\n[[questionnaire.question]]\ncode = "price"\n'
)


def second_count(spec: dict, release) -> dict:
    """Return what the audit counts."""
    asked = query(KpiSpec(code="it", **spec), release, MAY, now=NOW)
    return figures(
        Asked(spec, release.policy_id, tables(release.content), MAY.key, MAY.first, MAY.last, asked.since, asked.until)
    )


def task_of(release, who, step="step-1") -> VisitTask:
    happened = event("service_completed", "2024-05-02 08:00", advisor=who, branch=branch(), needs_planning=False)
    moment = at("2024-05-03")
    return VisitTask.objects.create(
        event=happened, step=VisitStep.objects.get(code=step), release=release, customer=happened.customer,
        assignee=who, branch=branch(), status="open", opens_at=moment, closes_at=moment, created_at=moment,
        channel="sms",
    )  # fmt: skip


def write(task: VisitTask, who, channel: str, when: str, outcome: str = "no_answer", **answers) -> VisitRecord:
    record = VisitRecord.objects.create(
        form_token=uuid4(), fingerprint="f", customer=task.customer, advisor=who, branch=branch(), channel=channel,
        started_at=at(when), logged_at=at(when), outcome=outcome, answers=answers,
    )  # fmt: skip
    RecordTask.objects.create(record=record, task=task, completes=outcome == "reached", in_time=False, attempt=0)
    return record


def test_ak_07_of_ten_messages_four_are_answered_three_on_the_website_and_one_by_wechat():
    release = publish(PACK)
    liu, chen = employee("liu", branch=branch()), employee("chen", branch=branch())
    asked = [task_of(release, liu) for _number in range(10)]
    for task in asked:
        write(task, liu, "sms", "2024-05-05 10:00")
    for task in asked[:3]:
        write(task, chen, "questionnaire", "2024-05-06 10:00", "reached", price=9)
    write(asked[3], chen, "wechat", "2024-05-07 10:00", "reached", price=4)
    write(asked[3], chen, "sms", "2024-05-08 10:00")  # a reminder is no second questionnaire
    write(asked[4], chen, "mobile", "2024-05-06 10:00", "reached", price=9)  # told on the telephone
    write(asked[5], chen, "sms", "2024-05-06 10:00", "reached")  # "thank you" answers no question
    write(asked[6], chen, "sms", "2024-06-01 00:00", "reached", price=9)  # not in May any more
    write(task_of(release, liu, "step-2"), liu, "sms", "2024-05-05 10:00", "reached")  # asks nothing
    write(task_of(release, liu), liu, "mobile", "2024-05-05 10:00", "reached", price=9)  # was never written to
    question = query(KpiSpec(code="it", metric="evaluation_rate"), release, MAY, now=NOW)
    assert whole(question) == Measured(Fraction(4), 10)
    assert shown(whole(question).value, "evaluation_rate") == "40 %"
    assert figures_of(question) == {liu.pk: Measured(Fraction(4), 10)}  # of whoever wrote first
    assert parted(question, "channel") == {"sms": Measured(Fraction(4), 10)}
    assert parted(question, "rule") == {"first": Measured(Fraction(4), 10)}
    rows = rows_behind(question, narrowed(EVERYTHING, on=MAY.last, employee=liu.pk))
    assert (rows.count, rows.good, sum(bool(row.counts) for row in rows.rows)) == (10, 4, 4)
    assert whole(question.over(MAY.before())).value is None
    assert second_count({"metric": "evaluation_rate"}, release) == {liu.pk: (4, 10)}
    by_wechat = {"metric": "evaluation_rate", "of": ["wechat"]}
    assert second_count(by_wechat, release) == {chen.pk: (1, 1)}
    assert figures_of(query(KpiSpec(code="it", **by_wechat), release, MAY, now=NOW)) == {chen.pk: Measured(1, 1)}


def test_no_questionnaire_in_the_regulation_is_a_dash_and_never_zero():
    release = publish(rule("first", '"service_completed"', 'closes = "1d"'))
    liu = employee("liu", branch=branch())
    write(task_of(release, liu), liu, "sms", "2024-05-05 10:00", "reached", price=9)
    question = query(KpiSpec(code="it", metric="evaluation_rate"), release, MAY, now=NOW)
    assert (whole(question).value, second_count({"metric": "evaluation_rate"}, release)) == (None, {})


def test_ai_11_two_chances_won_for_500_and_300_yuan_are_worth_800():
    release = publish(PACK)
    liu, chen = employee("liu", branch=branch()), employee("chen", branch=branch())
    both = {"policy": release.policy, "release": release, "branch": branch()}

    def note(worth, state: str, when: str, by=liu, **more) -> Entry:
        values = {"worth": worth, "state": state, "need": "第二辆车"}
        return Entry.objects.create(
            **both, form="chances", values=values, by=by, at=at("2024-05-05 10:00"), logged_at=at(when), **more
        )  # fmt: skip

    note("500", "成交", "2024-05-05 10:00")
    first = note("280.50", "跟进", "2024-05-05 10:00")
    second = note("300", "成交", "2024-05-20 10:00", by=chen, first=first, replaces=first)
    note("9999", "成交", "2024-06-02 10:00", by=chen, first=first, replaces=second)  # known after May had ended
    note("1000.05", "未成", "2024-05-05 10:00")
    Entry.objects.create(**both, form="book", values={"rings": "2"}, by=liu, at=at("2024-05-05"), logged_at=NOW)
    won = [{"field": "state", "op": "==", "value": "成交"}]
    question = query(KpiSpec(code="it", metric="opportunity_sum", when=won), release, MAY, now=NOW)
    assert (whole(question), shown(whole(question).value, "opportunity_sum")) == (Measured(Fraction(800), 1), "800")
    assert figures_of(question) == {liu.pk: Measured(Fraction(800), 1)}
    assert [row.value for row in rows_behind(question).rows] == ["500", "300"]
    every = query(KpiSpec(code="it", metric="opportunity_sum"), release, MAY, now=NOW)
    assert whole(every).value == Fraction("1800.05")
    assert parted(every, "rule") == {"chances": Measured(Fraction("1800.05"), 1)}
    assert second_count({"metric": "opportunity_sum"}, release) == {liu.pk: (Fraction("1800.05"), 1)}
    assert whole(every.slice(MAY.first, MAY.first + timedelta(3))).value == 0
