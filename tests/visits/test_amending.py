"""Corrections: a new version, judged anew, that moves neither the day nor the credit nor the timeliness."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from staff.models import Activity, Role
from tests.visits.calls import MORNING, QUESTIONNAIRE, Shop, fresh, told
from tests.visits.desk import sent, signed_in
from visits.choices import Outcome, RecordKind, TaskStatus
from visits.domain.calling.amending import NotAmendable, amend
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import NotUndoable, undo
from visits.models import RecordTask, VisitRecord

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=30)  # past the task's bound


@pytest.fixture
def shop():
    return Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"])


@pytest.fixture
def saved(shop):
    contact = told(answers={"css": "96"}, notes="先记一笔")
    return contact, record_contact(shop.task(), contact, advisor=shop.wang, now=MORNING).record


def corrected(saved, shop, **facts):
    contact, record = saved
    return amend(record, replace(contact, token=uuid4(), **facts), reason="漏记原因", by=shop.wang, now=LATER)


def test_a_correction_supersedes_is_judged_anew_and_keeps_day_credit_and_timeliness(saved, shop):
    _contact, record = saved
    assert record.incomplete == ["answer.css.why", "phrase:极为满意"]
    made = corrected(saved, shop, answers={"css": "110", "css.why": "等太久"}, phrases=("极为满意",))

    assert (made.kind, made.supersedes, made.css, made.incomplete) == (RecordKind.CORRECTION, record, 110, [])
    assert (made.logged_at, made.advisor, made.corrected_at, made.corrected_by) == (
        MORNING,
        shop.wang,
        LATER,
        shop.wang,
    )
    first, second = RecordTask.objects.order_by("pk")
    assert (second.completes, second.in_time, second.attempt) == (first.completes, first.in_time, 0)
    assert list(VisitRecord.objects.current()) == [made]


def test_the_task_and_its_count_of_attempts_stay_as_they_are(saved, shop):
    _contact, record = saved
    before = fresh(record.links.get().task)
    corrected(saved, shop, notes="改过")
    after = fresh(before)

    assert (after.status, after.attempts, after.completed_at, after.completed_in_time) == (
        TaskStatus.DONE, before.attempts, before.completed_at, True,
    )  # fmt: skip


def test_no_correction_changes_the_outcome_or_a_telephone_systems_times(shop):
    contact = told(Outcome.NO_ANSWER, reported_by_system=True)
    record = record_contact(shop.task(), contact, advisor=shop.wang, now=MORNING).record
    changed = replace(contact, token=uuid4(), outcome=Outcome.REACHED, started_at=MORNING - timedelta(days=1))
    made = amend(record, changed, reason="想改成已接通", by=shop.wang, now=LATER)

    assert (made.outcome, made.started_at, made.reported_by_system) == ("no_answer", record.started_at, True)


def test_it_says_who_why_and_which_fields(saved, shop):
    made = corrected(saved, shop, notes="改过", problem="异响")
    line = Activity.objects.get(verb="record_corrected")

    assert (made.correction_reason, line.actor, line.subject_id) == ("漏记原因", shop.wang, made.pk)
    assert (line.data["corrects"], line.data["changed"]) == (saved[1].pk, ["problem", "summary"])


@pytest.mark.parametrize("reason", ["", "  ", "长" * 201])
def test_without_a_reason_nothing_is_corrected(saved, shop, reason):
    contact, record = saved
    with pytest.raises(MissingFact):
        amend(record, replace(contact, token=uuid4()), reason=reason, by=shop.wang, now=LATER)
    assert VisitRecord.objects.count() == 1


def test_the_same_form_twice_is_one_correction_and_a_second_one_corrects_the_first(saved, shop):
    contact, record = saved
    again = replace(contact, token=uuid4(), notes="二")
    first = amend(record, again, reason="一", by=shop.wang, now=LATER)
    assert amend(record, again, reason="一", by=shop.wang, now=LATER) == first
    with pytest.raises(NotAmendable):
        amend(record, replace(contact, token=uuid4()), reason="二", by=shop.wang, now=LATER)
    second = amend(first, replace(contact, token=uuid4(), notes="三"), reason="二", by=shop.wang, now=LATER)

    assert (second.supersedes, second.logged_at, VisitRecord.objects.current().get()) == (first, MORNING, second)


def test_a_colleague_may_not_and_a_manager_may(saved, shop):
    contact, record = saved
    with pytest.raises(NotAmendable):
        amend(record, replace(contact, token=uuid4()), reason="我来", by=shop.li, now=LATER)
    shop.li.assignments.update(role=Role.objects.create(code="qm", title="质量经理", like="quality_manager"))
    made = amend(record, replace(contact, token=uuid4()), reason="抽检更正", by=shop.li, now=LATER)

    assert (made.advisor, made.corrected_by) == (shop.wang, shop.li)


def test_what_was_corrected_is_not_undone_any_more(saved, shop):
    corrected(saved, shop)
    with pytest.raises(NotUndoable):
        undo(saved[1], token=uuid4(), by=shop.wang, now=MORNING + timedelta(seconds=5))


class TestThePage:
    @pytest.fixture
    def wang(self, shop, clock_at):
        clock_at("2026-03-02T09:30+08:00")
        return signed_in(shop.wang)

    @pytest.fixture
    def record(self, shop, wang):
        task = shop.task()
        form = sent(task, outcome="reached", notes="等了很久") | {"answer.css": "96"}
        wang.post(f"/tasks/{task.pk}/record/", form)
        return VisitRecord.objects.get()

    def test_it_opens_with_what_was_said_and_saves_the_correction(self, wang, record):
        page = wang.get(f"/records/{record.pk}/correct/").content.decode()
        assert all(words in page for words in ("等了很久", 'value="96"', "更正回访记录", "保存更正"))
        form = {
            "token": str(uuid4()),
            "channel": "desk_phone",
            "started_at": "2026-03-02T09:29:00",
            "notes": "等了一小时",
        }
        form |= {"answer.css": "100", "why.css": "等太久", "phrases": "极为满意", "correction_reason": "听错了"}
        page = wang.post(f"/records/{record.pk}/correct/", form, follow=True).content.decode()

        made = VisitRecord.objects.current().get()
        assert (made.css, made.summary, made.incomplete) == (100, "等了一小时", [])
        assert ("等了一小时" in page, "等了很久" in page, "由 王芳 更正" in page, "听错了" in page) == (
            True, False, True, True,
        )  # fmt: skip

    def test_a_refused_correction_keeps_what_was_typed(self, wang, record):
        form = {
            "token": str(uuid4()),
            "channel": "desk_phone",
            "started_at": "2026-03-02T09:29:00",
            "notes": "新写的话",
        }
        answer = wang.post(f"/records/{record.pk}/correct/", form)

        assert (answer.status_code, "新写的话" in answer.content.decode()) == (422, True)
        assert "请简要说明更正原因" in answer.content.decode()

    def test_the_address_of_an_older_version_leads_to_the_one_that_stands(self, wang, record, shop):
        made = amend(record, told(now=MORNING, answers={"css": "96"}), reason="改", by=shop.wang, now=LATER)
        answer = wang.get(f"/records/{record.pk}/correct/")

        assert (answer.status_code, answer.url) == (302, f"/records/{made.pk}/correct/")

    def test_somebody_elses_record_looks_as_if_it_were_missing(self, shop, record):
        other = signed_in(shop.li)
        theirs, missing = (other.get(f"/records/{pk}/correct/") for pk in (record.pk, 999_999))

        assert (theirs.status_code, theirs.content) == (404, missing.content)
