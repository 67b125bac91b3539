"""Taking an import back: what nobody has touched goes, what was changed gets its former values, what was worked stays;
and imports that are stopped, killed, or go on (RELIABILITY F66, F68)."""

from datetime import timedelta

import pytest

from config import clock
from staff.models import Activity
from tests.visits.exports import counts, row, rows, text
from tests.visits.exports import take_in as by_command
from tests.visits.wizard import RULE, Wizard, call_about
from tests.visits.world import branch, employee, publish
from visits.choices import BatchState
from visits.domain.intake import bulk, purging, shelf, staging, taking
from visits.domain.planning.events import plan_events
from visits.excel import background
from visits.models import (
    ContactNumber,
    Customer,
    ImportBatch,
    ImportChunk,
    ImportRow,
    Ownership,
    Series,
    ServiceEvent,
    Vehicle,
    VisitTask,
)

pytestmark = pytest.mark.django_db
EVERYTHING = (ServiceEvent, Customer, ContactNumber, Vehicle, Ownership, VisitTask, Series)


@pytest.fixture(autouse=True)
def _small_chunks(clock_at, settings, tmp_path, monkeypatch):
    clock_at("2026-03-10T09:00+08:00")
    settings.IMPORT_DIR = tmp_path / "imports"
    monkeypatch.setattr(bulk, "CHUNK", {"postgresql": 4, "sqlite": 4})
    monkeypatch.setattr(bulk, "PAUSE", {"postgresql": 0, "sqlite": 0})


@pytest.fixture
def wizard():
    return Wizard(employee("lina", "cs_supervisor"))


def everything():
    """Return every row of the customers' tables, without what counts the writing itself."""
    passing = ("id", "changed_at", "needs_planning", "corrected", "event_id", "created_at")
    return {
        model.__name__: sorted(
            str({name: value for name, value in found.items() if name not in passing})
            for found in model.objects.values()
        )
        for model in EVERYTHING[:5]
    }


def take_back(wizard):
    assert wizard.deed("take-back").status_code == 302
    wizard.work()
    assert wizard.batch.state == BatchState.UNDONE


def test_what_nobody_has_touched_goes_without_a_trace(wizard, tmp_path):
    publish(RULE)
    wizard.take_in(text(tmp_path / "a.csv", rows(10)))
    plan_events(now=clock.now())
    assert VisitTask.objects.count() == 10
    take_back(wizard)
    assert {model.__name__: model.objects.count() for model in EVERYTHING if model.objects.exists()} == {}
    assert Activity.objects.filter(verb="import_undone").get().data == {"left": 0}
    assert counts(by_command(text(tmp_path / "a.csv", rows(10)))) == (10, 0, 0, 0)


def test_what_was_changed_gets_its_former_values_back(wizard, tmp_path):
    wizard.take_in(text(tmp_path / "a.csv", rows(6, 通讯地址="旧街1号", 行驶里程="100")))
    before = everything()
    changed = [
        row(1, 备注="换了机油", 金额="88.50"),
        row(2, 通讯地址="新街2号", 行驶里程="200"),
        row(3, 手机号="13800000003 13900000009"),
        row(4, 车牌号="浙C00005", VIN="LSVAA49J5A2000004"),
        row(5, 客户姓名="客户5", 手机号="13700000005"),
        row(7),
    ]
    wizard.take_in(text(tmp_path / "b.csv", changed))
    assert everything() != before
    take_back(wizard)
    assert everything() == before
    assert ServiceEvent.objects.filter(needs_planning=False).count() == 0


def test_what_was_worked_on_stays_and_is_named(wizard, tmp_path):
    lina = wizard.take_in(text(tmp_path / "a.csv", rows(6))).started_by
    call_about(ServiceEvent.objects.get(order_no="RO0002"), lina)
    by_command(text(tmp_path / "b.csv", [row(5, 备注="后来")]))
    take_back(wizard)
    assert set(ServiceEvent.objects.values_list("order_no", flat=True)) == {"RO0002", "RO0005"}
    assert set(Customer.objects.values_list("name", flat=True)) == {"客户2", "客户5"}
    left = [line for chunk in ImportChunk.objects.filter(batch=wizard.pk) for line in chunk.left]
    assert sorted(left) == [[3, "RO0002", "worked_on"], [6, "RO0005", "changed_since"]]
    assert "RO0002" in wizard.page()


def test_a_later_change_is_not_undone_with_an_earlier_import(wizard, tmp_path):
    wizard.take_in(text(tmp_path / "a.csv", rows(2)))
    wizard.take_in(text(tmp_path / "b.csv", [row(1, 备注="eins", 通讯地址="一街")]))
    by_command(text(tmp_path / "c.csv", [row(1, 备注="zwei", 通讯地址="二街")]))
    take_back(wizard)
    assert ServiceEvent.objects.get(order_no="RO0001").remark == "zwei"
    assert Customer.objects.get(name="客户1").address == "二街"


def test_an_import_by_command_can_be_taken_back_too(wizard, tmp_path):
    wizard.pk = by_command(text(tmp_path / "a.csv", rows(3)))["batch"]
    take_back(wizard)
    assert not ServiceEvent.objects.exists()


class Kill(BaseException):
    """What no code catches, as a kill."""


