"""One process at a time carries imports on; what it holds is let go by its death, so nothing waits for a clock."""

from contextlib import AbstractContextManager
from typing import Final

from config.holding import held
from visits.domain.intake.shelf import folder

LOCK: Final = 0x68756967
FILE: Final = "lock"


def alone() -> AbstractContextManager[bool]:
    """Yield whether this process may carry imports on; False where another one is at it."""
    return held(LOCK, file=folder() / FILE)
