"""What people do about a case: who may, what it needs, what it closes, whom it tells."""

import pytest

from complaints.choices import CaseDeedKind, CaseState, CaseType
from complaints.domain import editing, handling
from complaints.domain.forms_asked import Lacking
from complaints.domain.rights import NotYours
from complaints.domain.showing.timeline import timeline_of
from complaints.domain.writing import CannotDo, MeanwhileChanged
from complaints.models import Accusation, Case
from staff.models import Notification
from tests.complaints.desk import Desk, later
from tests.complaints.solving import asking
from tests.visits.calls import MORNING
from visits.choices import TaskStatus
from visits.domain.planning.events import plan_events
from visits.models import Obligation, VisitTask

pytestmark = pytest.mark.django_db
SOLVED = {"solution": "更换压缩机", "cause": "压缩机泄漏", "result": "已修复", "values": {"law": "三包规定"}}


def state_of(case, deed):
    return Obligation.objects.filter(subject=f"case:{case.pk}", deed=deed).values_list("state", flat=True).first()


def test_from_the_first_word_to_the_customers_confirmation():
    desk = Desk()
    case = desk.case()
    handling.accept(case, by=desk.wang, now=later(minutes=1))
    handling.reply(case, by=desk.wang, now=later(minutes=5), channel="mobile", text="今天下午检查")
    assert (case.state, state_of(case, "first_reply")) == (CaseState.IN_PROGRESS, "done")
    with pytest.raises(Lacking) as lacking:
        handling.resolve(case, by=desk.wang, now=later(hours=1), solution="更换压缩机")
    assert lacking.value.fields == ("cause", "result", "law")
    case.refresh_from_db()
    assert (case.state, case.solution) == (CaseState.IN_PROGRESS, "")
    handling.resolve(case, by=desk.wang, now=later(hours=1), **SOLVED)
    assert (case.state, state_of(case, "resolve"), case.values) == ("resolved", "done", {"law": "三包规定"})
    with pytest.raises(NotYours):  # nobody closes what they have handled
        handling.close(case, by=desk.wang, now=later(hours=2), satisfied=True, opinion="好")
    with pytest.raises(CannotDo) as refusal:  # I-01: the day of feedback
        handling.close(case, by=desk.zhang, now=later(hours=2), satisfied=True, opinion="好")
    assert refusal.value.field == "told_now"
    with pytest.raises(Lacking):  # AE-12: the opinion
        handling.close(Case.objects.get(pk=case.pk), by=desk.zhang, now=later(hours=2), satisfied=True, told_now=True)
    for satisfied in (None, False):
        with pytest.raises(CannotDo):
            again = Case.objects.get(pk=case.pk)
            handling.close(again, by=desk.li, now=later(hours=2), satisfied=satisfied, opinion="好", told_now=True)
    case.refresh_from_db()
    handling.close(case, by=desk.zhang, now=later(hours=2), satisfied=True, opinion="满意", told_now=True)
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.opinion, case.satisfied) == ("closed", later(hours=2), "满意", True)
    assert not Obligation.objects.open().exists()


def test_only_whom_the_level_names_decides_and_nothing_is_solved_before():
    desk = Desk()
    case = desk.case(severity="major")
    assert (case.level, state_of(case, "decide")) == ("major", "open")
    assert Obligation.objects.get(deed="decide").employee == desk.zhou
    assert Notification.objects.filter(recipient=desk.zhou).count() == 1
    for person in (desk.wang, desk.li, desk.zhang):
        with pytest.raises(NotYours):
            handling.decide(case, by=person, now=MORNING, text="退车")
    with pytest.raises(CannotDo, match="."):
        handling.resolve(case, by=desk.wang, now=MORNING, **SOLVED)
    handling.decide(case, by=desk.zhou, now=MORNING, text="免费更换")
    assert state_of(case, "decide") == "done"
    assert Notification.objects.filter(recipient=desk.wang, message__contains="decided").count() == 1
    case.refresh_from_db()
    handling.resolve(case, by=desk.wang, now=later(hours=1), **SOLVED)
    minor = desk.case()
    handling.decide(minor, by=desk.wang, now=MORNING, text="重新检查")  # an advisor decides the lowest level


def test_a_case_changes_hands_with_its_clocks_and_never_to_whom_it_complains_of():
    desk = Desk()
    case = desk.case()
    Accusation.objects.create(case=case, employee=desk.worker, at=MORNING)
    with pytest.raises(NotYours):
        handling.assign(case, by=desk.wang, now=MORNING, to=desk.li)
    with pytest.raises(CannotDo):
        handling.assign(case, by=desk.zhang, now=MORNING, to=desk.worker)
    handling.assign(case, by=desk.zhang, now=MORNING, to=desk.li, text="王芳休假")
    assert set(Obligation.objects.values_list("employee__username", flat=True)) == {"liqiang"}
    assert case.handler == desk.li
    handling.assign(case, by=desk.zhang, now=MORNING, role="service_advisor")
    assert (case.state, case.handler, case.role) == ("registered", None, "service_advisor")
    assert set(Obligation.objects.values_list("employee", "role")) == {(None, "service_advisor")}
    handling.accept(case, by=desk.wang, now=MORNING)
    assert set(Obligation.objects.values_list("employee__username", flat=True)) == {"wangfang"}


