"""What a contact must tell to be saved, and what it lacks afterwards without being held up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from tests.visits.calls import MONDAY, MORNING, QUESTIONNAIRE, Shop, at, day_start, fresh, told
from tests.visits.proofs import waiting_file
from visits.choices import Channel, Outcome, TaskStatus
from visits.domain.calling.contacts import MissingFact
from visits.domain.calling.lacking import lack_text
from visits.domain.calling.recording import record_contact
from visits.models import VisitRecord

NOW = MORNING


@pytest.fixture
def shop(db):
    return Shop(channels=["desk_phone", "mobile"], max_attempts=3, retry_after="4h")


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"outcome": ""}, ("outcome",)),
        ({"started_at": None}, ("started_at",)),
        ({"started_at": NOW + timedelta(minutes=5, microseconds=1)}, ("started_at",)),
        ({"ended_at": NOW - timedelta(hours=1)}, ("ended_at",)),
        ({"channel": ""}, ("channel",)),
        ({"channel": "mobile"}, ("channel_reason",)),
        ({"channel": "mobile", "channel_reason": " "}, ("channel_reason",)),
        ({"channel": "wechat", "channel_reason": "客户要求"}, ("channel",)),
        ({"reason": "x" * 201}, ("reason",)),
    ],
)
def test_without_outcome_time_or_a_needed_reason_nothing_is_saved(shop, facts, fields):
    task = shop.task()
    with pytest.raises(MissingFact) as refused:
        record_contact(task, told(**facts), advisor=shop.wang, now=NOW)
    assert refused.value.fields == fields
    assert (VisitRecord.objects.count(), fresh(task).attempts) == (0, 0)


@pytest.mark.parametrize(
    "facts",
    [
        {"started_at": NOW + timedelta(minutes=5)},  # the desk's clock is a little ahead
        {"channel": "mobile", "channel_reason": "座机故障"},
    ],
)
def test_what_suffices_is_saved(shop, facts):
    task = shop.task()
    record_contact(task, told(**facts), advisor=shop.wang, now=NOW)
    assert fresh(task).status == TaskStatus.DONE


def test_after_an_unanswered_attempt_the_fallback_channel_needs_no_reason(shop):
    task = shop.task()
    record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW)
    now = at("14:00")
    record_contact(fresh(task), told(now=now, channel=Channel.MOBILE), advisor=shop.wang, now=now)
    assert (fresh(task).status, fresh(task).attempts) == (TaskStatus.DONE, 2)


@pytest.mark.parametrize(
    ("seconds", "lacking"), [(179, ["duration_reason"]), (180, []), (300, []), (301, ["duration_reason"])]
)
def test_a_call_outside_its_bounds_asks_for_a_reason(db, seconds, lacking):
    shop = Shop(min_seconds=180, max_seconds=300)
    task = shop.task()
    ended = told().started_at + timedelta(seconds=seconds)
    record = record_contact(task, told(ended_at=ended), advisor=shop.wang, now=at("10:05")).record
    assert record.incomplete == lacking
    assert fresh(task).status == TaskStatus.DONE


def test_what_is_lacking_makes_the_record_incomplete_and_blocks_nothing(db):
    shop = Shop(pack=QUESTIONNAIRE, questionnaire="css", must_mention=["极为满意"], evidence="any", max_seconds=180)
    task = shop.task()
    saved = record_contact(task, told(problem="异响"), advisor=shop.wang, now=NOW)
    assert saved.record.incomplete == [
        "seconds", "answer.css", "phrase:极为满意", "rectification", "evidence",
    ]  # fmt: skip
    assert fresh(task).status == TaskStatus.DONE


def test_answers_are_kept_exactly_and_judge_the_customer(db):
    shop = Shop(pack=QUESTIONNAIRE, questionnaire="css")
    task = shop.task()
    answers = {"css": "95.5", "css.why": "等待太久", "is_staff": True}
    record = record_contact(task, told(answers=answers), advisor=shop.wang, now=NOW).record
    record.refresh_from_db()
    assert record.answers == {"css": "95.5", "css.why": "等待太久"}
    assert (record.css, record.satisfied, record.incomplete) == (Decimal("95.5"), False, [])


def test_on_site_without_the_signature_the_visit_stays_to_be_made(db):
    shop = Shop(channels=["onsite"], evidence="signature")
    task = shop.task()
    saved = record_contact(task, told(channel="onsite"), advisor=shop.wang, now=NOW)
    assert (fresh(task).status, saved.completed, saved.record.incomplete) == (TaskStatus.OPEN, (), ["signature"])
    named = record_contact(fresh(task), told(channel="onsite", signature="陈"), advisor=shop.wang, now=NOW)
    assert named.record.incomplete == ["signature"]  # a name that is typed is no signature
    waiting_file(fresh(task), shop.wang, kind="signature")
    record_contact(fresh(task), told(channel="onsite"), advisor=shop.wang, now=NOW)
    assert fresh(task).status == TaskStatus.DONE


def test_a_call_at_night_is_kept_and_asks_for_a_reason(shop):
    task = shop.task(closes_at=day_start(MONDAY + timedelta(3)))
    now = at("21:10")
    record = record_contact(task, told(now=now, started_at=at("21:00")), advisor=shop.wang, now=now).record
    assert record.incomplete == ["hours_reason"]
    other = record_contact(shop.task(), told(now=now, started_at=at("20:59:59")), advisor=shop.wang, now=now).record
    assert other.incomplete == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("phrase:极为满意", "not mentioned: “极为满意”"),
        ("answer.css", "answer to “总体满意度”"),
        ("answer.css.why", "reason for the answer “总体满意度”"),
        ("answer.speed", "answer to “speed”"),
        ("evidence", "recording or other proof"),
        ("cargo_no", "cargo_no"),
    ],
)
def test_what_is_lacking_is_said_in_words(code, words):
    with override("en"):
        assert lack_text(code, {"css": "总体满意度"}) == words


def test_a_form_says_what_a_complete_record_needs(db):
    form = """
[[form]]
code = "visit-sheet"
of = "visit_record"
requires = ["need", "result", "time", "cargo_no", "next_visit_on"]
fields = [ { code = "cargo_no", kind = "text" } ]
"""
    shop = Shop(pack=form)
    lacking = record_contact(shop.task(), told(), advisor=shop.wang, now=NOW).record
    assert lacking.incomplete == ["need", "cargo_no", "next_visit_on"]
    answers = {"visit-sheet.cargo_no": "C-17", "next_visit_on": "2026-04-01", "stranger": "x"}
    full = record_contact(shop.task(), told(need="洗车卡", answers=answers), advisor=shop.wang, now=NOW).record
    assert (full.incomplete, full.answers) == (
        [], {"visit-sheet.cargo_no": "C-17", "next_visit_on": "2026-04-01"},
    )  # fmt: skip
    unanswered = record_contact(shop.task(), told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW).record
    assert unanswered.incomplete == []
