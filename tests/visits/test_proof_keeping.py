"""The nights of the files: what is missing or changed is noticed, what is over goes, rows and files agree (F55)."""

import os
import time
from datetime import timedelta

import pytest

from staff.models import Activity
from tests.faults.killing import kill_cycles
from tests.visits.calls import MONDAY, MORNING, Shop, told
from tests.visits.proofs import wav
from visits.domain.calling.recording import record_contact
from visits.domain.proof import storing
from visits.domain.proof.keeping import check_files, purge_files
from visits.domain.proof.taking import Upload, take
from visits.models import Evidence

NOW = MORNING
DAY = timedelta(days=1)


@pytest.fixture
def place(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return tmp_path


def taken(shop, place, seed=1, **where) -> Evidence:
    path = place / "in.wav"
    path.write_bytes(wav(0.5, seed=seed))
    return take(Upload(path), by=shop.wang, now=NOW, **(where or {"task": shop.task()}))


def aged(path, *, hours):
    moment = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))


@pytest.mark.django_db
def test_a_file_that_is_gone_or_was_changed_is_noticed_and_forgiven_when_it_is_back(place):
    shop = Shop()
    whole, gone, changed = (taken(shop, place, seed) for seed in (1, 2, 3))
    content = storing.path_of(gone.file).read_bytes()
    storing.path_of(gone.file).unlink()
    with storing.path_of(changed.file).open("r+b") as file:
        file.seek(200)
        file.write(b"!")
    assert check_files(now=NOW, on=MONDAY) == {"checked": 3, "missing": 1, "changed": 1}
    assert dict(Evidence.objects.values_list("pk", "fault")) == {
        whole.pk: "",
        gone.pk: "missing",
        changed.pk: "changed",
    }
    storing.path_of(gone.file).write_bytes(content)
    assert check_files(now=NOW, on=MONDAY)["missing"] == 0
    assert Activity.objects.filter(verb="evidence_fault").count() == 3


@pytest.mark.django_db
def test_a_night_takes_away_what_is_over_what_was_forgotten_and_what_a_crash_left(place, settings):
    shop = Shop()
    record = record_contact(shop.task(), told(), advisor=shop.wang, now=NOW).record
    proof, forgotten = taken(shop, place, 1, record=record), taken(shop, place, 2)
    orphan = storing.folder() / "ab" / f"{'ab' * 16}.wav"
    orphan.parent.mkdir(exist_ok=True)
    half, fresh = (place / "uploads" / name for name in ("half.upload", "fresh.upload"))
    for path, hours in ((orphan, 25), (half, 25), (fresh, 23)):
        path.write_bytes(b"x")
        aged(path, hours=hours)
    assert purge_files(now=NOW, on=MONDAY) == {"expired": 0, "forgotten": 0, "orphans": 2}
    assert (orphan.exists(), half.exists(), fresh.exists()) == (False, False, True)
    assert purge_files(now=NOW + 31 * DAY, on=MONDAY)["forgotten"] == 1
    assert not Evidence.objects.filter(pk=forgotten.pk).exists()
    later = NOW + timedelta(days=settings.EVIDENCE_DAYS + 1)
    assert purge_files(now=later, on=MONDAY)["expired"] == 1
    proof.refresh_from_db()
    assert (proof.purged_at, storing.path_of(proof.file).exists(), proof.sha256 != "") == (later, False, True)
    assert check_files(now=later, on=MONDAY)["checked"] == 0
    assert purge_files(now=later, on=MONDAY) == {"expired": 0, "forgotten": 0, "orphans": 0}


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_no_row_is_without_its_file(place, settings):
    settings.EVIDENCE_DAY_FILES = 10**6  # a fast machine gets many files through before enough are killed
    shop = Shop()
    task = shop.task()
    serial = iter(range(10**6))

    def work():
        for _number in range(3):
            path = place / f"in-{os.getpid()}.wav"
            path.write_bytes(wav(0.3, seed=next(serial) + os.getpid() * 1000))
            take(Upload(path), by=shop.wang, now=NOW, task=task)

    started = time.monotonic()
    work()  # how long it takes undisturbed says within what time to kill, on a slow machine too
    whole = time.monotonic() - started
    toll = kill_cycles(supply=lambda _round: None, work=work, cycles=15, seed=3, longest=whole)
    assert toll.kills == 15
    counts = check_files(now=NOW, on=MONDAY)
    assert (counts["missing"], counts["changed"], counts["checked"] > 3) == (0, 0, True)
    for path in [*storing.stored(), *storing.half_written()]:
        aged(path, hours=48)
    purge_files(now=NOW, on=MONDAY)
    assert {path.name for path in storing.stored()} == set(Evidence.objects.values_list("file", flat=True))
    assert list(storing.half_written()) == []
