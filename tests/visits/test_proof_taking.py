"""Taking evidence in: whole or not at all, once, and the record's when it is saved (F54, F55, T42, T44)."""

import errno
import stat
from datetime import timedelta

import pytest

from config.media.findings import Refused
from staff.models import Activity
from tests.visits.calls import MORNING, Shop, fresh, told
from tests.visits.proofs import mp3, picture, wav
from visits.choices import EvidenceKind, Outcome, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.calling.undoing import undo
from visits.domain.proof import storing, taking
from visits.domain.proof.attaching import still_lacks
from visits.domain.proof.taking import DiskFull, TooMuch, Unfit, Upload, take
from visits.models import Evidence

NOW = MORNING


@pytest.fixture
def shop(db, settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return Shop(evidence="any")


@pytest.fixture
def upload(tmp_path):
    """Return what makes an upload of bytes."""

    def make(content: bytes, kind: str = "", **facts) -> Upload:
        path = tmp_path / "upload.bin"
        path.write_bytes(content)
        return Upload(path, kind, **facts)

    return make


def names():
    return sorted(path.name for path in storing.stored())


def test_a_file_is_kept_whole_and_for_the_program_alone(shop, upload):
    made = take(upload(mp3()), by=shop.wang, now=NOW, task=shop.task())
    path = storing.path_of(made.file)
    assert (made.kind, made.media, float(made.seconds)) == (EvidenceKind.RECORDING, "audio/mpeg", 14.4)
    assert (storing.hash_of(path), path.stat().st_size) == (made.stored_sha256, made.size)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path.parent.parent)} == {0o700}
    assert list((storing.folder() / storing.INCOMING).iterdir()) == []
    line = Activity.objects.get(verb="evidence_added")
    assert (line.subject_id, line.data) == (made.pk, {"kind": "recording", "task": made.task_id, "record": None})


def test_the_same_file_at_the_same_place_is_taken_once(shop, upload):
    task = shop.task()
    first, second = (take(upload(wav()), by=shop.wang, now=NOW, task=task) for _ in range(2))
    assert (first, names()) == (second, [first.file])


@pytest.mark.parametrize(("content", "told_kind", "kind"), [
    (picture(), "sms_log", "sms_log"), (picture(), "", "mobile_log"), (picture(), "recording", "mobile_log"),
    (wav(), "photo", "recording"),
])  # fmt: skip
def test_what_a_file_is_its_content_decides(shop, upload, content, told_kind, kind):
    assert take(upload(content, told_kind), by=shop.wang, now=NOW, task=shop.task()).kind == kind


def test_a_file_that_is_none_leaves_nothing(shop, upload):
    with pytest.raises(Unfit, match="MP3"):
        take(upload(b"<svg onload=alert(1)>"), by=shop.wang, now=NOW, task=shop.task())
    assert (Evidence.objects.count(), names(), list((storing.folder() / storing.INCOMING).iterdir())) == (0, [], [])


def test_a_row_that_cannot_be_written_takes_its_file_with_it(shop, upload, monkeypatch):
    monkeypatch.setattr(taking, "log", lambda **_facts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(upload(wav()), by=shop.wang, now=NOW, task=shop.task())
    assert (Evidence.objects.count(), names()) == (0, [])


@pytest.mark.parametrize("failing", ["examine", "_make_safe"])
def test_a_full_disk_leaves_no_row_and_no_file(shop, upload, monkeypatch, failing):
    def full(*_anything):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storing, failing, full)
    with pytest.raises(DiskFull):
        take(upload(wav()), by=shop.wang, now=NOW, task=shop.task())
    assert (Evidence.objects.count(), names(), list((storing.folder() / storing.INCOMING).iterdir())) == (0, [], [])


def test_one_person_hands_in_so_much_a_day(shop, upload, settings):
    settings.EVIDENCE_DAY_FILES = 2
    task = shop.task()
    for seed in (1, 2):
        take(upload(wav(0.5, seed=seed)), by=shop.wang, now=NOW, task=task)
    with pytest.raises(TooMuch):
        take(upload(wav(0.5, seed=3)), by=shop.wang, now=NOW, task=task)
    take(upload(wav(0.5, seed=3)), by=shop.li, now=NOW, task=task)
    take(upload(wav(0.5, seed=3)), by=shop.wang, now=NOW + timedelta(days=1), task=task)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a.mp3", "", "0" * 32 + ".php5x", "0" * 32 + ".mp3\0", "CON"])
def test_a_name_that_the_program_did_not_make_has_no_place(name):
    with pytest.raises(ValueError, match="name"):
        storing.path_of(name)


