"""What deeds may be owed after is read by a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.visits.calls import Shop, at, told
from visits.choices import Outcome
from visits.domain.calling.recording import record_contact
from visits.domain.obliging.occasions import records_since

pytestmark = pytest.mark.django_db
TEN = at("10:00")


def test_the_contacts_of_a_day_are_read_by_the_same_number_of_queries_however_many():
    shop = Shop()

    def saved(now) -> str:
        record = record_contact(shop.task(), told(Outcome.REACHED, now=now), advisor=shop.wang, now=now).record
        return f"record:{record.pk}"

    def asked() -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            found = [one.subject for one in records_since(TEN - timedelta(minutes=1), TEN + timedelta(hours=1))]
        return len(queries), found

    subjects = [saved(TEN)]
    few, _one = asked()
    subjects += [saved(TEN + timedelta(minutes=count)) for count in (10, 20, 30)]

    assert asked() == (few, subjects)
