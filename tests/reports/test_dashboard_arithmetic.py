"""The arithmetic of the dashboards: changes, ranks, Pareto's order, sparklines, classes of answers."""

from fractions import Fraction

import pytest

from reports.domain.dashboard import comparing
from reports.domain.dashboard.questions import distribution
from reports.domain.figures.measured import Measured


def half(numerator: int, denominator: int) -> Measured:
    return Measured(Fraction(numerator), denominator)


def test_changes_ranks_and_pareto_are_exact():
    assert comparing.change(half(92, 100), half(88, 100), "satisfaction_rate") == comparing.Change(
        Fraction(4, 100), True
    )
    assert comparing.change(half(5, 1), half(3, 1), "solve_time").better is False
    assert comparing.change(half(5, 1), half(3, 1), "visit_count").better is None
    assert comparing.change(half(0, 0), half(3, 1), "solve_time") is None
    figures = {"a": half(1, 3), "b": half(2, 6), "c": half(1, 2), "d": half(0, 0)}
    assert [(one.key, one.rank) for one in comparing.ranked(figures, "satisfaction_rate")] == [
        ("c", 1),
        ("a", 2),
        ("b", 2),
    ]
    assert [one.key for one in comparing.ranked(figures, "solve_time")] == ["a", "b", "c"]
    assert comparing.spread(figures) == comparing.Spread("c", "a", Fraction(1, 6))
    told = [(one.key, one.count, one.together) for one in comparing.pareto({"x": 1, "y": 3, "z": 0})]
    assert told == [("y", 3, Fraction(3, 4)), ("x", 1, Fraction(1))]
    assert comparing.sparkline([None, Fraction(1), Fraction(2), None, Fraction(1), Fraction(1)])[0].startswith(
        "25.2,26.0"
    )
    assert comparing.shade(0, 4) == 1 and comparing.shade(4, 4) == 5 and comparing.shade(0, 0) == 0


def test_many_numbers_are_told_in_classes_and_options_in_their_order():
    assert distribution({"满意": 2, "一般": 1}, ("极为满意", "满意", "一般")) == [("满意", 2), ("一般", 1)]
    many = distribution({str(number): 1 for number in range(100, 120)}, ())
    assert many[0] == ("100–101", 2) and sum(count for _words, count in many) == 20 and len(many) == 10


@pytest.mark.parametrize(("lowest", "last"), [(48, "120"), (49, "113–120")])
def test_the_last_class_of_numbers_ends_with_the_highest_answer(lowest, last):
    many = distribution({str(number): 1 for number in range(lowest, 121)}, ())
    assert many[-1][0] == last and sum(count for _words, count in many) == 121 - lowest
