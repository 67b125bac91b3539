"""The doors as an operator meets them: repeated imports, packs that go round, several processes at once."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance import doors
from tests.acceptance.packs import SEGMENTS, pack, rule, when
from tests.acceptance.people import STAFF, orders
from tests.acceptance.story import Story, at
from tests.ready import copy_ready

ROOT = Path(__file__).parents[2]
NOW = "2026-03-02T18:00:00+08:00"
LOW = rule("low", 'closes = "3d"', when=when(("css", "<", "120")), assign='"advisor"')


@pytest.mark.django_db(transaction=True)
def test_the_same_file_again_changes_nothing_and_a_changed_row_its_own_tasks(tmp_path):
    story = Story(tmp_path, pack(LOW), staff=STAFF)
    made = orders("service_completed", *[at("2026-03-02 10:00")] * 3, css=100)
    story.take_in(made, "2026-03-02 11:00")
    before = story.rows()
    assert story.take_in(made, "2026-03-02 12:00", ending="csv")["unchanged"] == 3
    assert story.rows() == before
    made[1]["css"], made[2]["advisor"] = 120, "east2"
    assert story.take_in(made, "2026-03-02 13:00")["updated"] == 2
    rows = sorted(story.rows(), key=lambda row: row["order_no"])
    now = [(row["status"], row["assignee"]) for row in rows]
    assert now == [("open", "east1"), ("cancelled", "east1"), ("open", "east2")]


@pytest.mark.django_db(transaction=True)
def test_a_pack_that_goes_out_and_in_again_makes_no_release(tmp_path):
    story = Story(tmp_path, pack(SEGMENTS, LOW, rule("waits", 'closes = "?"; sample = { rate = 0.07 }')), staff=STAFF)
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    doors.run("dump_policy", "mine", "--out", first, at=NOW)
    doors.run("load_policy", first, at=NOW)
    doors.run("dump_policy", "mine", "--out", second, at=NOW)
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")
    story.take_in(orders("service_completed", at("2026-03-02 10:00"), css=100), "2026-03-02 11:00")
    assert [row["release"] for row in story.rows()] == [1]


@pytest.mark.any_database  # it brings a SQLite of its own; on PostgreSQL tests.faults lets processes meet
@pytest.mark.process
def test_imports_and_ticks_at_once_make_each_task_once(tmp_path):
    environment = {
        **os.environ, "APP_MODE": "test", "APP_CLOCK": NOW, "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/at-once.sqlite3", "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip

    def at_once(*commands: tuple) -> None:
        running = [
            subprocess.Popen(
                [sys.executable, "manage.py", *map(str, command)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
            )
            for command in commands
        ]
        assert [process.wait() for process in running] == [0] * len(commands)

    file = tmp_path / "mine.toml"
    file.write_text(pack(rule("a", 'every = "1w"; closes = "3d"'), rule("c", 'closes = "1w"', trigger='"customer"')))
    list_ = doors.order_list(tmp_path / "orders.xlsx", orders("service_completed", *[at("2026-03-02 10:00")] * 50))
    copy_ready(tmp_path / "at-once.sqlite3")
    at_once(("load_policy", file), ("import_staff", doors.staff_list(tmp_path / "staff.xlsx", STAFF)))
    at_once(("import_events", list_), ("import_events", list_), ("tick",))
    at_once(*[("tick", "--at", "2026-03-10T09:00:00+08:00")] * 3)
    at_once(("export", "tasks", "--out", tmp_path / "tasks.json"))
    rows = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    made = Counter((row["rule"], row["occurrence"], row["status"]) for row in rows)
    assert made == {("a", 0, "missed"): 50, ("a", 1, "open"): 50, ("c", 0, "open"): 50}


@pytest.mark.any_database
@pytest.mark.process
def test_a_clock_in_production_stops_the_start(tmp_path):
    environment = {**os.environ, "APP_MODE": "production", "APP_CLOCK": "+3d", "DATA_DIR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    told = subprocess.run(
        [sys.executable, "manage.py", "tick"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert told.returncode == 1
    assert b"APP_CLOCK" in told.stderr
