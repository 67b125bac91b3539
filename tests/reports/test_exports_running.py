"""Writing files in the background: one at a time, whole or not at all, begun anew after a death, gone when over."""

import csv
import io
import json
import stat
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from config.workbooks import writing
from reports.domain.exports import purging, shelf, steering
from reports.excel import exporting
from reports.excel.exporting import carry_on, run_exports, work_off
from reports.models import Export
from staff.domain.jobs import run_waiting
from staff.models import Activity, Notification, RoleAssignment
from tests.company import MONDAY, Company, morning
from visits.choices import TaskStatus

NOW = morning(hour=11)
BAD = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1", "|x", "%x", "\t=1")


class Desk(Company):
    """Wang, with three visits, and Li, who answers for quality."""

    def __init__(self) -> None:
        super().__init__()
        self.wang = self.person("wangfang", department=self.repairs, name="王芳")
        self.li = self.person("liqiang", ["quality_manager"], name="李强")
        self.call = self.step(["role:service_advisor"])

    def tasks(self, count: int, name: str = "") -> None:
        for _number in range(count):
            event = self.event(branch=self.east, department=self.repairs)
            if name:
                type(event.customer).objects.filter(pk=event.customer_id).update(name=name)
            self.task(self.call, event, assignee=self.wang, settled=True, status=TaskStatus.OPEN)

    def ask(self, by=None, *, query: str = "", form: str = "json") -> Export:
        wish = steering.Wish("visits:task_list", "任务", "/tasks/", query, form, "zh-hans")
        return steering.ask(wish, by=by or self.wang, now=NOW)


@pytest.fixture
def desk(db, clock_at, settings, tmp_path) -> Desk:
    clock_at("2026-03-02T11:00+08:00")
    settings.EXPORT_DIR = tmp_path / "exports"
    return Desk()


def fresh(export: Export) -> Export:
    return Export.objects.get(pk=export.pk)


def opened(export: Export):
    return load_workbook(io.BytesIO(shelf.path_of(export.file).read_bytes()))


def names() -> list[str]:
    return sorted(path.name for path in shelf.folder().iterdir())


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "zh-hans"
    return client


def test_a_file_is_written_closed_to_others_counted_and_logged(desk):
    desk.tasks(3)
    export = desk.ask()
    assert run_waiting(now=NOW).failed == {}
    export = fresh(export)
    if export.state != "done":  # the thread of the job has a connection of its own, which does not see this test's rows
        work_off(now=NOW)
        export = fresh(export)
    path = shelf.path_of(export.file)
    assert (export.state, export.rows, export.size) == ("done", 3, path.stat().st_size)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(export.sha256) == 64
    assert export.expires_at - NOW >= timedelta(days=7)
    assert names() == [export.file]
    line = Activity.objects.get(verb="exported")
    assert (line.actor, line.data["rows"], line.data["dataset"]) == (desk.wang, 3, "visits:task_list")


@pytest.mark.any_database
def test_every_row_says_whose_file_it_is_and_the_workbook_says_the_rest(desk):
    desk.tasks(2, name="=cmd|calc")
    files = {form: desk.ask(form=form, query="q=&status=all") for form in ("xlsx", "csv", "json")}
    assert work_off(now=NOW) == 3
    files = {form: fresh(export) for form, export in files.items()}
    rows = json.loads(shelf.path_of(files["json"].file).read_text())
    assert [row["export"] for row in rows] == [f"E{files['json'].pk} wangfang"] * 2
    assert rows[0]["customer"] == "=cmd|calc"
    assert rows[0]["status"] == "open"
    table = list(csv.reader(io.StringIO(shelf.path_of(files["csv"].file).read_text(encoding="utf-8-sig"))))
    assert len(table) == 3
    assert (table[1][0], table[1][-1]) == ("'=cmd|calc", f"E{files['csv'].pk} wangfang")
    book = opened(files["xlsx"])
    assert book.sheetnames == ["1", "关于本文件"]
    assert book["1"]["A2"].data_type == "s"
    assert "王芳 (wangfang)" in book["1"].oddFooter.left.text
    told = {row[0]: row[1] for row in book["关于本文件"].iter_rows(min_row=2, values_only=True)}
    assert told["行数"] == "2"
    assert told["筛选 · 状态"] == "全部状态"
    assert book.properties.creator == "王芳 (wangfang)"


