"""Imports killed in the middle: ``python -m tests.visits.kill_import CYCLES``, on the database of ``DATABASE_URL``.

In each cycle an import of one file is started in a process of its own and killed (-9) at a random moment; the next
cycle finishes or repeats it. After each file was taken in at last, every event must be there once, with its customer,
vehicle and owner, and nothing more. Printed are kills, files and what was wrong; exit 1 if anything was.
"""

import io
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

# Models can be imported from here on only.
from django.core.management import call_command  # noqa: E402  the settings come first
from django.db import connection  # noqa: E402  the settings come first
from django.db.models import F  # noqa: E402  the settings come first

from tests.visits import exports  # noqa: E402  the settings come first
from visits.models import ContactNumber, Customer, ImportBatch, Ownership, ServiceEvent, Vehicle  # noqa: E402  the settings come first

ROWS = 1_200
FOREVER = 3_600
LIVES = 1.3  # times as long as an import that nobody kills: the longest that one is left alone


def main() -> int:
    """Kill as often as the command line says."""
    cycles, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20260302

    call_command("migrate", verbosity=0)
    connection.close()
    chance = random.Random(seed)
    killed = files = 0
    life = 0.0
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        while killed < cycles and not wrong:
            files += 1
            path = export(Path(folder) / f"export{files}.csv", files)
            if files == 1:
                started = time.monotonic()
                run(path, FOREVER)
                life = LIVES * (time.monotonic() - started)
            while not run(path, chance.uniform(0, life)):
                killed += 1
            wrong = faults(files)
    print(f"killed {killed}, files {files}, wrong {wrong or 'nothing'}")
    return 1 if wrong else 0


def export(path: Path, number: int) -> Path:
    """Write a file; each repeats the customers and vehicles of the one before with new orders, and adds some."""

    first = number * (ROWS // 2)
    entries = [
        exports.row(
            key, 工单号=f"F{number}-{key}", 手机号=f"139{key:08d}", 车牌号=f"浙A{key:05d}", VIN=f"LSVAA49J5A2{key:06d}"
        )
        for key in range(first, first + ROWS)
    ]
    return exports.text(path, entries)


def run(path: Path, seconds: float) -> bool:
    """Start the import, kill it after so many seconds; say whether it had finished before."""
    pid = os.fork()
    if pid == 0:
        import_and_exit(path)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            if os.waitstatus_to_exitcode(status):
                raise SystemExit(f"the import ended with {os.waitstatus_to_exitcode(status)}")
            return True
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def import_and_exit(path: Path) -> None:
    """Be the import; leave without any of the parent's cleaning up."""

    code = 1
    try:
        call_command("import_events", str(path), stdout=io.StringIO(), stderr=io.StringIO())
        code = 0
    finally:
        os._exit(code)


def faults(files: int) -> list[str]:
    """Return what is not as if each file had been taken in once, without a crash."""

    keys = (files + 1) * (ROWS // 2)
    wanted = {
        "events": (ServiceEvent.objects.count(), files * ROWS),
        "never changed": (ServiceEvent.objects.filter(changed_at=F("taken_in_at")).count(), files * ROWS),
        "customers": (Customer.objects.count(), keys),
        "numbers": (ContactNumber.objects.count(), keys),
        "vehicles": (Vehicle.objects.count(), keys),
        "owners": (Ownership.objects.count(), keys),
        "unfinished": (ImportBatch.objects.filter(state__in=["staged", "applying"]).count(), 0),
    }
    connection.close()
    return [f"{name}: {found}, not {right}" for name, (found, right) in wanted.items() if found != right]


if __name__ == "__main__":
    sys.exit(main())
