"""Several people, or several presses of one button, at the same moment; on both engines (RELIABILITY F39-F41)."""

import threading
from functools import partial

import pytest
from django.db import connection

from tests.visits.calls import MORNING, Shop, fresh, told
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.recording import Recorded, TakenByAnother, record_contact
from visits.models import RecordTask, VisitRecord

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def at_once(*deeds):
    """Run the deeds in threads that start together; return what each gave back or was refused with, in their order."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            barrier.wait(timeout=20)
            results[place] = deed()
        except TakenByAnother as lost:
            results[place] = lost
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def saving(task, contact, advisor, **options):
    """Return the deed of saving a contact in the morning."""
    return partial(record_contact, task, contact, advisor=advisor, now=MORNING, **options)


@pytest.mark.parametrize("outcome", [Outcome.REACHED, Outcome.NO_ANSWER, Outcome.NO_LONGER_CUSTOMER])
def test_ten_presses_of_one_button_are_one_record(outcome):
    shop = Shop()
    task = shop.task()
    contact = told(outcome, notes="一次")
    presses = at_once(*[saving(fresh(task), contact, shop.wang) for _press in range(10)])
    assert {press.record for press in presses} == {VisitRecord.objects.get(form_token=contact.token)}
    assert [press.replayed for press in presses].count(False) == 1
    assert (fresh(task).attempts, RecordTask.objects.filter(task=task).count()) == (1, 1)


def test_of_two_people_who_save_at_once_one_wins_and_both_texts_stay():
    shop = Shop()
    for number in range(ROUNDS):
        task = shop.task()
        mine, theirs = (told(notes=f"{who} {number}") for who in ("王芳", "李强"))
        results = at_once(saving(fresh(task), mine, shop.wang), saving(fresh(task), theirs, shop.li))
        [lost] = [result for result in results if isinstance(result, TakenByAnother)]
        [won] = [result for result in results if isinstance(result, Recorded)]
        assert (lost.record, won.completed) == (won.record, (task.pk,))
        assert set(task.links.values_list("record__summary", flat=True)) == {mine.notes, theirs.notes}
        assert list(task.links.filter(completes=True).values_list("record", flat=True)) == [won.record.pk]
        assert (fresh(task).status, fresh(task).attempts) == (TaskStatus.DONE, 1)


def test_of_two_unanswered_calls_at_once_one_is_an_attempt():
    shop = Shop()
    task = shop.task()
    calls = (told(Outcome.NO_ANSWER), told(Outcome.BUSY))
    results = at_once(*[saving(fresh(task), contact, shop.wang) for contact in calls])
    assert [type(result) for result in results].count(TakenByAnother) == 1
    assert fresh(task).attempts == 1
    assert list(task.links.order_by("-attempt").values_list("attempt", flat=True)) == [1, 0]


def test_two_calls_that_end_each_others_tasks_do_not_wait_for_each_other():
    shop = Shop()
    for _number in range(ROUNDS):
        customer = shop.customer()
        first, second = shop.task(customer), shop.task(customer)
        results = at_once(
            saving(first, told(), shop.wang, also=[second]), saving(second, told(), shop.li, also=[first])
        )
        assert {type(result).__name__ for result in results} == {"Recorded", "TakenByAnother"}
        assert [fresh(task).attempts for task in (first, second)] == [1, 1]
        assert RecordTask.objects.filter(task__in=(first, second), completes=True).count() == 2


def test_somebody_leaves_while_another_of_their_tasks_is_saved():
    shop = Shop()
    for _number in range(ROUNDS):
        customer = shop.customer()
        first, second = shop.task(customer), shop.task(customer)
        results = at_once(saving(first, told(Outcome.NO_LONGER_CUSTOMER), shop.wang), saving(second, told(), shop.li))
        assert {type(result) for result in results} <= {Recorded, TakenByAnother}
        assert fresh(first).status == TaskStatus.CANCELLED
        assert fresh(second).status in (TaskStatus.DONE, TaskStatus.CANCELLED)
