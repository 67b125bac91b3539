"""Clauses on proof: recordings, call lists and messages of A-18, the signature on site of K-08."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.visits.calls import Shop, at
from tests.visits.desk import HTMX, sent, signed_in
from tests.visits.proofs import mp3, picture
from visits.choices import TaskStatus
from visits.models import VisitRecord, VisitTask


@pytest.fixture(autouse=True)
def place(settings, tmp_path, clock_at, db):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    clock_at("2026-03-02T09:30+08:00")


def hand_in(client, address, content, kind=""):
    file = SimpleUploadedFile("file", content)
    return client.post(address, {"file": file, "kind": kind}, headers=HTMX)


def test_a_18_of_two_completed_records_the_one_without_proof_is_listed_until_a_screenshot_comes():
    shop = Shop(evidence="any")
    client = signed_in(shop.wang)
    with_recording, bare = shop.task(), shop.task()
    hand_in(client, f"/tasks/{with_recording.pk}/evidence/", mp3())
    for task in (with_recording, bare):
        client.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", satisfied="yes"))
    assert set(VisitTask.objects.values_list("status", flat=True)) == {TaskStatus.DONE}
    [row] = client.get("/proof/").context["rows"]
    record = VisitRecord.objects.get(links__task=bare)
    assert (row["id"], record.incomplete) == (record.pk, ["evidence"])
    hand_in(client, f"/records/{record.pk}/proof/", picture(), "mobile_log")
    assert client.get("/proof/").context["rows"] == []


@pytest.mark.parametrize("kind", ["mobile_log", "sms_log"])
def test_a_18_the_call_list_of_a_mobile_or_a_message_will_do(kind):
    shop = Shop(evidence="any")
    client, task = signed_in(shop.wang), shop.task()
    hand_in(client, f"/tasks/{task.pk}/evidence/", picture(), kind)
    client.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", satisfied="yes"))
    assert VisitRecord.objects.get().incomplete == []


def test_k_08_on_site_the_customer_signs_before_the_visit_counts_and_by_telephone_not():
    shop = Shop(evidence="signature", channels=["onsite", "desk_phone"], other_channel="free")
    client, task = signed_in(shop.wang), shop.task()
    unsigned = sent(task, outcome="reached", satisfied="yes", channel="onsite")
    client.post(f"/tasks/{task.pk}/record/", unsigned)
    task.refresh_from_db()
    assert (task.status, VisitRecord.objects.get().incomplete) == (TaskStatus.OPEN, ["signature"])
    hand_in(client, f"/tasks/{task.pk}/evidence/", picture(), "signature")
    client.post(f"/tasks/{task.pk}/record/", sent(task, outcome="reached", satisfied="yes", channel="onsite"))
    task.refresh_from_db()
    assert (task.status, task.completed_at) == (TaskStatus.DONE, at("09:29"))
    by_phone = shop.task()
    client.post(f"/tasks/{by_phone.pk}/record/", sent(by_phone, outcome="reached", satisfied="yes"))
    by_phone.refresh_from_db()
    assert by_phone.status == TaskStatus.DONE
