"""The regulations on what is told at the counter as they ship (X, Y, AA, AB, AE), by the pages people work with."""

from fractions import Fraction

import pytest

from complaints.domain import handling
from complaints.models import Case, Entry
from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.daily.owing import note_owed
from reports.domain.daily.submitting import submit
from reports.domain.figures.behind import behind
from reports.domain.figures.measured import shown
from reports.domain.figures.measuring import figure, figures_of
from reports.domain.figures.query import query
from reports.models import OwedReport
from staff.domain.periods import period_named
from staff.domain.policies import spec_of
from staff.models import Notification, Release
from tests.policies.counter import Counter
from tests.policies.regulation import due, tick
from tests.visits.world import at, branch, department, employee, event
from visits.models import Obligation, VisitTask

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SOLVED = {"solution": "补款", "cause": "系统延迟", "process": "联系后台", "result": "已到账", "measure": "guidance"}


def ways(counter: Counter, month: str = "2026-03") -> dict[str, dict[str, int]]:
    """Return what the manager's page counts of all that came in."""
    page = counter.browser("boss", f"{month}-28 18:00").get(f"/complaints/branches/?month={month}")
    return {name: dict(rows) for name, rows in page.context["ways"].items()}


def rate(code: str, *of: str) -> tuple[int, int]:
    """Return in time and due of the deeds of these obligations in March."""
    spec = KpiSpec(code=code, metric="obligation_rate", of=of)
    month = {"release": Release.objects.get(), "period": period_named("2026-03"), "now": at("2026-04-01")}
    found = figure("obligation_rate", spec=spec, **month)
    return found.numerator, found.denominator


def test_x_01_to_x_04_a_bank_counts_needs_makes_a_complaint_of_one_and_closes_with_the_customers_word(clock_at):
    counter = Counter(clock_at, "bank-customer-service")
    book = "bank-customer-service/service-contact"
    assert counter.enter("desk", "08:30", book, need="贷款咨询") is None  # without advice
    entries = [
        counter.enter("desk", "08:30", book, need=need, matter=f"第{number}位", advice="方案")
        for number, need in enumerate(("贷款咨询", "贷款咨询", "其他"))
    ]
    page = counter.page("desk", "08:31", f"/books/{book}/")
    assert "贷款咨询 <b>2</b>" in page and "其他 <b>1</b>" in page
    assert Case.objects.count() == 0
    taken = {"deed": "case", "type": "complaint", "source": "visit", "name": "王女士", "contact": "13900001111"}
    assert counter.send("desk", "08:40", f"/books/entries/{entries[2].pk}/", **taken) == 302
    case = Case.objects.get()
    assert (case.type, "第2位" in case.summary) == ("complaint", True)
    if case.handler is None:
        assert counter.deed("manager", "08:45", case, "assign", to=counter.people["desk"].pk) == 302
    who = Case.objects.get().handler.username
    for minute in ("09:00", "11:30"):
        assert counter.deed(who, minute, case, "progress", text=f"{minute} 查询中", told_customer="on") == 302
    page = counter.page(who, "11:31", f"/complaints/{case.pk}/")
    assert "+2 小时 30 分钟" in page and f'href="/books/entries/{entries[2].pk}/"' in page
    assert f"/complaints/{case.pk}/" in counter.page("desk", "11:32", f"/books/entries/{entries[2].pk}/")
    assert counter.deed(who, "12:00", case, "resolve", **SOLVED) == 302
    closing = {"opinion": "好", "told_now": "on"}
    assert counter.deed("boss", "12:30", case, "close", satisfied="", **closing) != 302
    assert counter.deed("boss", "12:30", case, "close", satisfied="yes", **closing) == 302


def test_y_01_to_y_04_feedback_of_three_types_with_its_departments_measures_and_limits(clock_at):
    counter = Counter(clock_at, "aftersales-feedback", ('within = "?"', 'within = "2h"'))
    cases = [counter.tell("desk", "09:00", type=one) for one in ("complaint", "problem", "suggestion")]
    told = ways(counter)
    assert told["type"] == {"投诉": 1, "问题": 1, "建议": 1}  # Y-01
    cross = counter.tell("desk", "09:00", category="cross-department")
    solved = SOLVED | {"measure": "replacement"}
    assert counter.deed("desk", "10:00", cross, "resolve", **solved) == 422
    assert counter.deed("desk", "10:00", cross, "people", departments=counter.unit.pk) == 302
    assert counter.deed("desk", "10:01", cross, "progress", text="配件周三到", told_customer="on") == 302
    assert counter.deed("desk", "10:05", cross, "resolve", told_customer="on", **solved) == 302
    assert ways(counter)["measure"] == {"更换": 1}  # Y-02
    assert "配件周三到" in counter.page("desk", "10:06", f"/complaints/{cross.pk}/")
    desk = counter.people["desk"]
    more = [counter.tell("desk", "09:00") for _number in range(6)]
    for number, case in enumerate([*cases, *more]):
        minute = "11:01" if number == 8 else "11:00"
        handling.reply(
            Case.objects.get(pk=case.pk), by=desk, now=at(f"2026-03-02 {minute}"), channel="mobile", text="好"
        )
    assert Fraction(*rate("in-time", "obligation:respond")) == Fraction(9, 10)  # Y-04: 90.0 %


