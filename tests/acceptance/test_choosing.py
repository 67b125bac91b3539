"""The right tasks for the right persons: conditions, groups, draws, releases and lists of persons, told twice."""

import random
from datetime import date

import pytest

from staff.models import Absence, Employee
from tests.acceptance import doors
from tests.acceptance.expecting import read
from tests.acceptance.packs import SEGMENTS, pack, rule, when
from tests.acceptance.people import STAFF, orders
from tests.acceptance.story import Story, at

pytestmark = pytest.mark.django_db(transaction=True)

CONDITIONS = (
    ("rating", "!=", '"极为满意"'), ("css", "<", "120"), ("css", ">=", "115.5"), ("amount", "<=", "7.1"),
    ("mileage", "==", "12000"), ("model", "in", '["迈腾", "威然 380TSI"]'), ("segment", "==", '"vip"'),
    ("segment", "!=", '"vip"'), ("segment", "in", '["vip", "key"]'), ("手术方式", "==", '"LEEP"'),
    ("手术方式", "!=", '"LEEP"'), ("付款天数", ">=", "30"), ("付款天数", "==", "7.10"), ("advisor", "==", '"east1"'),
    ("branch", "==", '"东店"'), ("department", "!=", '"服务部"'), ("kind", "==", '"purchase"'),
    ("at", "<", "2026-03-02"),
    ("type", "==", '"企业"'), ("region", "!=", '"温州"'), ("due", ">", "2026-03-10"), ("order_no", "==", '"RO003"'),
    ("复诊", "==", "true"), ("到期日", "<=", "2026-03-05"), ("owner", "==", '"east2"'), ("css", "in", "[100, 110]"),
)  # fmt: skip
VALUES = {
    "rating": (None, "极为满意", "满意"), "css": (None, 120, 119.99, 115.5, 100),
    "amount": (None, 0, 7.1, 7.11, 12345.67),
    "mileage": (None, 12000, 11999), "segment": (None, ["vip"], ["key"], ["vip", "key"]), "owner": (None, "east2"),
    "model": (None, "迈腾", "威然 380TSI"), "type": (None, "企业", "个人"), "region": (None, "温州", "杭州"),
    "due": (None, date(2026, 3, 10), date(2026, 3, 11)), "department": ("服务部", "销售部"),
}  # fmt: skip
FURTHER = {
    "手术方式": (None, "LEEP", "leep", "清宫"), "付款天数": (None, "30", 29, 7.1, "7.10", "约30", "45"),
    "复诊": (None, "是", "否"), "到期日": (None, "2026-03-05", "2026-03-06"),
}  # fmt: skip


def dirty_orders(prefix: str) -> list[dict]:
    """Return orders with values at random, the same ones each time; some name a vehicle, some none."""
    chance = random.Random(prefix)
    made = orders(
        "service_completed", *[at(f"2026-03-0{chance.randint(1, 3)} 09:30") for _ in range(25)], prefix=prefix
    )
    for number, order in enumerate(made):
        order.update({key: chance.choice(values) for key, values in VALUES.items()})
        order["plate"] = f"浙C{len(prefix)}{number:03}8" if number % 2 else None
        order["more"] = {key: chance.choice(values) for key, values in FURTHER.items()}
    return made


@pytest.mark.parametrize(("ending", "headers"), [("csv", doors.CHINESE), ("xlsx", doors.ENGLISH)])
def test_conditions_on_every_kind_of_field(tmp_path, ending, headers):
    steps = [f'closes = "1d"; when = {when(condition)}' for condition in CONDITIONS]
    either = rule(
        "either",
        'closes = "2d"',
        match='"any"',
        when=when(*CONDITIONS[:2]),
        trigger='["purchase", "service_completed"]',
    )
    both = rule("both", 'closes = "2d"', when=when(CONDITIONS[1], CONDITIONS[7]))
    story = Story(tmp_path, pack(SEGMENTS, rule("each", *steps), either, both), staff=STAFF)
    summary = story.take_in(dirty_orders("RO"), "2026-03-03 18:00", ending=ending, headers=headers)
    assert (summary["created"], summary["rejected"]) == (25, 0)
    assert story.differences() == []


def test_groups_earlier_events_two_policies_and_what_waits_for_a_figure(tmp_path):
    lower = when(("css", "<", "110"))
    mine = (
        rule("lot", 'closes = "1d"', group='"g"', when=when(("amount", ">", "1000"))),
        rule("low", 'closes = "2d"', f'closes = "3d"; when = {lower}', group='"g"', when=when(CONDITIONS[1])),
        rule("rest", 'closes = "3d"', group='"g"'), rule("other", 'closes = "3d"', group='"h"'),
        rule("early", 'closes = "3d"', 'opens = "1m"; closes = "3m"', 'every = "1m"; closes = "1w"', earlier="true"),
        rule("waits", 'closes = "?"', 'closes = "1d"'),
    )  # fmt: skip
    two = pack(
        rule("lot", 'closes = "1wd"', group='"g"'), slug="two", since="2026-02-01", head='departments = ["销售部"]'
    )
    story = Story(tmp_path, pack(SEGMENTS, *mine, since="2026-03-01"), two, staff=STAFF, begun="2026-02-01 08:00")
    moments = map(at, ("2026-02-28 23:59", "2026-03-01 00:01", "2026-01-31 10:00", "2025-11-15 10:00"))
    story.take_in(dirty_orders("GR") + orders("service_completed", *moments, prefix="EA"), "2026-03-03 18:00")
    story.tick("2026-03-03 18:01", "2026-04-03 18:01")
    assert story.differences() == []


