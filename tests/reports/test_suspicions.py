"""What makes records hard to believe, on both sides of each bound."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.choices import Doubt
from reports.domain.inspecting.suspicions import Seen, bursts, copied, impossible, plain_text

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
SAID = "客户说空调有异响，已约周五到店检查"


def seen(pk: int, *, saved: float = 0, began: float = 0, lasted: float | None = 60, advisor: int = 1, **facts) -> Seen:
    """A visit of one customer; seconds from nine o'clock."""
    start = NINE + timedelta(seconds=began)
    end = None if lasted is None else start + timedelta(seconds=lasted)
    return Seen(pk, advisor, facts.pop("customer", pk), start, end, NINE + timedelta(seconds=saved), **facts)


@pytest.mark.parametrize(
    ("saved", "suspect"),
    [
        ((0, 75, 150, 225, 300), {1, 2, 3, 4, 5}),  # five within five minutes, the last second included
        ((0, 75, 150, 225, 301), set()),
        ((0, 10, 20, 30), set()),
    ],
)
def test_five_visits_saved_in_five_minutes_are_a_burst(saved, suspect):
    records = [seen(number, saved=second) for number, second in enumerate(saved, 1)]

    assert {one.record for one in bursts(records)} == suspect


def test_a_burst_is_of_one_person():
    assert list(bursts([seen(n, saved=n, advisor=n % 2) for n in range(8)])) == []


@pytest.mark.parametrize(
    ("texts", "suspect"),
    [
        ((SAID, SAID.replace("，", " , "), SAID), {1, 2, 3}),  # spaces and points are no difference
        ((SAID, SAID, SAID + "了"), set()),
        (("一切正常",) * 3, set()),
    ],
)
def test_the_same_words_about_three_customers_are_copied(texts, suspect):
    assert {one.record for one in copied(seen(n, texts=(text,)) for n, text in enumerate(texts, 1))} == suspect


def test_the_same_words_about_one_customer_or_by_two_people_are_not():
    assert list(copied(seen(n, customer=7, texts=(SAID,)) for n in range(1, 5))) == []
    assert list(copied(seen(n, advisor=n % 2, texts=(SAID,)) for n in range(1, 5))) == []


@pytest.mark.parametrize(
    ("records", "suspect"),
    [
        ([seen(1, saved=90), seen(2, began=30, saved=120)], {1, 2}),  # half a minute at once
        ([seen(1, saved=90), seen(2, began=31, saved=120)], set()),
        ([seen(1, saved=90), seen(2, began=10, saved=120, customer=1)], set()),  # one customer, two cars
        ([seen(1, saved=90), seen(2, began=10, saved=120, advisor=2)], set()),
        ([seen(1, saved=29)], {1}),  # over half a minute and more after it was saved
        ([seen(1, saved=30)], set()),
        ([seen(1, lasted=9, saved=60, asked=5)], {1}),
        ([seen(1, lasted=10, saved=60, asked=5)], set()),
        ([seen(1, lasted=None, saved=60, asked=5)], set()),
        ([seen(1, lasted=1, saved=60, asked=5, by_voice=False)], set()),
    ],
)
def test_talk_that_cannot_have_been(records, suspect):
    found = list(impossible(records))

    assert {one.record for one in found} == suspect
    assert {one.kind for one in found} <= {Doubt.TALK}


def test_text_is_compared_without_signs_width_and_case():
    assert plain_text("ＡＢＣ，１２ 好") == "abc12好"
