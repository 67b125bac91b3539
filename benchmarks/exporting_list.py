"""The list of tasks by its button 导出: as fast as the rows allow, and in memory that does not grow with them."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from benchmarks.exporting import cells_of, write_plain
from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import (
    DAYS,
    TODAY,
    add_customers,
    add_events,
    add_tasks,
    found_company,
    settle_statistics,
)
from config import clock
from reports.domain.exports import shelf, steering
from reports.excel.exporting import carry_on
from reports.models import Export
from staff.models import Employee, Role, RoleAssignment
from visits.models import VisitStep

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Export a tenth of the tasks, then all of them in each round, and write as many rows by openpyxl."""
    found_company()
    manager = general_manager()
    few = fill(sizes["rows"] // 10)
    small = peak_of(manager, few)
    rows = few + fill(sizes["rows"] - few)
    settle_statistics()
    large = peak_of(manager, rows)
    cells = cells_of(shelf.path_of(export(manager, rows)))
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "plain.xlsx"
        taken = in_turn(
            min(sizes["rounds"], 3), ours=lambda: export(manager, rows), limit=lambda: write_plain(plain, cells)
        )
    size = f"{rows:,} rows × {len(cells[0])} columns of the list of tasks, openpyxl's from memory"
    return [
        compared("export of a list", taken, target="≥ 4 ×", sizes=size, rows=rows),
        Figure("peak memory of an export", large, small, "MiB", "≤ 1.25 ×", f"{rows:,} rows against {few:,}"),
    ]


def fill(count: int) -> int:
    """Add that many tasks with their events and customers."""
    steps = VisitStep.objects.count()
    return add_tasks(add_events(count // steps, add_customers(count // steps), waiting=False, days=DAYS))


def general_manager() -> Employee:
    """Return somebody who sees everything."""
    who = Employee.objects.create(username="manager", name="经理")
    role, _made = Role.objects.get_or_create(
        code="general_manager", defaults={"title": "总经理", "like": "general_manager"}
    )
    RoleAssignment.objects.create(employee=who, role=role, from_on=TODAY - timedelta(DAYS))
    return who


def peak_of(manager: Employee, rows: int) -> float:
    """Return how much of the memory was in use at most while the export was written, in MiB."""
    RESET.write_text("5")
    export(manager, rows)
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def export(manager: Employee, rows: int) -> str:
    """Ask for all tasks as the button does, write the file as the worker does, and return its name."""
    now = clock.now()
    wish = steering.Wish("visits:task_list", "任务", "/tasks/", "status=all", "xlsx", settings.LANGUAGE_CODE)
    asked = steering.ask(wish, by=manager, now=now)
    if not carry_on(asked, now=now) or Export.objects.get(pk=asked.pk).rows != rows:
        raise SystemExit("not every task was exported")
    return asked.file
