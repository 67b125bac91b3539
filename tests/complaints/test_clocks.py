"""The clocks of a case stop with a reason, go on, escalate in office hours and are broken by who owed them then."""

from datetime import date, time, timedelta

import pytest

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain import bounds, branch_figures, clocks, escalating, handling, verifying
from complaints.domain.announcing import done
from complaints.domain.writing import CannotDo, MeanwhileChanged, locked, write
from complaints.models import Case
from staff.choices import MeasureState
from staff.domain.wording import length_words, moment_words
from staff.models import Branch, Employee, Notification, Role, RoleAssignment
from tests.complaints import solving, timing
from tests.complaints.timing import TUESDAY, case_of, escalated, go_on, owed, stop
from tests.visits.calls import MORNING, Shop, at
from tests.visits.desk import signed_in
from visits.domain.detecting import obligations
from visits.domain.obliging.fulfilling import set_bound
from visits.domain.obliging.watching import watch_obligations
from visits.models import Obligation


@pytest.fixture
def shop(db) -> Shop:
    return timing.shop()


def test_a_clock_that_stopped_runs_on_with_what_it_had_left(shop):
    case = case_of(shop)
    assert owed("solve").due_at == at("18:00")
    stop(case, "11:00")
    assert owed("first-reply").paused_at is None  # the first word is owed whatever is waited for
    watch_obligations(now=at("19:30"))
    later = at("20:00")
    found = list(obligations.detect(since=MORNING, until=later, now=later))
    assert [breach.facts["rule"] for breach in found] == ["first-reply"]
    assert not Notification.objects.filter(kind="obligation_late").exists()

    go_on(case, TUESDAY + "10:00")
    clock = owed("solve")
    assert (clock.due_at, clock.warn_at) == (at("2026-03-03 17:00"), at("2026-03-03 16:00"))
    assert clock.tell_at == at("2026-03-03 18:00")
    assert [(pause.from_at, pause.until_at, pause.reason) for pause in clock.pauses.all()] == [
        (at("11:00"), at(TUESDAY + "10:00"), "等客户回电")
    ]
    assert [deed.kind for deed in case.deeds.all()][-2:] == [CaseDeedKind.WAITING, CaseDeedKind.RESUMED]
    assert Case.objects.get(pk=case.pk).state == CaseState.ASSIGNED


def test_whatever_ends_the_waiting_lets_the_clocks_go_on_and_a_stale_page_is_told(shop):
    case = case_of(shop)
    with pytest.raises(CannotDo, match="200"):
        stop(case, "11:00", reason=" ")
    stop(case, "11:00")
    with pytest.raises(CannotDo):
        stop(case, "11:10")
    with pytest.raises(MeanwhileChanged):
        clocks.resume(case, by=case.handler, now=at("11:30"), version=1)
    found = locked(case.pk)
    write(found, CaseDeedKind.RESOLVED, by=shop.wang, now=at("12:00"), state=CaseState.RESOLVED)
    assert (owed("solve").paused_at, owed("solve").due_at) == (None, at(TUESDAY + "10:00"))
    assert done(found, "resolve", by=shop.wang, now=at("12:00")) == 1
    with pytest.raises(CannotDo):
        stop(case, "12:10")


def test_a_clock_escalates_up_the_chain_in_office_hours_and_never_for_an_ended_case(shop):
    case = case_of(shop)
    for moment in ("18:01", "23:59", TUESDAY + "08:59", TUESDAY + "09:59"):
        watch_obligations(now=at(moment))
    assert escalated(case) == []
    watch_obligations(now=at(TUESDAY + "10:00"))
    assert escalated(case) == [("clock", "manager", 1)]
    case.refresh_from_db()
    assert (case.escalations, case.rung, case.escalated_to) == (1, 1, shop.manager)
    assert owed("solve").tell_at == at("2026-03-05 09:00")  # two days end at midnight: nobody is told then
    told = Notification.objects.get(kind="obligation_late")
    assert (told.url, case.number in told.facts["title"]) == (f"/complaints/{case.pk}/", True)

    write(case, CaseDeedKind.WITHDRAWN, by=None, now=at(TUESDAY + "11:00"), state=CaseState.WITHDRAWN)
    watch_obligations(now=at("2026-03-05 09:00"))
    assert (len(escalated(case)), owed("solve").state) == (1, MeasureState.DROPPED)


