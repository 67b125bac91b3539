"""The two shops, at half past ten of a Monday."""

import pytest

from tests.crawl.world import NOW, TwoShops


@pytest.fixture
def world(db, clock_at) -> TwoShops:
    """Return the two shops."""
    clock_at(NOW)
    return TwoShops()
