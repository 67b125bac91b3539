"""Questionnaires: what is asked, what is owed, satisfied or not; each side of each bar."""

from decimal import Decimal

import pytest

from config.packs.asking import QuestionnaireSpec
from visits.domain.calling.questioning import InvalidAnswers, judge, needs_why, next_question

CSS = {"code": "css", "kind": "score", "max": 120, "metric": "css", "ask_why_below": 120}
RATING = {
    "code": "rating", "kind": "rating", "options": ["极为满意", "满意", "不满意"], "good": ["极为满意", "满意"],
    "ask_why": ["不满意"], "metric": "satisfaction",
}  # fmt: skip
FREE = {"code": "words", "kind": "text", "required": False}


def asking(*questions, ordered=False):
    return QuestionnaireSpec.model_validate({"code": "q", "ordered": ordered, "question": list(questions)})


def said(answers, *questions, facts=None):
    return judge(asking(*questions), answers, facts or {})


@pytest.mark.parametrize(
    ("score", "satisfied", "missing"),
    [(95, False, ("css.why",)), ("95.99", False, ("css.why",)), (96, True, ("css.why",)), (119, True, ("css.why",)),
     (120, True, ())],
)  # fmt: skip
def test_a_score_satisfies_from_eighty_percent_and_below_the_bar_owes_a_reason(score, satisfied, missing):
    judged = said({"css": score}, CSS)
    assert (judged.satisfied, judged.missing, judged.css) == (satisfied, missing, Decimal(str(score)))


def test_an_own_bar_replaces_the_eighty_percent():
    question = {**CSS, "good": 110}
    assert [said({"css": score, "css.why": "x"}, question).satisfied for score in (109, 110)] == [False, True]


@pytest.mark.parametrize("given", ["-1", "121", "120.01", "极好", True, "1e3", "NaN"])
def test_a_score_outside_its_range_is_refused(given):
    with pytest.raises(InvalidAnswers) as refused:
        said({"css": given}, CSS)
    assert list(refused.value.faults) == ["css"]


@pytest.mark.parametrize("given", ["0", "120", "１２０", 60.5])
def test_a_score_at_the_ends_of_its_range_is_taken(given):
    said({"css": given}, CSS)


@pytest.mark.parametrize(
    ("option", "satisfied", "missing"),
    [("极为满意", True, ()), ("满意", True, ()), ("不满意", False, ("rating.why",))],
)
def test_options_say_what_is_good_and_which_ask_why(option, satisfied, missing):
    judged = said({"rating": option}, RATING)
    assert (judged.satisfied, judged.missing, judged.satisfaction) == (satisfied, missing, option)


def test_options_without_a_word_on_what_is_good_judge_nobody():
    assert said({"how": "电话"}, {"code": "how", "kind": "choice", "options": ["电话", "短信"]}).satisfied is None


def test_the_satisfaction_question_decides_before_the_score():
    assert said({"css": 120, "rating": "不满意", "rating.why": "吵"}, CSS, RATING).satisfied is False


def test_every_question_of_the_figure_must_be_good():
    second = {**RATING, "code": "speed"}
    assert said({"rating": "满意", "speed": "不满意", "speed.why": "慢"}, RATING, second).satisfied is False
    assert said({"rating": "满意", "speed": "满意"}, RATING, second).satisfied is True


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ({"code": "a", "kind": "yesno"}, "是", True),
        ({"code": "a", "kind": "yesno"}, "no", False),
        ({"code": "a", "kind": "date"}, "2026-03-02", "2026-03-02"),
        ({"code": "a", "kind": "number"}, "１２", 12),
        ({"code": "a", "kind": "number"}, "-0.5", "-0.5"),
        ({"code": "a", "kind": "multi", "options": ["x", "y"]}, ["y", "x", "y"], ["y", "x"]),
        ({"code": "a", "kind": "text"}, "  等太久 ", "等太久"),
    ],
)
def test_answers_are_kept_as_typed_values(question, given, kept):
    assert said({"a": given}, question).values == {"a": kept}


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ({"code": "a", "kind": "yesno"}, "也许"),
        ({"code": "a", "kind": "date"}, "2026-02-30"),
        ({"code": "a", "kind": "choice", "options": ["x"]}, "y"),
        ({"code": "a", "kind": "multi", "options": ["x"]}, ["x", "y"]),
        ({"code": "a", "kind": "number"}, "viel"),
    ],
)
def test_answers_that_fit_no_question_are_refused(question, given):
    with pytest.raises(InvalidAnswers):
        said({"a": given}, question)


def test_what_is_required_is_owed_and_what_is_not_asked_is_neither_owed_nor_kept():
    follow = {"code": "why_not", "kind": "text", "when": [{"field": "answer.again", "op": "==", "value": False}]}
    again = {"code": "again", "kind": "yesno"}
    assert said({}, again, follow, FREE).missing == ("again",)
    assert said({"again": "no"}, again, follow).missing == ("why_not",)
    judged = said({"again": "yes", "why_not": "太贵", "stranger": 1}, again, follow)
    assert (judged.missing, judged.values) == ((), {"again": True})


def test_a_question_may_depend_on_the_event():
    question = {"code": "vip", "kind": "text", "when": [{"field": "segment", "op": "==", "value": "vip"}]}
    assert said({}, question, facts={"segment": ["old", "vip"]}).missing == ("vip",)
    assert said({}, question, facts={"segment": ["old"]}).missing == ()


def test_a_denied_confirmation_is_a_mismatch():
    question = {"code": "model_ok", "kind": "confirm", "field": "model"}
    assert said({"model_ok": "no"}, question).mismatch == ("model",)
    assert said({"model_ok": "yes"}, question).mismatch == ()


def test_an_ordered_form_opens_one_question_after_the_other():
    form = asking(*({"code": f"q{number}", "kind": "text"} for number in range(1, 6)), ordered=True)
    assert next_question(form, {}, {}) == "q1"
    assert next_question(form, {"q1": "a", "q3": "c"}, {}) == "q2"
    assert next_question(form, {f"q{number}": "a" for number in range(1, 6)}, {}) is None


def test_several_options_may_ask_why():
    form = asking({"code": "a", "kind": "multi", "options": ["快", "慢", "贵"], "ask_why": ["慢"]})
    assert [needs_why(form.question[0], value) for value in (["快"], ["贵", "慢"])] == [False, True]


def test_a_visit_without_questions_judges_nothing():
    assert judge(None, {"css": 1}, {}).values == {}


def test_nps_is_a_figure_of_its_own():
    assert said({"n": 9}, {"code": "n", "kind": "score", "max": 10, "metric": "nps"}).nps == 9
