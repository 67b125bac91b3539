"""The samples that ship with the program, and the documentation of what is read."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from config.workbooks.columns import plain
from config.workbooks.reading import ROOT
from samples import make
from staff.excel.columns import STAFF
from staff.models import Employee
from tests.staff.test_import_staff import take_in as take_staff_in
from tests.visits.exports import counts, take_in
from visits.excel.columns import EVENTS
from visits.models import ServiceEvent, VisitTask

SAMPLES = ROOT / "samples"


def test_the_documentation_names_every_column():
    told = (ROOT / "docs" / "import.md").read_text()
    assert [column.title for column in (*EVENTS.columns, *STAFF.columns) if column.title not in told] == []


def test_no_two_columns_have_a_name_in_common():
    for layout in (EVENTS, STAFF):
        names = [name for column in layout.columns for name in {plain(name) for name in column.every_name}]
        assert len(names) == len(set(names))


def test_the_samples_are_what_their_script_makes(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["make", "--out", str(tmp_path)])
    make.main()
    for name in ("staff.xlsx", "completed_services.xlsx", "unsatisfied_list.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


@pytest.mark.django_db(transaction=True)
def test_the_samples_come_in_with_all_their_dirt(clock_at, capsys):
    clock_at("2026-03-02T09:00:00+08:00")
    call_command("load_policy", "auto-dealer-service", "standard-after-sales")
    assert take_staff_in(SAMPLES / "staff.xlsx")["created"] == 13
    services = take_in(SAMPLES / "completed_services.xlsx")
    assert counts(services) == (194, 0, 2, 7)
    assert sorted(found["row"] for found in services["reasons"]) == [90, 95, 100, 105, 110, 115, 166]
    assert counts(take_in(SAMPLES / "unsatisfied_list.csv")) == (35, 0, 1, 1)
    assert counts(take_in(SAMPLES / "completed_services.xlsx")) == (0, 0, 196, 7)
    assert ServiceEvent.objects.filter(source="list").count() == 35
    assert Employee.objects.get(username="sunqiang").left_on == make.AROUND - timedelta(10)
    call_command("tick")
    assert VisitTask.objects.filter(status="open").count() > 10
