"""The metric dictionary holds the whole catalogue: each metric is defined, and counted or said not to be kept."""

import pytest

from config.packs.codes import METRICS
from config.packs.measuring import BASES
from reports.domain.figures import measuring
from reports.domain.figures.dictionary import BY_METRIC, DEFINITIONS, GROUPS, definition_of
from reports.domain.figures.measured import COUNTS

pytestmark = pytest.mark.any_database


def test_each_metric_of_the_catalogue_is_defined_once():
    assert sorted(one.metric for one in DEFINITIONS) == sorted(METRICS)


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_counted_or_said_not_to_be_kept_and_why(metric):
    assert measuring.is_measured(metric) is BY_METRIC[metric].is_kept


@pytest.mark.parametrize("one", [one for one in DEFINITIONS if one.is_kept], ids=lambda one: one.metric)
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
