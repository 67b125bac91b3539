"""What was shipped against what arrived, line by line (G-01)."""

from decimal import Decimal

import pytest

from tests.visits.calls import Shop, at, told
from tests.visits.desk import HTMX, sent, signed_in
from visits.domain.calling.questioning import InvalidAnswers
from visits.domain.calling.recording import record_contact
from visits.domain.matching.goods import Line, compared, differs, shipped
from visits.models import ServiceEvent, VisitRecord

QUESTIONS = """
[[questionnaire]]
code = "receipt"
  [[questionnaire.question]]
  code = "goods"
  title = "收到的品种与数量是否相符"
  kind = "confirm"
  field = "lines"
"""


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        ({"lines": "P.O42.5 30t"}, [Line("P.O42.5", Decimal(30), "t")]),
        ({"明细": "P.O42.5 30t；沙：5.5 吨"}, [Line("P.O42.5", Decimal(30), "t"), Line("沙", Decimal("5.5"), "吨")]),
        ({"product": "P.O42.5", "数量": "30 t"}, [Line("P.O42.5", Decimal(30), "t")]),
        ({"product": "P.O42.5"}, []),
        ({"lines": "没有数量"}, []),
    ],
)  # fmt: skip
def test_the_lines_of_a_delivery_are_read(facts, lines):
    assert shipped(facts) == lines


def test_each_line_has_its_difference_exactly():
    lines = [Line("P.O42.5", Decimal(30), "t"), Line("P.C32.5", Decimal("10.5"), "t")]
    rows = compared("28；10.50", lines)

    assert [(row["confirmed"], row["difference"]) for row in rows] == [("28", "-2"), ("10.5", "0")]
    assert (differs(rows), differs(rows[1:]), differs(True)) == (True, False, False)


@pytest.mark.parametrize("given", ["28", "28；10；3", "viel"])
def test_a_figure_too_few_or_too_many_is_refused(given):
    with pytest.raises(ValueError):
        compared(given, [Line("a", Decimal(1)), Line("b", Decimal(2))])


@pytest.fixture
def shop(db, clock_at):
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=QUESTIONS, questionnaire="receipt")


def delivered(shop):
    task = shop.task()
    ServiceEvent.objects.filter(pk=task.event_id).update(attributes={"lines": "P.O42.5 30t"})
    task.event.refresh_from_db()
    return task


def test_twenty_eight_of_thirty_tons_is_a_discrepancy_of_minus_two(shop):
    saved = record_contact(delivered(shop), told(answers={"goods": "28"}), advisor=shop.wang, now=at("10:00"))

    assert saved.record.answers["goods"] == [
        {"product": "P.O42.5", "unit": "t", "shipped": "30", "confirmed": "28", "difference": "-2"}
    ]
    assert saved.record.incomplete == []


def test_yes_is_as_shipped_and_nonsense_is_refused(shop):
    saved = record_contact(delivered(shop), told(answers={"goods": "yes"}), advisor=shop.wang, now=at("10:00"))
    with pytest.raises(InvalidAnswers):
        record_contact(delivered(shop), told(answers={"goods": "viel"}), advisor=shop.wang, now=at("10:00"))

    assert saved.record.answers["goods"] is True


def test_the_form_shows_what_was_shipped_and_the_time_line_the_difference(shop):
    task, desk = delivered(shop), signed_in(shop.wang)
    page = desk.get(f"/tasks/{task.pk}/").content.decode()
    typed = sent(task, outcome="reached", **{"answer.goods": ["28"]})
    desk.post(f"/tasks/{task.pk}/record/", typed, headers=HTMX)
    shown = desk.get(f"/customers/{task.customer_id}/").content.decode()

    assert ("P.O42.5 · 发货 30 t" in page, VisitRecord.objects.count()) == (True, 1)
    assert "差 -2" in shown
