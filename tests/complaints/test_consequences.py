"""Verified fault costs what the regulation says, once for each case."""

from datetime import date

import pytest

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain import consequences
from complaints.domain.accusing import accuse, judge
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo, write
from complaints.models import Accusation, Case
from reports.domain.auditing.everything import differences
from staff.choices import ReleaseState, ViolationState
from staff.domain.conduct import deciding
from staff.domain.conduct.detecting import look, withdraw_mended
from staff.domain.conduct.explaining import explanation
from staff.domain.conduct.refusing import Refused
from staff.domain.policies import approve
from staff.models import LedgerEntry, Measure, Notification, Posting, Violation
from tests.packs import SHIPPED
from tests.visits.world import at, branch, department, employee, publish
from visits.models import Obligation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LOGISTICS = (SHIPPED / "logistics-cs.toml").read_text(encoding="utf-8")
REPEATED = LOGISTICS.replace('from_count = "?"\ntier_period = "?"', 'from_count = 4\ntier_period = "3m"')
KIND = "complaint_against_employee"


class Desk:
    """A company with its people, ruled by one regulation since 30 April 2026."""

    def __init__(self, pack: str = REPEATED) -> None:
        self.office = department("运作部", branch())
        self.ann, self.bo = (employee(name, branch=branch(), department=self.office) for name in ("ann", "bo"))
        self.mei = employee("mei", "department_manager", branch=branch(), department=self.office)
        self.gao = employee("gao", "general_manager")
        self.hua, self.lin = (employee(name, "hq_coordinator", like="cs_supervisor") for name in ("hua", "lin"))
        Posting.objects.filter(employee__in=(self.hua, self.lin)).update(branch=None)
        release = publish(pack, on="2026-04-30")
        if release.state == ReleaseState.AWAITING:
            approve(release, now=at("2026-04-30"), on=date(2026, 4, 30), actor=self.gao)

    def case(self, day: str, *accused, **facts) -> Case:
        """Register a complaint that names these people."""
        usual = {"summary": "服务态度差", "source": "phone", "name": "王女士", "contact": "13900000001"}
        moment = at(f"2026-{day} 10:00")
        told = Told(
            **(usual | facts), opened_at=moment, branch=branch(), department=self.office, accused=accused
        )  # fmt: skip
        return register(told, by=self.hua, now=moment)

    def verdict(self, case: Case, moment: str, *, verified=True, of=None, harm=None) -> Accusation:
        """Let the general manager judge what a case says about a person."""
        found = case.accusations.get(**({"employee": of} if of else {}))
        case.refresh_from_db()
        found.case = case
        now = at(f"2026-{moment}")
        return judge(found, verified=verified, harm=harm, finding="调取录音核实", by=self.gao, now=now)


def looked(moment: str) -> None:
    """Let the detector look, and what is mended be taken back."""
    now = at(f"2026-{moment}")
    look(KIND, now=now)
    look(KIND, now=now)
    withdraw_mended(now=now)


def open_ones(**of):
    return Violation.objects.filter(state=ViolationState.PROPOSED, **of).order_by("pk")


def confirm_all(moment: str, by) -> None:
    waiting = open_ones().exclude(employee=by)
    deciding.confirm(list(waiting), actor=by, now=at(f"2026-{moment}"))


def test_ae_14_15_16_three_of_a_month_cost_10_20_50_and_the_fourth_of_a_quarter_is_a_proposal_to_dismiss():
    desk = Desk()
    for day, found in (("05-04", "05-05"), ("05-12", "05-14"), ("05-29", "06-02"), ("06-03", "06-04")):
        case = desk.case(day, desk.ann)
        looked(f"{day} 11:00")
        assert not open_ones().exists()  # named is not guilty
        desk.verdict(case, f"{found} 09:00")
        looked(f"{found} 09:01")
        confirm_all(f"{found} 18:00", desk.gao)
    paid = LedgerEntry.objects.filter(unit="CNY").order_by("pk")
    assert [one.amount for one in paid.filter(employee=desk.ann)] == [10_00, 20_00, 50_00, 10_00]
    assert [one.amount for one in paid.filter(employee=desk.mei)] == [10_00] * 4
    assert set(paid.values_list("subject", flat=True)) == {f"case:{case.pk}" for case in Case.objects.all()}
    assert Measure.objects.filter(what="announcement").count() == 1
    dismissal = Measure.objects.get(what="dismissal_proposal", state="open")
    assert (dismissal.employee, dismissal.employee.is_active) == (desk.ann, True)
    first = Violation.objects.filter(employee=desk.ann).order_by("pk").first()
    assert first.occurred_on == date(2026, 5, 4)
    assert "2026-05-04 10:00" in explanation(first) and "2026-05-05 09:00" in explanation(first)


