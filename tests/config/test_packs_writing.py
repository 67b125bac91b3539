"""What is written is read back as the same pack, and one pack has one text."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs.pack import Pack
from config.packs.read import read_pack
from config.packs.rule import RuleSpec, StepSpec
from config.packs.write import write_pack
from tests.packs import SHIPPED, pack, shipped

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).filter(
    lambda text: text != "?"
)
headers = texts.filter(
    lambda text: text.strip() and not text.strip().startswith("answer.") and text.strip() != "segment"
)
codes = st.from_regex(r"[a-z][a-z0-9_-]{0,11}", fullmatch=True)
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
scalars = st.one_of(texts, numbers, st.booleans(), days, st.integers(-(10**6), 10**6))
conditions = st.one_of(
    st.fixed_dictionaries({"field": headers, "op": st.sampled_from(["==", "!="]), "value": scalars}),
    st.fixed_dictionaries({"field": headers, "op": st.sampled_from(["<", ">="]), "value": st.one_of(numbers, days)}),
    st.fixed_dictionaries({"field": headers, "op": st.just("in"), "value": st.lists(scalars, max_size=3)}),
)
offsets = st.builds("{}{}".format, st.integers(0, 30), st.sampled_from(["d", "wd", "w", "m"]))
steps = st.fixed_dictionaries(
    {"closes": st.one_of(st.just("?"), st.just("given"), st.sampled_from(["50y", "90y"]))},
    optional={
        "title": texts,
        "when": st.lists(conditions, max_size=2),
        "match": st.sampled_from(["all", "any"]),
        "opens": st.one_of(st.just("?"), offsets),
        "every": st.sampled_from(["1m", "2w", "?"]),
        "times": st.one_of(st.just("?"), st.integers(1, 9)),
        "shift": st.sampled_from(["none", "next", "previous"]),
        "assign": st.lists(st.sampled_from(["advisor", "owner", "role:hr@area", "pool:desk", "?"]), min_size=1),
        "script": texts,
        "must_mention": st.lists(texts, max_size=3),
        "promotion": st.booleans(),
        "priority": st.one_of(st.just("?"), st.integers(0, 100)),
        "sample": st.fixed_dictionaries({"rate": st.decimals("0.01", 1, places=2), "per": st.just("event")}),
    },
)


@st.composite
def packs(draw) -> Pack:
    """Return a pack with a few rules of a few steps and some money."""
    rules = [
        {"code": code, "trigger": "deal", "earlier": draw(st.booleans()), "step": steps_of(draw)}
        for code in draw(st.lists(codes, max_size=2, unique=True))
    ]
    tiers = draw(st.lists(st.one_of(st.just("?"), st.integers(0, 500)), min_size=1, max_size=4))
    return Pack.model_validate(
        {
            "policy": {"slug": "shop", "title": draw(texts), "effective_from": draw(days)},
            "clause": [{"ref": "1", "text": draw(texts)}],
            "visit_rule": rules,
            "penalty": [{"code": "p", "tiers": tiers, "clause": "1"}],
        }
    )


def steps_of(draw) -> list[dict]:
    """Return one to three steps, each with a code of its own."""
    found = draw(st.lists(steps, min_size=1, max_size=3))
    return [{"code": f"step-{number}", **step} for number, step in enumerate(found)]


@given(packs())
def test_what_is_written_is_read_back_as_the_same_pack(given_pack):
    text = write_pack(given_pack)
    assert read_pack(text) == given_pack
    assert write_pack(read_pack(text)) == text


@given(packs())
def test_json_keeps_every_rule_and_step_exactly(given_pack):
    for rule in given_pack.visit_rule:
        assert RuleSpec.from_json(rule.to_json()) == rule
        for step in rule.step:
            assert StepSpec.from_json(step.to_json()) == step


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_pack_is_named_as_its_file_and_survives(path):
    found = shipped(path.stem)
    assert found.policy.slug == path.stem
    assert read_pack(write_pack(found)) == found


def test_defaults_are_left_out_and_what_all_steps_share_stands_on_the_rule():
    text = write_pack(
        pack(
            '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\nassign = "owner"\nopens = "0d"\n'
            '[[visit_rule.step]]\ncode = "a"\ncloses = "1d"\n[[visit_rule.step]]\ncode = "b"\ncloses = "2d"\n'
        )
    )
    assert text == (
        '[policy]\nslug = "shop"\neffective_from = 2026-01-01\n\n'
        '[[visit_rule]]\ncode = "r"\ntrigger = ["deal"]\nassign = ["owner"]\n\n'
        '  [[visit_rule.step]]\n  code = "a"\n  closes = "1d"\n\n'
        '  [[visit_rule.step]]\n  code = "b"\n  closes = "2d"\n'
    )


def test_an_empty_table_of_settings_is_kept():
    assert "[ledger]" in write_pack(pack("[ledger]\n"))
    assert "[ledger]" not in write_pack(pack(""))


@pytest.mark.parametrize(("number", "written"), [("0.30", "0.3"), ("100", "100"), ("1e2", "100"), ("5.0", "5")])
def test_a_number_is_written_in_one_way(number, written):
    text = write_pack(pack(f'[[penalty]]\ncode = "p"\namount = {number}\n'))
    assert f"amount = {written}\n" in text
    assert pack(f'[[penalty]]\ncode = "p"\namount = {number}\n').penalty[0].amount == Decimal(number)
