"""Which version of the program this is."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Return the version of the program as `pyproject.toml` states it."""
    text = (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])
