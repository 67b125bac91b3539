"""Twenty people who type at once, 200 writes a second between them: on SQLite, and on PostgreSQL in the same run.

A write is what the browser sends whenever somebody pauses while typing: the draft is looked up, the lease of its visit
renewed, the text kept, in one transaction. Each engine is measured in a process of its own, turn by turn.
"""

import json
import os
import subprocess
import sys
import threading
import time
from uuid import uuid4

import django
from django.core.management import call_command
from django.db import OperationalError, connection

from benchmarks.chaos.machines import ROOT
from benchmarks.measuring import Figure
from tests import servers

WRITERS, A_SECOND, SECONDS = 20, 200, 8.0
ALLOWED = 2.0  # medians of PostgreSQL's slowest hundredth


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Let them type on both engines in each round; return the slowest hundredth of each, and how many were refused."""
    from benchmarks.__main__ import SETTINGS  # noqa: PLC0415  it names this module

    taken: dict[str, list[float]] = {}
    refused = 0
    with servers.postgres(*SETTINGS) as address:
        for _round in range(sizes["rounds"]):
            for name, url in (("sqlite", os.environ["DATABASE_URL"]), ("postgresql", address)):
                command = [sys.executable, "-m", "benchmarks.writers"]
                environment = {**os.environ, "DATABASE_URL": url}
                done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
                spent, locked = json.loads(done.stdout.splitlines()[-1])
                taken[name] = taken.get(name, []) + spent
                refused += locked
    if refused:
        raise SystemExit(f"{refused} writes were refused: the database was locked")
    half, slow = (
        {name: sorted(spent)[int(len(spent) * share)] * 1000 for name, spent in taken.items()} for share in (0.5, 0.99)
    )
    size = f"{WRITERS} writers, {len(taken['sqlite']):,} writes on SQLite, {len(taken['postgresql']):,} on PostgreSQL"
    return [
        Figure("twenty writers, slowest hundredth", slow["sqlite"], slow["postgresql"], "ms", f"≤ {ALLOWED} ×", size),
        Figure("twenty writers, median", half["sqlite"], half["postgresql"], "ms", "", f"{size}, none refused"),
    ]


def main() -> None:
    """Type on the database that the environment names; print the seconds of each write and how many were refused."""
    django.setup()
    call_command("migrate", verbosity=0)
    tasks = prepared()
    spent: list[float] = []
    locked: list[str] = []
    ends = time.monotonic() + SECONDS
    crew = [threading.Thread(target=type_until, args=(ends, task, spent, locked)) for task in tasks]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    print(json.dumps([spent, len(locked)]))


def prepared() -> list[int]:
    """Return a visit for each writer; the world is made once."""
    from benchmarks.world import add_customers, add_events, add_tasks, found_company  # noqa: PLC0415  needs the settings
    from visits.models import VisitStep, VisitTask  # noqa: PLC0415  as above

    if not VisitStep.objects.exists():
        found_company()
        add_tasks(add_events(2_000, add_customers(2_000), waiting=False), open_share=100)
    return list(VisitTask.objects.order_by("pk").values_list("pk", flat=True)[:WRITERS])


def type_until(ends: float, key: int, spent: list[float], locked: list[str]) -> None:
    """Keep a draft of one visit, longer each time, at an even pace."""
    from benchmarks.world import NOW  # noqa: PLC0415  needs the settings
    from visits.domain.calling.drafting import Page, keep  # noqa: PLC0415  as above
    from visits.models import VisitTask  # noqa: PLC0415  as above

    task = VisitTask.objects.select_related("assignee").get(pk=key)
    token, name, turn = uuid4(), uuid4().hex, 0
    pace = WRITERS / A_SECOND
    due = time.monotonic() + pace * (key % WRITERS) / WRITERS
    while due < ends:
        time.sleep(max(0.0, due - time.monotonic()))
        turn += 1
        began = time.perf_counter()
        try:
            content = {"notes": ["客户说一切正常。" * (turn % 20 + 1)]}
            keep(task, content, token=token, page=Page(name, turn), author=task.assignee, now=NOW)
        except OperationalError as fault:
            locked.append(str(fault))
        spent.append(time.perf_counter() - began)
        due += pace
    connection.close()


if __name__ == "__main__":
    main()
