"""Which records are drawn: exact sizes, lots that can be repeated, all of newcomers, few of the trusted, doubts."""

from decimal import Decimal

import pytest

from config.packs.rule import SampleSpec
from reports.choices import DrawCause
from reports.domain.inspecting.drawing import Draw, Drawable, drawn, lots_of, second_scored
from visits.domain.planning.drawing import Candidate, draw_end

HUNDRED = [Drawable(f"{number}") for number in range(100)]


def draw(few: str = "", **size) -> Draw:
    return Draw("seed", "k", SampleSpec.model_validate(size) if size else None, Decimal(few) if few else None)


def test_without_doubts_it_is_the_draw_of_visits():
    size = SampleSpec.model_validate({"rate": Decimal("0.07")})
    expected = draw_end([Candidate(one.name) for one in HUNDRED], size, seed="seed", step_key="k")

    found = drawn(HUNDRED, draw(rate=Decimal("0.07")))

    assert set(found) == expected
    assert len(found) == 7  # 7 % of 100 is 7, not 8
    assert set(found.values()) == {DrawCause.SAMPLE}


@pytest.mark.parametrize(
    ("size", "expected"),
    [({"count": 20}, 20), ({"count": 200}, 100), ({"rate": 1}, 100), ({"rate": Decimal("0.001")}, 1)],
)
def test_the_size_is_exact(size, expected):
    assert len(drawn(HUNDRED, draw(**size))) == expected


def test_all_of_newcomers_and_few_of_the_trusted_are_drawn():
    pool = [Drawable(f"n{n}", newcomer=True) for n in range(5)]
    pool += [Drawable(f"t{n}", trusted=True) for n in range(100)]
    pool += [Drawable(f"u{n}") for n in range(50)]

    found = drawn(pool, draw("0.02", rate=Decimal("0.2")))

    assert [sum(name[0] == letter for name in found) for letter in "ntu"] == [5, 2, 10]
    assert {found[f"n{n}"] for n in range(5)} == {DrawCause.NEWCOMER}


def test_a_newcomer_is_no_trusted_one_and_a_count_includes_the_whole_ones():
    pool = [Drawable("a", newcomer=True, trusted=True), Drawable("b", always=True), *HUNDRED]

    found = drawn(pool, draw("0.01", count=6))

    assert len(found) == 6
    assert (found["a"], found["b"]) == (DrawCause.NEWCOMER, DrawCause.SAMPLE)


def test_without_a_size_only_what_is_taken_whole_is_drawn():
    assert drawn([Drawable("a", newcomer=True), Drawable("b")], draw()) == {"a": DrawCause.NEWCOMER}


def test_a_doubt_is_a_further_lot_and_is_named_where_it_decided():
    doubtful = [Drawable(one.name, doubt=300 if int(one.name) < 50 else 0) for one in HUNDRED]

    found = drawn(doubtful, draw(count=20))
    plain = drawn(HUNDRED, draw(count=20))

    assert len(lots_of(doubtful[0], draw())) == 4
    assert sum(int(name) < 50 for name in found) > sum(int(name) < 50 for name in plain)
    assert {name for name, cause in found.items() if cause == DrawCause.SAMPLE} == set(found) & set(plain)
    assert all(int(name) < 50 for name, cause in found.items() if cause == DrawCause.RISK)


def test_a_second_scoring_has_lots_of_its_own_and_the_same_each_time():
    names = [one.name for one in HUNDRED]
    first = second_scored(names, Decimal("0.1"), seed="seed", key="k")

    assert len(first) == 10
    assert first == second_scored(reversed(names), Decimal("0.1"), seed="seed", key="k")
    assert second_scored(names, None, seed="seed", key="k") == frozenset()