def test_aa_01_to_aa_07_priorities_limits_and_the_way_up(clock_at):
    counter = Counter(
        clock_at, "aftersales-mgmt-system", ('within = "?"', 'within = "2h"'), ('after = "?"', 'after = "2h"')
    )  # fmt: skip
    low = counter.tell("desk", "08:50", importance="low", urgency="low")
    high = counter.tell("desk", "09:00", importance="high", urgency="high", handler=str(counter.people["desk"].pk))
    assert counter.tell("desk", "09:00", importance="high", urgency="") is None
    rows = counter.browser("desk", "09:10").get("/complaints/list/").context["rows"]
    assert [(row["number"], row["priority"]) for row in rows] == [(high.number, 1), (low.number, 4)]  # AA-01
    limit = Obligation.objects.get(rule="solve-p1")
    assert limit.due_at == at("2026-03-02 11:00") and "11:00" in rows[0]["due"]
    red = f'clock clock-late" data-row>\n  <p class="case-card-head"><a href="/complaints/{high.pk}/"'
    assert [red in counter.page("desk", now, "/complaints/") for now in ("11:00", "11:01")] == [False, True]  # AA-07
    tick("2026-03-02 11:01")
    assert Notification.objects.filter(recipient=counter.people["boss"], kind="obligation_late").count() >= 1

    assert counter.deed("desk", "11:02", high, "escalate", text=" ") == 422  # AA-03
    assert Case.objects.get(pk=low.pk).escalated_to == counter.people["manager"]
    assert counter.deed("desk", "11:03", low, "escalate", text="建议换新") == 302
    assert Case.objects.get(pk=low.pk).escalated_to == counter.people["boss"]  # the clock had told the manager
    assert "建议换新" in counter.page("boss", "11:04", f"/complaints/{low.pk}/")
    assert counter.deed("desk", "11:05", high, "resolve", **SOLVED) == 302
    assert rate("in-time", "obligation:solve-p1") == (0, 1)  # AA-02


def test_ab_01_to_ab_04_four_ways_in_a_partner_an_evaluation_and_a_visit_after_sixty_days(clock_at):
    counter = Counter(clock_at, "enterprise-service-centre", ('closes = "?"', 'closes = "60d"'))
    start = "2026-05-06"
    assert counter.tell("desk", f"{start} 09:00", type="enquiry", summary=" ") is None
    asked = [
        counter.tell("desk", f"{start} 09:00", type="enquiry", source=one)
        for one in ("phone", "email", "online", "visit")
    ]
    assert ways(counter, "2026-05")["source"] == {"电话": 1, "电子邮件": 1, "网上表单": 1, "来访": 1}  # AB-01
    assert counter.tell("desk", f"{start} 09:00", type="problem", severity="") is None
    case = counter.tell("desk", f"{start} 09:00", type="problem", severity="minor", keep="on")
    order = counter.order("desk", f"{start} 09:10", case)
    assert counter.about("desk", f"{start} 09:11", order, "check") == 302
    given = {"to": "", "partner": "丙", "mode": "onsite", "due_at": "2026-05-10T18:00"}
    assert counter.about("desk", f"{start} 09:12", order, "dispatch", **given) == 302
    page = counter.browser("desk", f"{start} 09:13").get("/complaints/orders/?who=partner")
    assert (len(page.context["rows"]), page.context["counts"]["partner"]) == (1, 1)  # AB-02
    shown = page.content.decode()
    assert "丙" in shown and "外部" in shown and "05-10" in shown
    assert counter.about("desk", f"{start} 09:14", order, "cancel", text="远程解决了") == 302
    assert counter.deed("desk", f"{start} 10:00", case, "resolve", **SOLVED) == 302
    tick(f"{start} 10:01")
    assert due(step__rule__code="periodic") == ["2026-07-05"]  # AB-04
    assert VisitTask.objects.filter(step__rule__code="evaluation").count() == 1  # AB-03
    assert len(asked) == 4


