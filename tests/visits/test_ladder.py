"""The ladder of outcomes as a state machine beside a dictionary, with random calls, corrections and undos."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.visits.calls import MONDAY, MORNING, SHANGHAI, Shop, day_start, fresh, told
from visits.choices import TRANSITIONS, WORKABLE, Outcome, TaskStatus
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.correcting import correct_number
from visits.domain.calling.recording import TakenByAnother, record_contact
from visits.domain.calling.undoing import undo
from visits.domain.promising.keeping import RING_BEFORE
from visits.models import RecordTask, VisitRecord

ENDS = {
    Outcome.REACHED: TaskStatus.DONE, Outcome.REFUSED: TaskStatus.REFUSED,
    Outcome.WRONG_NUMBER: TaskStatus.INVALID_NUMBER, Outcome.NO_LONGER_CUSTOMER: TaskStatus.CANCELLED,
}  # fmt: skip
MAX_ATTEMPTS = 3
FIRST_HOUR, LAST_HOUR = 8, 21  # of the law


class Ladder(RuleBasedStateMachine):
    """One task. The model: its state, its count of attempts and of unanswered ones, what it waits for."""

    @initialize()
    def begin(self):
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.shop = Shop(max_attempts=MAX_ATTEMPTS)
        self.task = self.shop.task(closes_at=day_start(MONDAY + timedelta(30)))
        self.now = MORNING
        self.numbers = 0
        self.model = {"status": TaskStatus.OPEN, "attempts": 0, "unanswered": 0, "promised": None, "notes": 0}
        self.last = None

    def teardown(self):
        if hasattr(self, "inside"):
            transaction.set_rollback(True)
            self.inside.__exit__(None, None, None)

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.last = None

    @precondition(lambda self: self.model["status"] in WORKABLE)
    @rule(outcome=st.sampled_from(Outcome.values), promise=st.integers(1, 600))
    def call(self, outcome, promise):
        before = dict(self.model)
        call_back_at = self.now + timedelta(minutes=promise)
        contact = told(outcome, now=self.now, call_back_at=call_back_at)
        if outcome == Outcome.CALL_BACK and not FIRST_HOUR <= call_back_at.astimezone(SHANGHAI).hour < LAST_HOUR:
            with pytest.raises(MissingFact):  # nobody may call at that time, so nobody may promise to
                record_contact(fresh(self.task), contact, advisor=self.shop.wang, now=self.now)
            return
        saved = record_contact(fresh(self.task), contact, advisor=self.shop.wang, now=self.now)
        unanswered = before["unanswered"] + (outcome in (Outcome.NO_ANSWER, Outcome.BUSY))
        used_up = unanswered == MAX_ATTEMPTS and unanswered > before["unanswered"]
        self.model |= {
            "status": TaskStatus.UNREACHABLE if used_up else ENDS.get(outcome, TaskStatus.OPEN),
            "attempts": before["attempts"] + 1,
            "unanswered": unanswered,
            "promised": self.promised_after(outcome, call_back_at, used_up=used_up),
        }
        assert (
            TaskStatus(self.model["status"]) == before["status"]
            or self.model["status"] in TRANSITIONS[before["status"]]
        )
        self.last = (saved.record, before)

    def promised_after(self, outcome, call_back_at, *, used_up):
        """Return what is promised after a call: nobody answering long before the agreed moment leaves it standing."""
        waiting = self.model["promised"]
        if outcome == Outcome.CALL_BACK:
            return call_back_at
        stands = waiting and outcome in (Outcome.NO_ANSWER, Outcome.BUSY) and self.now < waiting - RING_BEFORE
        return waiting if stands and not used_up else None

    @precondition(lambda self: self.model["status"] not in WORKABLE)
    @rule()
    def call_too_late(self):
        try:
            record_contact(fresh(self.task), told(now=self.now), advisor=self.shop.li, now=self.now)
            raise AssertionError("a settled task was settled again")
        except TakenByAnother as lost:
            assert lost.kept.pk
        self.model["notes"] += 1
        self.last = None

    @precondition(lambda self: self.model["status"] == TaskStatus.INVALID_NUMBER)
    @rule()
    def correct(self):
        self.numbers += 1
        correct_number(self.task.customer, f"1370000{self.numbers:04d}", by=self.shop.wang, now=self.now)
        self.model["status"] = TaskStatus.OPEN
        self.last = None

    @precondition(lambda self: self.last is not None)
    @rule()
    def take_back(self):
        record, before = self.last
        undo(record, token=uuid4(), by=self.shop.wang, now=self.now)
        self.model |= {name: before[name] for name in ("status", "unanswered", "promised")}
        self.last = None

    @invariant()
    def task_and_model_agree(self):
        if not hasattr(self, "task"):
            return
        task = fresh(self.task)
        assert (task.status, task.attempts, task.call_back_at) == (
            self.model["status"], self.model["attempts"], self.model["promised"],
        )  # fmt: skip
        assert (task.completed_at is not None) == (task.status == TaskStatus.DONE)
        links = RecordTask.objects.filter(task=task)
        assert sorted(links.values_list("attempt", flat=True)) == (
            [0] * self.model["notes"] + list(range(1, task.attempts + 1))
        )
        completing = VisitRecord.objects.current().filter(links__task=task, links__completes=True)
        assert completing.count() == (task.status == TaskStatus.DONE)
        if task.status == TaskStatus.OPEN and task.next_attempt_at:
            assert task.next_attempt_at.tzinfo is not None


@pytest.mark.django_db
def test_no_row_of_calls_leaves_the_task_where_the_regulation_does_not():
    run_state_machine_as_test(
        Ladder, settings=hypothesis_settings(max_examples=12, stateful_step_count=12, deadline=None)
    )
