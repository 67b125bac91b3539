"""A backup put back where nothing is, and in place of what is: every row and file (RELIABILITY F58)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection

from config.backups import postgres, sqlite
from staff.choices import BackupCause
from staff.domain.backing import contents, making
from staff.models import Backup, Branch, Employee
from tests.staff.test_backups import NIGHT

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
SECRET = "correct horse"


@contextmanager
def empty_installation(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of another installation with a database without any table."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "SECRET_KEY")}
    here = {**kept, "DATA_DIR": str(folder), "BACKUP_PASSPHRASE": SECRET, "DJANGO_SETTINGS_MODULE": "config.settings"}
    here.pop("DATABASE_URL", None)
    if connection.vendor == "sqlite":
        yield here
        return
    name = f"restored_{os.getpid()}"
    with closing(psycopg.connect(**contents.server(), autocommit=True)) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {**here, "DATABASE_URL": contents._address(name)}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(configured.BASE_DIR / "manage.py"), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def branches(environment: dict[str, str]) -> list[str]:
    question = "SELECT name FROM staff_branch ORDER BY name"
    if connection.vendor == "sqlite":
        with closing(sqlite.sqlite3.connect(Path(environment["DATA_DIR"]) / "huifang.sqlite3")) as opened:
            return [name for (name,) in opened.execute(question)]
    params = {**contents.server(), "dbname": environment["DATABASE_URL"].rpartition("/")[2]}
    with postgres.opened(params) as opened:
        return [name for (name,) in opened.execute(question).fetchall()]


def test_an_empty_installation_gets_everything_back_and_a_full_one_keeps_what_it_had(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "lost"
    settings.BACKUP_DIR = settings.DATA_DIR / "backups"
    settings.BACKUP_PASSPHRASE = SECRET
    recording = settings.DATA_DIR / "evidence" / "ab" / "a.bin"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"a recording" * 1000)
    Branch.objects.create(name="城东店")
    Employee.objects.create_user("liuyang", "a-long-password", name="刘洋")
    made = making.make(Backup(cause=BackupCause.ASKED), now=NIGHT)
    backup = str(making.folder() / made.file)

    with empty_installation(tmp_path / "new") as new:
        done = manage(new, "restore", backup)
        assert done.returncode == 0, done.stderr
        assert branches(new) == ["城东店"]
        assert (tmp_path / "new/evidence/ab/a.bin").read_bytes() == b"a recording" * 1000
        assert (tmp_path / "new/secret_key").read_text() == settings.SECRET_KEY
        assert not list((tmp_path / "new").glob("restor*"))

        (tmp_path / "new/evidence/ab/b.bin").write_bytes(b"later")
        replaced = manage(new, "restore", backup, "--replace")
        assert replaced.returncode == 0, replaced.stderr
        assert [path.name for path in (tmp_path / "new/evidence/ab").iterdir()] == ["a.bin"]
        assert [path.name for path in (tmp_path / "new").glob("replaced-*/evidence/ab/b.bin")] == ["b.bin"]
