"""Answers in the words of the screens."""

import pytest

from reports.choices import Differing
from reports.domain.daily.answers import answer_rows
from reports.domain.reviewing.comparing import Difference
from reports.domain.reviewing.reading import difference_told

TITLES = {"clean": "车洗干净了吗", "recommend": "愿意推荐吗", "goods": "到货核对", "check.seats": "座椅"}
GOODS = [{"product": "P.O42.5", "unit": "t", "shipped": "30", "confirmed": "28", "difference": "-2"}]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("clean", False, ("车洗干净了吗", "否")),
        ("clean", True, ("车洗干净了吗", "是")),
        ("recommend", 0, ("愿意推荐吗", "0")),  # a score is no truth value
        ("recommend", 1, ("愿意推荐吗", "1")),
        ("recommend.why", "等太久", ("愿意推荐吗（原因）", "等太久")),
        ("what", ["机油", "滤芯"], ("what", "机油，滤芯")),
        ("check.seats", "no", ("座椅", "否")),
        ("check.belts", "yes", ("belts", "是")),
        ("goods", GOODS, ("到货核对", "P.O42.5：发货 30 t，实收 28，差 -2")),
    ],
)
def test_an_answer_stands_in_words_under_what_was_asked(name, value, told):
    assert answer_rows({name: value}, TITLES) == [told]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_was_left_open_is_left_out(nothing):
    assert answer_rows({"clean": nothing}, TITLES) == []


def test_of_two_answers_the_one_that_differs_is_told_in_words():
    one = Difference(
        Differing.CHANGED, 7, 1, 3, "answers", {"clean": False, "recommend": 9}, {"clean": True, "recommend": 9}
    )
    assert list(difference_told(one, TITLES)) == [{"name": "车洗干净了吗", "reported": "否", "now": "是"}]
