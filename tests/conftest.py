"""What every test may ask for."""

from collections.abc import Callable
from datetime import datetime

import pytest


@pytest.fixture
def clock_at(settings) -> Callable[[str | datetime], None]:
    """Return a function that stops the program's clock at a moment with its offset ("2026-03-02T09:00+08:00")."""

    def stop(moment: str | datetime) -> None:
        settings.APP_CLOCK = moment.isoformat() if isinstance(moment, datetime) else moment

    return stop
