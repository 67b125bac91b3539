"""One thing that the second computation finds otherwise than the program kept it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """`where` names rows by their kind and number, `kept` is what the program says, `computed` what comes out anew."""

    where: str
    what: str
    kept: object
    computed: object

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.kept!r} ≠ {self.computed!r}"
