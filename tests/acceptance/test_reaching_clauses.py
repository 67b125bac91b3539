"""Clauses on how a customer is reached, and on what arrived: registers, channels, gifts, goods."""

import pytest

from tests.acceptance.test_origin_clauses import known, reached
from tests.policies.regulation import due, rule, tick
from tests.visits.desk import signed_in
from tests.visits.world import branch, customer, employee, event, publish, tasks
from visits.models import ContactNumber, ServiceEvent, VisitRecord, VisitTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-06T09:00+08:00")
    return branch("城东店")


@pytest.fixture
def chen(shop):
    return employee("chenjing", branch=shop, name="陈静")


RECEIPT = (
    rule("receipt", '"delivery_receipt"', 'opens = "1d"\ncloses = "1d"', questionnaire='"receipt"', assign='"advisor"')
    + """
[[questionnaire]]
code = "receipt"
  [[questionnaire.question]]
  code = "goods"
  title = "品种与数量"
  kind = "confirm"
  field = "lines"
"""
)


def test_g_01_the_day_after_the_receipt_and_twenty_eight_of_thirty_tons_differ_by_two(shop, chen, clock_at):
    publish(RECEIPT)
    event(
        "delivery_receipt", "2024-05-06 10:00", customer=known(shop, chen), advisor=chen, branch=shop,
        attributes={"lines": "P.O42.5 30t"},
    )  # fmt: skip
    tick("2024-05-06 10:01", "2024-05-07 00:01")
    clock_at("2024-05-07T10:00+08:00")
    task, desk = VisitTask.objects.get(), signed_in(chen)
    reached(desk, task, started_at="2024-05-07T09:58:00", **{"answer.goods": "28"})
    page = desk.get(f"/customers/{task.customer_id}/").content.decode()

    assert due() == ["2024-05-07"]
    assert VisitRecord.objects.get().answers["goods"][0]["difference"] == "-2"
    assert ("差 -2" in page, "tone-bad" in page) == (True, True)


REGISTERS = ("电话咨询", "网络咨询", "初诊", "体检", "医生门诊日志", "市场客户", "义诊咨询")
LADDER = 'channels = [ "mobile", "desk_phone", "im", "email", "letter", "onsite" ]'


def patient(**facts):
    made = customer(**facts)
    if not facts.pop("number", ""):
        ContactNumber.objects.filter(customer=made).delete()
    return made


def test_r_03_seven_registers_keep_their_name_and_day_for_one_patient():
    who = customer("病人", "13900001234")
    for day, register in enumerate(REGISTERS, 6):
        event("first_contact", f"2024-05-{day:02} 10:00", customer=who, source=register)

    assert list(ServiceEvent.objects.order_by("happened_on").values_list("source", flat=True)) == list(REGISTERS)


def test_r_04_by_telephone_qq_or_e_mail_as_they_can_be_reached():
    publish(rule("patient", '"discharge"', f'closes = "7d"\n{LADDER}'))
    for facts in ({"number": "13900001111", "im": "8123"}, {"im": "8123"}, {"email": "p@example.com"}):
        has_number = facts.pop("number", "")
        who = customer("病人", has_number, **facts) if has_number else patient(**facts)
        event("discharge", "2024-05-06 10:00", customer=who)
    tick("2024-05-06 10:01")

    assert [channel for _event, channel in sorted(tasks("event_id", "channel"))] == ["mobile", "im", "email"]


GIFT = f"""
[[visit_rule]]
code = "patient"
trigger = "discharge"
assign = "advisor"
[[visit_rule.step]]
code = "talk"
closes = "7d"
when = [ {{ field = "gift", op = "!=", value = true }} ]
{LADDER}
[[visit_rule.step]]
code = "gift"
closes = "7d"
when = [ {{ field = "gift", op = "==", value = true }} ]
channels = ["onsite"]
[[form]]
code = "gift"
of = "visit_record"
when = [ {{ field = "gift", op = "==", value = true }} ]
fields = [ {{ code = "given", title = "礼品" }} ]
requires = ["given"]
"""


def test_r_05_a_letter_to_an_address_and_a_gift_brought_home_and_written_down(shop, chen, clock_at):
    publish(GIFT)
    event("discharge", "2026-03-06 08:00", customer=patient(address="温州路 1 号"), advisor=chen, branch=shop)
    for _ in range(2):
        event(
            "discharge", "2026-03-06 08:00", customer=known(shop, chen), advisor=chen, branch=shop,
            attributes={"gift": "true"},
        )  # fmt: skip
    tick("2026-03-06 09:00")
    desk, (first, second) = signed_in(chen), VisitTask.objects.filter(step__code="gift").order_by("pk")
    for task, given in ((first, ""), (second, "果篮一份")):
        reached(desk, task, channel="onsite", started_at="2026-03-06T08:58:00", **{"answer.gift.given": given})

    assert tasks("step__code", "channel") == [("talk", "letter"), ("gift", "onsite"), ("gift", "onsite")]
    assert list(VisitRecord.objects.order_by("pk").values_list("incomplete", flat=True)) == [["given"], []]