def test_by_hand_it_goes_up_with_a_proposal_and_beyond_the_top_it_is_refused(shop):
    case = case_of(shop)

    def up(text, by):
        case.refresh_from_db()
        return escalating.escalate(case, text=text, by=by, now=MORNING, version=case.version)

    with pytest.raises(CannotDo) as refused:
        up("  ", case.handler)
    assert refused.value.field == "text"
    up("配件缺货,建议换新", case.handler)
    up("请总经理批准换新", shop.manager)
    with pytest.raises(CannotDo, match=r"top|最高"):
        up("再报", shop.boss)
    assert escalated(case) == [("hand", "manager", 1), ("hand", "boss", 2)]
    assert [line.text for line in case.deeds.filter(kind="escalated")] == ["配件缺货,建议换新", "请总经理批准换新"]
    case.refresh_from_db()
    assert (case.escalations, case.rung, escalating.climb(case, why="round", by=None, now=MORNING)) == (2, 2, None)
    assert set(Notification.objects.filter(kind="case_escalated").values_list("recipient__username", flat=True)) == {
        "manager", "boss",
    }  # fmt: skip


def test_a_higher_level_has_its_own_clocks_and_tells_who_decides(shop):
    case = case_of(shop)
    handling.set_level(case, level="major", text="客户要求退车", by=case.handler, now=at("11:00"))
    assert (owed("solve").state, owed("solve-major").due_at) == (MeasureState.DROPPED, at("14:00"))
    assert owed("first-reply").state == MeasureState.OPEN
    assert escalated(case) == [("level", "boss", 0)]


def test_who_owed_a_clock_at_its_bound_answers_for_it_and_a_penalty_may_ask_of_the_case(shop):
    case = case_of(shop)
    first, other = case.handler, shop.li if case.handler == shop.wang else shop.wang
    for moment, of, to in (("10:30", first, other), ("11:30", other, first)):
        assert clocks.hand_on(case, of=of, to=to, by=shop.manager, now=at(moment)) == 2
    later = at("12:00")
    [breach] = obligations.detect(since=MORNING, until=later, now=later)
    assert (breach.employee, breach.facts["rule"]) == (other.pk, "first-reply")
    assert (breach.fields["level"], breach.fields["type"]) == ("general", "complaint")
    assert {"kind": "case", "id": str(case.pk)} in breach.evidence

    pooled = case_of(shop, reference="2", handler=shop.li)
    Obligation.objects.filter(subject=f"case:{pooled.pk}").update(employee=None)
    clocks.hand_on(pooled, of=None, to=shop.li, by=shop.li, now=at("12:10"))
    late = obligations.detect(since=MORNING, until=at("12:20"), now=at("12:20"))
    assert {one.employee for one in late} == {other.pk}  # nobody had it at its bound


def test_of_two_who_hold_a_step_the_one_hears_who_does_not_ask(shop):
    second = Employee.objects.create(username="zz", name="zz")
    RoleAssignment.objects.create(
        employee=second, role=Role.objects.get(code="department_manager"), from_on=date(2020, 1, 1)
    )
    case = case_of(shop)
    assert escalating.next_rung(case, now=MORNING).employee == shop.manager
    assert escalating.next_rung(case, now=MORNING, by=shop.manager).employee == second


def test_a_bound_that_was_set_by_hand_is_warned_of_anew(shop):
    case_of(shop)
    watch_obligations(now=at("17:00"))
    set_bound(owed("solve"), at("17:50"), now=at("17:05"))
    watch_obligations(now=at("17:06"))
    told = Notification.objects.filter(kind="obligation_due").order_by("pk")
    assert [(one.facts["bound"][-5:], one.read_at is None) for one in told] == [("18:00", False), ("17:50", True)]


def test_another_bound_holds_within_the_limit_and_is_approved_by_another_manager_beyond(shop):
    case = case_of(shop, severity="major", level="major", handler=shop.wang)
    other = Employee.objects.create(username="other", name="other")
    RoleAssignment.objects.create(
        employee=other, role=Role.objects.get(code="general_manager"), from_on=date(2020, 1, 1)
    )
    clock = owed("solve-major")
    assert clock.due_at == at("14:00")

    def move(to, by=shop.boss, text="客户要得急"):
        case.refresh_from_db()
        on, hour = date(2026, 3, 2), time.fromisoformat(to)
        what = f"obligation:{clock.pk}"
        return bounds.set_due(case, what=what, on=on, at=hour, text=text, by=by, now=MORNING, version=case.version)

    for wrong in ({"to": "09:00"}, {"to": "14:00"}, {"to": "13:00", "text": " "}, {"to": "13:00", "by": shop.wang}):
        with pytest.raises(CannotDo):
            move(**wrong)
    assert move("12:00") is True
    assert owed("solve-major").due_at == at("12:00")
    assert move("17:00") is False
    assert owed("solve-major").due_at == at("12:00")
    case.refresh_from_db()
    with pytest.raises(CannotDo):
        bounds.approve_due(case, grant=True, text="", by=shop.boss, now=MORNING)
    bounds.approve_due(case, grant=True, text="", by=other, now=MORNING)
    assert owed("solve-major").due_at == at("17:00")
    assert [line.facts.get("asked") for line in case.deeds.filter(kind=CaseDeedKind.DUE)] == [False, True, None]
    with pytest.raises(CannotDo):
        bounds.approve_due(case, grant=True, text="", by=other, now=MORNING)


