"""``python -m tests.faults.score --cycles 1000``: the planner under kill -9 on the database of the environment.

Prints what was lost and what was doubled; exits 1 if anything was.
"""

import argparse
import os
import time
from importlib import import_module

import django
from django.db import connection
from django.test.runner import DiscoverRunner


def main() -> None:
    """Make a test database, run the planner under kills there, and print the toll."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cycles", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--longest", type=float, default=0.5, help="seconds until the latest kill")
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    kept = runner.setup_databases()
    try:
        told, whole = under_kills(cycles=chosen.cycles, seed=chosen.seed, longest=chosen.longest)
    finally:
        connection.close()
        runner.teardown_databases(kept)
    print(told)
    raise SystemExit(0 if whole else 1)


def under_kills(*, cycles: int, seed: int, longest: float) -> tuple[str, bool]:
    """Kill the planner that often and return a line about it, and whether every task is there once."""
    killing, faults, world, planning = (
        import_module(name)  # only now: the settings are set up
        for name in (
            "tests.faults.killing",
            "tests.faults.planning_faults",
            "tests.visits.world",
            "visits.domain.planning.events",
        )
    )
    planning.CHUNK = 15
    began = time.monotonic()
    world.publish(faults.PACK)
    paid = killing.kill_cycles(supply=faults.supply, work=faults.work, cycles=cycles, seed=seed, longest=longest)
    faults.work()
    lost, doubled = faults.toll()
    told = (
        f"planning on {connection.vendor}: {paid.kills} kills, {paid.rounds} rounds of {faults.EVENTS_A_ROUND} events, "
        f"{faults.found().total()} tasks, lost {lost}, doubled {doubled}, {time.monotonic() - began:.0f} s"
    )
    return told, not lost and not doubled


if __name__ == "__main__":
    main()
