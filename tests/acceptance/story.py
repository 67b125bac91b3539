"""A story told twice: to the program through its commands, and to the second computation; then both are compared."""

from datetime import datetime
from pathlib import Path

from tests.acceptance import doors
from tests.acceptance.expecting import Task, World, by_pool, drawn, read


def at(text: str) -> datetime:
    """Return a moment of Shanghai ("2026-03-02 09:00")."""
    return datetime.fromisoformat(f"{text}+08:00")


class Story:
    """One installation with its packs and people."""

    def __init__(self, folder: Path, *packs: str, staff: list[dict], begun: str = "2026-01-05 08:00") -> None:
        self.folder, self.files = folder, 0
        self.now = at(begun)
        self.world = World([read(pack) for pack in packs], staff)
        doors.load(folder, *packs, at=self.now.isoformat())
        doors.run("import_staff", doors.staff_list(folder / "staff.xlsx", staff), at=self.now.isoformat())

    def take_in(
        self, orders: list[dict], when: str, *options: str, ending: str = "xlsx", headers=doors.CHINESE
    ) -> dict:
        """Import orders."""
        self.now, self.files = at(when), self.files + 1
        file = doors.order_list(self.folder / f"orders-{self.files}.{ending}", orders, headers)
        summary = doors.take_in(file, *options, at=self.now.isoformat())
        for order in orders:
            order.setdefault("taken_in", self.now)
        self.world.take_in(orders, self.now)
        return summary

    def tick(self, *moments: str) -> None:
        """Let the program and the second computation do what is due."""
        for when in moments:
            self.now = at(when)
            doors.run("tick", "--at", self.now.isoformat(), at=self.now.isoformat())
            self.world.tick(self.now)

    def rows(self) -> list[dict]:
        """Return the tasks as they are exported."""
        return doors.exported(self.folder, "tasks", at=self.now.isoformat())

    def differences(self) -> list[str]:
        """Return what the export says otherwise than the second computation, task by task."""
        rows = {key_of(row): row for row in self.rows()}
        if len(rows) != len(self.rows()):
            return ["a key is there twice"]
        expected = self.world.tasks
        found = [f"missing {key}" for key in sorted(expected.keys() - rows.keys(), key=str)]
        found += [f"too many {rows[key]}" for key in sorted(rows.keys() - expected.keys(), key=str)]
        both = expected.keys() & rows.keys()
        for key in sorted(both, key=str):
            found += [f"{key}: {each}" for each in differing(expected[key], rows[key])]
        for tasks in by_pool(expected[key] for key in both).values():
            found += self.draw_differences(tasks, rows)
        return found

    def draw_differences(self, tasks: list[Task], rows: dict) -> list[str]:
        """Return what is wrong with the draw of one pool."""
        sample = tasks[0].made_of[3]["sample"]
        whole = [task for task in tasks if task.always]
        chosen = [task for task in tasks if rows[task.key]["sampled"]]
        states = {(rows[task.key]["sampled"], rows[task.key]["status"]) for task in tasks}
        wrong = []
        if len(chosen) != drawn(sample, len(tasks), len(whole)):
            wrong.append(f"{tasks[0].key[1:]} {tasks[0].pool}: drawn {len(chosen)} of {len(tasks)}")
        if not {task.key for task in whole} <= {task.key for task in chosen}:
            wrong.append(f"{tasks[0].pool}: one of `always` is not drawn")
        if not states <= {(True, "open"), (True, "planned"), (False, "not_sampled")}:
            wrong.append(f"{tasks[0].pool}: {states}")
        return wrong


def key_of(row: dict) -> tuple:
    """Return the key of an exported task."""
    return row["order_no"], row["policy"], row["rule"], row["step"], row["occurrence"]


def differing(task: Task, row: dict) -> list[str]:
    """Return the fields that differ; of a drawn task the draw is judged with its pool."""
    closes = task.window.closes_at
    wanted = {
        "release": task.release, "opens_at": task.window.opens_at, "closes_at": closes, "clause": task.clause,
        "status": task.status,
    }  # fmt: skip
    got = {key: row[key] for key in wanted}
    for key in ("opens_at", "closes_at"):
        got[key] = datetime.fromisoformat(row[key])
    if task.pool is not None:
        wanted["status"] = got["status"]
    wrong = [f"{key} is {got[key]}, ought to be {wanted[key]}" for key in wanted if got[key] != wanted[key]]
    decided = row["status"] in ("open", "planned")
    if decided and row["assignee"] not in task.people:
        wrong.append(f"assignee is {row['assignee']}, ought to be one of {task.people}")
    return wrong