@pytest.mark.any_database
def test_nothing_in_a_file_is_ever_computed(desk):
    for text in BAD:
        desk.tasks(1, name=text)
    exports = [desk.ask(form=form) for form in ("xlsx", "csv")]
    work_off(now=NOW)
    cells = [row[0] for row in opened(fresh(exports[0]))["1"].iter_rows(min_row=2)]
    assert sorted(cell.value for cell in cells) == sorted(BAD)
    assert {(cell.data_type, cell.quotePrefix) for cell in cells} == {("s", True)}
    table = csv.reader(io.StringIO(shelf.path_of(fresh(exports[1]).file).read_text(encoding="utf-8-sig"), newline=""))
    assert sorted(row[0] for row in table)[:-1] == sorted(f"'{text}" for text in BAD)


@pytest.mark.any_database
def test_what_does_not_fit_on_a_sheet_goes_on_on_the_next(desk, monkeypatch, tmp_path):
    monkeypatch.setattr(writing, "ROWS_OF_SHEET", 3)  # a head and two rows
    desk.tasks(5)
    export = desk.ask(form="xlsx")
    work_off(now=NOW)
    book = opened(fresh(export))
    assert [sheet.max_row - 1 for sheet in book][:3] == [2, 2, 1]
    assert fresh(export).rows == 5
    assert writing.write_xlsx(tmp_path / "full.xlsx", ["n"], [(1,), (2,), (3,), (4,)]) == 4
    assert load_workbook(tmp_path / "full.xlsx").sheetnames == ["1", "2"]  # no third one without a row


@pytest.mark.any_database
def test_filters_and_order_are_those_of_the_page_and_all_pages_are_in_the_file(desk):
    desk.tasks(60)
    desk.tasks(1, name="欧阳")
    assert client_of(desk.wang).get("/tasks/").context["after"]  # there is a second page
    all_of_them, one = desk.ask(query="sort=-closes&page=2"), desk.ask(query="q=欧阳")
    work_off(now=NOW)
    assert (fresh(all_of_them).rows, fresh(one).rows) == (61, 1)
    first = client_of(desk.wang).get("/tasks/?sort=-closes").context["rows"]
    rows = json.loads(shelf.path_of(fresh(all_of_them).file).read_text())
    assert [row["order_no"] for row in rows[:50]] == [row["order_no"] for row in first]


def test_what_nobody_holds_is_begun_anew_and_what_is_held_is_left_alone(desk):
    desk.tasks(1)
    export = desk.ask()
    Export.objects.filter(pk=export.pk).update(state="running", attempts=1)  # its writer died in the middle
    (shelf.folder() / f".{export.file}.99999").write_text("[half")
    if connection.vendor == "sqlite":
        with shelf.alone_with(export.pk, export.file):
            assert work_off(now=NOW) == 0
    assert work_off(now=NOW) == 1
    assert work_off(now=NOW) == 0
    assert (fresh(export).state, fresh(export).attempts) == ("done", 2)
    assert json.loads(shelf.path_of(fresh(export).file).read_text())


def test_what_breaks_off_again_and_again_fails_and_leaves_nothing(desk):
    export = desk.ask()
    Export.objects.filter(pk=export.pk).update(state="running", attempts=steering.MOST_ATTEMPTS)
    assert work_off(now=NOW) == 0
    assert (fresh(export).state, fresh(export).fault) == ("failed", "died")
    assert names() == []


