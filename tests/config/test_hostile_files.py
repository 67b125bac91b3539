"""A hostile file is refused with a reason in Chinese within 5 s and 300 MB, and a damaged one never breaks anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from config.workbooks import limits
from config.workbooks.reading import ROOT, opened
from config.workbooks.reasons import FILE_REASONS, sentence
from config.workbooks.refusals import Unreadable
from tests.config import hostile
from tests.config.hostile import HOSTILE, write

pytestmark = pytest.mark.any_database

LAYOUT = "visits.excel.columns:EVENTS"
ZONE = "Asia/Shanghai"
MUTANTS = 300
MEASURE = """
import resource, sys
from config.workbooks import child
try:
    child.main()
finally:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(spent.ru_utime + spent.ru_stime, peak // 1024, file=sys.stderr)
"""


def read(path: Path) -> list:
    """Return the rows of a file that is taken."""
    with opened(path, layout=LAYOUT, zone=ZONE) as table:
        return list(table.rows)


@pytest.mark.process
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_its_reason(tmp_path, name):
    code, make = HOSTILE[name]
    path = write(tmp_path / "export.xlsx", make())
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code == code
    with translation.override("zh-hans"):
        reason = sentence(refused.value.code, refused.value.details)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in reason)


@pytest.mark.process
@pytest.mark.parametrize("name", HOSTILE)
def test_a_refusal_costs_little_time_and_memory(tmp_path, name):
    path = write(tmp_path / "export.xlsx", HOSTILE[name][1]())
    command = [sys.executable, "-c", MEASURE, str(path), LAYOUT, ZONE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds, megabytes = map(float, done.stderr.split()[-2:])
    assert "refused" in json.loads(done.stdout.splitlines()[0])
    assert seconds < 5
    assert megabytes < 300


@pytest.mark.process
def test_a_file_that_needs_more_memory_than_a_reader_gets_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "CELLS", 10**9)
    text = "".join(f'<c t="inlineStr"><is><t>{"0123456789abcdef" * 60}</t></is></c>' for _ in range(14))
    rows = "".join(f'<row r="{number}">{text.replace("cdef", f"{number:04x}")}</row>' for number in range(1, 9_000))
    path = write(tmp_path / "export.xlsx", hostile.with_parts({hostile.SHEET: hostile.sheet(rows)}))
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.code in {"crashed", "inflates", "too_slow"}


@pytest.mark.process
def test_damaged_files_are_refused_or_read_but_never_break_the_reader():
    command = [sys.executable, "-m", "tests.config.fuzzing", str(MUTANTS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ends = json.loads(done.stdout.splitlines()[-1])
    assert sum(ends.values()) == MUTANTS
    assert {"damaged", "rows"} <= ends.keys() <= FILE_REASONS.keys() | {"rows", "killed"}
