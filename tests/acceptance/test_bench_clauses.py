"""Clauses that the workbench carries, from the regulation in its file to what stands on the page."""

import re

import pytest

from tests.acceptance import doors
from tests.acceptance.desk import Desk
from tests.acceptance.packs import pack, rule
from tests.acceptance.people import STAFF, orders, person
from tests.acceptance.story import at

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = "2026-03-02T10:00"
TAKEN_IN = "2026-03-02T09:30:00+08:00"


def begin(folder, *packs: str, made: list[dict], staff=STAFF) -> None:
    """Load the regulations and the people, take the orders in, and let the minute pass."""
    doors.load(folder, *packs, at="2026-01-05T08:00:00+08:00")
    doors.run("import_staff", doors.staff_list(folder / "staff.xlsx", staff), at="2026-01-05T08:00:00+08:00")
    doors.take_in(doors.order_list(folder / "orders.xlsx", made), at=TAKEN_IN)
    doors.run("tick", at="2026-03-02T09:31:00+08:00")


def order(number: int, kind: str = "service_completed", **facts) -> dict:
    """Return one order of this morning."""
    return orders(kind, at("2026-03-02 09:00"), prefix=f"RO{number}", **facts)[0]


def test_p_01_customers_of_class_a_come_first_and_the_aim_is_on_the_card(tmp_path):
    segments = (
        '[[segment]]\ncode = "A"\ntitle = "A类"\npriority = 90\n[[segment]]\ncode = "B"\ntitle = "B类"\npriority = 70\n'
    )
    made = [
        order(index, segment="A" if index % 2 else "B", name=f"{'A' if index % 2 else 'B'}{index}")
        for index in range(7)
    ]
    begin(tmp_path, pack(segments, rule("care", 'closes = "3d"; aim = "了解用车感受，重点问等待时间"')), made=made)
    desk = Desk("east1", MORNING)

    assert [name[0] for _task, name in desk.queue()] == ["A"] * 3 + ["B"] * 4
    assert "了解用车感受，重点问等待时间" in desk.words(f"/tasks/{desk.queue()[0][0]}/")


def test_ah_02_each_business_has_its_script_in_versions_and_the_task_shows_the_matching_one(tmp_path):
    kinds = {
        "policy_new": "新契约",
        "agent_left": "离司业务员保单",
        "policy_lapsed": "失效保单",
        "benefit_paid": "给付",
    }
    declared = "".join(f'[[event_kind]]\ncode = "{code}"\ntitle = "{title}"\n' for code, title in kinds.items())

    def text(version: str) -> str:
        steps = [
            rule(code.replace("_", "-"), f'closes = "3d"; script = "{title}话术{version}"', trigger=f'"{code}"')
            for code, title in kinds.items()
        ]
        return pack(declared, *steps)

    doors.load(tmp_path, text("一"), at="2026-01-02T08:00:00+08:00")
    begin(
        tmp_path, text("二"), made=[order(index, code, name=title) for index, (code, title) in enumerate(kinds.items())]
    )
    desk = Desk("east1", MORNING)
    found = {name: desk.words(f"/tasks/{task}/") for task, name in desk.queue()}

    assert set(found) == set(kinds.values())
    for title, page in found.items():
        assert [other for other in kinds.values() if f"{other}话术二" in page] == [title]
    library = desk.words("/scripts/")
    for title in kinds.values():
        assert f"{title}话术二" in library and f"{title}话术一" in library
    assert library.count("1 个历史版本") == 4


