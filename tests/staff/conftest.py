"""What the tests of staff may ask for besides what every test may."""

import pytest

from tests.staff.packfiles import HEAD


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a pack and returns its path."""

    def write(text: str, slug: str = "shop", *, head: str = HEAD) -> str:
        path = tmp_path / f"{slug}.toml"
        path.write_text(head.format(slug=slug) + text, encoding="utf-8")
        return str(path)

    return write
