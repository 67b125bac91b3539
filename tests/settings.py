"""The settings of the test run: those of the program, in test mode, in a data folder of their own.

``DATABASE_URL`` and ``REDIS_URL`` choose the servers as they do for the program; without them the tests run on
SQLite. ``tests/servers.py`` starts PostgreSQL and Valkey and sets both.
"""

import atexit
import os
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="huifang-test-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)
os.environ.update(APP_MODE="test", DATA_DIR=_data)
os.environ.pop("APP_CLOCK", None)
if os.environ.get("REDIS_URL") and (_worker := os.environ.get("PYTEST_XDIST_WORKER")):
    # Every process of the test run has a Redis database of its own, as it has a PostgreSQL one.
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].partition('?')[0]}?db={int(_worker.removeprefix('gw')) + 1}"

from config.settings import *  # noqa: E402  the environment above must be there before the settings read it

# One password hash of the real kind takes as long as a whole test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads and processes meet in it as they do in the program. Only the wait for the disk goes.
    DATABASES["default"]["TEST"] = {"NAME": f"{_data}/test.sqlite3"}
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
