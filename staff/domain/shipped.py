"""The packs that come with the program, by their slugs."""

from pathlib import Path

import config

FOLDER = Path(config.__file__).parent / "policies"


def shipped_slugs() -> list[str]:
    """Return the slugs of the packs that come with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def path_of(name: str) -> Path | None:
    """Return the file that `name` means: a shipped pack by its slug, else a file; None where there is neither."""
    if name in shipped_slugs():
        return FOLDER / f"{name}.toml"
    path = Path(name)
    return path if path.is_file() else None
