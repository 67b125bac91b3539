"""The API: a token opens, a deed is done once, a refusal says what, where and how; what comes in is a case like any."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from complaints.choices import CaseDeedKind, CaseState
from complaints.domain.writing import write
from complaints.models import Case
from staff.choices import BaseRole
from staff.domain.api_clients import end_client, make_client, purge_answers
from staff.models import ApiAnswer, ApiClient, Branch, Role, RoleAssignment
from tests.complaints.test_feedback import PACK
from tests.visits.calls import MONDAY, MORNING, Shop, at
from visits.models import Obligation, ServiceEvent

CASES = "/api/v1/cases/"
TOLD = {"summary": "12345转来：空调不凉", "source": "gov_hotline", "reference": "GD-77", "contact": "13800009999"}

pytestmark = pytest.mark.django_db


class Caller:
    """Another system with its token."""

    def __init__(self, shop, *scopes, branch=None):
        self.client, self.token = make_client(name="工单系统", scopes=scopes, branch=branch, by=shop.wang, now=MORNING)
        self.count = 0

    def get(self, path, **query):
        return Client().get(path, query, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path, body, *, key="", **headers):
        self.count += 1
        sent = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or f"deed-{self.count:06d}", **headers}
        return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers=sent)


@pytest.fixture
def shop(clock_at):
    cache.clear()
    clock_at(MORNING)
    return Shop(pack=PACK)


@pytest.fixture
def caller(shop):
    return Caller(shop, "cases:read", "cases:write", branch=shop.branch)


def fault(answer):
    [one] = answer.json()["errors"]
    assert one["what"] and one["how"] and one.keys() == {"code", "what", "where", "how"}
    return answer.status_code, one["code"], one["where"]


def test_a_case_comes_in_with_its_clock_and_goes_out_masked(shop, caller):
    customer = shop.customer(number="13800009999")
    answer = caller.post(CASES, TOLD | {"opened_at": "2026-03-02T09:30:00+08:00", "severity": "major"})
    case = Case.objects.get()
    told = answer.json()
    assert (answer.status_code, told["number"], told["state"], told["branch"]) == (
        201,
        case.number,
        "assigned",
        "城东店",
    )
    assert (case.customer, case.severity, case.opened_at) == (customer, "major", at("09:30"))
    assert Obligation.objects.get().due_at == at("10:30")
    assert told["contact"] == "138****9999" and "13800009999" not in answer.content.decode()
    assert Client().get(told["page"]).status_code == 200
    assert caller.get(f"{CASES}{case.number}/").json()["timeline"][0]["kind"] == "registered"
    assert ApiClient.objects.get().used_at == MORNING


def test_a_deed_is_done_once_however_often_it_is_sent(shop, caller):
    first = caller.post(CASES, TOLD | {"reference": ""}, key="one-and-the-same")
    again = caller.post(CASES, TOLD | {"reference": ""}, key="one-and-the-same")
    assert (again.status_code, again.json(), again["Idempotent-Replay"]) == (201, first.json(), "true")
    assert fault(caller.post(CASES, TOLD, key="one-and-the-same")) == (409, "key_used", "header.Idempotency-Key")
    assert Case.objects.count() == 1
    refused = caller.post(CASES, TOLD | {"level": "none"}, key="refused-at-first")
    assert fault(refused) == (422, "refused", "body.level")
    assert caller.post(CASES, TOLD, key="refused-at-first").status_code == 201  # what was refused has used no key up
    assert purge_answers(now=MORNING + timedelta(days=31), on=MONDAY) == 2


def test_the_number_at_its_source_is_one_case_and_never_another(shop, caller):
    first = caller.post(CASES, TOLD).json()
    assert caller.post(CASES, TOLD).json()["number"] == first["number"]
    assert fault(caller.post(CASES, TOLD | {"summary": "另一件事"})) == (409, "conflict", "body.reference")
    elsewhere = Caller(shop, "cases:write", branch=Branch.objects.create(name="城西店"))
    assert fault(elsewhere.post(CASES, TOLD)) == (409, "conflict", "body.reference")
    assert Case.objects.count() == 1


BAD = [
    ({"summary": " "}, 422, "empty", "body.summary"),
    ({"summary": None}, 422, "invalid", "body.summary"),
    ({"colour": "red"}, 422, "unknown_field", "body.colour"),
    ({"type": "joke"}, 422, "unknown_value", "body.type"),
    ({"opened_at": "2026-03-02T09:30:00"}, 422, "no_offset", "body.opened_at"),
    ({"opened_at": "2027-03-02T09:30:00+08:00"}, 422, "refused", "body.opened_at"),
    ({"opened_at": "0001-01-01T00:00:00+08:00"}, 422, "no_such_day", "body.opened_at"),
    ({"summary": "a\0b"}, 422, "unfit_sign", "body"),
    ({"summary": {"a": ["b"]}}, 422, "invalid", "body.summary"),
    ({"branch": "城西店"}, 422, "refused", "body.branch"),
    ({"department": "法务部"}, 422, "refused", "body.department"),
    ({"order_no": "RO1"}, 422, "refused", "body.order_no"),
]


@pytest.mark.parametrize(("change", "status", "code", "where"), BAD)
def test_a_refusal_says_what_where_and_how(shop, caller, change, status, code, where):
    assert fault(caller.post(CASES, TOLD | change)) == (status, code, where)
    assert not Case.objects.exists() and not ApiAnswer.objects.exists()


def test_only_a_living_token_with_the_right_opens(shop, caller):
    reader = Caller(shop, "cases:read")
    assert fault(reader.post(CASES, TOLD)) == (403, "scope", "")
    assert fault(caller.post(CASES, TOLD, Authorization="Bearer hf_nothing")) == (401, "token", "header.Authorization")
    assert fault(Client().get(CASES)) == (401, "token", "header.Authorization")
    signed_in = Client()
    signed_in.force_login(shop.wang)
    assert signed_in.get(CASES).status_code == 401  # cookies mean nothing here
    assert fault(caller.post(CASES, "{", key="bad-json-1")) == (400, "not_json", "body")
    assert fault(caller.post(CASES, TOLD, key="short")) == (400, "key", "header.Idempotency-Key")
    assert fault(Client().delete(CASES)) == (405, "method", "")
    assert fault(caller.get("/api/v1/nothing/")) == (404, "not_found", "")
    assert fault(caller.get(f"{CASES}TS0/")) == (404, "not_found", "")
    assert end_client(caller.client, by=shop.wang, now=MORNING)
    assert not end_client(caller.client, by=shop.wang, now=MORNING)
    assert caller.get(CASES).status_code == 401


def test_too_many_deeds_wait(shop, caller, settings):
    settings.ACCOUNT_RATE_LIMITS = {"api": "1/m/key"}
    caller.post(CASES, TOLD)
    answer = caller.post(CASES, TOLD)
    assert (fault(answer), answer["Retry-After"]) == ((429, "too_many", ""), "60")


def test_changes_are_fetched_page_by_page_and_none_is_missed(shop, caller, clock_at):
    for place in range(3):
        clock_at(MORNING + timedelta(minutes=5 * place))
        caller.post(CASES, TOLD | {"reference": f"GD-{place}"})
    numbers, since, pages = [], "", 0
    while True:
        page = caller.get(CASES, since=since, limit=2).json()
        numbers += [case["reference"] for case in page["cases"]]
        since, pages = page["next"], pages + 1
        if not page["more"]:
            break
    assert (numbers, pages) == (["GD-0", "GD-1", "GD-2"], 2)
    clock_at(MORNING + timedelta(minutes=20))
    case = Case.objects.get(reference="GD-0")
    write(case, CaseDeedKind.PROGRESS, by=shop.wang, now=MORNING + timedelta(minutes=20), state=CaseState.IN_PROGRESS)
    again = [case["reference"] for case in caller.get(CASES, since=since).json()["cases"]]
    assert again == ["GD-2", "GD-0"]  # the last minute comes twice
    assert fault(caller.get(CASES, since="yesterday")) == (422, "refused", "query.since")
    assert fault(caller.get(CASES, limit=0))[0] == 422
    for bound in ("9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+08:00", f"2026-03-02T09:00:00+08:00~{10**30}"):
        assert fault(caller.get(CASES, since=bound)) == (422, "refused", "query.since")
    assert fault(caller.post(CASES, '{"summary":' + "[" * 100_000, key="deep-body-1")) == (400, "not_json", "body")
    assert [caller.get(path).status_code for path in (f"{CASES}TS%00/", f"{CASES}?since=%00")] == [404, 200]


def test_a_branch_sees_its_own_alone(shop, caller):
    number = caller.post(CASES, TOLD).json()["number"]
    west = Caller(shop, "cases:read", "cases:write", branch=Branch.objects.create(name="城西店"))
    assert west.get(CASES).json()["cases"] == []
    foreign, missing = west.get(f"{CASES}{number}/"), west.get(f"{CASES}TS0/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert west.post(f"{CASES}{number}/lines/", {"text": "催办"}).status_code == 404


def test_a_line_stands_on_the_timeline_and_what_the_customer_was_told_answers_him(shop, caller):
    told = caller.post(CASES, TOLD).json()
    lines = f"{CASES}{told['number']}/lines/"
    assert caller.post(lines, {"text": "热线催办"}).json()["for_customer"] is False
    assert Obligation.objects.open().count() == 1
    caller.post(lines, {"text": "已告知周三上门", "told_customer": True})
    case = Case.objects.get()
    assert (case.replied_at, Obligation.objects.open().count()) == (MORNING, 0)
    page = Client().get(told["page"]).content.decode()
    assert "周三上门" in page and "催办" not in page
    write(case, CaseDeedKind.RESOLVED, by=shop.wang, now=MORNING, state=CaseState.RESOLVED)
    caller.post(lines, {"text": "已告知结果", "told_customer": True})
    case.refresh_from_db()
    assert case.informed_at == MORNING
    write(case, CaseDeedKind.CLOSED, by=shop.wang, now=MORNING, state=CaseState.CLOSED)
    assert fault(caller.post(lines, {"text": "晚了"})) == (422, "refused", "body")


def test_orders_come_in_as_a_files_rows_do_and_visits_go_out(shop, caller):
    whole = Caller(shop, "events:write", "tasks:read", "records:read")
    sent = {"kind": "维修完工", "events": [
        {"order_no": "RO9", "happened_at": "2026-03-01T22:30:00+00:00", "numbers": "13811112222", "姓名": "陈女士"},
        {"order_no": "RO10", "happened_at": "2026-03-01", "numbers": "none"},
    ]}  # fmt: skip
    told = whole.post("/api/v1/events/", sent).json()
    assert (told["created"], told["rejected"], told["reasons"][0]["order_no"]) == (1, 1, "RO10")
    event = ServiceEvent.objects.get(order_no="RO9")
    assert (event.customer.name, event.happened_at) == ("陈女士", at("06:30"))
    assert whole.post("/api/v1/events/", sent).json()["unchanged"] == 1
    assert fault(caller.post("/api/v1/events/", sent)) == (403, "scope", "")
    case = caller.post(CASES, TOLD | {"contact": ""}).json()
    assert case["order_no"] is None
    shop.task()
    days = {"from": "2026-03-02", "to": "2026-03-02"}
    [row] = whole.get("/api/v1/tasks/", **days).json()["rows"]
    assert (row["status"], row["opens_at"]) == ("open", "2026-03-02T00:00:00+08:00")
    assert whole.get("/api/v1/records/", **days).json() == {"rows": []}
    assert fault(whole.get("/api/v1/tasks/", **days | {"to": "2026-05-02"}))[0] == 422
    last = {"from": "9999-12-31", "to": "9999-12-31"}
    assert {one["code"] for one in whole.get("/api/v1/tasks/", **last).json()["errors"]} == {"no_such_day"}
    for branch, count in ((shop.branch, 1), (Branch.objects.create(name="城西店"), 0)):
        of_branch = Caller(shop, "tasks:read", branch=branch)
        assert len(of_branch.get("/api/v1/tasks/", **days).json()["rows"]) == count


def test_the_document_says_what_there_is(shop, caller, settings):
    answer = Client().get("/api/v1/openapi.json")  # from this machine
    told = answer.json()
    assert set(told["paths"]) >= {"/api/v1/cases/", "/api/v1/cases/{number}/", "/api/v1/cases/{number}/lines/"}
    taken = told["components"]["schemas"]["NewCase"]
    assert taken["required"] == ["summary"]
    known, used = set(told["components"]["schemas"]), set()
    for word in json.dumps(told).split('"#/components/schemas/')[1:]:
        used.add(word.split('"')[0])
    assert used <= known
    away = {"REMOTE_ADDR": "203.0.113.9"}
    assert Client().get("/api/v1/openapi.json", **away).status_code == 404
    asked = Client().get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {caller.token}"}, **away)
    assert asked.status_code == 200


def test_an_administrator_makes_an_account_and_sees_its_token_once(shop, client):
    role = Role.objects.create(code="administrator", title="管理员", like=BaseRole.ADMINISTRATOR)
    RoleAssignment.objects.create(employee=shop.li, role=role, from_on=MONDAY)
    client.force_login(shop.li)
    assert client.post("/staff/api-clients/", {"name": "热线"}).status_code == 422
    made = client.post("/staff/api-clients/", {"name": "热线", "scopes": ["cases:read"]})
    token = made.context["token"]
    assert token in made.content.decode() and token not in client.get("/staff/api-clients/").content.decode()
    found = ApiClient.objects.get()
    assert token not in (found.token_hash, found.hint) and found.scopes == ["cases:read"]
    assert Client().get(CASES, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    client.post("/staff/api-clients/", {"end": found.pk})
    assert Client().get(CASES, headers={"Authorization": f"Bearer {token}"}).status_code == 401
