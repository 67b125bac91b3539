"""Making backups: restored on trial each, told in the book, thinned out; what is asked, due, failed or missing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import translation

from config.backups import places
from config.backups.faults import BackupFault
from staff.choices import BackupCause, BackupState
from staff.domain import activation, outages
from staff.domain.backing import checking, judging, making, restoring, retaining, staging
from staff.domain.checking import Level
from staff.models import Activity, Backup, Employee, JobRun
from staff.views import backups
from tests.visits import world

NIGHT = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # half past one on the second, here
TODAY = date(2026, 3, 2)
TERMS = retaining.Terms()


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    """Give the tests a data folder of their own; in it lies a file of the company."""
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_DIR = settings.DATA_DIR / "backups"
    (settings.DATA_DIR / "evidence").mkdir(parents=True)
    (settings.DATA_DIR / "evidence" / "a.bin").write_bytes(b"a recording" * 1000)
    return settings.DATA_DIR


def put(state=BackupState.SOUND, at=NIGHT, **facts):
    return Backup.objects.create(cause=BackupCause.NIGHTLY, state=state, began_at=at, **facts)


@pytest.fixture
def no_trial(monkeypatch):
    """Leave out the trial restore, which costs seconds and has its own test."""
    manifest = {"rows": {"a": 3}, "files": {"x": {}}}
    monkeypatch.setattr(staging, "restore_on_trial", lambda _path, *, now: manifest)


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_restored_on_trial_and_a_faulty_one_never_passes(place, settings):
    """RELIABILITY F59: one flipped byte, a file cut short, the wrong key: three of three are refused."""
    settings.BACKUP_PASSPHRASE = "correct horse"
    Employee.objects.create_user("liuyang", "a-long-password", name="刘洋")
    made = making.make(Backup(cause=BackupCause.ASKED), now=NIGHT)

    assert (made.state, made.fault) == (BackupState.SOUND, "")
    assert made.is_sealed
    path = place / "backups" / made.file
    whole = path.read_bytes()
    assert made.size == len(whole)
    assert made.files >= 3
    assert "刘洋".encode() not in whole
    assert [left.name for left in place.iterdir() if left.name.startswith("restoring")] == []

    path.write_bytes(whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :])
    assert refusal(path) in ("damaged", "wrong_key")
    path.write_bytes(whole[:-20])
    assert refusal(path) in ("damaged", "wrong_key")
    path.write_bytes(whole)
    settings.BACKUP_PASSPHRASE = "another horse"
    assert refusal(path) == "wrong_key"


def refusal(path) -> str:
    with pytest.raises(BackupFault) as fault:
        staging.restore_on_trial(path, now=NIGHT)
    return fault.value.code


@pytest.mark.django_db(transaction=True)
def test_the_night_makes_one_backup_and_makes_up_for_none(settings, no_trial):
    settings.BACKUP_NIGHTLY = True

    assert making.make_nightly(now=NIGHT, on=TODAY - timedelta(1)) == {"made": 0}
    assert making.make_nightly(now=NIGHT, on=TODAY) == {"made": 1, "failed": 0}
    [row] = Backup.objects.all()
    assert (row.cause, row.rows, row.files) == (BackupCause.NIGHTLY, 3, 1)
    assert Activity.objects.filter(verb="backup", subject_id=row.pk).count() == 1


@pytest.mark.django_db
def test_where_nightly_backups_are_off_nothing_is_made(settings):
    settings.BACKUP_NIGHTLY = False

    assert making.make_nightly(now=NIGHT, on=TODAY) == {"made": 0}
    assert not Backup.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_somebody_asked_for_is_made_once(no_trial):
    person = Employee.objects.create_user("admin", "a-long-password", name="Admin")
    asked = making.ask(actor=person, now=NIGHT)

    assert making.ask(actor=person, now=NIGHT) == asked
    assert [making.make_asked(now=NIGHT) for _ring in range(2)] == [{"made": 1}, {"made": 0}]
    asked.refresh_from_db()
    assert (asked.state, asked.asked_by) == (BackupState.SOUND, person)


@pytest.mark.django_db(transaction=True)
def test_two_are_never_made_at_once_but_a_dead_one_is_given_up(no_trial):
    other = put(BackupState.RUNNING)

    assert making.make(Backup(cause=BackupCause.ASKED), now=NIGHT + timedelta(hours=1)) == other
    assert making.make(Backup(cause=BackupCause.ASKED), now=NIGHT + timedelta(hours=7)).state == BackupState.SOUND
    other.refresh_from_db()
    assert other.state == BackupState.FAILED


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_a_row_with_a_reason_and_nothing_is_left_over(place, monkeypatch, no_trial):
    def full(*_args, **_words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.contents, "pack", full)
    made = making.make(Backup(cause=BackupCause.ASKED), now=NIGHT)

    assert made.state == BackupState.FAILED
    assert "No space left on device" in made.fault
    assert list((place / "backups").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_would_fill_the_disk_is_not_begun(place, monkeypatch, no_trial):
    monkeypatch.setattr(making.contents, "size_of_all", lambda: 10**15)
    made = making.make(Backup(cause=BackupCause.ASKED), now=NIGHT)

    assert made.state == BackupState.FAILED
    assert str(place) in made.fault


@pytest.mark.django_db
def test_without_a_passphrase_no_backup_leaves_the_data_folder(settings, place, tmp_path):
    settings.BACKUP_DIR = tmp_path / "elsewhere"
    assert making.folder() == place / "backups"

    settings.BACKUP_PASSPHRASE = "correct horse"
    assert making.folder() == tmp_path / "elsewhere"


def test_seven_days_four_weeks_and_twelve_months_are_kept():
    nights = [(date(2025, 1, 1) + timedelta(number), number) for number in range(500)]
    kept = sorted(on for on, number in nights if number in retaining.kept(nights, TERMS))

    assert kept[-7:] == [date(2026, 5, 9) + timedelta(number) for number in range(7)]
    assert [on for on in kept if on.weekday() == 6][-3:] == [date(2026, 4, 26), date(2026, 5, 3), date(2026, 5, 10)]
    assert [on for on in kept if on < date(2026, 4, 20)] == [
        date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31), date(2025, 9, 30), date(2025, 10, 31),
        date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31),
    ]  # fmt: skip


def test_after_a_standstill_nothing_is_thrown_away_in_haste():
    old = [(date(2020, 1, 1), 1), (date(2020, 1, 2), 2)]

    assert retaining.kept([*old, (date(2026, 1, 1), 3)], TERMS) == {1, 2, 3}
    assert retaining.kept([(date(2026, 1, 1), 3), (date(2026, 1, 1), 4)], TERMS) == {4}


@pytest.mark.django_db
def test_thinning_out_takes_the_file_and_notes_it(place):
    (place / "backups").mkdir()
    for number in range(2):
        put(at=NIGHT + timedelta(minutes=number), file=f"{number}.backup")
        (place / "backups" / f"{number}.backup").touch()

    assert making.thin_out(now=NIGHT) == 1
    assert [path.name for path in (place / "backups").iterdir()] == ["1.backup"]
    assert list(Backup.objects.kept().values_list("file", flat=True)) == ["1.backup"]


def checked(now=NIGHT):
    with translation.override("en"):
        return {finding.what: finding.level for finding in checking.backups_made(now=now)}


@pytest.mark.django_db
def test_the_checks_tell_missing_old_lost_failed_and_open_backups(settings, place, tmp_path):
    settings.BACKUP_NIGHTLY = True
    assert checked() == {"backup.age": Level.ALARM, "backup.sealed": Level.WARNING}

    settings.BACKUP_PASSPHRASE, settings.BACKUP_DIR = "correct horse", tmp_path / "elsewhere"
    put(file="x.backup")
    assert checked() == {"backup.age": Level.OK, "backup.file": Level.ALARM, "backup.place": Level.OK}
    (tmp_path / "elsewhere" / "x.backup").touch()
    assert checked() == {"backup.age": Level.OK, "backup.place": Level.OK}
    assert checked(NIGHT + timedelta(days=2, seconds=1))["backup.age"] == Level.ALARM
    put(BackupState.FAILED, at=NIGHT + timedelta(hours=1), fault="the disk is full")
    assert checked()["backup.last"] == Level.ALARM


@pytest.mark.django_db
def test_a_restored_company_ends_what_was_under_way_and_kills_later_links(clock_at):
    person = Employee.objects.create_user("liuyang", "a-long-password", name="刘洋")
    before = activation.make_token(person, now=NIGHT - timedelta(minutes=1))
    within = activation.make_token(person, now=NIGHT + timedelta(hours=1))
    put(BackupState.RUNNING, file="this.backup")
    JobRun.objects.create(job="x", due_at=NIGHT, state="running", started_at=NIGHT)
    now = NIGHT + timedelta(hours=8)
    judging.settle(now=now, made_at=NIGHT, file="this.backup")

    assert Backup.objects.get().state == BackupState.SOUND
    assert JobRun.objects.get().state == "failed"
    assert outages.overlap(NIGHT, now).length == timedelta(hours=8)
    assert activation.redeem(before, now=now) == person
    with pytest.raises(activation.LinkInvalid):
        activation.redeem(within, now=now)
    assert activation.redeem(activation.make_token(person, now=now + timedelta(seconds=1)), now=now) == person


@pytest.mark.django_db
def test_a_company_that_is_there_is_not_restored_over_and_a_begun_restore_comes_first(place):
    assert restoring.is_empty()
    Employee.objects.create_user("liuyang", "a-long-password", name="刘洋")

    with pytest.raises(BackupFault, match="not_empty"):
        restoring.restore(place / "x.backup", now=NIGHT, replace=False)
    places.write_journal(place, {"moves": []})
    with pytest.raises(BackupFault, match="left_over"):
        restoring.restore(place / "x.backup", now=NIGHT, replace=True)


@pytest.mark.django_db
def test_a_restore_that_was_cut_off_is_carried_out_by_the_next_start(place):
    (place / "restoring-20260301T173000Z").mkdir()
    (place / "restoring-20260301T173000Z" / "a").write_text("restored")
    (place / "a").write_text("old")
    (place / "beat-schedule.db").touch()
    moves = [(str(place / "restoring-20260301T173000Z" / "a"), str(place / "a"), str(place / "replaced" / "a"))]
    places.write_journal(place, {"moves": moves, "staged": str(place / "restoring-20260301T173000Z"), "schema": ""})

    assert [restoring.finish() for _start in range(2)] == [True, False]
    assert ((place / "a").read_text(), (place / "replaced" / "a").read_text()) == ("restored", "old")
    assert sorted(path.name for path in place.iterdir()) == ["a", "evidence", "replaced"]


@pytest.mark.django_db
def test_a_copy_without_its_guards_is_refused():
    judging.judge(now=NIGHT, files={}, releases={})
    on_table = "" if connection.vendor == "sqlite" else " ON staff_activity"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER staff_activity_keep_update{on_table}")

    with pytest.raises(BackupFault, match="triggers"):
        judging.judge(now=NIGHT, files={}, releases={})


@pytest.mark.django_db
def test_a_regulation_that_is_not_there_as_published_is_refused():
    with pytest.raises(BackupFault, match="releases"):
        judging.judge(now=NIGHT, files={}, releases={"after-sales 1": "0" * 64})


@pytest.mark.django_db
def test_the_administrator_sees_the_book_and_asks_for_one(client, clock_at, monkeypatch):
    clock_at(NIGHT)
    monkeypatch.setattr(backups, "ring", lambda: None)
    person = world.employee("admin", "administrator")
    client.force_login(person)
    assert "还没有备份" in client.get("/staff/backups/").content.decode()

    put(BackupState.FAILED, fault="磁盘已满")
    client.post("/staff/backups/ask/")
    page = client.get("/staff/backups/").content.decode()
    assert Backup.objects.get(state=BackupState.ASKED).asked_by == person
    assert "磁盘已满" in page
    assert "正在备份" in page


@pytest.mark.django_db
def test_nobody_else_sees_or_asks(client):
    client.force_login(world.employee("liuyang"))

    assert client.get("/staff/backups/").status_code == 404
    assert client.post("/staff/backups/ask/").status_code == 404
    assert not Backup.objects.exists()
