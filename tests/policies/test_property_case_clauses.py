"""Regulation K as it ships, over the book of complaints: visits by round and level, refusals, exemptions, the rate."""

from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from complaints.choices import CaseState, CaseType, WorkOrderKind
from complaints.domain import bounds, exempting, handling
from complaints.domain.exempting import exempt
from complaints.domain.orders import reporting
from complaints.domain.orders.reporting import Report
from complaints.domain.writing import CannotDo
from complaints.models import Case, WorkOrder
from config.packs.measuring import KpiSpec
from config.wiring import JOBS
from reports.domain.figures.measuring import figure
from staff.domain.periods import period_named
from staff.models import Notification, Release
from tests.packs import SHIPPED
from tests.policies.regulation import call, tick
from tests.policies.test_case_clauses import solve, told
from tests.visits.desk import sent, signed_in
from tests.visits.proofs import waiting_file
from tests.visits.world import at, branch, customer, department, employee, event, local, publish
from visits.choices import EvidenceKind
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.undoing import undo
from visits.domain.follow_up.wishes import FollowOn
from visits.models import Evidence, FollowUpItem, Obligation, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db
PACK = (SHIPPED / "property-callback-2023.toml").read_text(encoding="utf-8")
SIX = "2024-05-06 09:00"
# What the worker does of these stories: draw and give visits, look what they brought, note what is owed, ring.
WORK = {
    "plan_events",
    "assign_waiting",
    "open_due",
    "settle_opened",
    "follow_verifications",
    "note_obligations",
    "ring_promises",
}


class Estate:
    """The property company: two assistants, the head of the service centre, the company's manager, the works."""

    def __init__(self) -> None:
        publish(PACK, on="2024-01-01")
        self.desk, self.works = department("客服部", branch()), department("工程部", branch())
        self.ann, self.bo = (
            employee(name, "property_assistant", like="service_advisor", department=self.desk) for name in ("ann", "bo")
        )
        self.head = employee("head", "department_manager", department=self.desk)
        self.boss = employee("boss", "general_manager")

    def told(self, day: str = SIX, **facts) -> Case:
        usual = {"customer": customer(), "department": self.works, "handler": self.ann, "opened_at": at(day)}
        return told(self.ann, now=at(day), **(usual | facts))


@pytest.fixture
def estate(monkeypatch) -> Estate:
    monkeypatch.setattr("staff.domain.jobs.JOBS", [job for job in JOBS if job.name in WORK])
    return Estate()


def visit_after(case: Case, moment: str) -> VisitTask:
    """Let whoever handles a case see to its work orders and solve it, and return the visit that is called for."""
    case.refresh_from_db()
    for order in case.work_orders.open():
        reporting.report(order, Report(result="已换管"), by=case.handler, now=at(moment))
    solve(case, case.handler, now=at(moment))
    tick(moment)
    return VisitTask.objects.get(status="open")


def no(task: VisitTask, moment: str, by, **said):
    """Let the customer say no, with all that the regulation wants to know then (K-17)."""
    later = at(moment) + timedelta(days=2)
    usual = {
        "answers": {"satisfaction": "不满意", "satisfaction.why": "还漏水", "solved-now": "no"},
        "rectification": "换管", "displeasure": "还漏水", "displeasure_kind": "质量",
        "follow": FollowOn(remind_on=later.date()),
    }  # fmt: skip
    made = call(task, moment, by=by, **(usual | said))
    tick(moment)
    return made.record


def test_k_17_a_dissatisfied_visit_is_saved_with_its_solution_or_with_reason_next_visit_and_work_order(
    estate, clock_at
):
    case = estate.told()
    task = visit_after(case, "2024-05-07 09:00")
    assert task.assignee == estate.bo
    clock_at("2024-05-08T10:00+08:00")
    desk = signed_in(estate.bo)
    typed = sent(task, outcome="reached", started_at="2024-05-08T09:55:00", ended_at="2024-05-08T09:58:00", **{
        "answer.satisfaction": "不满意", "why.satisfaction": "还漏水", "displeasure": "还漏水",
        "displeasure_kind": "质量",
    })  # fmt: skip
    url = f"/tasks/{task.pk}/record/"
    shown = desk.get(f"/tasks/{task.pk}/").content.decode()
    assert 'name="rectification"' in shown and '<details class="more" open>' in shown  # nothing that is wanted hides
    for answer in ({}, {"answer.solved-now": "no"}, {"answer.solved-now": "no", "rectification": "换管"},
                   {"answer.solved-now": "yes"}):  # fmt: skip
        page = desk.post(url, typed | answer).content.decode()
        assert "还漏水" in page and not VisitRecord.objects.exists(), answer

    saved = typed | {"answer.solved-now": "no", "rectification": "更换管道", "remind_on": "2024-05-10"}
    desk.post(url, saved)
    tick("2024-05-08 10:01")
    [order], [item] = WorkOrder.objects.all(), FollowUpItem.objects.filter(due_on="2024-05-10")
    assert (order.case, order.kind, order.instruction) == (case, WorkOrderKind.CONTACT_SHEET, "更换管道")
    assert (order.department, item.owner) == (estate.works, estate.bo)
    case.refresh_from_db()
    assert (case.state, case.round, case.level) == (CaseState.IN_PROGRESS, 2, "important")


