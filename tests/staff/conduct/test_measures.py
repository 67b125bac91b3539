"""Consequences without a figure: closed by a training, opened again where that is revoked, dropped with their cause."""

from datetime import date

import pytest

from staff.choices import TrainingWay
from staff.domain.conduct.carrying_out import close
from staff.domain.conduct.deciding import take_back
from staff.domain.qualifying import Training, enter_training, revoke
from staff.models import LedgerEntry, Measure
from tests.staff.conduct.shop import Shop, day

pytestmark = pytest.mark.django_db
PENALTY = '[[penalty]]\ncode = "late"\nviolation = "report_late"\n'


def test_what_a_mistake_had_brought_is_dropped_and_what_was_done_stays():
    shop = Shop(PENALTY + 'amount = 50\nalso = ["coaching", "retraining"]\n')
    violation = shop.confirmed(date(2026, 3, 2))
    close(violation.measures.get(what="coaching"), actor=shop.wang, now=day(3, 3))
    take_back(violation, actor=shop.zhou, now=day(3, 4), text="看错")
    assert list(violation.measures.order_by("what").values_list("state", flat=True)) == ["done", "dropped"]


def test_a_training_that_was_recorded_closes_the_retraining():
    shop = Shop(
        PENALTY + 'amount = 2\nunit = "points"\nalso = [{ what = "retraining", within = "3wd" }]\n'
        '[[qualification]]\ncode = "calls"\ntitle = "电话礼仪"\n'
    )
    shop.confirmed(date(2026, 3, 6))
    measure = Measure.objects.get()
    assert (measure.what, measure.due_on, measure.state) == ("retraining", date(2026, 3, 11), "open")
    assert LedgerEntry.objects.get().unit == "points"
    for person, on, passed in (
        (shop.liu, date(2026, 3, 5), True),  # before it was ordered
        (shop.liu, date(2026, 3, 9), False),
        (shop.chen, date(2026, 3, 9), True),
        (shop.liu, date(2026, 3, 9), True),
    ):
        assert Measure.objects.get().state == "open"
        training = Training("calls", on, TrainingWay.CLASS, passed=passed)
        enter_training(person, training, actor=shop.wang, now=day(3, 9))
    measure.refresh_from_db()
    assert (measure.state, measure.closed_by, measure.training.code) == ("done", shop.wang, "calls")
    revoke(measure.training, actor=shop.wang, now=day(3, 10))
    measure.refresh_from_db()
    assert (measure.state, measure.closed_by, measure.training) == ("open", None, None)
