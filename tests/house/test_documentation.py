"""Whoever runs the program finds every variable and every command in docs/configuration.md."""

import re

from django.core.management import get_commands

from tests.house.source import APPS, ROOT, files

DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
READ = re.compile(r"""\benv(?:\.\w+)?\(\s*"([A-Z_]+)\"""")
ROWS = re.compile(r"^\| `([A-Z_]+)` \|", re.M)
COMMANDS = re.compile(r"^\| `manage\.py (\w+)", re.M)


def test_every_variable_of_the_environment_is_documented_and_no_other():
    read = {
        found for path in files("config", kinds={".py"}) for found in READ.findall(path.read_text(encoding="utf-8"))
    }

    assert set(ROWS.findall(DOCUMENT)) == read


def test_every_command_is_documented_and_no_other():
    ours = {command for command, app in get_commands().items() if app in APPS}

    assert set(COMMANDS.findall(DOCUMENT)) == ours
