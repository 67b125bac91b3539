"""What a rehearsal is asked."""

from dataclasses import dataclass

from visits.domain.planning.rulebook import Book


@dataclass(frozen=True)
class Question:
    """What is asked: `after` compared with `before` (None: nothing is in force) on the events of some days.

    `near_days`: visits of a customer that open within so many days of each other are counted. `only` the rule of that
    code, if one is named. `others`: the other regulations in force, whose visits burden the same people and customers.
    """

    before: Book | None
    after: Book
    days: int = 30
    near_days: int = 3
    only: str = ""
    others: tuple[Book, ...] = ()
