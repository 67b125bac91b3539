"""The two shops, at half past ten of a Monday."""

import pytest
from django.db import transaction
from django.test import override_settings

from tests.crawl.world import NOW, TwoShops


@pytest.fixture
def world(db, clock_at) -> TwoShops:
    """Return the two shops."""
    clock_at(NOW)
    return TwoShops()


@pytest.fixture(scope="module")
def _standing(django_db_setup, django_db_blocker):
    """Build the two shops once, in a transaction around those of all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(APP_CLOCK=NOW):
            built = TwoShops()
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def standing(_standing, db, clock_at) -> TwoShops:
    """Return two shops that every test of the module finds as they were built."""
    clock_at(NOW)
    return _standing