def test_k_17_solved_in_the_visit_needs_no_order_and_a_visit_taken_back_takes_its_order_along(estate):
    case = estate.told()
    task = visit_after(case, "2024-05-07 09:00")
    record = no(task, "2024-05-08 10:00", estate.bo)
    assert WorkOrder.objects.get().state == "opened"
    undo(record, by=estate.bo, token=uuid4(), now=at("2024-05-08 10:00") + timedelta(seconds=20))
    case.refresh_from_db()
    assert (WorkOrder.objects.get().state, case.state, case.round) == ("cancelled", CaseState.VERIFYING, 1)

    answers = {"satisfaction": "不满意", "satisfaction.why": "慢", "solved-now": "yes"}
    no(task, "2024-05-08 11:00", estate.bo, answers=answers, follow=FollowOn())
    assert WorkOrder.objects.count() == 1


def test_k_17_a_problem_of_another_visit_becomes_a_case_with_its_work_order(estate):
    publish(PACK.replace('closes = "?"', 'closes = "3d"'), on="2024-01-02")
    event("move_in", "2024-05-06 11:00", branch=branch())
    tick("2024-05-06 11:01")
    no(VisitTask.objects.get(status="open"), "2024-05-07 10:00", estate.bo, problem="水压低")
    tick("2024-05-07 10:01")
    [case] = Case.objects.all()
    assert (case.type, case.summary, case.work_orders.get().instruction) == (CaseType.PROBLEM, "水压低", "换管")
    assert FollowUpItem.objects.get(kind="problem").state == "open"  # what is agreed on for later is not settled


@pytest.mark.parametrize(("category", "by_telephone"), [("second-class", True), ("third-class", False)])
def test_k_11_the_second_visit_is_on_site_and_a_third_by_telephone_unless_it_is_of_the_third_class(
    estate, category, by_telephone
):
    case = estate.told(category=category)
    for number in (1, 2):
        task, moment = visit_after(case, f"2024-05-{6 + number:02} 09:00"), f"2024-05-{6 + number:02} 10:00"
        assert task.step.code == ("visit" if number == 1 else "second")
        if number == 2:
            with pytest.raises(MissingFact):
                no(task, moment, task.assignee)
            waiting_file(task, task.assignee, EvidenceKind.SIGNATURE)
        no(task, moment, task.assignee, channel="desk_phone" if number == 1 else "onsite")
    task = visit_after(case, "2024-05-09 09:00")
    said = {"by": task.assignee, "answers": {"satisfaction": "满意"}, "channel": "desk_phone"}
    if by_telephone:
        call(task, "2024-05-09 10:00", **said)
    else:
        with pytest.raises(MissingFact):
            call(task, "2024-05-09 10:00", **said)
    case.refresh_from_db()
    assert (case.round, case.state) == (3, CaseState.CLOSED if by_telephone else CaseState.VERIFYING)


def test_k_04_each_level_is_asked_after_by_whom_it_names_and_by_nobody_else(estate):
    publish(PACK.replace("rate = 0.5", "rate = 1"), on="2024-01-02")
    cases = [estate.told("2024-05-07 09:00", severity=grave) for grave in ("minor", "important", "major")]
    for case in cases:
        solve(case, estate.ann, now=at("2024-05-07 10:00"))
    tick("2024-05-07 10:01")
    asked = {task.event.attributes["level"]: task for task in VisitTask.objects.filter(status="open")}
    assert {level: task.assignee for level, task in asked.items()} == {
        "general": estate.bo, "important": estate.head, "major": estate.boss,
    }  # fmt: skip
    said = {"answers": {"satisfaction": "满意"}}
    with pytest.raises(MissingFact):
        call(asked["major"], "2024-05-08 10:00", by=estate.bo, **said)
    for task in asked.values():
        call(task, "2024-05-08 10:00", by=task.assignee, **said)
    assert {Case.objects.get(pk=case.pk).state for case in cases} == {CaseState.CLOSED}


def test_k_10_a_promised_answer_is_late_a_minute_after_and_its_supervisor_hears_of_it_once(estate):
    task = visit_after(estate.told(), "2024-05-06 10:00")
    answer = FollowOn(question="何时换电梯", question_due=at("2024-05-08 10:00"))
    call(task, "2024-05-07 10:00", by=estate.bo, answers={"satisfaction": "满意"}, follow=answer)
    heard = Notification.objects.filter(recipient=estate.head, kind="promise_unkept")
    counts = []
    for moment in ("2024-05-08 10:00", "2024-05-08 10:01", "2024-05-08 10:02"):
        tick(moment)
        counts.append(heard.count())
    assert counts == [0, 1, 1]
    assert FollowUpItem.objects.get(kind="question").due_at == at("2024-05-08 10:00")