@pytest.mark.any_database
def test_a_disk_that_is_full_leaves_nothing_and_says_so(desk, monkeypatch):
    desk.tasks(1)

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "write_json", full)
    export = desk.ask()
    work_off(now=NOW)
    assert (fresh(export).state, fresh(export).fault, names()) == ("failed", "disk", [])


def test_a_file_that_is_cancelled_in_the_middle_never_appears(desk, monkeypatch):
    desk.tasks(3)
    monkeypatch.setattr(exporting, "NOTED_EVERY", 1)
    export = desk.ask()
    noted = shelf.note

    def cancelled(name, done, total):
        if done == 1:
            assert shelf.noted(name) == (0, 3)
            assert steering.cancel(export, by=desk.wang, now=NOW)
        return noted(name, done, total)

    monkeypatch.setattr(shelf, "note", cancelled)
    assert not carry_on(fresh(export), now=NOW)
    assert (fresh(export).state, fresh(export).rows, names()) == ("cancelled", None, [])


@pytest.mark.any_database
def test_who_has_lost_the_right_gets_no_file(desk):
    export = desk.ask()
    RoleAssignment.objects.filter(employee=desk.wang).update(until_on=MONDAY - timedelta(1))
    work_off(now=NOW)
    assert (fresh(export).state, fresh(export).fault) == ("failed", "rights")


@pytest.mark.any_database
def test_a_file_is_deleted_when_its_time_is_over_and_says_so(desk):
    desk.tasks(1)
    export = desk.ask(query="q=13812345678")
    work_off(now=NOW)
    (shelf.folder() / f".{shelf.new_name()}.1").write_text("half of a file whose process died")
    later = NOW + timedelta(days=8)
    assert purging.purge_exports(now=NOW, on=MONDAY) == {"expired": 0, "orphans": 0}
    assert purging.purge_exports(now=later, on=MONDAY)["expired"] == 1
    export = fresh(export)
    assert (export.state, export.query, export.file, export.rows) == ("expired", "", "", 0)
    page = client_of(desk.wang).get(f"/exports/{export.pk}/").content.decode()
    assert "已过期" in page
    assert client_of(desk.wang).get(f"/exports/{export.pk}/file/").status_code == 404


@pytest.mark.any_database
def test_the_bell_rings_for_who_had_to_wait(desk):
    desk.tasks(1)
    quick = desk.ask()
    work_off(now=NOW + timedelta(seconds=2))
    assert not Notification.objects.exists()
    slow = desk.ask(query="status=all")
    work_off(now=NOW + timedelta(minutes=1))
    told = Notification.objects.get()
    assert (told.recipient, told.url) == (desk.wang, f"/exports/{slow.pk}/")
    assert fresh(quick).state == "done"


@pytest.mark.any_database
def test_asking_twice_for_what_waits_is_asking_once(desk):
    assert desk.ask() == desk.ask()
    assert desk.ask(form="csv") != desk.ask()


@pytest.mark.django_db(transaction=True)
def test_a_tick_writes_in_a_thread_and_two_workers_write_each_file_once(clock_at, settings, tmp_path, monkeypatch):
    clock_at("2026-03-02T11:00+08:00")
    settings.EXPORT_DIR = tmp_path / "exports"
    desk = Desk()
    desk.tasks(2)
    exports = [desk.ask(form=form) for form in ("json", "csv", "xlsx")]
    monkeypatch.setattr(exporting, "PATIENCE", 60.0)

    def other() -> None:
        try:
            work_off(now=NOW)
        finally:
            connection.close()

    beside = threading.Thread(target=other)
    beside.start()
    assert run_exports(now=NOW)["waiting"] <= 3
    beside.join()
    work_off(now=NOW)
    assert [(fresh(one).state, fresh(one).rows) for one in exports] == [("done", 2)] * 3
    assert Activity.objects.filter(verb="exported").count() == 3
    assert {name for name in names() if name[0] != "."} == {fresh(one).file for one in exports}
