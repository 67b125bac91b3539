"""``python -m benchmarks.make_world --tasks N --server postgres:…``: one world on a server that stays.

For looking at plans, for profiling, or for ``python -m benchmarks … --server``.
"""

import argparse
import importlib
import os
from urllib.parse import urlsplit

import django

from benchmarks.__main__ import MOMENT


def main() -> None:
    """Set the program up for the server that is named, and make the world there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.make_world", description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument(
        "--server", required=True, help="postgres://user@host/database, of somebody who may make others"
    )
    chosen = parser.parse_args()
    os.environ.update(
        DATABASE_URL=chosen.server, APP_MODE="test", REDIS_URL="", APP_CLOCK=MOMENT, ALLOWED_HOSTS="testserver",
        DJANGO_SETTINGS_MODULE="config.settings",
    )  # fmt: skip
    os.environ.setdefault("DATA_DIR", f"/tmp/huifang-worlds-{urlsplit(chosen.server).path.strip('/') or 'db'}")
    django.setup()
    importlib.import_module("benchmarks.worlds").use(chosen.tasks)


if __name__ == "__main__":
    main()
