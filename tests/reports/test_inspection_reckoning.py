"""From points to results and ranks, by the examples of the regulations (N-06, N-08, Q-06, U-11, AK-32)."""

from fractions import Fraction

import pytest

from reports.domain.inspecting.reckoning import (
    Judged,
    agreement,
    combined,
    hundredths,
    is_accurate,
    ranks,
    result_of,
)

PASS, FAIL = Fraction(1), Fraction(0)


def judged(*points: Fraction | None, **facts) -> list[Judged]:
    return [Judged(f"item-{number}", one, **facts) for number, one in enumerate(points)]


def percent(*points: tuple[int, int]) -> list[Judged]:
    """Items of at most 100 points: (points, weight)."""
    return [Judged("i", Fraction(got), Fraction(100), Fraction(weight)) for got, weight in points]


@pytest.mark.parametrize(
    ("lines", "combine", "expected"),
    [
        (judged(PASS, PASS, FAIL), "average", Fraction(200, 3)),  # U-11: two of three
        (percent((80, 40), (90, 40), (100, 20)), "average", Fraction(88)),
        (judged(PASS, None, FAIL), "average", Fraction(50)),  # what does not apply is in neither sum
        (judged(None, None), "average", None),
        (
            [Judged("a", FAIL, weight=Fraction(2)), Judged("b", PASS, weight=Fraction(3))],
            "deduct",
            Fraction(98),
        ),  # N-06
        ([Judged("a", FAIL, weight=Fraction(70)), Judged("b", FAIL, weight=Fraction(70))], "deduct", Fraction(0)),
        ([Judged("a", PASS, weight=Fraction(0))], "average", None),
    ],
)
def test_a_result_is_the_weighted_share_of_the_points(lines, combine, expected):
    assert result_of(lines, combine) == expected


def test_only_an_item_that_is_passed_or_not_is_a_finding():
    assert [one.is_finding for one in judged(PASS, FAIL, None, Fraction(1, 2))] == [False, True, False, True]
    assert not Judged("graded", Fraction(3), Fraction(10)).is_finding
    assert not Judged("computed", FAIL, computed=True).is_finding


@pytest.mark.parametrize(
    ("results", "combine", "expected"),
    [
        ((Fraction(90), Fraction(80)), "average", Fraction(85)),  # N-08
        ((Fraction(90), Fraction(80)), "sum", Fraction(170)),
        ((Fraction(98), Fraction(95)), "deduct", Fraction(93)),
        ((Fraction(20), Fraction(10)), "deduct", Fraction(0)),
        ((), "average", None),
    ],
)
def test_several_results_of_a_period_are_put_together(results, combine, expected):
    assert combined(results, combine) == expected


def test_equals_share_a_rank_and_the_next_one_is_left_out():
    assert ranks({"a": Fraction(92), "b": Fraction(88), "c": Fraction(92)}) == {"a": 1, "b": 3, "c": 1}  # AK-32
    assert ranks({}) == {}
    assert ranks({"a": Fraction(200, 3), "b": Fraction(6667, 100)}) == {"a": 2, "b": 1}  # exact, not as it is shown


def test_a_record_is_accurate_when_each_item_that_says_so_has_all_its_points():
    assert is_accurate(judged(PASS, FAIL)) is None
    assert is_accurate(judged(PASS, None, accuracy=True)) is True
    assert is_accurate(judged(PASS, FAIL, accuracy=True)) is False


def test_two_scorers_agree_item_by_item():
    assert agreement([(PASS, PASS), (PASS, FAIL), (None, None), (None, PASS)]) == (2, 4)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(200, 3), 6667), (Fraction(1, 200), 1), (Fraction(-1, 200), -1), (Fraction(88), 8800), (Fraction(0), 0)],
)
def test_hundredths_are_rounded_half_away_from_zero(value, expected):
    assert hundredths(value) == expected