def test_the_audit_finds_the_same_and_what_was_planted():
    desk = Desk()
    right, wrong = desk.case("05-04", desk.ann), desk.case("05-05", desk.bo)
    for case in (right, wrong):
        desk.verdict(case, "05-06 09:00")
    later = desk.case("05-06", desk.bo)
    desk.verdict(later, "05-06 11:00", verified=False)
    now = at("2026-05-08 09:00")
    looked("05-07 09:00")
    assert kinds(now) == []
    Accusation.objects.filter(case=wrong).update(verified=False)  # a ground that is gone, with nobody's word for it
    Accusation.objects.filter(case=later).update(verified=True)  # one that nobody has proposed
    assert kinds(now) == [f"case:{later.pk}", f"case:{later.pk}", "violation", "violation"]


def kinds(now) -> list[str]:
    """Return where the second computation differs: subjects, violations without their numbers."""
    return sorted(one.where.partition(" ")[0] for one in differences(now=now)[1] if KIND in one.what)


def test_a_verdict_that_is_withdrawn_takes_its_proposal_back_and_given_again_brings_it_back():
    desk = Desk()
    case = desk.case("05-04", desk.ann)
    desk.verdict(case, "05-05 09:00")
    looked("05-05 09:01")
    told = Notification.objects.filter(key__endswith="-decide").values_list("recipient__username", flat=True)
    assert {"gao", "mei"} >= set(told) >= {"gao"}  # I-07: the to-do of who decides
    assert open_ones(rule="staff-fault").count() == 2  # ann's own, and her manager's
    for moment, verified, standing in (("10:00", None, 0), ("11:00", True, 2), ("12:00", False, 0), ("13:00", True, 2)):
        desk.verdict(case, f"05-05 {moment}", verified=verified)
        looked(f"05-05 {moment}:30")
        assert open_ones(rule="staff-fault").count() == standing, moment
    confirm_all("05-05 18:00", desk.gao)
    desk.verdict(case, "05-06 09:00", verified=False)
    looked("05-06 09:01")  # what people have decided, people take back
    assert LedgerEntry.objects.filter(employee=desk.ann, unit="CNY").count() == 1
    assert Notification.objects.filter(recipient=desk.gao, kind="violation", facts__person="ann").exists()


def test_of_merged_cases_one_counts_and_a_withdrawn_one_counts_no_more():
    desk = Desk()
    one, two, three = (desk.case(day, desk.ann) for day in ("05-04", "05-05", "05-06"))
    for case in (one, two, three):
        desk.verdict(case, "05-07 09:00")
    looked("05-07 09:01")
    staff_fault = {"employee": desk.ann, "rule": "staff-fault"}
    assert open_ones(**staff_fault).count() == 3
    now = at("2026-05-07 10:00")
    for case in (two, three):
        case.refresh_from_db()
    write(two, CaseDeedKind.MERGED, by=desk.hua, now=now, state=CaseState.MERGED, merged_into=one)
    write(three, CaseDeedKind.WITHDRAWN, by=desk.hua, now=now, state=CaseState.WITHDRAWN)
    looked("05-07 10:01")
    assert [row.subject for row in open_ones(**staff_fault)] == [f"case:{one.pk}"]
    write(two, CaseDeedKind.UNMERGED, by=desk.hua, now=now, state=CaseState.ASSIGNED, merged_into=None)
    looked("05-07 10:02")
    assert {row.subject for row in open_ones(**staff_fault)} == {f"case:{one.pk}", f"case:{two.pk}"}


def test_the_fault_of_a_merged_case_is_that_of_the_one_that_stands_for_both():
    desk = Desk()
    one, two = desk.case("05-04"), desk.case("05-05", desk.ann)
    desk.verdict(two, "05-07 09:00")
    two.refresh_from_db()
    now = at("2026-05-07 10:00")
    write(two, CaseDeedKind.MERGED, by=desk.hua, now=now, state=CaseState.MERGED, merged_into=one)
    looked("05-07 10:01")
    [row] = open_ones(employee=desk.ann, rule="staff-fault")
    assert (row.subject, row.occurred_on) == (f"case:{one.pk}", date(2026, 5, 5))


