"""The doctor: what is wrong is named and comes with how to mend it; what is well is said to be well."""

import json
import os
import sqlite3
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import redis
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import translation

from config import wiring
from staff.domain.checking import Level
from staff.domain.doctoring import company, examining, ground, serving, stores
from staff.models import Employee, Policy, Role, RoleAssignment

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def found(*checks) -> dict[str, str]:
    """Return the level of each finding, and see to it that whatever is not well says how to mend it."""
    told = [finding for check in checks for finding in check(now=NOW)]
    assert [finding.what for finding in told if finding.level == Level.ALARM and not finding.mend] == []
    return {finding.what: str(finding.level) for finding in told}


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.QUEUE_DIR = tmp_path / "queue"
    tmp_path.chmod(0o700)
    return tmp_path


def test_a_sound_ground_is_well(folder):
    levels = found(ground.versions, ground.data_folder, ground.secrets_kept, ground.time_zones)

    assert set(levels.values()) == {"ok"}


def test_a_folder_that_is_open_to_others_and_what_they_can_read_in_it(folder):
    (folder / "secret_key").touch(mode=0o644)
    (folder / "huifang.sqlite3").touch(mode=0o600)
    folder.chmod(0o755)

    assert found(ground.data_folder) == {
        "data.writable": "ok", "data.closed": "warning", "data.mode.secret_key": "alarm",
    }  # fmt: skip


def test_a_folder_that_cannot_be_written(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"

    assert found(ground.data_folder) == {"data.writable": "alarm"}


def test_sqlite_on_a_disk_of_the_network(folder, tmp_path, monkeypatch):
    (tmp_path / "mounts").write_text(f"disk / ext4 rw 0 0\nserver:/data {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(ground, "MOUNTS", tmp_path / "mounts")

    assert ("data.disk" in found(ground.data_folder)) == (connection.vendor == "sqlite")


def test_versions_that_the_program_is_not_made_for(monkeypatch):
    monkeypatch.setattr(ground, "OLDEST_SQLITE", (99, 0, 0))
    assert found(ground.versions) == {"python": "alarm"}
    monkeypatch.setattr(ground, "PYTHONS", ((2, 7), (3, 0)))
    assert found(ground.versions) == {"python": "alarm"}


@pytest.mark.parametrize("key", ["short", "x" * 80, "django-insecure-" + "abcdefghijklmnop" * 4])
def test_a_key_that_could_be_guessed(settings, key):
    settings.SECRET_KEY = key
    assert found(ground.secrets_kept)["secret_key"] == "alarm"


def test_a_passphrase_that_could_be_guessed(settings):
    settings.BACKUP_PASSPHRASE = "horse"
    assert found(ground.secrets_kept)["backup.passphrase"] == "warning"


def test_pages_that_are_shown_in_the_clear_or_with_the_inside_out(settings):
    settings.APP_MODE, settings.BIND, settings.HTTPS = "production", "127.0.0.1", False
    settings.ALLOWED_HOSTS, settings.TWO_STEP_ROLES = ["127.0.0.1"], {"administrator"}
    assert found(serving.pages, serving.own_files) == {"serving.door": "ok", "serving.files": "ok"}

    settings.BIND = "0.0.0.0"
    assert found(serving.pages)["serving.door"] == "alarm"
    settings.HTTPS = True
    assert found(serving.pages)["serving.door"] == "warning"
    settings.ALLOWED_HOSTS = ["huifang.example"]
    assert found(serving.pages)["serving.door"] == "ok"
    settings.ALLOWED_HOSTS, settings.DEBUG, settings.TWO_STEP_ROLES = ["*"], True, set()
    levels = found(serving.pages)
    assert (levels["serving.debug"], levels["serving.hosts"], levels["serving.two_step"]) == (
        "alarm", "alarm", "warning",
    )  # fmt: skip


def test_files_of_the_program_that_are_missing(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    assert found(serving.own_files) == {"serving.files": "alarm"}


@pytest.mark.django_db
def test_the_database_of_the_tests_is_guarded():
    assert found(stores.guards) == {"database.guards": "ok"}


@pytest.mark.django_db
def test_what_the_engine_would_lose_is_told(monkeypatch):
    plain = stores._value
    unsafe = {
        "PRAGMA synchronous": 0, "PRAGMA quick_check(1)": "row 5 missing", "SHOW fsync": "off",
        "SHOW server_encoding": "SQL_ASCII", "SHOW server_version_num": "140001",
        "SELECT has_database_privilege(current_database(), 'CREATE')": False,
    }  # fmt: skip
    monkeypatch.setattr(stores, "_value", lambda question: unsafe.get(question, plain(question)))
    levels = found(stores.database)

    if connection.vendor == "sqlite":
        assert levels == {"database.whole": "alarm", "database.settings": "alarm"}
    else:
        assert (levels["database.fsync"], levels["database.encoding"]) == ("alarm", "alarm")
        assert (levels["database.schema"], levels["database.version"]) == ("alarm", "warning")


class FakeRedis:
    """A Redis that answers as it is told to."""

    def __init__(self, answers):
        self.answers = answers

    def __enter__(self):
        return self

    def __exit__(self, *_what):
        return None

    def ping(self):
        if isinstance(self.answers, redis.ConnectionError):
            raise self.answers

    def config_get(self, *_names):
        if isinstance(self.answers, redis.ResponseError):
            raise self.answers
        return self.answers


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "levels"),
    [
        ({"appendonly": "yes", "maxmemory-policy": "noeviction"}, {"redis": "ok"}),
        (
            {"appendonly": "no", "maxmemory-policy": "allkeys-lru"},
            {"redis": "ok", "redis.appendonly": "warning", "redis.maxmemory-policy": "warning"},
        ),
        (redis.ResponseError("unknown command"), {"redis": "ok", "redis.settings": "warning"}),
        (redis.ConnectionError("refused"), {"redis": "alarm"}),
    ],
)
def test_redis_is_asked_whether_it_keeps_what_it_gets(settings, monkeypatch, answers, levels):
    settings.REDIS_URL = "redis://localhost:6379/0"
    monkeypatch.setattr(stores.redis.Redis, "from_url", lambda *_args, **_words: FakeRedis(answers))

    assert found(stores.broker) == levels


def test_without_redis_nothing_is_wanted(settings):
    settings.REDIS_URL = ""
    assert found(stores.broker) == {"redis": "ok"}


@pytest.mark.django_db
def test_a_company_without_people_or_without_holders_of_its_roles():
    assert found(company.roles_held) == {"company.people": "warning"}

    person = Employee.objects.create_user("admin", "a-long-password", name="Admin")
    assert found(company.roles_held)["company.administrator"] == "alarm"
    for code in ("administrator", "cs_supervisor"):
        role = Role.objects.get_or_create(code=code, defaults={"title": code, "like": code})[0]
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2026, 1, 1))
    Role.objects.exclude(code__in=["administrator", "cs_supervisor"]).delete()
    assert found(company.roles_held) == {"company.roles": "ok"}
    Role.objects.create(code="technician", title="technician", like="service_advisor")
    assert found(company.roles_held) == {"company.roles": "warning"}


