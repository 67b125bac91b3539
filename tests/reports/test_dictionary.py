"""The metric dictionary holds the whole catalogue: each metric is defined and counted."""

import pytest

from config.packs.codes import METRICS
from config.packs.measuring import BASES
from reports.domain.figures import measuring
from reports.domain.figures.dictionary import DEFINITIONS, GROUPS, definition_of
from reports.domain.figures.measured import COUNTS

pytestmark = pytest.mark.any_database


def test_each_metric_of_the_catalogue_is_defined_once():
    assert sorted(one.metric for one in DEFINITIONS) == sorted(METRICS)


def test_each_metric_of_the_catalogue_is_counted():
    assert set(measuring.METRICS) == set(METRICS)


@pytest.mark.parametrize("one", DEFINITIONS, ids=lambda one: one.metric)
def test_a_definition_is_whole(one):
    assert one.group in GROUPS
    assert all((one.name, one.meaning, one.numerator, one.excluded, one.whose, one.placed, one.unit))
    assert bool(one.denominator) is (one.metric not in COUNTS)
    assert set(one.bases) <= set(BASES)


def test_a_hover_text_is_the_sentence_and_both_sides(english):
    assert definition_of("satisfaction_rate").hover == (
        "How many of the customers who were visited are satisfied. "
        "visits with a rating that the regulation calls good ÷ visits with a rating."
    )
    assert definition_of("scorecard:monthly").metric == "scorecard"
