"""The cache in the database, which says when the disk is full.

Django lets a write that the database refuses pass for one that somebody else was faster with. Who counts in the cache
would then wait for the other one: a sign-in was answered with "too many attempts" while there was no room (F53).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connections, router

from config.faults import is_full


class HonestCache(DatabaseCache):
    """Raises what the database said where there was no room to write an entry."""

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Write an entry that is not there yet; say whether it was not."""
        with self._told_if_full():
            return bool(super().add(key, value, timeout, version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Write an entry."""
        with self._told_if_full():
            super().set(key, value, timeout, version)

    @contextmanager
    def _told_if_full(self) -> Iterator[None]:
        met: list[DatabaseError] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            try:
                return execute(sql, params, many, context)
            except DatabaseError as problem:
                met.append(problem)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(watch):
            yield
        for problem in filter(is_full, met):
            raise problem
