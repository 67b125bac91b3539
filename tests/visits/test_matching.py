"""The conditions of a pack say the same in SQL as in Python, whatever the data."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from config.packs.condition import Condition
from staff.domain.conditions import holds
from tests.visits.crowd import HEADERS, NUMBERS, ON, TEXTS, Crowd
from visits.domain.matching.compiling import condition_sql
from visits.domain.matching.facts import facts_of
from visits.domain.matching.fields import BY_HEADER, FIELDS
from visits.models import Customer, EventKind, Segment, ServiceEvent

FROM = (
    "SELECT e.id, {condition} FROM visits_serviceevent e JOIN visits_customer c ON c.id = e.customer_id"
    " LEFT JOIN visits_vehicle v ON v.id = e.vehicle_id ORDER BY e.id"
)
WORDS = sorted({*TEXTS, "7.1", "120", "-5", "wangfang", "王芳", "service_completed", "new", "R7", "城东店", "售后部"})
FIGURES = (*(number for number in NUMBERS if number is not None), Decimal("7.5"), Decimal(5), Decimal(1), Decimal(2))
numbers = st.sampled_from(FIGURES) | st.decimals(-400, 400, places=1) | st.sampled_from([Decimal(10) ** 9])
days = st.sampled_from([date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), date(2025, 2, 28)])
moments = st.sampled_from([datetime(2026, 3, 2), datetime(2026, 3, 2, 23, 59, 59)])  # noqa: DTZ001  as TOML reads them
ordered = numbers | days | moments | st.sampled_from([time(9, 30), time(9, 30, 30)])
anything = ordered | st.sampled_from(WORDS) | st.booleans()
names = st.sampled_from([*FIELDS, *BY_HEADER, *HEADERS, "没有这一列"])


def made(field, op, value) -> Condition:
    """Return a condition as a pack states it."""
    return Condition(field=field, op=op, value=value)


conditions = st.one_of(
    st.builds(made, names, st.sampled_from(["==", "!="]), anything),
    st.builds(made, names, st.sampled_from(["<", "<=", ">", ">="]), ordered),
    st.builds(made, names, st.just("in"), st.lists(anything, max_size=3)),
)


def matched(wanted, match="all", on=ON) -> dict[int, bool | None]:
    """Return for each event what the database says of the conditions."""
    sql, params = condition_sql(wanted, match, vendor=connection.vendor, on=on)
    with connection.cursor() as cursor:
        cursor.execute(FROM.replace("{condition}", sql), params)
        return dict(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_sql_and_python_agree_on_a_dirty_crowd(seed):
    facts = facts_of(Crowd(seed).events, on=ON)

    @settings(max_examples=300)
    @given(st.lists(conditions, min_size=1, max_size=2), st.sampled_from(["all", "any"]))
    def agree(wanted, match):
        found = matched(wanted, match)
        assert set(found.values()) <= {True, False}  # 1 and 0 on SQLite; never NULL
        assert found == {event: holds(wanted, match, facts[event]) for event in facts}

    agree()


@pytest.fixture
def event(db):
    """One order of 刘洋, who is in two segments, with an empty and a numeric further column."""
    customer = Customer.objects.create(name="刘洋", registered_at=datetime.fromisoformat("2026-01-01T00:00+08:00"))
    moment = datetime.fromisoformat("2026-03-02T10:00+08:00")
    for code in ("vip", "new"):
        customer.memberships.create(segment=Segment.objects.create(code=code), since=moment)
    return ServiceEvent.objects.create(
        source="dms", order_no="R1", kind=EventKind.objects.create(code="service_completed"), customer=customer,
        happened_at=moment, happened_on=moment.date(), taken_in_at=moment, changed_at=moment, rating="极为满意",
        css=Decimal("119.5"), attributes={"工时费": "7.10", "空列": "", "返修": "是"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("css", "<", 120, True),
        ("css", "<", Decimal("119.5"), False),
        ("css", "<=", Decimal("119.5"), True),
        ("rating", "!=", "极为满意", False),
        ("rating", "==", "极为满意 ", False),
        ("工时费", "==", Decimal("7.1"), True),
        ("工时费", "==", "7.1", False),
        ("工时费", "==", "7.10", True),
        ("空列", "==", "", False),
        ("空列", "!=", "x", True),
        ("amount", ">", 0, False),
        ("amount", "<", 0, False),
        ("amount", "!=", 0, True),
        ("segment", "==", "vip", True),
        ("segment", "!=", "new", False),
        ("segment", "!=", "old", True),
        ("segment", "in", ["old", "new"], True),
        ("返修", "==", True, True),
        ("at", "==", date(2026, 3, 2), True),
        ("at", "<", date(2026, 3, 2), False),
        ("last_order_days", "==", 3, True),
        ("last_order_days", "<", 3, False),
        ("warranty_left_days", "<", 10**9, False),
        ("last_order_days", "<", 10**9, True),
        ("order_count", "==", 1, True),
        ("last_visit_days", ">=", 0, False),
        ("满意度评价", "==", "极为满意", True),
        ("内部CSS得分", "<", 120, True),
        ("客户级别", "==", "vip", True),
    ],
)
def test_a_condition_means_what_the_format_says(event, field, op, value, expected):
    condition = made(field, op, value)

    assert bool(matched([condition])[event.pk]) is expected
    assert holds([condition], "all", facts_of([event], on=ON)[event.pk]) is expected


def test_no_condition_holds_for_every_event(event):
    assert matched([]) == {event.pk: True}


def test_a_release_keeps_fractions_and_days_marked(event):
    kept = [{"field": "css", "op": "==", "value": {"decimal": "119.5"}}]

    assert matched(kept) == {event.pk: True}


def test_the_name_of_a_column_cannot_break_out_of_the_sql(event):
    assert matched([{"field": "x') OR ('1'='1", "op": "==", "value": "y'; --"}]) == {event.pk: False}


@pytest.mark.django_db
def test_facts_cost_the_same_for_one_event_and_for_sixty(django_assert_num_queries):
    crowd = Crowd(3)
    for events in (crowd.events[:1], crowd.events):
        with django_assert_num_queries(6):
            facts_of(events, on=ON)
