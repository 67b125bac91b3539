"""Who earns: bars with their operators, shares rounded up and down, equals, small teams, months in a row."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.consequences import RewardSpec
from reports.domain.figures.earning import earners, in_a_row, ranks
from reports.domain.figures.measured import Measured, shown


def reward(**keys) -> RewardSpec:
    return RewardSpec(code="prize", metric="css_average", **keys)


def of(*values) -> dict[int, Measured]:
    """Return the figures of people 1, 2, …; each as (numerator, denominator), or a whole number."""
    pairs = [value if isinstance(value, tuple) else (value, 1) for value in values]
    return {who: Measured(Fraction(top), bottom) for who, (top, bottom) in enumerate(pairs, 1)}


def who(spec, figures, groups=None, *, counts=False) -> list[int]:
    return [one.employee for one in earners(spec, figures, groups or {}, counts=counts)]


@pytest.mark.parametrize(
    ("op", "bar", "figure", "earns"),
    [
        (">=", "115", (230, 2), True),  # 115 and 115
        (">=", "115", (229, 2), False),  # 114 and 115
        (">=", "115", (Fraction(22999999, 100000), 2), False),
        (">", "0.8", (4, 5), False),  # exactly 80 % is not above
        (">", "0.8", (81, 101), True),
        ("<=", "0.07", (7, 100), True),
        ("<", "0.07", (7, 100), False),
        ("==", "0", (0, 1), True),
        ("!=", "0", (0, 1), False),
        (">=", "0", (0, 0), False),  # nothing at all meets no bar
    ],
)
def test_a_bar_means_what_its_operator_says(op, bar, figure, earns):
    assert who(reward(op=op, threshold=Decimal(bar)), of(figure)) == ([1] if earns else [])


@pytest.mark.parametrize(("how", "winners"), [("up", 3), ("down", 2)])
def test_l_01_ten_percent_of_25_are_three_or_two(how, winners):
    spec = reward(top=Decimal("0.1"), round=how, amount=Decimal(300))
    found = who(spec, of(*range(100, 75, -1)))
    assert found == [1, 2, 3][:winners]
    assert sum(spec.amount for _one in found) == {3: 900, 2: 600}[winners]


@pytest.mark.parametrize(("staff", "share", "up", "down"), [(10, "0.1", 1, 1), (1, "0.1", 1, 0), (100, "0.07", 7, 7)])
def test_a_share_is_rounded_exactly(staff, share, up, down):
    figures = of(*range(1, staff + 1))
    assert len(who(reward(top=Decimal(share)), figures)) == up
    assert len(who(reward(top=Decimal(share), round="down"), figures)) == down


def test_l_02_the_second_wins_with_89_over_86():
    weighted = of(Fraction(6, 10) * 90 + Fraction(4, 10) * 80, Fraction(6, 10) * 85 + Fraction(4, 10) * 95)
    assert [shown(one.value, "") for one in weighted.values()] == ["86", "89"]
    assert who(reward(top_n=1), weighted) == [2]


@pytest.mark.parametrize(("counts", "winners", "tied"), [((5, 5, 3), [1, 2], (1, 2)), ((6, 5, 3), [1], ())])
def test_l_03_equals_wait_for_a_decision(counts, winners, tied):
    found = earners(reward(top_n=1, ties="decide"), of(*counts), {}, counts=True)
    assert [one.employee for one in found] == winners
    assert {one.tied for one in found} == {tied}
    assert {one.places for one in found} == {1}


def test_equals_at_the_last_place_all_get_it_unless_people_decide():
    figures = of(9, 8, 8, 8, 7)
    assert who(reward(top_n=2), figures) == [1, 2, 3, 4]
    found = earners(reward(top_n=2, ties="decide"), figures, {})
    assert [(one.employee, one.places, one.tied) for one in found] == [
        (1, 2, ()), (2, 1, (2, 3, 4)), (3, 1, (2, 3, 4)), (4, 1, (2, 3, 4)),
    ]  # fmt: skip


def test_nobody_is_the_first_of_those_who_have_nothing():
    assert who(reward(top_n=1), of(0, 0, 0), counts=True) == []
    assert who(reward(top_n=1), of(0, 0, 0)) == [1, 2, 3]


def test_a_small_team_gets_no_prize_and_units_are_apart():
    spec = reward(top_n=1, min_staff=2)
    assert who(spec, of(5)) == []
    assert who(spec, of(5, 4)) == [1]
    assert who(reward(top_n=1, min_staff=2, within="branch"), of(5, 4, 9), {1: 7, 2: 7, 3: 8}) == [1]
    assert who(reward(top_n=1), of(5, 4, 9), {1: 7, 2: 7, 3: 8}) == [1, 3]


def test_a_bar_and_a_rank_both_hold():
    spec = reward(top_n=2, op=">=", threshold=Decimal(90))
    assert who(spec, of(95, 89, 88)) == [1]


def test_whoever_has_no_figure_is_not_of_the_staff():
    figures = of(*range(20, 10, -1), (0, 0), (0, 0))
    assert who(reward(top=Decimal("0.1")), figures) == [1]


def test_ak_32_equals_share_a_rank():
    assert ranks({1: Fraction(92), 2: Fraction(88), 3: Fraction(92)}) == {1: 1, 2: 3, 3: 1}


@pytest.mark.parametrize(
    ("met", "streak", "earns"),
    [
        ([True], 1, True), ([True, True], 3, False), ([True, True, True], 3, True),
        ([True] * 4, 3, False), ([True] * 6, 3, True), ([False, True, True, True], 3, False),
        ([True, True, False, True], 3, False), ([], 1, False),
    ],
)  # fmt: skip
def test_ak_33_months_in_a_row_count_anew_after_each_award(met, streak, earns):
    assert in_a_row(met, streak) is earns


@given(st.lists(st.integers(0, 6), max_size=12), st.integers(1, 4), st.sampled_from(["all", "decide"]))
def test_places_are_never_given_to_anybody_below_somebody_without_one(values, places, ties):
    found = earners(reward(top_n=places, ties=ties), of(*values), {})
    taken = Counter(values[one.employee - 1] for one in found)
    lowest = min(taken, default=0)
    assert all(count == values.count(value) for value, count in taken.items())
    assert all(value <= lowest for value in values if value not in taken)
    assert len(found) >= min(places, len(values))
    assert sum(values.count(value) for value in taken if value > lowest) < places or not found


@pytest.mark.parametrize(
    ("value", "metric", "text"),
    [
        (None, "css_average", "—"), (Fraction(114999, 1000), "css_average", "114.99"), (Fraction(115), "", "115"),
        (Fraction(4, 5), "success_rate", "80 %"), (Fraction(2, 3), "timely_rate", "66.66 %"),
        (Fraction(-1, 3), "nps", "-0.33"), (Fraction(0), "nps", "0"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_without_flattering_it(value, metric, text):
    assert shown(value, metric) == text
