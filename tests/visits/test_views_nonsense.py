"""Nonsense in the fields of the call form: refused in words or saved as text, never an error of the server."""

import pytest

from tests.visits.calls import QUESTIONNAIRE, Shop
from tests.visits.desk import HTMX, sent, signed_in

NONSENSE = ("", "\x00", "\ud800", "-1", "9" * 40, "1e400", "NaN", "2026-13-45T99:99", "0001-01-01T00:00",
            "9999-12-31T23:59", "<script>", "'; DROP TABLE", "🐴" * 300, "true", "[]")  # fmt: skip
FIELDS = [
    "token",
    "seen_attempts",
    "outcome",
    "channel",
    "channel_reason",
    "started_at",
    "ended_at",
    "call_back_at",
    "also",
    "phrases",
    "satisfied",
    "answer.css",
    "why.css",
    "new_number",
    "notes",
    "problem",
    "reason",
    "inbound",
    "nothing",
]


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T09:30+08:00")
    return Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], script="您好，我是服务顾问。")


@pytest.fixture
def wang(shop):
    return signed_in(shop.wang)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "outcome",
    ["reached", pytest.param("call_back", marks=pytest.mark.any_database)],  # what a column takes, the first shows
)
def test_nonsense_in_a_field_is_refused_or_saved_but_never_breaks(shop, wang, field, outcome):
    answers = set()
    for value in NONSENSE:
        task = shop.task()
        typed = sent(task, outcome=outcome) | {field: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}
        answers.add(wang.post(f"/tasks/{task.pk}/record/", typed, headers=HTMX).status_code)

    assert answers <= {200, 422}


def test_a_form_whose_token_was_lost_gets_another_and_can_be_saved(shop, wang):
    task = shop.task()
    answer = wang.post(f"/tasks/{task.pk}/record/", sent(task, token="nonsense"), headers=HTMX)
    token = answer.context["card"]["token"]

    assert answer.status_code == 422
    assert wang.post(f"/tasks/{task.pk}/record/", sent(task, token=str(token)), headers=HTMX).status_code == 200
