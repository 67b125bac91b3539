"""A database file that was migrated once, for every process of the tests on SQLite: each begins with a copy of it.

Migrating takes as long as fifty tests, most of it in building the models of the past again and again. The file is kept
beside pytest's cache under the sum of all that makes it; what it lacks all the same (the tables of a newer library),
the migration that follows the copying adds. ``python -m tests.ready`` makes it beforehand.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "databases"
MADE_OF = ("*/migrations/*.py", "config/append_only.py", "reports/touching.py", "requirements/*.txt")
KEPT = 3  # whoever goes from branch to branch finds theirs again


def copy_ready(to: Path, folder: Path = FOLDER) -> None:
    """Put a copy of the migrated file where this process wants its database; it is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / name_of_ready()
        if not ready.exists():
            make(ready)
        ready.touch()
        shutil.copyfile(ready, to)
        for path in sorted(folder.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            path.unlink()


def name_of_ready() -> str:
    """Return the name of the file that fits the migrations as they are now."""
    told = hashlib.sha256()
    for path in sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern)):
        told.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return f"{told.hexdigest()[:20]}.sqlite3"


def make(ready: Path) -> None:
    """Migrate an empty file in a process of its own; only a whole one gets the name."""
    making = ready.with_name("making")
    for path in ready.parent.glob("making*"):
        path.unlink()
    chosen = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": f"sqlite:///{making}", "REDIS_URL": ""}
    environment = {name: value for name, value in {**os.environ, **chosen}.items() if value}
    environment.pop("PYTEST_XDIST_WORKER", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
    making.rename(ready)


if __name__ == "__main__":
    copy_ready(Path(os.devnull))