def test_ah_03_each_kind_of_customer_brings_its_own_guidance(tmp_path):
    kinds = {"impulsive": ("冲动型", "语气温和"), "indecisive": ("寡断型", "坚定自信"), "pleased": ("满足型", "先夸赞")}
    segments = "".join(
        f'[[segment]]\ncode = "{code}"\ntitle = "{title}"\nset = "类型"\nguidance = "{said}"\n'
        for code, (title, said) in kinds.items()
    )
    begin(
        tmp_path,
        pack(segments, rule("care", 'closes = "3d"')),
        made=[order(index, name=f"客户{index}") for index in range(3)],
    )
    desk = Desk("east1", MORNING)
    for (task, _name), code in zip(desk.queue(), kinds, strict=True):
        customer = re.search(r'action="/customers/(\d+)/tag/"', desk.page(f"/tasks/{task}/"))[1]
        desk.post(f"/customers/{customer}/tag/", tag=code)

    shown = [desk.page(f"/tasks/{task}/") for task, _name in desk.queue()]
    above = [re.search(r'id="guidance">(.*?)</div>', page)[1] for page in shown]
    for part, (_title, said) in zip(above, kinds.values(), strict=True):
        assert [other for _kind, other in kinds.values() if other in part] == [said]
    counts = {
        code: len(set(re.findall(r'href="/customers/(\d+)/"', desk.page(f"/customers/?segment={code}"))))
        for code in kinds
    }
    assert counts == dict.fromkeys(kinds, 1)


def test_u_03_the_card_is_filled_from_the_file_and_offers_three_channels(tmp_path):
    text = pack(rule("care", 'closes = "3d"; channels = ["desk_phone", "sms", "email"]'))
    begin(tmp_path, text, made=[order(1, name="陈建国", phone="13812345678", plate="浙A12345", model="迈腾")])
    desk = Desk("east1", MORNING)
    page = desk.page(f"/tasks/{desk.queue()[0][0]}/")

    for told in ("陈建国", "138****5678", "浙A12345", "迈腾"):
        assert told in page
    channels = re.search(r'<select[^>]*name="channel">(.*?)</select>', page)[1]
    assert re.findall(r'<option value="(\w+)"', channels) == ["desk_phone", "sms", "email"]
    assert "13812345678" not in page


@pytest.mark.parametrize(("saved", "flag"), [("10:30", ""), ("10:45", "补录，通话后 45 分钟")])
def test_u_04_a_record_that_is_entered_late_says_so_and_the_form_prints(tmp_path, saved, flag):
    begin(tmp_path, pack(rule("care", 'closes = "3d"; enter_within = "30min"')), made=[order(1, name="陈建国")])
    desk = Desk("east1", MORNING)
    task = desk.queue()[0][0]
    assert "客户回访记录表" in desk.words(f"/tasks/{task}/print/")
    desk = Desk("east1", f"2026-03-02T{saved}")  # the session of before has gone idle
    desk.save(
        task, outcome="reached", satisfied="yes", started_at="2026-03-02T09:55:00", ended_at="2026-03-02T10:00:00"
    )

    told = desk.words(f"/tasks/{task}/")
    assert "已接通" in told and ("补录" in told) == bool(flag) and flag in told


def test_r_06_the_doctor_the_pool_and_what_waits_until_somebody_is_named(tmp_path):
    inpatient = 'closes = "3d"; assign = ["advisor"]'
    text = pack(
        rule("inpatient", inpatient, trigger='"discharge"'),
        rule("outpatient", 'closes = "3d"; assign = ["pool:service_advisor"]', trigger='"treatment_end"'),
        rule("special", 'closes = "3d"; assign = ["named"]', trigger='"exam_end"'),
    )
    staff = [*STAFF, person("zhao", "赵医生", "service_advisor", "东店", "服务部", "eastboss")]
    made = [
        order(1, "discharge", name="住院病人", advisor="zhao"),
        order(2, "treatment_end", name="门诊病人"),
        order(3, "exam_end", name="特殊病人"),
    ]
    begin(tmp_path, text, made=made, staff=staff)
    rows = {row["order_no"][:3]: row["assignee"] for row in doors.exported(tmp_path, "tasks", at=TAKEN_IN)}
    assert rows == {"RO1": "zhao", "RO2": None, "RO3": None}
    assert [name for _task, name in Desk("zhao", MORNING).queue()] == ["住院病人"]
    assert Desk("east1", MORNING).queue() == []
    boss = Desk("eastboss", MORNING)
    assert "待指定 1" in boss.words("/")
    waiting = boss.words("/tasks/?who=named")
    assert ("特殊病人" in waiting, "门诊病人" in waiting, "住院病人" in waiting) == (True, False, False)
