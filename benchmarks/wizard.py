"""The import wizard with a large file, against the clock (RELIABILITY F61): read and judged, taken in, taken back.

Seconds beside the seconds that PERFORMANCE allows, megabytes of the worker and of the child that reads beside 300.
"""

import resource
import tempfile
from pathlib import Path

from django.db import connection

from benchmarks.importing import workbook
from benchmarks.measuring import Figure, seconds
from benchmarks.world import NOW, found_company
from config.workbooks.reading import peek
from staff.models import Employee
from visits.choices import BatchState
from visits.domain.intake import steering
from visits.domain.intake.judging import Options
from visits.excel import background
from visits.excel.columns import EVENTS
from visits.excel.importing import LAYOUT, hash_of
from visits.models import Customer, ImportBatch, ServiceEvent

LIMIT = {"postgresql": 120, "sqlite": 240}  # seconds for 100,000 rows
MEMORY = 300  # megabytes
FULL = 100_000
WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Bring one file of that many rows, go through the wizard with it, and take it back."""
    found_company()
    rows = sizes["rows"]
    with tempfile.TemporaryDirectory() as folder:
        batch = bring(workbook(Path(folder) / "orders.xlsx", rows, 0))
        read = seconds(lambda: work(batch, BatchState.CHECKED))
        steering.start(batch, options=Options(source="bench"), by=batch.started_by, now=NOW)
        taken = seconds(lambda: work(batch, BatchState.DONE))
        if ServiceEvent.objects.count() != rows:
            raise SystemExit(f"only {ServiceEvent.objects.count()} events were taken in")
        peaks = [resource.getrusage(whose).ru_maxrss / 1024 for whose in WHOSE]
        steering.take_back(batch, by=batch.started_by, now=NOW)
        undone = seconds(lambda: work(batch, BatchState.UNDONE))
        if ServiceEvent.objects.exists() or Customer.objects.exists():
            raise SystemExit("taking back has left something")
    limit, size = LIMIT[connection.vendor] * rows / FULL, f"{rows:,} rows, {connection.vendor}"
    return [
        Figure("wizard: read, judged, compared", read, limit, "s", "", size),
        Figure("wizard: read and taken in", read + taken, limit, "s", "≤ 1 ×", size),
        Figure("wizard: taken back", undone, limit, "s", "≤ 1 ×", size),
        Figure("wizard: memory of the worker", peaks[0], MEMORY, "MB", "≤ 1 ×", size),
        Figure("wizard: memory of the reading child", peaks[1], MEMORY, "MB", "≤ 1 ×", size),
    ]


def bring(path: Path) -> ImportBatch:
    """Go through the first pages: the file, and its columns as they are understood."""
    look = peek(path, layout=LAYOUT, zone="Asia/Shanghai", wanted={})
    person = Employee.objects.order_by("pk")[0]
    brought = steering.Brought(path, path.name, hash_of(path), look)
    batch = steering.begin(brought, source="bench", branch=None, by=person, now=NOW)
    keys = batch.reading["proposed"]
    steering.settle_columns(batch, keys, EVENTS, options=Options(source="bench"), by=person, now=NOW)
    return batch


def work(batch: ImportBatch, until: BatchState) -> None:
    """Be the worker until the import stands there."""
    while background.run_imports(now=NOW).get("again"):
        pass
    batch.refresh_from_db()
    if batch.state != until:
        raise SystemExit(f"the import stands at {batch.state} {batch.refusal}")
