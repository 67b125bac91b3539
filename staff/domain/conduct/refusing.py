"""How a deed on a violation is refused: with words that say what stands against it."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """The deed cannot be done. `code` tells the cases apart: own, right, state, late, text, amount, choice, closed."""

    def __init__(self, words: str, code: str) -> None:
        super().__init__(words, code=code)

    @property
    def words(self) -> str:
        """Return what stands against it, and how to mend it."""
        return str(self.message)
