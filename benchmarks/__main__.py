"""Measure everything: ``python -m benchmarks``; or one thing: ``python -m benchmarks planning --events 200000``.

Each measurement runs in a process of its own on a fresh database: PostgreSQL from the wheel of the tests on a socket
in a temporary folder, or a SQLite file in one. Nothing is left behind.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import Figure, table
from tests import servers

# What docs/scale.md recommends for a machine of two cores on which others work too.
SETTINGS = (
    "shared_buffers=1GB", "effective_cache_size=6GB", "work_mem=16MB", "maintenance_work_mem=256MB",
    "random_page_cost=1.1", "jit=off", "max_wal_size=4GB", "checkpoint_timeout=15min", "autovacuum=off",
)  # fmt: skip
MOMENT = "2026-09-07T09:30:00+08:00"  # of every measurement; `world` fills the database around it
ROOT = Path(__file__).resolve().parent.parent
POSTGRESQL, SQLITE = "postgresql", "sqlite"
# name -> (module with `measure(sizes) -> list[Figure]`, engine)
BENCHMARKS = {
    "planning": ("benchmarks.planning", POSTGRESQL),
    "day": ("benchmarks.day", POSTGRESQL),
    "marking": ("benchmarks.marking", POSTGRESQL),
    "marking-sqlite": ("benchmarks.marking", SQLITE),
    "rehearsal": ("benchmarks.rehearsing", POSTGRESQL),
    "planning-sqlite": ("benchmarks.planning_sqlite", SQLITE),
    "assigning": ("benchmarks.assigning", POSTGRESQL),
    "queue": ("benchmarks.queue", POSTGRESQL),
    "page": ("benchmarks.page", POSTGRESQL),
    "triggers": ("benchmarks.touching", POSTGRESQL),
    "saving": ("benchmarks.saving", POSTGRESQL),
    "import": ("benchmarks.importing", POSTGRESQL),
    "wizard": ("benchmarks.wizard", POSTGRESQL),
    "wizard-sqlite": ("benchmarks.wizard", SQLITE),
    "export": ("benchmarks.exporting", POSTGRESQL),
    "export-list": ("benchmarks.exporting_list", POSTGRESQL),
    "read": ("benchmarks.reading", SQLITE),
    "starting": ("benchmarks.starting", SQLITE),
    "growth": ("benchmarks.growth", POSTGRESQL),
    "plans": ("benchmarks.plans", POSTGRESQL),
    "figures": ("benchmarks.figures", POSTGRESQL),
    "web": ("benchmarks.web", POSTGRESQL),
    "writers": ("benchmarks.writers", SQLITE),
    "fines": ("benchmarks.fines", POSTGRESQL),
    "fines-sqlite": ("benchmarks.fines", SQLITE),
    "wave": ("benchmarks.wave", POSTGRESQL),
    "wave-sqlite": ("benchmarks.wave", SQLITE),
}
# Measured only when asked for: they take packages from the network.
ASKED_FOR = {"clone": ("benchmarks.cloning", SQLITE), "peers": ("benchmarks.peers", POSTGRESQL)}
SIZES = {"events": 30_000, "tasks": 1_000_000, "rows": 50_000, "rounds": 3}


def main() -> int:
    chosen = arguments()
    figures: list[Figure] = []
    failed = 0
    for name in chosen.names or BENCHMARKS:
        found = run(name, {size: getattr(chosen, size) for size in SIZES}, chosen.server)
        failed += found is None
        figures += found or []
    print(table(figures))
    if chosen.json:
        Path(chosen.json).write_text(json.dumps([figure.as_dict() for figure in figures], ensure_ascii=False, indent=1))
    return 1 if failed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[[], *BENCHMARKS, *ASKED_FOR], metavar="NAME", help=", ".join(BENCHMARKS)
    )
    for size, usual in SIZES.items():
        parser.add_argument(f"--{size}", type=int, default=usual, help=f"default {usual:,}")
    parser.add_argument("--server", default="", help="a PostgreSQL that keeps the worlds (benchmarks.make_world)")
    parser.add_argument("--json", help="also write the figures to this file")
    return parser.parse_args()


def run(name: str, sizes: dict[str, int], server: str = "") -> list[Figure] | None:
    """Run one measurement; None where it failed, with its last words on the standard error.

    On a `server` that is named only those may run that make worlds of their own there (`benchmarks.worlds`).
    """
    module, engine = (BENCHMARKS | ASKED_FOR)[name]
    print(f"{name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="huifang-bench-") as folder, database(engine, folder, server) as address:
        environment = {
            **os.environ, "DATABASE_URL": address, "DATA_DIR": folder, "APP_MODE": "test", "REDIS_URL": "",
            "APP_CLOCK": MOMENT, "ALLOWED_HOSTS": "testserver", "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.one", module, json.dumps(sizes)]
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(f"{name} failed", file=sys.stderr)
        return None
    return [Figure(**facts) for facts in json.loads(done.stdout.splitlines()[-1])]


@contextmanager
def database(engine: str, folder: str, server: str) -> Iterator[str]:
    """Yield the address of an empty database, or of the server that keeps worlds."""
    if engine == SQLITE or server:
        yield server or f"sqlite:///{folder}/bench.sqlite3"
        return
    with servers.postgres(*SETTINGS) as address:
        yield address


if __name__ == "__main__":
    sys.exit(main())
