"""What the kills stand on: a child works on connections of its own, whatever runs in its parent."""

import asyncio

import pytest
from django.db import connection

from tests.faults.killing import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]


def test_a_child_finds_no_connection_of_its_parent_below_an_event_loop():
    """A browser of the tests runs a loop in their thread; connections from before it stay where only a child looks."""
    connection.ensure_connection()
    before, loop = asyncio._get_running_loop(), asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    try:
        together(on_its_own)
    finally:
        asyncio._set_running_loop(before)  # a browser of this process may be using it
        loop.close()


def on_its_own() -> None:
    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