def test_a_later_release_rules_what_happens_from_its_day_on(tmp_path):
    clause = '[[clause]]\nref = "{}"\ntext = "甲"\nenforced_by = ["visit_rule:a"]\n'
    first = pack(clause.format("1"), rule("a", 'every = "1w"; closes = "3d"'), rule("b", 'closes = "3d"'))
    second = pack(
        clause.format("1.1"), rule("a", 'every = "1w"; closes = "5d"'), rule("c", 'closes = "1d"'), since="2026-03-05"
    )
    story = Story(tmp_path, first, staff=STAFF)
    story.take_in(orders("service_completed", at("2026-03-03 10:00")), "2026-03-03 11:00")
    doors.load(tmp_path, second, at="2026-03-04T08:00:00+08:00")
    story.world.release(read(second))
    later = orders("service_completed", at("2026-03-04 23:59"), at("2026-03-05 00:01"), prefix="N")
    story.take_in(later, "2026-03-05 11:00")
    story.tick("2026-03-12 09:00")
    assert story.differences() == []


def test_draws_of_every_size_and_pool(tmp_path):
    samples = (
        "rate = 0.3", "rate = 0.07, min = 2", "count = 4", 'rate = 0.3, always = ["vip"]', 'rate = 0.5, per = "week"',
        'count = 5, always = ["vip", { field = "css", op = "<", value = 100 }]', 'rate = 0.1, per = "month"',
        'rate = 0.3, draw = "running"', 'rate = 0.3, min = 3, draw = "running", per = "week"',
    )  # fmt: skip
    steps = [f'opens = "2m"; closes = "3m"; sample = {{ {sample} }}' for sample in samples]
    story = Story(tmp_path, pack(SEGMENTS, rule("draw", *steps)), staff=STAFF)
    made = orders("service_completed", *[at(f"2026-03-0{day} 09:30") for day in (2, 3, 4) for _ in range(10)])
    for number, order in enumerate(made):
        order.update(segment=["vip"] if number % 4 == 0 else None, css=90 if number % 7 == 0 else 110)
    for first, day in ((0, 2), (10, 3), (20, 4)):
        story.take_in(made[first : first + 6], f"2026-03-0{day} 12:00")
        story.take_in(made[first + 6 : first + 10], f"2026-03-0{day} 18:00")
    story.tick("2026-04-01 00:05")
    assert story.differences() == []
    rows = story.rows()
    story.tick("2026-04-01 00:06")
    assert story.rows() == rows


def test_lists_of_persons_with_leave_and_hand_over(tmp_path):
    lists = (
        '"advisor"', '["advisor", "role:service_advisor"]', '"role:cs_supervisor"', '"pool:care"',
        '["owner", "advisor"]',
        '"role:general_manager"', '["role:service_advisor@area", "role:cs_supervisor"]', '"role:department_manager"',
        '"role:service_advisor"', '["role:finance", "role:quality_manager"]',
    )  # fmt: skip
    steps = [f'closes = "3d"; assign = {people}' for people in lists]
    steps += [
        f'closes = "3d"; assign = {lists[1]}; exclude = "advisor"',
        'opens = "3d"; closes = "5d"; assign = "advisor"',
    ]
    story = Story(tmp_path, pack(rule("who", *steps)), staff=STAFF)
    day = date(2026, 3, 3)
    for username, stand_in in (("east2", "sale1"), ("west1", None)):
        person, other = (Employee.objects.filter(username=name).first() for name in (username, stand_in))
        Absence.objects.create(employee=person, from_on=day, until_on=day, substitute=other)
        story.world.away[username, day] = stand_in
    units = (("东店", "服务部", "城北"), ("西店", "服务部", None), ("东店", "销售部", "城南"))
    advisors = ("east1", "east2", "gone", "lost", "west1", None)
    made = orders("service_completed", *[at("2026-03-03 10:00")] * (len(units) * len(advisors)))
    for number, order in enumerate(made):
        branch, department, area = units[number % 3]
        order.update(advisor=advisors[number // 3], branch=branch, department=department, area=area)
        order["owner"] = "sale1" if number % 2 else None
    story.take_in(made, "2026-03-03 11:00")
    story.tick("2026-03-03 11:01")
    assert story.differences() == []
