"""Clauses on what a report tells and whom: AD-06 (closing of the day), D-07 (opinions by department)."""

from datetime import date

import pytest
from django.test import Client

from complaints.models import Entry
from reports.domain.service import deeds
from reports.domain.service.content import thawed
from reports.domain.service.making import make_service_reports
from reports.models import ServiceReport, ServiceReportCopy
from staff.models import Notification
from tests.policies.regulation import call, tick
from tests.reports.service import Shops, morning
from tests.visits.desk import signed_in
from tests.visits.world import at, event, publish
from visits.models import FollowUpItem, VisitTask

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 1)
MALL = """
[policy]
slug = "mall"
title = "商场服务台制度"
effective_from = 2026-01-01
[[kpi]]
code = "complaints"
metric = "complaint_count"
title = "投诉"
[[form]]
code = "uncollected"
of = "register"
title = "未取商品登记"
[[form.fields]]
code = "what"
kind = "text"
title = "商品"
[[form]]
code = "lost-tag"
of = "register"
title = "丢失存包牌登记"
[[form.fields]]
code = "what"
kind = "text"
title = "牌号"
"""


def read(person, report: ServiceReport) -> str:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "zh-hans"
    return client.get(f"/service-reports/{report.pk}/").content.decode()


def test_ad_06_two_uncollected_items_and_a_lost_tag_stand_in_the_supervisors_report_of_the_day(clock_at):
    clock_at("2026-04-01T09:00+08:00")
    shops = Shops()
    release = publish(MALL, on="2026-01-01")
    for form in ("uncollected", "uncollected", "lost-tag"):
        Entry.objects.create(
            policy=release.policy, release=release, form=form, values={"what": "雨伞"}, at=at("2026-03-31 21:30"),
            logged_at=at("2026-03-31 21:30"), by=shops.liu, branch=shops.east,
        )  # fmt: skip
    make_service_reports(now=morning(TODAY), on=TODAY)
    report = ServiceReport.objects.get(kind="daily", period="2026-03-31", branch=None, policy=release.policy)
    assert thawed(report.content).books == [["未取商品登记", 2], ["丢失存包牌登记", 1]]
    assert ServiceReportCopy.objects.filter(report=report, recipient=shops.supervisor).count() == 1
    rows = read(shops.supervisor, report).split('id="books"')[1].split("</table>")[0]
    assert rows.index("未取商品登记") < rows.index(">2<") < rows.index("丢失存包牌登记") < rows.index(">1<")


def test_d_07_opinions_stand_by_department_and_kind_and_the_department_acknowledges_them(clock_at):
    """D-07: opinions by category, department and period, with acknowledgement."""
    clock_at("2026-04-01T09:00+08:00")
    shops = Shops().lived()
    shops.visit(shops.chen, "2026-03-09", satisfied=False, kind="价格高")
    shops.visit(shops.liu, "2026-03-09", satisfied=False, kind="交车慢")
    make_service_reports(now=morning(TODAY), on=TODAY)
    report = ServiceReport.objects.get(kind="category")
    assert thawed(report.content).opinions == [["维修", "交车慢", 2, 0], ["维修", "价格高", 1, 0]]
    for deed, who in (("submitted", shops.supervisor), ("reviewed", shops.quality)):  # then the departments have it
        deeds.do(report, deed, "", by=who, now=morning(TODAY, "10:00"))
    copy = ServiceReportCopy.objects.get(report=report, recipient=shops.head)
    assert copy.read_at is None
    assert read(shops.head, report).count('id="opinions"') == 1
    copy.refresh_from_db()
    assert copy.read_at is not None


def test_d_07_the_departments_reply_reaches_the_caller_who_notes_that_the_customer_was_told(clock_at):
    """D-07: the reply of the department is shown to the caller, who logs that the customer was told."""
    clock_at("2026-03-09T11:00+08:00")
    shops = Shops()
    event("service_completed", "2026-03-09 08:00", advisor=shops.liu, branch=shops.east, department=shops.repairs)
    tick("2026-03-09 08:01")
    call(VisitTask.objects.get(), "2026-03-09 10:00", by=shops.liu, problem="交车晚了两小时")
    problem = FollowUpItem.objects.get()
    path = f"/follow-ups/{problem.pk}/"
    caller, head = signed_in(shops.liu), signed_in(shops.head)
    assert caller.post(f"{path}transfer/", {"to": shops.head.pk, "text": "请维修部答复"}).status_code == 302
    assert head.post(f"{path}progress/", {"text": "已加派洗车工"}).status_code == 302

    heard = Notification.objects.get(recipient=shops.liu, url=path)
    assert (heard.facts["name"], heard.facts["text"]) == ("张伟", "已加派洗车工")
    assert "已加派洗车工" in caller.get(path).content.decode()
    assert caller.post(f"{path}progress/", {"text": "已电话告知", "told_customer": "on"}).status_code == 302
    told = problem.deeds.get(kind="told_customer")
    assert (told.by, told.text) == (shops.liu, "已电话告知")
