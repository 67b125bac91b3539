"""One command starts the program, and nothing of it is left when it is gone."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import environ
import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
ROLES = {
    "administrator",
    "general_manager",
    "department_manager",
    "quality_manager",
    "cs_supervisor",
    "service_advisor",
}

pytestmark = pytest.mark.process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def database_of(folder: Path) -> str:
    """Return the address of the database that goes with the folder: a file, or one on the server of this test run."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        return f"sqlite:///{folder / 'up.sqlite3'}"
    name = f"up_{zlib.crc32(str(folder).encode())}"
    with closing(connect(server)) as database:
        database.autocommit = True
        if not database.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            database.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rpartition('/')[0]}/{name}"


def connect(url: str):
    """Open the database at that address, beside the program."""
    found = environ.Env.db_url_config(url)
    if found["ENGINE"].endswith("sqlite3"):
        return sqlite3.connect(found["NAME"])
    return psycopg.connect(host=found["HOST"], user=found["USER"], dbname=found["NAME"])


class Program:
    """`manage.py up` on a data folder and a port of its own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.port = folder, free_port()
        self.database = database_of(folder)
        self.environment = {name: value for name, value in os.environ.items() if name != "APP_CLOCK"}
        self.environment |= {"APP_MODE": "demo", "DATA_DIR": str(folder), "PORT": str(self.port), "DEMO_DAYS": "0"}
        self.environment |= {"DATABASE_URL": self.database, "DJANGO_SETTINGS_MODULE": "config.settings", **variables}
        self.output = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: "login: service_advisor zhaomin" in self.text() or self.ended(), "the program comes up")

    def text(self) -> str:
        return self.output.read_text()

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def relatives(self) -> dict[int, str]:
        """Return the processes that have this data folder in their environment, with their command lines."""
        mark = f"DATA_DIR={self.folder}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def has_worked(self) -> bool:
        """Say whether the worker has written a finished run into the ledger of jobs."""
        with closing(connect(self.database)) as database:
            (count,) = database.execute("SELECT COUNT(*) FROM staff_jobrun WHERE state = 'done'").fetchone()
        return count > 0

    def page(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/account/login/")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


@contextmanager
def started(folder: Path, **variables: str) -> Iterator[Program]:
    folder.mkdir(exist_ok=True)
    program = Program(folder, **variables)
    try:
        program.start()
        yield program
    finally:
        for pid in program.relatives():
            os.kill(pid, signal.SIGKILL)
        if program.process is not None:
            program.process.wait()


def test_it_starts_tells_the_way_in_replaces_a_dead_part_and_stops_clean(tmp_path):
    with started(tmp_path / "data") as program:
        logins = re.findall(r"^login: (\w+) (\S+) (\S+)$", program.text(), re.M)
        assert {role for role, _user, _password in logins} == ROLES
        assert f"http://127.0.0.1:{program.port}/" in program.text()
        assert program.page() == http.client.OK
        assert (program.folder / "demo_logins.json").stat().st_mode & 0o777 == 0o600

        wait_until(program.has_worked, "the worker hears the first ring")

        for part in ("gunicorn", " worker ", " beat "):
            os.kill(min(pid for pid, command in program.relatives().items() if part in command), signal.SIGKILL)
        wait_until(lambda: program.text().count("正在重新启动") == 3, "the dead parts are noticed")
        wait_until(lambda: program.page() == http.client.OK, "the pages come back")

        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(PATIENCE_SECONDS) == 0
        assert program.relatives() == {}

        second = Program(program.folder)
        second.start()
        again = re.findall(r"^login: (\w+) (\S+) (\S+)$", second.text(), re.M)
        assert again == logins, "the same installation keeps its sign-ins"
        second.process.kill()
        second.process.wait()
        wait_until(lambda: second.relatives() == {}, "nothing outlives a supervisor killed with -9")
        assert second.page() == 0


def refused(folder: Path, **variables: str) -> str:
    with started(folder, **variables) as program:
        assert program.process.wait(PATIENCE_SECONDS) == 1
        return program.text().strip()


def test_a_taken_port_is_one_chinese_sentence(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]

        said = refused(tmp_path / "data", PORT=str(port))

    assert said == f"端口 {port} 已被占用：请先停掉占用它的程序，或换一个端口，例如 PORT={port + 1}。"


def test_a_demo_does_not_answer_other_machines(tmp_path):
    said = refused(tmp_path / "data", BIND="0.0.0.0")

    assert said == "演示模式只在本机提供服务：请去掉 BIND，或设置 APP_MODE=production。"
