"""Kill -9 in the middle of work: forked children do it, the parent kills them at random moments (RELIABILITY, F01)."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

INHERITED: list[BaseDatabaseWrapper] = []  # held until the child has ended: closing them would end the parent's too


@dataclass
class Toll:
    """What a run of kills cost: children killed, children that got through, rounds of work."""

    kills: int = 0
    finished: int = 0
    rounds: int = 0


def kill_cycles(
    *, supply: Callable[[int], None], work: Callable[[], None], cycles: int, seed: int, longest: float = 0.12
) -> Toll:
    """Let children do `work` and kill them after 2 ms to `longest` seconds, until `cycles` were killed.

    `supply(round)` brings new work in whenever a child got through.
    """
    dice, toll = random.Random(seed), Toll()
    supply(0)
    while toll.kills < cycles:
        if killed_before_done(work, after=dice.uniform(0.002, longest)):
            toll.kills += 1
            continue
        toll.finished += 1
        toll.rounds += 1
        supply(toll.rounds)
    return toll


def killed_before_done(work: Callable[[], None], *, after: float) -> bool:
    """Start a child on `work`, kill it after that many seconds, and say whether it was killed before it was done.

    What the child has started dies with it, as when the power goes: nothing writes on when the toll is counted.
    """
    child = forked(work)
    time.sleep(after)
    os.killpg(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"the child failed by itself with exit code {os.WEXITSTATUS(status)}")
    return os.WIFSIGNALED(status)


def forked(work: Callable[[], None]) -> int:
    """Fork a child that does `work` on connections of its own and return its process id.

    It leads a group of its own before either side goes on, so that what it starts can be ended with it.
    """
    connections.close_all()
    child = os.fork()
    os.setpgid(child, child)  # on both sides, the child knowing itself as 0: whoever comes first
    if child:
        return child
    code = 1
    try:
        let_go_of_connections()
        work()
        code = 0
    finally:  # the child ends here, whatever it was that ended its work, without any of its parent's cleaning up
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def let_go_of_connections() -> None:
    """Let the next query of this child open a connection of its own.

    Where a browser's event loop runs, Django keeps the parent's connections with it. The child has no such loop and
    finds older ones, which the parent could not close and whose transactions the server may have ended long ago.
    """
    INHERITED.extend(connections.all(initialized_only=True))
    for connection in INHERITED:
        del connections[connection.alias]


def together(*works: Callable[[], None]) -> None:
    """Let one child do each of the works at the same time, and wait for all of them."""
    children = [forked(work) for work in works]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(codes):
        raise AssertionError(f"exit codes {codes}")