def test_i_07_who_may_judge_and_who_hears_of_it():
    desk = Desk()
    case = desk.case("05-04")
    with pytest.raises(CannotDo, match="somebody else"):
        accuse(case, desk.bo, by=desk.bo, now=case.registered_at)
    named = accuse(case, desk.ann, by=desk.bo, now=case.registered_at, attitude=True, text="态度不好")
    with pytest.raises(CannotDo):
        accuse(case, desk.ann, by=desk.bo, now=case.registered_at)
    heard = Notification.objects.filter(key=f"accusation-{named.pk}").values_list("recipient__username", flat=True)
    assert set(heard) == {"mei"}
    refused = {"verified": True, "finding": "属实", "now": case.registered_at}
    for person in (desk.ann, desk.bo):
        with pytest.raises(CannotDo):
            judge(named, by=person, **refused)
    with pytest.raises(CannotDo, match="found out"):
        judge(named, by=desk.mei, **(refused | {"finding": " "}))
    judge(named, by=desk.mei, **refused)
    assert [deed.kind for deed in case.deeds.all()] == ["registered", "accused", "verified_fault"]
    mine = desk.case("05-05", desk.mei)
    about_me = mine.accusations.get()
    with pytest.raises(CannotDo, match="about them"):
        judge(about_me, by=desk.mei, **(refused | {"now": at("2026-05-05 11:00")}))


def test_nobody_handles_a_case_that_names_them():
    desk = Desk()
    mine = desk.case("05-04", desk.ann, handler=desk.ann)
    assert (mine.handler, mine.state) == (desk.mei, CaseState.ASSIGNED)
    case = desk.case("05-04", handler=desk.ann)
    owed = Obligation.objects.get(subject=f"case:{case.pk}", rule="first-reply")
    assert owed.employee == desk.ann
    accuse(case, desk.ann, by=desk.bo, now=case.registered_at)
    case.refresh_from_db()
    owed.refresh_from_db()
    assert (case.handler, owed.employee, case.state) == (desk.mei, desk.mei, CaseState.ASSIGNED)
    assert [deed.kind for deed in case.deeds.all()] == ["registered", "accused", "assigned"]
    assert Notification.objects.filter(recipient=desk.mei, message__contains="is yours").count() == 2
    accuse(case, desk.mei, by=desk.bo, now=case.registered_at)
    case.refresh_from_db()
    assert case.handler == desk.gao


def test_ae_17_18_neglect_costs_the_manager_50_to_200_and_the_coordinator_of_that_case_50():
    desk = Desk()
    case = desk.case("05-04", coordinator=desk.lin)
    now = at("2026-05-06 09:00")
    offered = {one.spec.code: one for one in consequences.penalties_for(case, on=date(2026, 5, 6))}
    rule = offered["manager-neglect"]
    made = consequences.propose(case, rule, desk.mei, by=desk.gao, text="客户两次来电，一直没有处理", now=now)
    with pytest.raises(Refused):
        consequences.propose(case, rule, desk.mei, by=desk.gao, text="又一次", now=now)
    for amount in (49_00, 201_00):
        with pytest.raises(Refused):
            deciding.confirm([made], actor=desk.gao, now=now, amount=amount, text="客户可能流失")
    deciding.confirm([made], actor=desk.gao, now=now, amount=120_00, text="客户可能流失")
    confirm_all("05-06 10:00", desk.gao)
    paid = LedgerEntry.objects.filter(unit="CNY").order_by("pk")
    assert [(one.employee.username, one.amount) for one in paid] == [("mei", 120_00), ("lin", 50_00)]
    assert {one.subject for one in paid} == {f"case:{case.pk}"}


def test_ae_17_18_a_manager_who_answers_late_is_found_by_itself_with_the_coordinator_of_that_case():
    late = REPEATED.replace(
        'by = "role:department_manager"\n\n', 'by = "role:department_manager"\nwithin = "1d"\n\n', 1
    )
    desk = Desk(late)
    case = desk.case("05-04", coordinator=desk.lin)
    look("obligation_missed", now=at("2026-05-05 23:59"))
    assert not open_ones(rule="manager-late").exists()
    look("obligation_missed", now=at("2026-05-06 00:10"))
    [mine, hers] = open_ones(rule="manager-late")
    assert (mine.employee, mine.facts["visit"], hers.employee) == (desk.mei, f"case:{case.pk}", desk.lin)
    deciding.confirm([mine], actor=desk.gao, now=at("2026-05-06 09:00"), amount=50_00, text="客户投诉未回复")
    withdraw_mended(now=at("2026-05-06 09:01"))


def test_what_people_proposed_the_program_does_not_take_back():
    desk = Desk()
    case, now = desk.case("05-04"), at("2026-05-06 09:00")
    offered = {one.spec.code: one for one in consequences.penalties_for(case, on=date(2026, 5, 6))}
    for code in ("manager-late", "staff-fault"):
        consequences.propose(
            case, offered[code], desk.mei, by=desk.gao, text="没有按时反馈", now=now, presupposed=True
        )  # fmt: skip
    withdraw_mended(now=now)
    assert open_ones(employee=desk.mei).count() == 2