@pytest.mark.django_db
def test_a_company_without_a_regulation_or_with_one_that_is_a_draft():
    assert found(company.regulations) == {"company.regulation": "warning"}
    Policy.objects.create(slug="draft", title="Draft", effective_from=date(2026, 1, 1))
    assert found(company.regulations) == {"company.regulation": "warning"}


@pytest.mark.django_db
def test_a_database_that_is_away_is_one_alarm_and_hides_nothing_else(monkeypatch, folder):
    def away():
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(examining.connection, "ensure_connection", away)
    levels = {finding.what: finding.level for finding in examining.examine(now=NOW)}

    assert levels["database.tables"] == Level.ALARM
    assert levels["data.writable"] == Level.OK
    assert not any(what.startswith("check.") for what in levels)


@pytest.mark.django_db
def test_the_command_tells_it_to_people_and_to_programs(folder, clock_at):
    clock_at("2026-03-02T09:00+08:00")
    words, told = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--language", "en", stdout=words)
    with pytest.raises(SystemExit):
        call_command("doctor", "--json", stdout=told)

    assert ended.value.code == 2  # there is no scheduler in a test
    assert "[alarm] The scheduler has never been heard." in words.getvalue()
    facts = json.loads(told.getvalue())
    assert {fact["what"] for fact in facts} >= {"python", "database.tables", "scheduler", "backup.age"}
    assert not any(fact["what"].startswith("check.") for fact in facts)


def test_every_check_of_the_table_can_be_asked():
    for path in (*wiring.GROUND, *wiring.INSTALLATION, *wiring.CHECKS):
        assert callable(examining.import_string(path)), path
    assert sqlite3.sqlite_version_info >= ground.OLDEST_SQLITE
    assert os.name == "posix"
