"""The API: visits that were made elsewhere come in by the call form's own path; what the document says is served."""

import re

import pytest
from django.test import Client

from staff.domain.api_clients import SCOPES
from staff.models import Branch
from tests.complaints.test_api import Caller, fault, shop
from tests.visits.proofs import wav
from visits.choices import TaskStatus
from visits.models import Evidence, VisitRecord

RECORDS = "/api/v1/records/"
DAY = {"from": "2026-03-02", "to": "2026-03-02"}
MADE = {
    "outcome": "reached", "channel": "desk_phone", "satisfied": True, "reference": "PBX-9", "measured": True,
    "started_at": "2026-03-02T09:40:00+08:00", "ended_at": "2026-03-02T09:44:30+08:00",
    "problem": "=cmd()|空调<script>不凉", "notes": "已解释🙂",
}  # fmt: skip

pytestmark = pytest.mark.django_db
__all__ = ["shop"]


@pytest.fixture
def exchange(shop):
    """Return a telephone system of the branch, and a visit that 王芳 is to make."""
    task = shop.task(assignee=shop.wang)
    caller = Caller(shop, "records:write", "records:read", branch=shop.branch)
    return caller, task, MADE | {"order_no": task.event.order_no, "advisor": shop.wang.username}


def test_a_visit_made_elsewhere_is_saved_as_the_page_saves_it_and_once(exchange, shop, settings):
    caller, task, made = exchange
    told = caller.post(RECORDS, made)
    record = VisitRecord.objects.get()
    assert (told.status_code, told.json()["record"], told.json()["completes"]) == (201, record.pk, True)
    assert (record.advisor, record.reported_by_system, record.problem) == (shop.wang, True, made["problem"])
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
    assert caller.post(RECORDS, made).json()["record"] == record.pk  # its own number, under another key
    assert fault(caller.post(RECORDS, made | {"problem": "别的事"})) == (409, "conflict", "body")
    assert fault(caller.post(RECORDS, made | {"reference": "PBX-10"}))[0] == 409  # the visit is made
    assert VisitRecord.objects.count() == 1
    [row] = caller.get(RECORDS, **DAY).json()["rows"]
    assert row["outcome"] == "reached"
    settings.ACCOUNT_RATE_LIMITS = {"api": "1/m/key"}
    answers = [caller.get(RECORDS, **DAY) for _turn in range(2)]
    assert [one.status_code for one in answers] == [200, 429]  # reading waits as well


BAD = [
    ({"advisor": "nobody"}, "refused", "body.advisor"),
    ({"order_no": "RO-none"}, "refused", "body.order_no"),
    ({"rule": "another"}, "refused", "body.order_no"),
    ({"outcome": "fine"}, "unknown_value", "body.outcome"),
    ({"started_at": "2026-03-02T09:40:00"}, "no_offset", "body.started_at"),
    ({"started_at": "2026-03-03T09:40:00+08:00", "ended_at": None}, "refused", "body.started_at"),
    ({"ended_at": "2026-03-02T09:00:00+08:00"}, "refused", "body.ended_at"),
    ({"answers": {"weather": 5}}, "refused", "body.answers.weather"),
    ({"phrases": ["您好"]}, "refused", "body.phrases"),
    ({"problem": "长" * 4001}, "too_long", "body.problem"),
]


def test_what_the_call_form_refuses_is_told_at_its_place(exchange, shop):
    caller, _task, made = exchange
    for change, code, where in BAD:
        assert fault(caller.post(RECORDS, made | change)) == (422, code, where), change
    west = Caller(shop, "records:write", branch=Branch.objects.create(name="城西店"))
    assert fault(west.post(RECORDS, made)) == (422, "refused", "body.order_no")
    assert not VisitRecord.objects.exists()


def test_a_recording_is_put_to_its_visit_once(exchange, shop, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    caller, _task, made = exchange
    place = f"{RECORDS}{caller.post(RECORDS, made).json()['record']}/file/"

    def put(content, by=caller):
        headers = {"Authorization": f"Bearer {by.token}"}
        return Client().put(place, content, content_type="audio/wav", headers=headers)

    first, again = put(wav(3)), put(wav(3))
    assert (first.status_code, first.json()) == (200, again.json())
    assert (first.json()["kind"], first.json()["seconds"]) == ("recording", 3.0)
    kept = Evidence.objects.get()
    assert (kept.record, kept.uploaded_by) == (VisitRecord.objects.get(), None)
    assert fault(put(b"<script>")) == (422, "unfit", "body")
    settings.EVIDENCE_FILE_MB = 0
    assert fault(put(wav(4))) == (413, "too_large", "body")
    west = Caller(shop, "records:write", branch=Branch.objects.create(name="城西店"))
    settings.EVIDENCE_FILE_MB = 1
    assert put(wav(5), by=west).status_code == 404
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]  # nothing is left lying about


def test_every_address_of_the_document_is_served_as_it_says(shop):
    """Each operation asks for the right that it names, says what lacks, answers in the shape that it gives."""
    document = Client().get("/api/v1/openapi.json").json()
    callers = {401: None, 403: Caller(shop), 0: Caller(shop, *SCOPES)}
    case = callers[0].post("/api/v1/cases/", {"summary": "空调不凉"}).json()
    rights = set()
    for path, operations in document["paths"].items():
        place = re.sub(r"\{(\w+)\}", lambda hole: case.get(hole[1], "1"), path)
        methods = [name.upper() for name in operations if name != "parameters"]
        assert sent(None, "PATCH", place).headers["Allow"].split(", ") == sorted(methods)
        for method in methods:
            told = operations[method.lower()]
            rights.add(told["description"])
            answers = {status: sent(caller, method, place, told) for status, caller in callers.items()}
            assert (answers[401].status_code, answers[403].status_code) == (401, 403), path
            check(answers[0], told, document["components"]["schemas"])
    assert rights == set(SCOPES)


def check(answer, told, shapes):
    """Compare an answer to what the document says of it: its shape, or what the body that was sent has lacked."""
    if answer.status_code == 200:
        given = shapes[name_of(told["responses"]["200"])]
        assert set(answer.json()) == set(given["properties"])
    elif "application/json" in told["requestBody"]["content"]:
        lacking = shapes[name_of(told["requestBody"])]["required"]
        assert {one["where"] for one in answer.json()["errors"]} == {f"body.{name}" for name in lacking}
    else:
        assert answer.status_code == 404  # a file is put to a visit that is there


def name_of(told):
    return told["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]


def sent(caller, method, place, told=None):
    """Send an operation without a body, by a client or by nobody."""
    asked = [one["name"] for one in told["parameters"] if one["required"] and one["in"] == "query"] if told else []
    headers = {"Idempotency-Key": f"{method}-{place}"} | ({"Authorization": f"Bearer {caller.token}"} if caller else {})
    path = f"{place}?{'&'.join(f'{name}=2026-03-02' for name in asked)}"
    return Client().generic(method, path, "{}" if method != "GET" else "", "application/json", headers=headers)
