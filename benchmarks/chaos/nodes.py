"""Two web nodes, three workers and a beat on one PostgreSQL and one Valkey: ``python -m benchmarks.chaos.nodes``.

Orders come in, their visits are planned by whoever is quicker, calls are saved through both nodes at once, each of
them twice; half-way one node and one worker are killed with -9. Prints what was lost or doubled; exit code 1 if
anything was. ``DATABASE_URL`` and ``REDIS_URL`` name the servers, or `tests.servers` starts them.
"""

import argparse
import importlib
import os
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import django

from benchmarks.chaos.hosts import Hosts
from tests import servers


def main() -> None:
    """Start the servers where none are named, and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos.nodes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of ten orders each, before and after the kills")
    chosen = parser.parse_args()
    began = time.monotonic()
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="hf-nodes-", dir="/tmp"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        database, queue = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
        if not (database.startswith("postgres") and queue):
            found = stack.enter_context(servers.both())
            database, queue = found["DATABASE_URL"], found["REDIS_URL"]
        hosts = Hosts(home, database, queue)
        browser = hosts.start(stack)
        os.environ.update(hosts.environment)
        django.setup()
        count, wrong = importlib.import_module("benchmarks.chaos.cluster").run(hosts, browser, chosen.rounds)
    told = f"{count} visits, each saved twice, in {time.monotonic() - began:.0f} s"
    print("\n".join([f"two nodes, three workers, one of each killed: {told}", *wrong]))
    print("FAILED" if wrong else "nothing lost, nothing doubled")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
