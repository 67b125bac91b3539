"""The database that the tests begin with is made anew as soon as a migration says something else."""

import re
from pathlib import Path

import pytest

from tests import ready

TAKEN = re.compile(r"^from ((?:config|staff|visits|complaints|reports)\.\S+) import", re.MULTILINE)


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(ready, "ROOT", tmp_path)
    (tmp_path / "staff" / "migrations").mkdir(parents=True)
    (tmp_path / "staff" / "migrations" / "0001_initial.py").write_text("operations = []")
    return tmp_path


def test_a_migration_that_is_changed_moved_or_added_asks_for_another_file(tree):
    first = tree / "staff" / "migrations" / "0001_initial.py"
    names = [ready.name_of_ready()]
    first.write_text("operations = [1]")
    names.append(ready.name_of_ready())
    (tree / "staff" / "migrations" / "0002_more.py").write_text("")
    names.append(ready.name_of_ready())
    first.rename(first.with_name("0001_begun.py"))
    names.append(ready.name_of_ready())
    assert len(set(names)) == 4


def test_whatever_migrations_take_from_the_program_is_looked_at():
    texts = [path.read_text() for path in ready.ROOT.glob("*/migrations/*.py")]
    taken = {module for text in texts for module in TAKEN.findall(text)}
    assert "reports.touching" in taken
    assert {f"{module.replace('.', '/')}.py" for module in taken} <= set(ready.MADE_OF)


def test_it_is_made_once_and_the_three_used_last_stay(tree, monkeypatch):
    made = []
    monkeypatch.setattr(ready, "make", lambda path: (made.append(path.name), path.write_text(path.name)))
    folder, first = tree / "databases", tree / "staff" / "migrations" / "0001_initial.py"
    for number in range(5):
        first.write_text(f"operations = [{number}]")
        for _process in range(2):
            ready.copy_ready(tree / "copy", folder)
        assert (tree / "copy").read_text() == made[-1]
    assert len(made) == 5
    assert {path.name for path in folder.glob("*.sqlite3")} == set(made[2:])
