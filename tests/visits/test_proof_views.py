"""The doors of evidence: who comes in, what goes out and how (T06, T42, T44; A-18)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config import uploads
from staff.models import Employee, Posting, Role, RoleAssignment
from tests.visits.calls import Shop, at, told
from tests.visits.desk import HTMX, sent, signed_in
from tests.visits.proofs import mp3, picture, wav
from visits.domain.calling.recording import record_contact
from visits.domain.proof import storing
from visits.models import Evidence, RecordCheck, VisitRecord

NOW = at("09:30")


@pytest.fixture
def shop(db, clock_at, settings, tmp_path):
    clock_at("2026-03-02T09:30+08:00")
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return Shop(evidence="any")


@pytest.fixture
def wang(shop):
    return signed_in(shop.wang)


def manager(shop, username, like, *, branch=True, department=None) -> Employee:
    person = Employee.objects.create(username=username, name=username)
    role, _made = Role.objects.get_or_create(code=like, defaults={"title": like, "like": like})
    RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
    where = shop.branch if branch else None
    Posting.objects.create(employee=person, branch=where, department=department, from_on=date(2020, 1, 1))
    return person


def handed_in(client, address, content, **fields):
    file = SimpleUploadedFile("13812345678 陈先生.jpg", content, "text/html")
    return client.post(address, {"file": file, **fields}, headers=HTMX)


def proved(shop, client, content, task=None) -> tuple[VisitRecord, Evidence]:
    """Hand a file in and save the call, as the page does."""
    task = task or shop.task()
    assert handed_in(client, f"/tasks/{task.pk}/evidence/", content).status_code == 200
    client.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", satisfied="yes"))
    record = VisitRecord.objects.latest("pk")
    return record, record.evidence.get()


def test_a_file_is_handed_in_during_the_call_and_proves_the_visit(shop, wang):
    record, evidence = proved(shop, wang, mp3())
    assert (record.incomplete, evidence.kind, evidence.uploaded_by) == ([], "recording", shop.wang)
    assert not any("陈" in str(value) or "1381234" in str(value) for value in vars(evidence).values())


def test_the_card_says_which_proof_is_demanded_and_shows_what_waits(shop, wang):
    task = shop.task()
    page = wang.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()
    assert "本次回访须附录音" in page
    panel = handed_in(wang, f"/tasks/{task.pk}/evidence/", picture(), kind="sms_log").content.decode()
    assert "凭证已齐" in panel
    assert "短信" in wang.get(f"/tasks/{task.pk}/", headers=HTMX).content.decode()


@pytest.mark.parametrize(("content", "status", "words"), [
    (b"<html><script>alert(1)</script>", 422, "不是录音或图片"), (b"", 422, "空的"), (picture()[:900], 422, "损坏"),
    (b"RIFF" + b"\0" * 21 * 1024 * 1024, 413, "超过 20 MB"),
])  # fmt: skip
def test_what_is_refused_says_why_and_leaves_nothing(shop, wang, content, status, words):
    response = handed_in(wang, f"/tasks/{shop.task().pk}/evidence/", content)
    assert (response.status_code, words in response.content.decode()) == (status, True)
    assert (Evidence.objects.count(), list(storing.stored())) == (0, [])


def test_the_file_after_the_last_of_a_day_is_refused_with_429(shop, wang, settings):
    settings.EVIDENCE_DAY_FILES = 1
    task = shop.task()
    assert handed_in(wang, f"/tasks/{task.pk}/evidence/", wav(0.5)).status_code == 200
    assert handed_in(wang, f"/tasks/{task.pk}/evidence/", wav(0.6)).status_code == 429


def test_a_disk_that_fills_up_on_the_way_is_said_so(shop, wang, monkeypatch):
    def full(self, raw_data, start):
        self._let_go(OSError(28, "No space left on device"))

    monkeypatch.setattr(uploads.BoundedUpload, "receive_data_chunk", full)
    response = handed_in(wang, f"/tasks/{shop.task().pk}/evidence/", wav())
    assert (response.status_code, "已满" in response.content.decode()) == (507, True)
    assert Evidence.objects.count() == 0


def test_a_file_larger_than_any_is_not_kept_while_it_comes(shop, wang, settings):
    settings.UPLOAD_MAX_MB = 1
    response = handed_in(wang, f"/tasks/{shop.task().pk}/evidence/", b"RIFF" + b"\0" * 2 * 1024 * 1024)
    assert response.status_code == 413


def test_from_strangers_no_file_is_taken(shop, client):
    response = client.post(f"/tasks/{shop.task().pk}/evidence/", {"file": SimpleUploadedFile("a.wav", wav())})
    assert (response.status_code, "login" in response.headers["Location"]) == (302, True)


def test_a_recording_goes_out_whole_in_parts_and_never_as_something_to_run(shop, wang):
    _record, evidence = proved(shop, wang, wav(1))
    content = storing.path_of(evidence.file).read_bytes()
    whole = wang.get(f"/evidence/{evidence.pk}/")
    assert whole.getvalue() == content
    assert whole.headers["Content-Type"] == "audio/wav"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert whole.headers["Content-Disposition"] == f'inline; filename="evidence-{evidence.pk}.wav"'
    assert whole.headers["Cache-Control"] == "no-store"
    size = len(content)
    for asked, part, told_range in (
        ("bytes=0-9", content[:10], f"bytes 0-9/{size}"), ("bytes=100-", content[100:], f"bytes 100-{size - 1}/{size}"),
        ("bytes=-5", content[-5:], f"bytes {size - 5}-{size - 1}/{size}"),
        (f"bytes=5-{size * 9}", content[5:], f"bytes 5-{size - 1}/{size}"),
    ):  # fmt: skip
        response = wang.get(f"/evidence/{evidence.pk}/", headers={"Range": asked})
        assert (response.status_code, response.getvalue(), response.headers["Content-Range"]) == (206, part, told_range)
    for asked in (f"bytes={size}-", "bytes=9-5", "bytes=-0", "bytes=-"):
        response = wang.get(f"/evidence/{evidence.pk}/", headers={"Range": asked})
        assert (response.status_code, response.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert wang.get(f"/evidence/{evidence.pk}/", headers={"Range": "lines=1-2"}).status_code == 200
    assert wang.head(f"/evidence/{evidence.pk}/").headers["Content-Length"] == str(size)


def test_every_file_opens_for_whom_it_belongs_to_and_is_missing_for_all_others(shop, wang):
    _record, evidence = proved(shop, wang, wav(1))
    other = Shop.__new__(Shop)  # a second branch with people of its own
    other.branch = shop.branch.__class__.objects.create(name="城西店")
    people = {
        "maker": (shop.wang, 200), "another advisor": (shop.li, 404),
        "quality manager": (manager(shop, "qm", "quality_manager"), 200),
        "quality manager elsewhere": (manager(other, "qm2", "quality_manager"), 404),
        "general manager": (manager(shop, "gm", "general_manager"), 200),
        "administrator": (manager(shop, "adm", "administrator"), 404),
        "department manager elsewhere": (manager(other, "dm", "department_manager"), 404),
    }  # fmt: skip
    found = {
        who: signed_in(person).get(f"/evidence/{evidence.pk}/").status_code for who, (person, _s) in people.items()
    }
    assert found == {who: status for who, (_person, status) in people.items()}
    li = signed_in(shop.li)
    foreign, missing = (li.get(f"/evidence/{pk}/") for pk in (evidence.pk, 987_654))
    assert (foreign.content, foreign.status_code) == (missing.content, 404)
    for address in (f"/media/{evidence.file}", f"/evidence/{evidence.file}", f"/static/../evidence/{evidence.file}"):
        assert wang.get(address).status_code == 404


def test_who_works_with_the_customer_reads_of_the_files_and_does_not_hear_them(shop, wang):
    record, evidence = proved(shop, wang, wav(1))
    shop.task(record.customer, assignee=shop.li)
    li = signed_in(shop.li)
    page = li.get(f"/records/{record.pk}/proof/")
    assert (page.status_code, "不在您的查看范围内" in page.content.decode()) == (200, True)
    assert f"/evidence/{evidence.pk}/" not in page.content.decode()
    assert li.get(f"/evidence/{evidence.pk}/").status_code == 404
    assert handed_in(li, f"/records/{record.pk}/proof/", wav(2)).status_code == 404


def test_whoever_gets_the_task_hears_its_earlier_calls(shop, wang):
    task = shop.task()
    handed_in(wang, f"/tasks/{task.pk}/evidence/", wav(1))
    wang.post(f"/tasks/{task.pk}/record/", sent(task))
    type(task).objects.filter(pk=task.pk).update(assignee=shop.li)
    assert signed_in(shop.li).get(f"/evidence/{Evidence.objects.get().pk}/").status_code == 200


def test_a_file_is_added_to_a_record_and_a_waiting_one_taken_back(shop, wang):
    record = record_contact(shop.task(), told(now=NOW), advisor=shop.wang, now=NOW).record
    assert "仍缺" in wang.get(f"/records/{record.pk}/proof/").content.decode()
    assert handed_in(wang, f"/records/{record.pk}/proof/", picture()).status_code == 200
    kept = record.evidence.get()
    assert wang.post(f"/evidence/{kept.pk}/remove/", headers=HTMX).status_code == 404
    task = shop.task()
    handed_in(wang, f"/tasks/{task.pk}/evidence/", wav(1))
    waiting = Evidence.objects.waiting().get()
    assert signed_in(shop.li).post(f"/evidence/{waiting.pk}/remove/", headers=HTMX).status_code == 404
    assert wang.post(f"/evidence/{waiting.pk}/remove/", headers=HTMX).status_code == 200
    assert Evidence.objects.count() == 1


def test_the_list_shows_what_lacks_proof_until_it_is_there(shop, wang):
    bare = record_contact(shop.task(), told(now=NOW), advisor=shop.wang, now=NOW).record
    proved(shop, wang, mp3())
    page = wang.get("/proof/")
    assert (len(page.context["rows"]), page.context["rows"][0]["id"]) == (1, bare.pk)
    assert signed_in(shop.li).get("/proof/").context["rows"] == []
    chief = signed_in(manager(shop, "qm", "quality_manager"))
    assert [row["id"] for row in chief.get("/proof/").context["rows"]] == [bare.pk]
    handed_in(wang, f"/records/{bare.pk}/proof/", picture())
    assert "凭证齐全" in wang.get("/proof/").content.decode()


def test_a_manager_judges_a_visit_with_a_reason_and_nobody_his_own(shop, wang):
    record = record_contact(shop.task(), told(now=NOW), advisor=shop.wang, now=NOW).record
    chief = manager(shop, "qm", "quality_manager")
    client = signed_in(chief)
    assert wang.post(f"/records/{record.pk}/judge/", {"holds": "yes", "reason": "x"}).status_code == 404
    refused = client.post(f"/records/{record.pk}/judge/", {"holds": "no", "reason": " "})
    assert (refused.status_code, RecordCheck.objects.count()) == (422, 0)
    client.post(f"/records/{record.pk}/judge/", {"holds": "no", "reason": "电话系统没有这通电话"})
    check = RecordCheck.objects.get()
    assert (check.holds, check.by, check.reason) == (False, chief, "电话系统没有这通电话")
    assert client.get("/proof/").context["rows"] == []
    assert [row["id"] for row in client.get("/proof/?what=judged").context["rows"]] == [record.pk]
    own = record_contact(shop.task(assignee=chief), told(now=NOW), advisor=chief, now=NOW).record
    assert client.post(f"/records/{own.pk}/judge/", {"holds": "yes", "reason": "是"}).status_code == 422


@pytest.mark.parametrize("query", ["?what=doubtful", "?what=x&page=-1&first=31-31-9999&who=' or 1=1", "?page=9999"])
def test_the_list_takes_nonsense_for_nothing(shop, wang, query):
    assert wang.get(f"/proof/{query}").status_code == 200
