"""Every night the segments with conditions are judged; those kept by hand are left alone."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from staff.models import Activity
from visits.domain.matching.segmenting import judge_segments
from visits.models import Customer, CustomerSegment, EventKind, Segment, ServiceEvent

SHANGHAI = ZoneInfo("Asia/Shanghai")
TONIGHT = datetime(2026, 3, 5, 1, 0, tzinfo=SHANGHAI)

TOMORROW = TONIGHT + timedelta(days=1)

pytestmark = pytest.mark.django_db


def customer(name: str, **facts) -> Customer:
    return Customer.objects.create(name=name, registered_at=TONIGHT, **facts)


def order(of: Customer, on: date, amount: str = "100") -> ServiceEvent:
    moment = datetime(on.year, on.month, on.day, 12, tzinfo=SHANGHAI)
    kind, _made = EventKind.objects.get_or_create(code="purchase")
    return ServiceEvent.objects.create(
        source="dms", order_no=f"{of.pk}-{on}", kind=kind, customer=of, happened_at=moment, happened_on=on,
        amount=Decimal(amount), taken_in_at=moment, changed_at=moment,
    )  # fmt: skip


def segment(code: str, *when: dict, **facts) -> Segment:
    facts.setdefault("position", Segment.objects.count())
    return Segment.objects.create(code=code, when=list(when), **facts)


def judge(night: datetime) -> dict[str, int]:
    return judge_segments(now=night, on=night.date())


def members(code: str) -> list[str]:
    found = CustomerSegment.objects.filter(segment__code=code)
    return sorted(found.values_list("customer__name", flat=True))


def test_a_customer_is_dormant_the_morning_after_365_days_without_an_order():
    segment("dormant", {"field": "last_order_days", "op": ">", "value": 365})
    order(customer("刘洋"), date(2025, 3, 5))
    order(customer("陈静"), date(2025, 3, 4))
    customer("never bought")

    assert judge(TONIGHT) == {"joined": 1, "left": 0}
    assert members("dormant") == ["陈静"]
    judge(TOMORROW)
    assert members("dormant") == ["刘洋", "陈静"]


def test_who_no_longer_fits_leaves_and_who_stays_keeps_the_day_of_joining():
    segment("dormant", {"field": "last_order_days", "op": ">", "value": 30})
    liu, chen = customer("刘洋"), customer("陈静")
    for who in (liu, chen):
        order(who, date(2026, 1, 1))
    judge(TONIGHT)
    order(liu, date(2026, 3, 5))

    assert judge(TOMORROW) == {"joined": 0, "left": 1}
    assert members("dormant") == ["陈静"]
    assert CustomerSegment.objects.get().since == TONIGHT


@pytest.mark.parametrize(("days", "expected"), [(25, "high"), (120, "general"), (250, "yearly"), (400, "low")])
def test_of_one_set_the_first_that_holds(days, expected):
    interval = "order_interval_days"
    segment("high", {"field": interval, "op": "<=", "value": 30}, set="cycle")
    segment("general", {"field": interval, "op": "<=", "value": 184}, set="cycle")
    segment("yearly", {"field": interval, "op": "<=", "value": 365}, set="cycle")
    segment("low", {"field": interval, "op": ">", "value": 365}, set="cycle")
    liu = customer("刘洋")
    order(liu, date(2024, 1, 1))
    order(liu, date(2024, 1, 1) + timedelta(days=days))

    judge(TONIGHT)

    assert list(CustomerSegment.objects.values_list("segment__code", flat=True)) == [expected]


def test_a_customer_moves_on_when_an_earlier_segment_of_the_set_begins_to_hold():
    segment("big", {"field": "order_total", "op": ">=", "value": 1000}, set="value")
    segment("general", {"field": "order_count", "op": ">=", "value": 1}, set="value")
    liu = customer("刘洋")
    order(liu, date(2026, 1, 1), "999.99")
    judge(TONIGHT)
    assert (members("big"), members("general")) == ([], ["刘洋"])
    order(liu, date(2026, 1, 2), "0.01")

    assert judge(TONIGHT) == {"joined": 1, "left": 1}
    assert (members("big"), members("general")) == (["刘洋"], [])


def test_segments_kept_by_hand_are_left_alone_and_hold_for_their_members():
    vip = segment("vip", set="value")
    segment("general", {"field": "region", "op": "==", "value": "杭州"}, set="value")
    liu, _chen = customer("刘洋", region="杭州"), customer("陈静", region="杭州")
    CustomerSegment.objects.create(customer=liu, segment=vip, since=TONIGHT)

    judge(TONIGHT)

    assert (members("vip"), members("general")) == (["刘洋"], ["陈静"])


def test_a_segment_may_build_on_an_earlier_one():
    segment("hangzhou", {"field": "region", "op": "==", "value": "杭州"})
    segment("others", {"field": "segment", "op": "!=", "value": "hangzhou"})
    customer("刘洋", region="杭州")
    customer("陈静", region="宁波")

    judge(TONIGHT)

    assert members("others") == ["陈静"]


def test_a_segment_that_waits_for_its_figure_is_not_judged():
    waiting = segment("dormant", {"field": "last_order_days", "op": ">", "value": "?"})
    CustomerSegment.objects.create(customer=customer("刘洋"), segment=waiting, since=TONIGHT)

    assert judge(TONIGHT) == {"joined": 0, "left": 0}
    assert members("dormant") == ["刘洋"]


def test_a_night_that_changes_something_leaves_one_line_with_its_counts():
    segment("hangzhou", {"field": "region", "op": "==", "value": "杭州"})
    customer("刘洋", region="杭州")

    judge(TONIGHT)
    judge(TONIGHT)

    line = Activity.objects.get()
    assert (line.verb, line.data) == ("segments_judged", {"joined": 1, "left": 0, "segments": {"hangzhou": [1, 0]}})


def test_it_costs_the_same_for_one_customer_and_for_many(django_assert_num_queries):
    segment("hangzhou", {"field": "region", "op": "==", "value": "杭州"})
    for number in range(30):
        customer(f"客户{number}", region="杭州")

    with django_assert_num_queries(6):  # savepoint, segments, leave, join, activity, savepoint
        judge(TONIGHT)