def coverage(release) -> tuple[Fraction, Fraction]:
    spec = KpiSpec(code="k", metric="coverage_rate", of=("visit_rule:complaint",))
    found = figure("coverage_rate", spec=spec, release=release, period=period_named("2024-05"), now=at("2024-06-01"))
    return found.numerator, found.denominator


def test_k_03_half_of_seven_are_four_and_k_15_two_of_ten_that_are_exempt_leave_the_denominator(estate):
    cases = [estate.told(f"2024-05-{day:02} 09:00") for day in range(6, 16)]
    for number, case in enumerate(cases):
        solve(case, estate.ann, now=at(f"2024-05-{6 + number:02} 10:00"))
        if number == 6:
            tick("2024-05-12 10:01")
            assert VisitTask.objects.filter(sampled=True).count() == 4
    tick("2024-05-15 10:01")
    release = cases[0].release
    assert coverage(release) == (0, 10)
    for code, case in (("anonymous", cases[0]), ("reply-letter-only", cases[1])):
        case.refresh_from_db()
        now = at("2024-05-16 09:00")
        if code == "reply-letter-only":
            with pytest.raises(CannotDo):
                exempt(case, code=code, by=estate.head, now=now)
            Evidence.objects.create(
                subject=f"case:{case.pk}", kind=EvidenceKind.PHOTO, file=f"{uuid4()}.jpg", media="image/jpeg",
                sha256="0" * 64, stored_sha256="0" * 64, size=1, uploaded_by=estate.head, uploaded_at=now,
            )  # fmt: skip
        exempting.exempt(case, code=code, by=estate.boss, now=now)
    assert coverage(release) == (0, 8)


def test_k_16_a_bound_set_by_hand_stays_when_the_case_is_solved_once_more(estate):
    case = estate.told()
    task = visit_after(case, "2024-05-06 10:00")
    case.refresh_from_db()
    assert local(task.closes_at) == "2024-05-10"
    bounds.set_due(case, what=f"task:{task.pk}", on=date(2024, 5, 8), text="急",
                   by=estate.boss, now=at("2024-05-06 11:00"))  # fmt: skip
    exempt(case, code="anonymous", by=estate.boss, now=at("2024-05-06 12:00"))
    exempting.include(case, by=estate.boss, now=at("2024-05-07 09:00"), text="还是回访")
    task.refresh_from_db()
    assert local(task.closes_at) == "2024-05-09"  # the end of the eighth; by the rule it would be that of the tenth


def handling_shown(boss) -> tuple[bool, bool, int]:
    """Return whether the card of May says 95 %, whether it is red, and how many issues the page lists as open."""
    card = signed_in(boss).get("/dashboard/?period=2024-05").content.decode()
    card = next(one for one in card.split("<article")[1:] if 'id="kpi-handling-rate"' in one)
    key = f"{Release.objects.latest('pk').policy_id}/kpi:handling-rate"
    page = signed_in(boss).get(f"/figures/?of={key}&period=2024-05")
    return "19 / 20" in card and "95 %" in card, "kpi-broken" in card, len(page.context["open"])


def test_k_13_nineteen_of_twenty_are_95_percent_with_one_left_and_twenty_are_all(estate, clock_at):
    """K-13: 20 issues, 19 settled: 95.0 %, red, the list has 1; settle it: 100 %, not red."""
    clock_at("2024-06-01T09:00+08:00")
    cases = [estate.told(type=CaseType.PROBLEM) for _number in range(20)]
    now = at("2024-05-07 10:00")
    publish(PACK.replace("rate = 0.5", "rate = 1"), on="2024-01-02")
    for case in cases[:19]:
        Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, closed_at=now)
    spec = KpiSpec(code="k", metric="resolution_rate")
    month = {"release": cases[0].release, "period": period_named("2024-05"), "now": at("2024-06-01")}
    assert figure("resolution_rate", spec=spec, **month).value == Fraction(19, 20)
    assert handling_shown(estate.boss) == (True, True, 1)
    Case.objects.filter(pk=cases[19].pk).update(state=CaseState.CLOSED, closed_at=now)
    assert figure("resolution_rate", spec=spec, **month).value == 1
    assert handling_shown(estate.boss) == (False, False, 0)


def test_a_higher_level_in_a_later_round_has_one_clock_of_each(estate):
    publish(PACK + '\n[[obligation]]\ncode = "solve"\non = "complaint_registered"\ndeed = "resolve"\nby = "handler"\n',
            on="2024-01-02")  # fmt: skip
    case = estate.told()
    no(visit_after(case, "2024-05-07 09:00"), "2024-05-08 10:00", estate.bo)
    case.refresh_from_db()
    handling.set_level(case, by=estate.boss, now=at("2024-05-08 11:00"), level="major", text="客户要曝光")
    assert Obligation.objects.open().filter(deed="resolve").count() == 1
