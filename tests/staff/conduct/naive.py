"""The ledger as a child would keep it: a list of what stands, added up anew each time; it knows none of the program."""

from dataclasses import dataclass, field

TIERS = (10, 20, 50)
CAP = 100


@dataclass
class Case:
    """One violation as the model sees it: the day, what was decided, in which order it was confirmed."""

    person: str
    month: str
    day: int
    state: str = "proposed"
    turn: int = 0
    amount: int = 0


@dataclass
class Book:
    """What everybody should have: `cases` by subject, `closed` months with what each owed when it was closed."""

    cases: dict[str, Case] = field(default_factory=dict)
    closed: dict[str, dict[str, int]] = field(default_factory=dict)
    turns: int = 0

    def confirm(self, subject: str) -> None:
        """Give it the tier after those of the person and month that stand now."""
        case = self.cases[subject]
        before = sum(
            one.state == "confirmed" and (one.person, one.month) == (case.person, case.month)
            for one in self.cases.values()
        )
        self.turns += 1
        case.state, case.turn = "confirmed", self.turns
        case.amount = TIERS[min(before, len(TIERS) - 1)]

    def standing(self, person: str) -> int:
        """Return what somebody owes altogether before any cap."""
        return sum(one.amount for one in self.cases.values() if one.state == "confirmed" and one.person == person)