def test_killed_at_any_chunk_it_goes_on_where_it_was(wizard, tmp_path, monkeypatch):
    wizard.bring(text(tmp_path / "a.csv", [*rows(11), row(99, 手机号="无效")]))
    wizard.settle()
    plain = {"read": staging.rows.store, "take": taking.rows.settle}

    def dies(name, at):
        met = []

        def work(*arguments):
            plain[name](*arguments)
            met.append(1)
            if len(met) == at:
                raise Kill

        return work

    for at in (1, 3):
        monkeypatch.setattr(staging.rows, "store", dies("read", at))
        with pytest.raises(Kill):
            wizard.work()
        assert wizard.batch.state == BatchState.STAGING
    monkeypatch.setattr(staging.rows, "store", plain["read"])
    wizard.work()
    assert wizard.batch.counts == {"read": 12, "created": 0, "updated": 0, "unchanged": 0, "rejected": 1}
    wizard.start()
    for at in (1, 2):
        monkeypatch.setattr(taking.rows, "settle", dies("take", at))
        with pytest.raises(Kill):
            wizard.work()
    monkeypatch.setattr(taking.rows, "settle", plain["take"])
    wizard.work()
    assert wizard.batch.counts == {"read": 12, "created": 11, "updated": 0, "unchanged": 0, "rejected": 1}
    assert ServiceEvent.objects.count() == Customer.objects.count() == 11
    take_back(wizard)
    assert not Customer.objects.exists()


def test_a_slice_of_time_at_each_tick_and_the_rest_at_the_next(wizard, tmp_path, monkeypatch):
    monkeypatch.setattr(background, "SLICE_SECONDS", 0)
    wizard.bring(text(tmp_path / "a.csv", rows(9)))
    wizard.settle()
    assert background.run_imports(now=clock.now()) == {"rows": 0, "again": 1}
    monkeypatch.setattr(background, "SLICE_SECONDS", 20)
    wizard.work()
    wizard.start()
    batch = wizard.batch
    taking.take_in(batch, now=clock.now(), enough=lambda: True)
    assert (wizard.batch.state, ServiceEvent.objects.count()) == (BatchState.APPLYING, 4)
    progress = wizard.client.get(f"/imports/{wizard.pk}/progress/")
    assert "44 %" in progress.content.decode()
    wizard.deed("stop")
    wizard.work()
    assert (wizard.batch.state, ServiceEvent.objects.count()) == (BatchState.STOPPED, 4)
    assert wizard.client.get(f"/imports/{wizard.pk}/progress/")["HX-Redirect"] == f"/imports/{wizard.pk}/"
    wizard.deed("go-on")
    wizard.work()
    assert (wizard.batch.state, ServiceEvent.objects.count()) == (BatchState.DONE, 9)


def test_stopped_and_taken_back_nothing_is_left(wizard, tmp_path):
    wizard.bring(text(tmp_path / "a.csv", rows(9)))
    wizard.settle()
    wizard.deed("stop")
    assert (wizard.batch.state, ImportRow.objects.count()) == (BatchState.DRAFT, 0)
    wizard.settle()
    wizard.work()
    wizard.start()
    taking.take_in(wizard.batch, now=clock.now(), enough=lambda: True)
    wizard.deed("stop")
    take_back(wizard)
    assert not any(model.objects.exists() for model in (*EVERYTHING, ImportRow))


def test_a_second_window_that_is_late_is_told_so(wizard, tmp_path):
    wizard.take_in(text(tmp_path / "a.csv", rows(1)))
    assert wizard.start().status_code == 422
    assert wizard.deed("go-on").status_code == 302
    assert wizard.batch.state == BatchState.DONE
    assert wizard.deed("discard").status_code == 302
    assert wizard.client.get(f"/imports/{wizard.pk}/columns/").status_code == 404
    assert ImportBatch.objects.count() == 1


def test_a_dropped_file_leaves_nothing(wizard, tmp_path, django_capture_on_commit_callbacks):
    wizard.bring(text(tmp_path / "a.csv", rows(2)))
    wizard.settle()
    wizard.work()
    with django_capture_on_commit_callbacks(execute=True):
        wizard.deed("discard")
    assert not ImportBatch.objects.exists()
    assert list(shelf.stored()) == []


def test_what_imports_leave_behind_is_kept_for_a_time_only(wizard, tmp_path, settings):
    done = wizard.take_in(text(tmp_path / "a.csv", [row(1), row(2, 手机号="无效")]))
    wizard.bring(text(tmp_path / "b.csv", [row(3)]))
    later = clock.now() + timedelta(days=settings.IMPORT_DAYS + 1)
    assert purging.purge_imports(now=clock.now(), on=clock.today()) == {"forgotten": 0, "old": 0, "orphans": 0}
    found = purging.purge_imports(now=later, on=clock.today())
    assert (found["forgotten"], found["old"]) == (1, 1)
    assert list(shelf.stored()) == []
    assert not ImportRow.objects.exists()
    assert not ImportChunk.objects.exists()
    kept = ImportBatch.objects.get()
    assert (kept.pk, kept.counts["created"], kept.file) == (done.pk, 1, "")
    wizard.pk = done.pk
    assert wizard.deed("take-back").status_code == 302
    assert wizard.batch.state == BatchState.DONE


def test_only_ones_own_and_ones_branch_are_seen(wizard, tmp_path):
    west = Wizard(employee("wu", "quality_manager", branch=branch("城西店")))
    wizard.take_in(text(tmp_path / "a.csv", rows(1)))
    assert west.client.get(f"/imports/{wizard.pk}/").status_code == 404
    west.take_in(text(tmp_path / "b.csv", [row(5)]))
    assert wizard.client.get(f"/imports/{west.pk}/").status_code == 200
    assert wizard.client.get("/imports/").content.decode().count("<tr>") == 3
