"""Whether conditions hold: what is compared with what, what is lacking, and which condition is to blame."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.condition import Condition
from staff.domain.conditions import as_text, failing, holds, is_met

UNSATISFIED = (
    Condition(field="rating", op="!=", value="极为满意"),
    Condition(field="css", op="<", value=120),
)


def condition(op: str, value, field: str = "x") -> Condition:
    return Condition(field=field, op=op, value=value)


@pytest.mark.parametrize(
    ("rating", "css", "either", "both"),
    [
        ("极为满意", Decimal(120), False, False),
        ("极为满意", Decimal("119.99"), True, False),
        ("满意", Decimal(120), True, False),
        ("满意", Decimal(96), True, True),
        (None, Decimal(120), True, False),  # lacking: != is true
        ("", Decimal(119), True, True),
        ("极为满意", None, False, False),  # lacking: < is false
        (None, None, True, False),
        ("极为满意 ", Decimal(120), True, False),  # text is compared exactly
    ],
)
def test_a_07_a_miss_of_either_calls_for_a_visit_and_and_is_a_setting(rating, css, either, both):
    facts = {"rating": rating, "css": css}
    assert holds(UNSATISFIED, "any", facts) is either
    assert holds(UNSATISFIED, "all", facts) is both


CASES = [
    # fact, op, value, holds
    ("gold", "==", "gold", True),
    ("Gold", "==", "gold", False),
    ("gold", "!=", "gold", False),
    ("gold", "!=", "silver", True),
    ("gold", "in", ["silver", "gold"], True),
    ("gold", "in", ["silver"], False),
    ("gold", "in", "gold", True),
    (Decimal("120"), "==", 120, True),
    (Decimal("120.0"), "==", 120, True),
    (Decimal("0.3"), "==", Decimal("0.30"), True),
    (119, "<", 120, True),
    (120, "<", 120, False),
    (120, "<=", 120, True),
    (120, ">", 120, False),
    (120, ">=", 120, True),
    (Decimal("120.001"), ">", 120, True),
    (0.1, "==", Decimal("0.1"), True),
    (3, "in", [1, 2, 3], True),
    # further columns of an import are text
    ("9", "<", 10, True),
    ("12,000", ">=", 12000, True),
    ("１２０", "==", 120, False),  # the import has made digits half-width before
    ("9007199254740993", ">", 1, False),  # such long digits identify; they are no number
    (" 120 ", "==", 120, True),
    ("-5", "<", 0, True),
    ("120分", "==", 120, False),
    ("120分", "!=", 120, True),
    ("120分", "<", 130, False),
    ("1,2", "==", 12, False),
    ("1e3", "==", 1000, False),
    ("nan", "!=", 0, True),
    (Decimal("NaN"), "<", 1, False),
    (float("inf"), ">", 1, False),
    # a number of the program against text of the pack
    (Decimal("120.00"), "==", "120", True),
    (120, "==", "120.0", False),
    (7, "!=", "7", False),
    # truth values
    (True, "==", True, True),
    (False, "==", True, False),
    (False, "!=", True, True),
    ("是", "==", True, True),
    ("否", "==", False, True),
    ("TRUE", "==", True, True),
    ("1", "==", True, True),
    ("maybe", "==", True, False),
    (True, "==", "是", True),
    (1, "==", True, False),
    (True, "==", 1, False),
    (True, ">", 0, False),
    # days, moments and times of day
    (date(2024, 5, 6), "==", date(2024, 5, 6), True),
    (date(2024, 5, 6), "<", date(2024, 5, 7), True),
    ("2024-05-06", ">=", date(2024, 5, 6), True),
    (datetime.fromisoformat("2024-05-06T23:59+08:00"), "==", date(2024, 5, 6), True),
    (datetime.fromisoformat("2024-05-06T09:00+08:00"), "<", datetime.fromisoformat("2024-05-06T09:01"), True),
    ("2024-05-06T09:00", ">=", date(2024, 5, 6), True),
    (date(2024, 5, 6), "==", datetime.fromisoformat("2024-05-06T09:00"), True),
    ("6 May", "==", date(2024, 5, 6), False),
    ("2024-13-06", "<", date(2024, 5, 6), False),
    ("2024-13-06T25:00", "<", date(2024, 5, 6), False),
    ("08:59", "<", time(9), True),
    ("08:59:59", "<", time(9), True),
    ("09:00", ">=", time(9), True),
    ("noon", ">", time(9), False),
    (9, ">", time(9), False),
    (date(2024, 5, 6), "==", "2024-05-06", True),
    (120, "<", date(2024, 5, 6), False),
    # several values
    (["vip", "fleet"], "==", "vip", True),
    (["vip", "fleet"], "!=", "vip", False),
    (["vip", "fleet"], "!=", "gold", True),
    (["vip", "fleet"], "in", ["gold", "fleet"], True),
    (("1", "9"), ">", 8, True),
    (frozenset({"vip"}), "==", "vip", True),
    ([None, ""], "==", "vip", False),
    # lacking
    (None, "==", "x", False),
    (None, "!=", "x", True),
    ("", "!=", "x", True),
    ("", "==", "x", False),
    ([], "!=", "x", True),
    ([], "in", ["x"], False),
    (None, "<", 5, False),
    (None, ">=", 0, False),
    (0, "==", 0, True),  # nought is a value
    (False, "==", False, True),
]


@pytest.mark.parametrize(("fact", "op", "value", "expected"), CASES)
def test_one_condition(fact, op, value, expected):
    assert is_met(condition(op, value), {"x": fact}) is expected


def test_a_field_that_is_not_there_is_lacking():
    assert is_met(condition("!=", "x", field="colour"), {})
    assert not is_met(condition("==", "x", field="colour"), {})


def test_no_conditions_hold():
    assert holds((), "all", {}) and holds((), "any", {})


def test_why_not_names_the_conditions_that_fail():
    facts = {"rating": "极为满意", "css": 120}
    assert failing(UNSATISFIED, "any", facts) == list(UNSATISFIED)
    assert failing(UNSATISFIED, "all", {"rating": "满意", "css": 120}) == [UNSATISFIED[1]]
    assert failing(UNSATISFIED, "any", {"rating": "满意", "css": 120}) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("120.00"), "120"), (Decimal("1E+3"), "1000"), (0.5, "0.5"), (100, "100"), ("x", "x"),
        (date(2024, 5, 6), "2024-05-06"), (datetime.fromisoformat("2024-05-06T09:00"), "2024-05-06"),
        (Decimal("NaN"), "NaN"),
    ],
)  # fmt: skip
def test_text_of_values(value, text):
    assert as_text(value) == text


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.decimals(-9, 9, places=1), st.sampled_from(("", "a", "b", "3")),
    st.lists(st.sampled_from(("a", "b", "3")), max_size=3), st.dates(),
)  # fmt: skip
WANTED = st.one_of(st.integers(-9, 9), st.sampled_from(("a", "b", "3")), st.booleans(), st.dates())


@given(VALUES, WANTED)
def test_unequal_is_the_opposite_of_equal(fact, wanted):
    assert is_met(condition("!=", wanted), {"x": fact}) is not is_met(condition("==", wanted), {"x": fact})
    assert is_met(condition("in", [wanted]), {"x": fact}) is is_met(condition("==", wanted), {"x": fact})


@given(VALUES, st.lists(WANTED, max_size=4), st.sampled_from(("all", "any")))
def test_all_and_any_are_those_of_logic(fact, wanted, match):
    conditions = [condition("==", one) for one in wanted]
    met = [is_met(one, {"x": fact}) for one in conditions]
    assert holds(conditions, match, {"x": fact}) is (all(met) if match == "all" or not met else any(met))


@given(st.decimals(-99, 99, places=2), st.decimals(-99, 99, places=2))
def test_numbers_and_their_texts_stand_in_one_order(left, right):
    for op, expected in (("<", left < right), ("<=", left <= right), (">", left > right), (">=", left >= right)):
        assert is_met(condition(op, right), {"x": left}) is is_met(condition(op, right), {"x": f"{left:f}"}) is expected
