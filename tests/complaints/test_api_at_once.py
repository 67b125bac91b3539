"""Several requests of one system at the same moment: one deed, one case, the same answer; on both engines."""

from functools import partial

import pytest
from django.core.cache import cache

from complaints.models import Case
from staff.models import ApiAnswer
from tests.complaints.test_api import CASES, TOLD, Caller
from tests.complaints.test_feedback import PACK
from tests.visits.calls import MORNING, Shop
from tests.visits.test_saving_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_deed_sent_six_times_at_once_is_done_once(clock_at):
    cache.clear()
    clock_at(MORNING)
    shop = Shop(pack=PACK)
    caller = Caller(shop, "cases:write", branch=shop.branch)
    sent = partial(caller.post, CASES, TOLD | {"reference": ""}, key="six-times-at-once")
    answers = at_once(*[sent] * 6)
    assert [answer.status_code for answer in answers] == [201] * 6
    assert {answer.json()["number"] for answer in answers} == {Case.objects.get().number}
    assert [answer.get("Idempotent-Replay") for answer in answers].count(None) == ApiAnswer.objects.count() == 1
