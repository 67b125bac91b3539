"""Moves the clock of every process of the program by what stands in the file `CHAOS_CLOCK`, in seconds.

Python imports this first where this folder is on its path. The machine's clock belongs to everybody on it and is left
alone; the database keeps the right time, as another host would.
"""

import os
import sys
from datetime import timedelta
from importlib.machinery import PathFinder
from pathlib import Path

FILE = Path(os.environ.get("CHAOS_CLOCK", "/nonexistent"))


def seconds() -> float:
    try:
        return float(FILE.read_text())
    except (OSError, ValueError):
        return 0.0


class Mover:
    """Finds `config.clock` as everybody does, and changes one function of it."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "config.clock":
            return None
        spec = PathFinder.find_spec(name, path, target)
        plain = spec.loader.exec_module

        def exec_module(module):
            plain(module)
            told = module.machine_now
            module.machine_now = lambda: told() + timedelta(seconds=seconds())

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Mover)