@pytest.fixture
def freight(clock_at):
    counter = Counter(clock_at, "logistics-cs")
    counter.people["centre"] = employee("centre", "cs_supervisor")
    return counter


def test_ae_01_ae_13_the_centre_sees_every_branch_and_its_report_of_the_month_goes_to_the_general_manager(freight):
    counts = {"东站": 3, "中站": 0, "西站": 5}
    for place, (name, count) in enumerate(counts.items()):
        unit = department("客服", branch(name))
        freight.people[name] = employee(f"head{place}", "department_manager", department=unit)
        for _number in range(count):
            freight.tell("desk", "2026-05-06 09:00", unit=f"d:{unit.pk}", handler=str(freight.people[name].pk))

    def listed(who: str) -> int:
        return len(freight.browser(who, "2026-05-07 09:00").get("/complaints/list/?state=all").context["rows"])

    assert [listed(who) for who in ("centre", "东站", "中站", "西站")] == [8, 3, 0, 5]  # AE-01
    page = freight.browser("boss", "2026-05-31 18:00").get("/complaints/branches/?month=2026-05")
    found = {row.branch: row.count for row in page.context["rows"]}
    assert found | {"总店": 0} == counts | {"总店": 0} and page.context["total"].count == 8
    assert "报送" not in page.content.decode()
    note_owed(now=at("2026-06-01"), on=at("2026-06-01 08:00").date())
    report = OwedReport.objects.get(key="2026-05", employee=freight.people["centre"])
    version = submit(report, by=freight.people["centre"], now=at("2026-06-01 09:10"))
    [table] = version.content["tables"]
    assert table["rows"][-1][1] == 8  # AE-13: the total, and the day on which it was delivered
    page = freight.page("boss", "2026-06-01 10:00", "/complaints/branches/?month=2026-05")
    assert "于 2026-06-01 周一 09:10 报送 boss" in page and "尚未阅读" in page
    assert freight.browser("boss", "2026-06-01 10:01").get(f"/daily-reports/{report.pk}/").status_code == 200
    assert "2026-06-01 周一 10:01 已阅" in freight.page(
        "boss", "2026-06-01 10:02", "/complaints/branches/?month=2026-05"
    )


def test_ae_05_ae_08_ae_09_ae_11_the_books_answer_in_time_and_keep_their_versions(freight):
    call_in = freight.enter(
        "desk", "09:00", "logistics-cs/internal-call", caller="仓库", matter="找不到货", to_manager="yes"
    )
    clock = Obligation.objects.get(rule="internal-reply")
    assert clock.due_at == at("2026-03-02 09:30")
    manager = Notification.objects.filter(recipient=freight.people["manager"])
    assert manager.filter(kind="obligation").count() == 1
    asked = {"type": "enquiry", "importance": "high"}
    assert freight.tell("desk", "09:05", **asked, contact="", summary="要发整车货") is None
    assert freight.tell("desk", "09:05", **asked, summary="要发整车货")
    assert manager.filter(kind="obligation").count() == 2  # AE-08: at once
    tick("2026-03-02 09:31")
    assert manager.filter(kind="obligation_late", url=f"/books/entries/{call_in.pk}/").count() == 1  # AE-05
    cargo = {
        "ship_date": "2026-03-01", "cargo_no": "H-9", "stations": "杭州-郑州", "packing": "木箱", "features": "蓝色",
        "missing": "少一件",
    }  # fmt: skip
    query = "logistics-cs/cargo-query"
    for name in cargo:
        assert freight.enter("desk", "10:00", query, **(cargo | {name: ""})) is None
    entry = freight.enter("desk", "10:00", query, **cargo)
    assert freight.send("desk", "10:25", f"/books/entries/{entry.pk}/", deed="close", text="在郑州") == 302
    page = freight.browser("desk", "10:26").get(f"/books/entries/{entry.pk}/")
    assert (page.context["minutes"], page.context["entry"].state) == (25, "closed")  # AE-09
    notice = {"waybill": "Y-1", "answered_by": "李", "gender": "女"}
    assert freight.enter("desk", "11:00", "logistics-cs/pick-up-notice", **(notice | {"gender": ""})) is None
    first = freight.enter("desk", "11:00", "logistics-cs/pick-up-notice", **notice)
    own = {"own-waybill": "Y-2", "own-answered-by": "李", "own-gender": "女", "at": "2026-03-02T11:00"}
    assert freight.send("desk", "11:05", f"/books/entries/{first.pk}/", deed="correct", **own) == 302
    page = freight.page("desk", "11:06", f"/books/entries/{first.pk}/")
    assert "<del>Y-1</del>" in page and "Y-2" in page
    assert Entry.objects.get(pk=first.pk).values["waybill"] == "Y-1"  # AE-11: the first version is kept


