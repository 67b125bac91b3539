"""Which version of the program this is; a test holds it against `pyproject.toml`, which an image need not have."""

VERSION = "0.1.0"


def version() -> str:
    """Return the version of the program."""
    return VERSION
