"""Sizes that a pack may have, and texts that only mean harm."""

import pytest

from tests.packs import pack, refusal, refusals

RULE = '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\n'
STEP = '[[visit_rule.step]]\ncode = "s"\ncloses = "7d"\n'
PENALTY = '[[penalty]]\ncode = "p"\n'
TARGET = '[[kpi]]\nmetric = "nps"\nop = ">="\ntarget = '


@pytest.mark.parametrize(
    "text",
    ["x = " + "[" * 5000, "x = " + "9" * 5000, 'x = "\\u0000"', "x = 1\nx = 2", "[a]\n[a]"],
    ids=["deep", "long number", "nul", "key twice", "table twice"],
)
def test_a_hostile_text_is_refused(text):
    assert len(refusals(text)) == 1


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (TARGET + "999999999999999", True),
        (TARGET + "1000000000000000", False),
        (TARGET + "1e999999999", False),
        (TARGET + "0.0000000001", True),
        (TARGET + "1e-11", False),
        (PENALTY + "amount = 100000000", True),
        (PENALTY + "amount = 100000001", False),
        (PENALTY + "amount = 0.01", True),
        (PENALTY + "amount = 0.001", False),
        (PENALTY + "amount = inf", False),
        (PENALTY + "amount = nan", False),
        (PENALTY + f'title = "{"长" * 120}"', True),
        (PENALTY + f'title = "{"长" * 121}"', False),
        (f'[[role]]\ncode = "pilot"\ntitle = "{"长" * 60}"', True),
        (f'[[role]]\ncode = "pilot"\ntitle = "{"长" * 61}"', False),
        (f'[[report]]\ncode = "{"a" * 60}"', True),
        (f'[[report]]\ncode = "{"a" * 61}"', False),
        ('[[report]]\ncode = "日报 一"', True),
        ('[[report]]\ncode = " a"', False),
        (RULE + STEP + "times = 999999", True),
        (RULE + STEP + "times = 1000000", False),
    ],
)
def test_numbers_and_texts_have_everyday_sizes(text, sound):
    assert pack(text) if sound else refusal(text)
