"""Commands on a database that nobody has made yet."""

import os
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.process, pytest.mark.any_database]  # the database that is missing is a file


@pytest.mark.parametrize("words", [["tick"], ["load_policy", "standard-after-sales"]])
def test_a_missing_database_is_one_sentence(words, tmp_path):
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment.pop("DATABASE_URL")
    done = subprocess.run(
        [sys.executable, "manage.py", *words], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert "manage.py migrate" in done.stderr
    assert "Traceback" not in done.stderr