def test_every_bound_shows_how_it_was_counted_and_its_parts_add_up(shop, clock_at):
    case = case_of(shop)
    stop(case, "11:00")
    go_on(case, TUESDAY + "10:00")
    clock_at("2026-03-03T10:30+08:00")
    page = signed_in(shop.boss).get(f"/complaints/{case.pk}/clock/")
    assert page.status_code == 200
    first = next(one for one in page.context["clocks"] if one.clock.one.rule == "solve")
    assert [(line.what, line.total) for line in first.lines] == [
        ("10:00–11:00", length_words(timedelta(hours=1))), ("10:00–17:00", length_words(timedelta(hours=8))),
    ]  # fmt: skip
    assert first.stops[0]["reason"] == "等客户回电"
    told = [at(TUESDAY + "18:00"), at("2026-03-06 09:00")]
    assert [rung.at for rung in first.rungs] == [moment_words(moment) for moment in told]


def test_ae_13_the_complaints_of_a_month_by_branch_are_a_naive_count(shop, clock_at):
    north, south = Branch.objects.create(name="北店"), Branch.objects.create(name="南店")
    cases = [case_of(shop, branch=branch, reference=f"{n}") for n, branch in enumerate([shop.branch] * 3 + [south] * 5)]
    handling.set_level(cases[0], level="major", text="严重", by=cases[0].handler, now=MORNING)
    done(cases[0], "first_reply", by=shop.wang, now=at("11:01"))
    done(cases[1], "first_reply", by=shop.wang, now=at("11:00"))
    case_of(shop, branch=south, reference="s", type="suggestion")
    month = at("2026-03-01 00:00"), at("2026-04-01 00:00")
    rows = branch_figures.by_branch(shop.boss, *month, at=at("11:30"), on=date(2026, 3, 2))
    told = {row.branch: (row.count, row.late, row.escalated) for row in rows}
    assert told == {"城东店": (3, 2, 1), "北店": (0, 0, 0), "南店": (5, 5, 0)}
    assert (branch_figures.total_of(rows).count, north.pk > 0) == (8, True)
    assert branch_figures.by_category(shop.boss, *month, on=date(2026, 3, 2)) == [("", 8)]
    clock_at("2026-03-02T11:30+08:00")
    page = signed_in(shop.boss).get("/complaints/branches/?month=2026-03")
    assert [row.count for row in page.context["rows"]] == [row.count for row in rows]
    assert signed_in(shop.boss).get("/complaints/branches/?month=nonsense").status_code == 200


def test_k_16_a_visit_comes_sooner_by_its_manager_and_later_only_by_two(db):
    shop = Shop(pack=solving.PACK)
    role = Role.objects.create(code="general_manager", title="总经理", like="general_manager")
    boss, other = (Employee.objects.create(username=name, name=name) for name in ("boss", "other"))
    for person in (boss, other):
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
    solving.asking(shop)
    case = solving.solved(shop)
    [task] = verifying.tasks_of(case)
    assert task.closes_at == at("2026-03-06 00:00")  # three days after Monday

    def move(day):
        bounds.set_due(case, what=f"task:{task.pk}", on=date(2026, 3, day), text="客户着急", by=boss, now=MORNING)
        task.refresh_from_db()
        return task.closes_at

    assert move(4) == at("2026-03-05 00:00")
    assert move(5) == at("2026-03-06 00:00")  # the regulation's own limit is not lost
    assert move(7) == at("2026-03-06 00:00")
    bounds.approve_due(case, grant=True, text="", by=other, now=MORNING)
    task.refresh_from_db()
    assert task.closes_at == at("2026-03-08 00:00")
