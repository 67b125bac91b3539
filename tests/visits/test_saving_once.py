"""One record however often the button is pressed, one winner however many save."""

from datetime import timedelta

import pytest

from tests.visits.calls import MORNING, Shop, fresh, told
from visits.choices import Outcome
from visits.domain.calling.recording import TakenByAnother, TokenReused, record_contact
from visits.models import RecordTask, VisitRecord

NOW = MORNING


@pytest.fixture
def shop(db):
    return Shop(channels=["desk_phone", "mobile"], max_attempts=3, retry_after="4h")


def test_the_same_form_twice_is_one_record(shop):
    task = shop.task()
    contact = told(Outcome.NO_ANSWER, notes="没人接")
    first = record_contact(task, contact, advisor=shop.wang, now=NOW)
    again = record_contact(fresh(task), contact, advisor=shop.wang, now=NOW + timedelta(days=2))
    assert (again.record, again.replayed, again.message) == (first.record, True, first.message)
    assert (again.next_attempt_at, fresh(task).attempts) == (first.next_attempt_at, 1)


def test_the_same_token_with_other_content_is_refused(shop):
    task = shop.task()
    contact = told(Outcome.NO_ANSWER)
    record_contact(task, contact, advisor=shop.wang, now=NOW)
    for other in (told(Outcome.BUSY, token=contact.token), told(Outcome.NO_ANSWER, token=contact.token, notes="改")):
        with pytest.raises(TokenReused):
            record_contact(fresh(task), other, advisor=shop.wang, now=NOW)
    with pytest.raises(TokenReused):
        record_contact(fresh(task), contact, advisor=shop.li, now=NOW)
    assert VisitRecord.objects.count() == 1


def test_who_comes_too_late_learns_who_won_and_keeps_their_text(shop):
    task = shop.task()
    seen_by_both = fresh(task)
    first = record_contact(task, told(notes="王芳的记录"), advisor=shop.wang, now=NOW)
    late = told(notes="李强的记录")
    with pytest.raises(TakenByAnother) as lost:
        record_contact(seen_by_both, late, advisor=shop.li, now=NOW)
    assert (lost.value.record, lost.value.kept.summary) == (first.record, "李强的记录")
    assert "王芳" in str(lost.value)
    links = RecordTask.objects.order_by("pk").values_list("record__summary", "completes", "attempt")
    assert list(links) == [("王芳的记录", True, 1), ("李强的记录", False, 0)]
    with pytest.raises(TakenByAnother):  # pressed once more: the same page, nothing new
        record_contact(fresh(task), late, advisor=shop.li, now=NOW)
    assert (VisitRecord.objects.count(), fresh(task).attempts) == (2, 1)


def test_a_form_that_has_seen_fewer_attempts_comes_too_late(shop):
    task = shop.task()
    record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW)
    with pytest.raises(TakenByAnother):
        record_contact(fresh(task), told(Outcome.NO_ANSWER, seen_attempts=0), advisor=shop.li, now=NOW)
    assert fresh(task).attempts == 1
