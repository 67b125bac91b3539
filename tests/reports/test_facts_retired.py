"""Facts of what no regulation in force asks for: nothing counts them anew, so nobody reads them."""

from random import Random

import pytest

from reports.domain.facts import rolling
from reports.domain.facts.kept import kept
from reports.domain.figures.counted import EVERYTHING
from reports.models import DayFact, Measure
from staff.domain.periods import period_named
from tests.reports import test_figures
from tests.reports.test_reading import asked, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(monkeypatch):
    """A month of visits, all of it counted."""
    monkeypatch.setattr(rolling, "FEW", 0)
    monkeypatch.setattr(rolling, "MONTHS_AT_ONCE", 1000)
    found = shop(Random(20240521))
    rolling.rebuild(now=test_figures.NOW)
    return found


def test_facts_that_no_regulation_in_force_asks_for_are_read_no_more(release, monkeypatch):
    question = asked("timely_rate", release, period_named("2024-04"), test_figures.NOW)
    assert kept([question], "", EVERYTHING) != [None]
    monkeypatch.setattr(rolling, "questions", lambda *, now: iter(()))
    rolling.roll_facts(now=test_figures.NOW)
    assert kept([question], "", EVERYTHING) == [None]
    assert not Measure.objects.exclude(complete_from=None).exists() and not DayFact.objects.exists()
