"""Why a file, a row or a cell is not taken: a code with its details (`reasons.py` has the sentences)."""

from typing import Any


class Unreadable(Exception):
    """The whole file is refused; `code` says why, `details` fill the sentence in."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Unfit(Exception):
    """A cell cannot be what its column holds, so its row is refused."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class Doubtful(Unfit):
    """A cell cannot be what its column holds; the row is taken without it, with a warning."""
