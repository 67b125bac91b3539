"""The register of improvement actions: owner, due day, overdue on the next day, effect checked by another (A-04)."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from config.clock import local_day
from reports.choices import ActionState
from reports.domain.improving import deeds, listing
from reports.domain.improving.owed import begin_owed
from reports.domain.improving.reminding import remind
from reports.models import ImprovementAction
from staff.domain.oversight import overseers_of
from staff.models import Notification
from tests.company import Company, morning

MAY_6, MAY_31 = date(2024, 5, 6), date(2024, 5, 31)
NOW = morning(MAY_6)


class Office(Company):
    """East with an advisor and a quality manager; West with a department manager."""

    def __init__(self) -> None:
        super().__init__()
        self.liu = self.person("liu", department=self.repairs)
        self.fang = self.person("fang", ["quality_manager"], department=self.repairs)
        self.zhou = self.person("zhou", ["general_manager"], branch=self.east)
        self.stranger = self.person("stranger", ["department_manager"], department=self.west_repairs)

    def action(self, **facts) -> ImprovementAction:
        plan = {"title": "话术", "measure": "每周演练", "owner": self.liu, "due_on": MAY_31, **facts}
        return deeds.begin(deeds.Plan(**plan), by=self.fang, now=NOW)


@pytest.fixture
def office(db) -> Office:
    return Office()


def bell(person) -> list[str]:
    return [row.message for row in Notification.objects.unread().filter(recipient=person).order_by("pk")]


def test_ak_24_an_action_until_31_may_is_overdue_on_1_june_and_not_before(office):
    action = office.action()

    def overdue(on):
        return list(ImprovementAction.objects.overdue(on=on)), listing.counts(office.fang, on=on)["overdue"]

    assert overdue(MAY_31) == ([], 0)
    assert overdue(date(2024, 6, 1)) == ([action], 1)


def test_an_action_is_of_the_unit_of_its_owner_and_strangers_do_not_see_it(office):
    action = office.action()

    def seen(person):
        return list(ImprovementAction.objects.visible_to(person, on=MAY_6))

    assert (action.branch, action.department) == (office.east, office.repairs)
    assert [seen(one) for one in (office.liu, office.fang, office.zhou)] == [[action]] * 3
    assert seen(office.stranger) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": " "}, "Say in a few words what is to be improved."),
        ({"measure": ""}, "Write what shall be done."),
        ({"due_on": date(2024, 5, 5)}, "The day until which it is done lies in the past."),
        (
            {"check_on": date(2024, 5, 30)},
            "The effect can be checked only after the action is done: choose a later day.",
        ),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(office, english, wrong, words):
    with pytest.raises(deeds.CannotImprove) as refused:
        office.action(**wrong)

    assert str(refused.value) == words
    assert ImprovementAction.objects.count() == 0


def test_nobody_is_made_answerable_by_who_does_not_look_after_them(office):
    plan = deeds.Plan(title="话术", measure="演练", owner=office.liu, due_on=MAY_31)
    for person in (office.stranger, office.liu):
        with pytest.raises(deeds.CannotImprove):
            deeds.begin(plan, by=person, now=NOW)


def test_its_owner_carries_it_out_and_somebody_else_checks_whether_it_helped(office):
    action = office.action(check_on=date(2024, 6, 14))
    deeds.note(action, "两次演练", by=office.liu, now=NOW)
    deeds.carry_out(action, "四次演练", by=office.liu, now=NOW)
    for person in (office.liu, office.stranger):
        with pytest.raises(deeds.CannotImprove):
            deeds.check_effect(action, "好多了", holds=True, by=person, now=NOW)
    deeds.check_effect(action, "未提及由 6 例降到 1 例", holds=True, by=office.fang, now=NOW)

    action.refresh_from_db()
    assert (action.state, action.result, action.checked_by) == (ActionState.EFFECTIVE, "四次演练", office.fang)
    assert [step.deed for step in action.steps.all()] == ["begun", "noted", "done", "effective"]
    assert bell(office.fang) == ["“%(title)s” is done; its effect is to be checked"]


def test_what_has_ended_is_not_carried_out_again(office):
    action = office.action()
    late_look = ImprovementAction.objects.get(pk=action.pk)
    deeds.drop(action, "改用录音质检", by=office.fang, now=NOW)

    with pytest.raises(deeds.ChangedSince):
        deeds.carry_out(late_look, "做了", by=office.liu, now=NOW)
    assert [step.deed for step in action.steps.all()] == ["begun", "dropped"]


def test_a_later_day_needs_a_reason_and_a_manager(office):
    action = office.action(check_on=MAY_31)
    for by, on, reason in (
        (office.fang, date(2024, 6, 7), ""), (office.fang, MAY_31, "忙"), (office.fang, None, "忙"),
        (office.liu, date(2024, 6, 7), "忙"),
    ):  # fmt: skip
        with pytest.raises(deeds.CannotImprove):
            deeds.postpone(action, on, reason, by=by, now=NOW)
    deeds.postpone(action, date(2024, 6, 7), "讲师请假", by=office.fang, now=NOW)

    action.refresh_from_db()
    assert (action.due_on, action.check_on) == (date(2024, 6, 7), date(2024, 6, 7))


def told_on(on: date) -> int:
    return remind(now=datetime(on.year, on.month, on.day, 0, 25, tzinfo=NOW.tzinfo), on=on)


def test_reminders_come_once_for_each_day_however_often_and_late_the_job_runs(office):
    action = office.action(check_on=date(2024, 6, 14))

    assert [told_on(MAY_31 - timedelta(2)), told_on(MAY_31 - timedelta(1)), told_on(MAY_31)] == [0, 1, 0]
    assert [told_on(date(2024, 6, 4)), told_on(date(2024, 6, 5))] == [2, 0]  # the owner and the maker, days later
    deeds.carry_out(action, "做了", by=office.liu, now=NOW)
    assert [told_on(date(2024, 6, 13)), told_on(date(2024, 6, 15)), told_on(date(2024, 6, 16))] == [0, 1, 0]
    assert bell(office.liu) == ["You answer for the improvement “%(title)s” until %(day)s"]  # the others are settled


def test_the_register_is_worked_through_its_pages(office, clock_at):
    clock_at(NOW.isoformat())
    manager, owner = Client(), Client()
    manager.force_login(office.fang)
    owner.force_login(office.liu)
    told = {"title": "话术", "cause": "漏说“极为满意”", "measure": "每周演练", "owner": office.liu.pk}

    refused = manager.post("/improvements/new/", told | {"due_on": "2024-05-05"})
    assert refused.status_code == 422
    assert "漏说“极为满意”" in refused.content.decode()
    made = manager.post("/improvements/new/", told | {"due_on": "2024-05-31"})
    action = ImprovementAction.objects.get()
    assert made.headers["Location"] == f"/improvements/{action.pk}/"
    assert owner.get("/improvements/new/").status_code == 404
    assert owner.post(f"/improvements/{action.pk}/effective/", {"text": "好"}).status_code == 422
    assert owner.post(f"/improvements/{action.pk}/done/", {"text": "演练了四次"}).status_code == 302
    assert manager.post(f"/improvements/{action.pk}/ineffective/", {"text": "仍有 5 例"}).status_code == 302
    assert "仍有 5 例" in owner.get(f"/improvements/{action.pk}/").content.decode()
    assert manager.post(f"/improvements/{action.pk}/unknown/").status_code == 404


def test_who_owes_an_improvement_plans_it_before_it_is_done_and_a_manager_hears_of_it(office, clock_at):
    clock_at(NOW.isoformat())
    owed = {"subject": "violation:7", "title": "未回访", "owner_id": office.liu.pk, "due_at": None}
    begin_owed(**owed, violation_id=None, now=NOW)
    action, owner = ImprovementAction.objects.get(), Client()
    owner.force_login(office.liu)
    assert "还没有计划" in owner.get(f"/improvements/{action.pk}/").content.decode()
    assert owner.post(f"/improvements/{action.pk}/done/", {"text": "做了"}).status_code == 422
    for answer in (302, 422):  # what is agreed stays
        assert owner.post(f"/improvements/{action.pk}/plan/", {"text": "每晚核对名单"}).status_code == answer
    assert owner.post(f"/improvements/{action.pk}/done/", {"text": "做了"}).status_code == 302

    assert ImprovementAction.objects.get().measure == "每晚核对名单"
    heard = Notification.objects.filter(kind="improvement_done").values_list("recipient", flat=True)
    assert list(heard) == [one.pk for one in overseers_of(office.liu, on=local_day(NOW))] != []


def test_the_list_costs_the_same_for_one_action_and_for_three(office, clock_at, django_assert_num_queries):
    clock_at(NOW.isoformat())
    client = Client()
    client.force_login(office.fang)
    office.action()
    client.get("/improvements/")
    with django_assert_num_queries(8) as first:
        client.get("/improvements/")
    office.action()
    office.action()
    with django_assert_num_queries(len(first.captured_queries)):
        client.get("/improvements/")