def test_ae_03_two_of_three_calls_are_answered_by_the_third_ring_also_after_a_correction(freight):
    book = "logistics-cs/inbound-call"
    assert freight.enter("desk", "09:00", book, rings="") is None
    calls = [freight.enter("desk", f"09:0{rings}", book, rings=str(rings)) for rings in (2, 3, 5)]
    own = {"deed": "correct", "own-rings": "4", "at": "2026-03-02T09:05"}
    assert freight.send("desk", "09:10", f"/books/entries/{calls[2].pk}/", **own) == 302
    release, march = Release.objects.get(), period_named("2026-03")
    [kpi] = [one for one in spec_of(release).kpi if one.metric == "ring_rate"]
    asked = query(kpi, release, march, now=at("2026-04-01"))
    found = figures_of(asked)[freight.people["desk"].pk]
    assert (found.numerator, found.denominator, shown(found.value, "ring_rate")) == (2, 3, "66.66 %")
    assert [(row.value, row.counts) for row in behind(asked, freight.people["desk"].pk)] == [
        ("2", True), ("3", True), ("4", False),
    ]  # fmt: skip
    table = {"metric": "ring_rate", "limit": 3}
    second = Asked(table, release.policy_id, tables(release.content), march.key, march.first, march.last, asked.since,
                   asked.until)  # fmt: skip
    assert figures(second) == {freight.people["desk"].pk: (2, 3)}


def test_ae_07_ae_12_ae_20_up_the_chain_to_the_end_and_the_file_lies_in_both_archives(freight):
    case = freight.tell("desk", "09:00", demand="赔偿")
    assert freight.tell("desk", "09:00", name="", contact="") is None  # AE-06
    assert freight.deed("desk", "09:10", case, "escalate", text="") == 422
    steps = []
    for who, minute in (("desk", "09:10"), ("manager", "09:20"), ("boss", "09:30")):
        taken = freight.deed(who, minute, case, "escalate", text=f"{minute} 处理不了")
        steps.append((taken, str(Case.objects.get(pk=case.pk).escalated_to)))
    assert steps == [(302, "manager"), (302, "boss"), (422, "boss")]  # AE-07
    page = freight.page("boss", "09:40", f"/complaints/{case.pk}/")
    assert "09:10 处理不了" in page and "09:20 处理不了" in page

    assert freight.deed("desk", "10:00", case, "resolve", **(SOLVED | {"process": ""})) == 422
    assert freight.deed("desk", "10:00", case, "resolve", told_customer="on", **SOLVED) == 302
    assert freight.deed("centre", "10:30", case, "close", satisfied="yes", opinion="") == 422  # AE-12
    assert freight.deed("centre", "10:30", case, "close", satisfied="yes", opinion="同意处理结果") == 302
    assert freight.deed("manager", "10:40", case, "archive") == 302
    for who in ("manager", "centre"):
        lines = (
            freight.browser(who, "11:00").get("/complaints/register/?state=archived&first=2026-03-01").context["rows"]
        )
        assert [line[0] for line in lines] == [case.number]
    paper = freight.page("manager", "11:01", f"/complaints/{case.pk}/print/")
    for text in ("系统延迟", "赔偿", "联系后台", "已到账", "同意处理结果"):  # AE-20: the five fields
        assert text in paper


def test_ae_10_who_calls_about_goods_names_the_money_to_bring_where_there_is_any(clock_at):
    counter = Counter(clock_at, "logistics-cs", ('closes = "?"', 'closes = "1d"'))
    goods = {"起运地": "杭州", "货量": "3 件", "提货地点": "郑州东站"}
    for money in ({"代收货款": "850"}, {}):
        event("goods_arrived", "2026-03-02 09:00", branch=counter.unit.branch, attributes=goods | money)
    tick("2026-03-02 09:01")
    tasks = VisitTask.objects.order_by("pk").values_list("pk", flat=True)
    with_money, without = (counter.page("boss", "09:05", f"/tasks/{pk}/print/") for pk in tasks)
    assert "代收货款 850 元，请备好现金" in with_money and "请备好现金" not in without
    for page in (with_money, without):
        assert "杭州" in page and "3 件" in page and "郑州东站" in page and "有效证件" in page
