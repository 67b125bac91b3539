"""Files with whole telephone numbers: somebody else's word, in time, by who may give it, and everybody is told."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.db import IntegrityError, transaction

from complaints.choices import Source
from complaints.domain.registering import Told, register
from reports.domain.exports import approving, shelf, steering
from reports.excel.exporting import run_exports, work_off
from reports.excel.lists import LISTS
from reports.models import Export
from staff.models import Activity, Notification, RoleAssignment
from tests.company import MONDAY
from tests.reports.test_exports_running import NOW, Desk, client_of, fresh, opened
from visits.choices import Purpose, TaskStatus
from visits.domain.calling.restricting import restrict
from visits.models import ContactNumber

pytestmark = pytest.mark.any_database
NUMBER, UNWANTED = "13800001234", "13900005678"
STRANGER = "13600002222"  # of nobody on file
WHOLE = {"contacts": "whole", "reason": "寄保养手册，请勿外传 13700009999"}


class Office(Desk):
    """Wang of the East with two customers, one of whom wants no contact; Chen leads the East, Zhao the West."""

    def __init__(self) -> None:
        super().__init__()
        self.chen = self.person("chenjie", ["cs_supervisor"], branch=self.east, name="陈洁")
        self.zhao = self.person("zhaolei", ["cs_supervisor"], branch=self.west, name="赵磊")
        self.sun = self.person("sunmin", ["department_manager"], department=self.repairs, name="孙敏")
        self.admin = self.person("admin", ["administrator"])
        for number in (NUMBER, UNWANTED):
            event = self.event(branch=self.east, department=self.repairs)
            self.task(self.call, event, assignee=self.wang, settled=True, status=TaskStatus.OPEN)
            ContactNumber.objects.create(customer=event.customer, number=number, is_primary=True, valid_from=NOW)
        restrict(event.customer, Purpose.ALL, reason="不要再打", by=self.wang, now=NOW)

    def whole(self, form: str = "json", path: str = "/customers/", by=None, **facts) -> Export:
        """Ask as the button does."""
        typed = {"path": path, "form": form, **WHOLE, **facts}
        answer = client_of(by or self.wang).post("/exports/ask/", typed)
        return Export.objects.get(pk=int(answer.url.rstrip("/").rpartition("/")[2]))

    def decide(self, export: Export, by, approve: str = "yes", reason: str = ""):
        typed = {"approve": approve, "reason": reason}
        return client_of(by).post(f"/exports/{export.pk}/decide/", typed, follow=True)


@pytest.fixture
def office(db, clock_at, settings, tmp_path) -> Office:
    clock_at("2026-03-02T11:00+08:00")
    settings.EXPORT_DIR = tmp_path / "exports"
    return Office()


def rows_in(export: Export) -> list[dict]:
    return json.loads(shelf.path_of(fresh(export).file).read_text())


def bells(person) -> list[str]:
    return sorted(Notification.objects.unread().filter(recipient=person).values_list("kind", flat=True))


def test_nothing_is_written_before_somebody_else_approves_and_then_the_numbers_are_whole(office):
    export = office.whole()
    assert office.whole() == export  # the same request is one
    assert work_off(now=NOW) == 0
    assert (fresh(export).state, fresh(export).reason) == ("asked", "寄保养手册，请勿外传 137****9999")
    assert [bells(one) for one in (office.chen, office.li, office.zhao, office.sun)] == [
        ["export_asked"], ["export_asked"], [], [],
    ]  # fmt: skip
    page = client_of(office.chen).get("/exports/").content.decode()
    assert "寄保养手册" in page
    office.decide(export, office.chen)
    assert (bells(office.chen), bells(office.li), bells(office.wang)) == ([], [], ["export_decided"])
    assert work_off(now=NOW) == 1
    assert sorted(row["number"] for row in rows_in(export)) == [NUMBER, "139****5678"]
    client = client_of(office.wang)
    handed = client.get(f"/exports/{export.pk}/file/")
    assert "客户_完整号码_" in unquote(handed["Content-Disposition"])
    lines = {line.verb: line for line in Activity.objects.filter(subject_type="export", subject_id=export.pk)}
    assert set(lines) == {"export_asked", "export_approved", "exported", "export_taken"}
    assert {line.data["reason"] for line in lines.values()} == {fresh(export).reason}
    assert (lines["export_approved"].actor, lines["export_approved"].data["asked_by"]) == (office.chen, office.wang.pk)
    assert lines["export_taken"].data["approved_by"] == office.chen.pk


def test_the_workbook_says_the_truth_about_its_numbers(office):
    whole = office.whole("xlsx")
    office.decide(whole, office.chen)
    masked = office.whole("xlsx", contacts="", reason="")
    work_off(now=NOW)
    told = [
        {row[0]: row[1] for row in opened(fresh(one))["关于本文件"].iter_rows(values_only=True)}
        for one in (whole, masked)
    ]
    assert told[0]["电话号码"].startswith("号码列为完整号码")
    assert told[0]["批准人"] == "陈洁 (chenjie)"
    assert told[0]["原因"] == fresh(whole).reason
    assert told[1]["电话号码"] == "已脱敏"
    assert "批准人" not in told[1]
    assert NUMBER not in str(list(opened(fresh(masked))["1"].values))


def test_only_who_answers_for_the_branch_or_the_company_approves_and_nobody_their_own(office):
    export = office.whole(by=office.chen)
    for other in (office.zhao, office.sun, office.wang):
        assert office.decide(export, other).status_code == 404
    office.decide(export, office.chen)  # sees it, and is told that somebody else decides
    assert fresh(export).state == "asked"
    with pytest.raises(approving.CannotDecide):
        approving.approve(export, by=office.chen, now=NOW, on=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state="waiting", decided_by=office.chen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state="waiting")
    office.decide(export, office.li)
    assert (fresh(export).state, fresh(export).decided_by) == ("waiting", office.li)
    assert "已审批" in office.decide(export, office.li).content.decode()  # once only


def test_a_refusal_needs_a_reason_which_the_asker_reads(office):
    export = office.whole()
    office.decide(export, office.chen, "no", " ")
    assert fresh(export).state == "asked"
    office.decide(export, office.chen, "no", "用短信即可")
    assert (fresh(export).state, fresh(export).query) == ("refused", "")
    assert "用短信即可" in client_of(office.wang).get(f"/exports/{export.pk}/").content.decode()
    assert Activity.objects.get(verb="export_refused").data["refusal"] == "用短信即可"
    assert work_off(now=NOW) == 0
    assert fresh(office.whole()).state == "asked"  # one may ask anew


def test_without_a_word_in_time_it_ends_and_can_no_longer_be_approved(office, settings):
    export = office.whole()
    late = NOW + timedelta(hours=settings.EXPORT_APPROVAL_HOURS)
    with pytest.raises(approving.CannotDecide):
        approving.approve(export, by=office.chen, now=late, on=MONDAY)
    assert approving.awaiting(office.chen, now=late, on=MONDAY) == []
    assert run_exports(now=late - timedelta(seconds=1)) == {"waiting": 0, "lapsed": 0}
    assert run_exports(now=late) == {"waiting": 0, "lapsed": 1}
    assert run_exports(now=late) == {"waiting": 0, "lapsed": 0}
    assert fresh(export).state == "lapsed"
    assert (bells(office.chen), bells(office.wang)) == ([], ["export_decided"])
    assert "逾期未获批准" in client_of(office.wang).get(f"/exports/{export.pk}/").content.decode()


@pytest.mark.parametrize(("who", "fault"), [("chen", "approval"), ("wang", "rights")])
def test_rights_are_looked_at_again_when_the_file_is_written(office, who, fault):
    export = office.whole()
    office.decide(export, office.chen)
    RoleAssignment.objects.filter(employee=getattr(office, who)).delete()
    RoleAssignment.objects.create(
        employee=getattr(office, who), role=office.role("general_manager" if who == "wang" else "service_advisor"),
        from_on=MONDAY,
    )  # fmt: skip
    assert work_off(now=NOW + timedelta(minutes=1)) == 0
    assert (fresh(export).state, fresh(export).fault) == ("failed", fault)
    assert "export_done" in bells(office.wang)  # who waited for the approval no longer looks at the page
    assert list(shelf.folder().iterdir()) == []


def test_what_waits_for_approval_can_be_cancelled_and_leaves_the_bells(office):
    export = office.whole()
    client_of(office.wang).post(f"/exports/{export.pk}/cancel/")
    assert (fresh(export).state, bells(office.chen)) == ("cancelled", [])
    with pytest.raises(approving.CannotDecide):
        approving.approve(export, by=office.chen, now=NOW, on=MONDAY)


def test_the_choice_is_there_where_numbers_are_and_for_who_may_see_one(office):
    assert {page for page, one in LISTS.items() if one.reveals} == {
        "visits:customer_list", "complaints:case_list", "complaints:register_print",
    }  # fmt: skip
    wang, boss = client_of(office.wang), client_of(office.person("boss", ["general_manager"]))
    for path in ("/customers/", "/complaints/list/", "/complaints/register/"):
        assert 'name="contacts"' in wang.get(path).content.decode(), path
        assert 'name="contacts"' not in boss.get(path).content.decode(), path
    assert 'name="contacts"' not in wang.get("/tasks/").content.decode()
    assert wang.post("/exports/ask/", {"path": "/tasks/", "form": "csv", **WHOLE}).status_code == 404
    assert boss.post("/exports/ask/", {"path": "/customers/", "form": "csv", **WHOLE}).status_code == 404
    data = {"path": "/exports/", "form": "json", "dataset": "events", **WHOLE}
    assert client_of(office.li).post("/exports/ask/", data).status_code == 404
    assert not Export.objects.exists()


def test_without_a_reason_or_without_anybody_to_approve_it_is_not_taken(office):
    typed = {"path": "/customers/", "query": "q=1", "form": "csv", "contacts": "whole", "reason": " "}
    answer = client_of(office.wang).post("/exports/ask/", typed)
    assert answer.url == "/customers/?q=1"
    RoleAssignment.objects.filter(employee__in=[office.chen]).delete()
    wish = steering.Wish("visits:customer_list", "客户", "/customers/", "", "csv", "zh-hans", reason="寄手册")
    with pytest.raises(steering.CannotAsk):
        steering.ask_whole(wish, by=office.li, rows=2, now=NOW, on=MONDAY)
    assert not Export.objects.exists()


def test_who_approves_sees_what_it_is_and_administrators_see_that_it_was(office):
    export = office.whole(query="q=客户", by=office.wang)
    page = client_of(office.chen).get(f"/exports/{export.pk}/").content.decode()
    assert all(words in page for words in ("王芳", "寄保养手册", "<dd>客户</dd>", "<dd>2</dd>", 'value="yes"'))
    office.decide(export, office.chen)
    work_off(now=NOW)
    for person in (office.chen, office.admin):
        client = client_of(person)
        page = client.get(f"/exports/{export.pk}/").content.decode()
        assert "陈洁" in page
        assert "<dd>客户</dd>" not in page
        assert client.get(f"/exports/{export.pk}/file/").status_code == 404


def test_cases_and_the_register_have_whole_contacts_too(office):
    told = Told(
        summary="打 13700001111 找我", source=Source.ONLINE, opened_at=NOW, branch=office.east,
        department=office.repairs, contact=f"{STRANGER}（妻子）", handler=office.wang, name="陈先生",
    )  # fmt: skip
    register(told, by=None, now=NOW)
    for path in ("/complaints/list/", "/complaints/register/"):
        export = office.whole(path=path, form="json")
        office.decide(export, office.chen)
        work_off(now=NOW)
        [row] = rows_in(export)
        assert row["contact"] == f"{STRANGER}（妻子）", path
        assert "137****1111" in row["summary"], path
