"""Beside a peer in the same run: a site of django-helpdesk with 100,000 tickets, on the same server, page by page.

Asked for by name, since it takes a package from the network. The peer runs in an environment and a process of its own
(`benchmarks/peer/helpdesk_site.py`) and tells how long it took; both sides are whole requests of Django's test client.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks import hot, worlds
from benchmarks.chaos.machines import ROOT
from benchmarks.measuring import Figure
from benchmarks.world import NOW
from staff.models import Employee
from visits.domain.finding.queueing import next_task
from visits.models import VisitRecord

PACKAGE = "django-helpdesk==2.6.1"
TICKETS = 100_000
REQUESTS = 5
DATABASE = "huifang_bench_peer"
# what is measured: the page of the peer, and the part of its time that ours may take
TARGETS = {
    "list of 50 rows": ("list", "≤ 0.2 ×"),
    "a call saved and the next card, beside a ticket made and shown": ("create", "≤ 0.5 ×"),
    "report of a month by advisor beside tickets by advisor and month": ("report", "≤ 0.2 ×"),
}


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Ask both sides in turn, round by round; what we save is taken back."""
    worlds.use(sizes["tasks"])
    advisor = Employee.objects.get(username="advisor001")
    bench, boss = hot.browser(advisor.username), hot.browser("boss")
    ours: dict[str, Callable[[], None]] = {
        "list": lambda: hot.opened(bench, reverse("visits:workbench")),
        "create": lambda: record(bench, advisor),
        "report": lambda: hot.opened(boss, reverse("reports:figure_list")),
    }
    taken: dict[str, list[tuple[float, float]]] = {}
    with peer() as ask:
        for turn in range(sizes["rounds"] + 1):
            for page, deed in ours.items():
                both = mean(deed), ask(page)
                if turn:  # the first round warms caches up
                    taken.setdefault(page, []).append(both)
    size = f"ours in {sizes['tasks']:,} tasks, {PACKAGE} with {TICKETS:,} tickets"
    medians = {page: [statistics.median(side) for side in zip(*both, strict=True)] for page, both in taken.items()}
    return [Figure(what, *medians[page], "ms", target, size) for what, (page, target) in TARGETS.items()]


def mean(deed: Callable[[], None]) -> float:
    """Return the milliseconds that the deed takes."""
    with transaction.atomic():
        began = time.perf_counter()
        for _time in range(REQUESTS):
            deed()
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return spent * 1000 / REQUESTS


def record(browser: Client, advisor: Employee) -> None:
    """Save the call of the next visit of the queue, as the workbench does; the answer holds the card after it."""
    task = next_task(advisor, now=NOW)
    began = (NOW - timedelta(minutes=3)).astimezone(ZoneInfo("Asia/Shanghai"))
    facts = {
        "token": str(uuid.uuid4()), "outcome": "reached", "channel": "desk_phone", "notes": "fine",
        "started_at": f"{began:%Y-%m-%dT%H:%M:%S}",
    }  # fmt: skip
    before = VisitRecord.objects.latest("pk").pk
    answer = browser.post(reverse("visits:task_record", args=[task.id]), facts, headers={"HX-Request": "true"})
    if VisitRecord.objects.latest("pk").pk == before:
        raise SystemExit(f"the call was answered with {answer.status_code} and not saved")


@contextmanager
def peer() -> Iterator[Callable[[str], float]]:
    """Install the peer, fill a database of its own, and yield what asks it for a page and returns milliseconds."""
    with tempfile.TemporaryDirectory(prefix="huifang-peer-") as folder, database() as address:
        python = installed(Path(folder))
        command = [python, str(ROOT / "benchmarks/peer/helpdesk_site.py"), address, str(TICKETS)]
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as site:
            try:
                line = site.stdout.readline()
                if line.strip() != "ready":
                    raise SystemExit(f"{PACKAGE} does not come up: {line}")

                def ask(page: str) -> float:
                    site.stdin.write(f"{page}\n")
                    site.stdin.flush()
                    return float(site.stdout.readline())

                yield ask
            finally:
                site.kill()


def installed(folder: Path) -> str:
    """Return the Python of a new environment with the package."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = str(environment / "bin/python")
    subprocess.run([python, "-m", "pip", "install", "-qq", PACKAGE, "psycopg[binary]"], check=True, env=os.environ)
    return python


@contextmanager
def database() -> Iterator[str]:
    """Make a database beside ours for the peer and yield its address: the folder of the socket and its name."""
    facts = connection.get_connection_params() | {"cursor_factory": None, "dbname": "postgres"}
    with psycopg.connect(**facts, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            yield f"{facts['host']}/{DATABASE}"
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