def test_what_waits_becomes_the_records_and_lifts_what_it_lacked(shop, upload):
    task, other = shop.task(), shop.task()
    made = take(upload(mp3(900)), by=shop.wang, now=NOW, task=task)
    strange = take(upload(wav()), by=shop.li, now=NOW, task=task)
    elsewhere = take(upload(wav()), by=shop.wang, now=NOW, task=other)
    saved = record_contact(task, told(), advisor=shop.wang, now=NOW)
    assert (saved.record.incomplete, saved.record.proof_wanted) == ([], "any")
    assert list(Evidence.objects.filter(record=saved.record)) == [made]
    assert set(Evidence.objects.waiting()) == {strange, elsewhere}


def test_evidence_that_comes_later_mends_the_record(shop, upload):
    record = record_contact(shop.task(), told(), advisor=shop.wang, now=NOW).record
    assert (record.incomplete, still_lacks(record)) == (["evidence"], ["evidence"])
    take(upload(picture(), "signature"), by=shop.wang, now=NOW, record=record)
    assert still_lacks(record) == ["evidence"]  # a signature proves no telephone call
    take(upload(picture(2)), by=shop.wang, now=NOW, record=record)
    assert (record.incomplete, still_lacks(record)) == (["evidence"], [])


def test_a_recording_is_demanded_where_the_step_says_so(db, settings, tmp_path, upload):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    shop = Shop(evidence="recording")
    record = record_contact(shop.task(), told(), advisor=shop.wang, now=NOW).record
    take(upload(picture()), by=shop.wang, now=NOW, record=record)
    assert still_lacks(record) == ["evidence"]
    take(upload(wav(150)), by=shop.wang, now=NOW, record=record)
    assert still_lacks(record) == []


def test_an_unanswered_call_owes_no_proof_and_keeps_what_it_has(shop, upload):
    task = shop.task()
    made = take(upload(picture()), by=shop.wang, now=NOW, task=task)
    record = record_contact(task, told(Outcome.NO_ANSWER), advisor=shop.wang, now=NOW).record
    made.refresh_from_db()
    assert (record.proof_wanted, record.incomplete, made.record) == ("", [], record)


def test_a_contact_that_is_taken_back_leaves_its_files_waiting(shop, upload):
    task = shop.task()
    take(upload(wav()), by=shop.wang, now=NOW, task=task)
    record = record_contact(task, told(), advisor=shop.wang, now=NOW).record
    later = take(upload(picture()), by=shop.wang, now=NOW, record=record)
    undo(record, token=told().token, by=shop.wang, now=NOW)
    later.refresh_from_db()
    assert (Evidence.objects.waiting().count(), later.task) == (2, task)
    again = record_contact(fresh(task), told(), advisor=shop.wang, now=NOW).record
    assert (Evidence.objects.filter(record=again).count(), again.incomplete) == (2, [])


def test_a_file_that_comes_after_the_save_belongs_to_it(shop, upload):
    task = shop.task()
    record = record_contact(task, told(), advisor=shop.wang, now=NOW).record
    made = take(upload(wav()), by=shop.wang, now=NOW, task=fresh(task))
    assert (made.record, made.task, still_lacks(record)) == (record, None, [])


def test_one_takes_back_ones_own_file_until_it_is_saved_with(shop, upload):
    task = shop.task()
    made = take(upload(wav()), by=shop.wang, now=NOW, task=task)
    assert not taking.remove(made, by=shop.li, now=NOW)
    assert names() == [made.file]
    assert taking.remove(made, by=shop.wang, now=NOW)
    assert (names(), Evidence.objects.count()) == ([], 0)
    kept = take(upload(wav()), by=shop.wang, now=NOW, task=task)
    record_contact(task, told(), advisor=shop.wang, now=NOW)
    assert not taking.remove(kept, by=shop.wang, now=NOW)
    assert (names(), Activity.objects.filter(verb="evidence_removed").count()) == ([kept.file], 1)


def test_on_site_a_drawn_signature_lets_the_visit_count(db, settings, tmp_path, upload):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    shop = Shop(channels=["onsite", "desk_phone"], evidence="signature")
    task = shop.task()
    take(upload(picture(), "signature"), by=shop.wang, now=NOW, task=task)
    record_contact(task, told(channel="onsite"), advisor=shop.wang, now=NOW)
    assert fresh(task).status == TaskStatus.DONE
    by_phone = record_contact(shop.task(), told(channel_reason="客户出差"), advisor=shop.wang, now=NOW).record
    assert (by_phone.incomplete, by_phone.proof_wanted) == ([], "")


def test_every_reason_of_a_refusal_has_its_words():
    codes = ("empty", "unknown", "heic", "video", "damaged", "too_many_pixels", "too_hard")
    assert len({taking.refusal_words(code) for code in codes}) == len(codes)
    assert str(Refused("empty")) == "empty"