def test_a_level_is_raised_by_who_works_on_it_and_lowered_by_the_manager_alone():
    desk = Desk()
    case = desk.case()
    with pytest.raises(CannotDo):
        handling.set_level(case, by=desk.wang, now=MORNING, level="major", text=" ")
    handling.set_level(case, by=desk.wang, now=MORNING, level="major", text="客户要投诉到 12315")
    assert state_of(case, "decide") == "open"
    with pytest.raises(CannotDo):
        handling.set_level(case, by=desk.wang, now=MORNING, level="minor", text="误判")
    case.refresh_from_db()
    handling.set_level(case, by=desk.zhang, now=MORNING, level="minor", text="误判")
    assert state_of(case, "decide") == "dropped"
    handling.set_category(case, by=desk.wang, now=MORNING, category="paint")
    kinds = [deed.kind for deed in case.deeds.all()]
    assert kinds == ["registered", "levelled", "escalated", "levelled", "changed"]


def test_departments_and_meetings_stand_on_the_case():
    desk = Desk()
    case = desk.case()
    assert desk.worker not in [desk.wang] and not handling.may(
        case, "department_reply", by=desk.worker, on=MORNING.date()
    )
    handling.ask_department(case, by=desk.wang, now=MORNING, department=desk.workshop, text="检查压缩机")
    assert Notification.objects.filter(recipient=desk.worker).count() == 1
    with pytest.raises(CannotDo):
        handling.department_reply(case, by=desk.wang, now=MORNING, department=desk.department, text="无")
    handling.department_reply(case, by=desk.wang, now=MORNING, department=desk.workshop, text="确有泄漏")
    handling.meeting(
        case,
        by=desk.zhang,
        now=MORNING,
        attendees=[desk.zhang, desk.wang],
        decision="更换",
        actions="王芳订件\n\n车间安装",
    )
    assert case.deeds.get(kind=CaseDeedKind.MEETING).facts["actions"] == ["王芳订件", "车间安装"]


def test_withdrawn_by_the_manager_for_a_reason_and_taken_up_with_its_clocks():
    desk = Desk()
    case = desk.case()
    for person in (desk.wang, desk.li, desk.lina):
        with pytest.raises(NotYours):
            handling.withdraw(case, by=person, now=MORNING, text="重复")
    handling.withdraw(case, by=desk.zhang, now=MORNING, text="客户撤回")
    assert (case.state, Obligation.objects.open().count()) == (CaseState.WITHDRAWN, 0)
    with pytest.raises(CannotDo):
        handling.progress(case, by=desk.wang, now=MORNING, text="还在做")
    handling.restore(case, by=desk.zhang, now=later(minutes=9), text="客户又来电")
    assert (case.state, Obligation.objects.open().count()) == (CaseState.ASSIGNED, 2)


def test_a_case_that_is_taken_up_again_has_its_visits():
    desk = Desk()
    asking(desk, trigger="complaint_registered")
    case = desk.case(customer=desk.customer(), handler=desk.li)
    plan_events(now=MORNING)
    handling.withdraw(case, by=desk.zhang, now=MORNING, text="客户撤回")
    assert VisitTask.objects.get().status == TaskStatus.CANCELLED
    handling.restore(case, by=desk.zhang, now=later(minutes=9), text="客户又来电")
    assert VisitTask.objects.get().status == TaskStatus.OPEN


def test_departments_that_are_put_right_stand_on_the_timeline_by_name():
    desk = Desk()
    case = desk.case()
    editing.change(case, {}, reason="补充", by=desk.li, now=MORNING, departments=[desk.workshop])
    [(_label, words)] = timeline_of(case)[0].facts
    assert words == f"— → {desk.workshop}"


def test_a_page_that_is_old_is_told_so_and_an_enquiry_is_closed_by_who_answered_it():
    desk = Desk()
    case = desk.case(type=CaseType.ENQUIRY)
    shown = case.version
    handling.progress(case, by=desk.wang, now=MORNING, text="查询中")
    with pytest.raises(MeanwhileChanged):
        handling.remark(case, by=desk.li, now=MORNING, text="另一条", version=shown)
    handling.resolve(case, by=desk.wang, now=MORNING, told_customer=True, **SOLVED)
    handling.close(case, by=desk.wang, now=MORNING, satisfied=None, opinion="谢谢")
    assert case.state == CaseState.CLOSED
