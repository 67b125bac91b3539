"""What the regulations say of reports beyond the day's: whose they are, which tables they hold, who reads them when."""

from datetime import date

import pytest

from reports.domain.daily.owing import note_owed
from reports.domain.daily.submitting import submit
from reports.domain.inspecting.opening import draw_more
from reports.domain.reviewing.judging import approve
from reports.models import OwedReport, ReportCopy, ReportVersion
from staff.domain.periods import period_named
from tests.packs import entry
from tests.policies.regulation import call, caller, rule, tick
from tests.reports.inspections import Desk, items
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import VisitTask

pytestmark = pytest.mark.django_db


def tables_of(version: ReportVersion) -> dict[str, list]:
    return {table["code"]: table["rows"] for table in version.content["tables"]}


def owed(on: str, **of) -> OwedReport:
    """Note what is owed as the day begins, and return the one report that is asked for."""
    day = date.fromisoformat(on)
    note_owed(now=at(on), on=day)
    return OwedReport.objects.get(**of)


def handed_in(report: OwedReport, moment: str) -> ReportVersion:
    return submit(report, by=report.employee, now=at(moment))


def test_k_18_twelve_visits_of_may_are_five_four_and_three_and_the_leader_has_the_report():
    kinds = {"投诉回访": ("complaint_resolved", 5), "维修回访": ("repair_done", 4), "入伙回访": ("move_in", 3)}
    rules = "".join(rule(kind, f'"{kind}"', 'closes = "3d"', title=f'"{title}"') for title, (kind, _n) in kinds.items())
    publish(rules + entry("property-callback-2023", "report", "monthly"))
    song, gao = employee("song", "cs_supervisor"), employee("gao", "general_manager")
    for kind, count in kinds.values():
        for _number in range(count):
            event(kind, "2024-05-06 10:00", advisor=caller())
    tick("2024-05-06 10:01")
    for task in VisitTask.objects.all():
        call(task, "2024-05-07 10:00")

    report = owed("2024-06-01", employee=song, key="2024-05")
    version = handed_in(report, "2024-06-03 09:30")

    told = tables_of(version)
    assert told["by_rule"] == [["投诉回访", 5, 5], ["维修回访", 4, 4], ["入伙回访", 3, 3]]
    assert dict(told["basics"])["contacts"] == 12
    report.refresh_from_db()
    assert (report.state, report.first_submitted_at) == ("submitted", at("2024-06-03 09:30"))
    assert list(ReportCopy.objects.values_list("recipient", "version", "read_at")) == [(gao.pk, version.pk, None)]


def test_ak_12_three_parts_and_the_departments_have_it_once_the_head_has_approved():
    publish(rule("joined", '"joined"', 'closes = "3d"') + entry("telecom-operator-callback", "report", "visits"))
    house = branch()
    employee("caller", branch=house)
    head = employee("head", "cs_supervisor", branch=house)
    leaders = {employee(f"lead-{name}", "department_manager", department=department(name, house)) for name in "ab"}
    event("joined", "2024-05-06 10:00", advisor=caller(), branch=house)
    tick("2024-05-06 10:01")
    call(VisitTask.objects.get(), "2024-05-07 10:00", problem="信号差")

    report = owed("2024-06-01", employee=caller(), key="2024-05")
    version = handed_in(report, "2024-06-03 09:30")
    assert [table["code"] for table in version.content["tables"]] == ["basics", "feedback", "problems"]
    assert tables_of(version)["problems"] == [["", 1]]
    assert not ReportCopy.objects.exists()  # the departments wait for the head

    report.refresh_from_db()
    approve(report, version.number, by=head, now=at("2024-06-03 11:00"))
    assert {copy.recipient for copy in ReportCopy.objects.all()} == leaders


def test_q_07_the_leaders_read_that_twenty_were_drawn_and_two_findings():
    q = "service-callback-active-passive"
    card = entry(q, "scorecard", "spot-check").replace('count = "?"', "count = 20")
    committee = entry(q, "role", "supervision_committee")
    desk = Desk(card + committee + entry(q, "report", "spot-check"))
    desk.month(desk.ann, 30)
    watcher = desk.person("watcher", ["supervision_committee"])
    inspection = draw_more(desk.card, period_named("2026-05"), 20, now=at("2026-05-20 09:00"), actor=watcher)
    for number, item in enumerate(items(inspection)):
        desk.scored(item, "2026-05-21 09:00", by=watcher, held=1, recorded=number not in (3, 8), true=1, settled=1)

    report = owed("2026-06-01", employee=watcher, key="2026-05")
    told = tables_of(handed_in(report, "2026-06-02 10:00"))

    assert told["inspections"] == [["监督委员会每月抽查", 20, 20, 2]]
    assert [row[:2] for row in told["findings"]] == [["记录完整", "Ann"]] * 2
    assert [copy.recipient for copy in ReportCopy.objects.all()] == [desk.zong]


def test_af_08_the_keeper_and_marketing_have_the_months_summary_by_kind():
    af = "customer-visit-specialist"
    asked = "".join(entry(af, *one) for one in (("role", "keeper"), ("role", "marketing"), ("report", "summary")))
    publish(rule("routine", '"assigned"', 'closes = "3d"', title='"例行回访"') + asked)
    song = employee("song", "cs_supervisor")
    readers = {employee(name, name, like="service_advisor") for name in ("keeper", "marketing")}
    event("assigned", "2024-05-06 10:00", advisor=caller())
    tick("2024-05-06 10:01")
    call(VisitTask.objects.get(), "2024-05-07 10:00", satisfied=False, displeasure="等得太久", displeasure_kind="效率")

    version = handed_in(owed("2024-06-01", employee=song, key="2024-05"), "2024-06-03 09:30")

    told = tables_of(version)
    assert (told["by_rule"], told["problems"]) == ([["例行回访", 1, 1]], [["效率", 1]])
    assert {copy.recipient for copy in ReportCopy.objects.all()} == readers
    assert set(OwedReport.objects.visible_to(readers.pop(), on=date(2024, 6, 3))) == {version.report}
