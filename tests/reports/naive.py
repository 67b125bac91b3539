"""The figures of a month by loops over plain rows: no query, no code of the program but the tests' own clock."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.visits.world import at


@dataclass
class Visit:
    """One due visit as it went: plain values only."""

    kind: str
    customer: int
    product: str
    holder: str
    closes: datetime
    status: str
    taken_by: str | None
    done: datetime | None
    tried: datetime | None
    in_time: bool
    complete: bool
    seconds: int
    channel: str
    satisfied: bool | None
    css: Decimal | None
    event_css: Decimal | None
    event_day: str


def month(random: Random) -> list[Visit]:
    """Return the visits of a month and its edges, by lot."""
    found = []
    for number in range(120):
        happened = at("2024-04-28 10:00") + timedelta(days=random.randrange(36), hours=random.randrange(9))
        local = happened + timedelta(hours=8)
        closes = at(f"{local:%Y-%m-%d}") + timedelta(days=2)
        status = random.choice(["done", "done", "done", "open", "unreachable", "refused", "cancelled", "expired"])
        done = happened + timedelta(hours=random.choice([1, 20, 60])) if status == "done" else None
        found.append(
            Visit(
                kind=random.choice(["service_completed", "purchase"]), customer=number % 40,
                product=random.choice(["精品", "普通"]), holder=random.choice(["liu", "chen"]), closes=closes,
                status=status, taken_by=random.choice([None, None, "zhao"]), done=done,
                tried=happened + timedelta(hours=1) if status == "unreachable" else None,
                in_time=bool(done and done < closes), complete=random.random() < 0.7,
                seconds=random.choice([59, 60, 120, 180, 181]), channel=random.choice(["desk_phone", "mobile"]),
                satisfied=random.choice([True, True, False, None]),
                css=random.choice([None, Decimal("114.35"), Decimal(115)]),
                event_css=random.choice([None, Decimal("99.99"), Decimal(120)]), event_day=f"{local:%Y-%m-%d}",
            )
        )  # fmt: skip
    return found


class Naive:
    """The same figures by loops over the plain rows."""

    def __init__(self, visits: list[Visit], spec: dict) -> None:
        self.spec = spec
        self.visits = [visit for visit in visits if self.is_asked(visit)]
        self.first, self.end = at("2024-05-01"), at("2024-06-01")

    def is_asked(self, visit: Visit) -> bool:
        of = self.spec.get("of", ())
        named = {"visit_rule:first": visit.kind == "service_completed", "purchase": visit.kind == "purchase"}
        named["mobile"] = visit.channel == "mobile"
        return all(named[one] for one in of) and (not self.spec.get("when") or visit.product == "精品")

    def due(self) -> list[Visit]:
        owed = [one for one in self.visits if one.status not in ("cancelled", "expired")]
        return [one for one in owed if self.first < one.closes <= self.end]

    def done(self) -> list[Visit]:
        return [one for one in self.visits if one.done and self.first <= one.done < self.end]

    def share(self, rows, good) -> dict[str, tuple[Fraction, int]]:
        sides: dict[str, list[set]] = defaultdict(lambda: [set(), set()])
        for number, row in enumerate(rows):
            what = row.customer if self.spec.get("count") == "customers" else number
            sides[row.holder][1].add(what)
            if good(row):
                sides[row.holder][0].add(what)
        return {who: (Fraction(len(top)), len(all_of)) for who, (top, all_of) in sides.items()}

    def average(self, rows, value) -> dict[str, tuple[Fraction, int]]:
        sums: dict[str, list] = defaultdict(lambda: [Fraction(0), 0])
        for row in rows:
            if value(row) is not None:
                sums[row.holder][0] += Fraction(value(row))
                sums[row.holder][1] += 1
        return {who: (total, count) for who, (total, count) in sums.items()}

    def happened(self) -> list[Visit]:
        return [one for one in self.visits if "2024-05-01" <= one.event_day <= "2024-05-31"]

    def figures(self, metric: str) -> dict[str, tuple[Fraction, int]]:
        """Return numerator and denominator by person."""
        return getattr(self, metric)()

    def finished(self, one: Visit) -> bool:
        return bool(one.done and one.done < self.end)

    def completion_rate(self):
        return self.share(self.due(), self.finished)

    def worked_rate(self):
        return self.share(self.due(), lambda one: self.finished(one) or bool(one.tried and one.tried < self.end))

    def success_rate(self):
        return self.share(self.due(), lambda one: self.finished(one) and one.complete)

    def timely_rate(self):
        return self.share(self.due(), lambda one: self.finished(one) and one.in_time)

    def satisfaction_rate(self):
        rated = [one for one in self.done() if self.spec.get("basis") or one.satisfied is not None]
        return self.share(rated, lambda one: one.satisfied is True)

    def css_average(self):
        if self.spec.get("basis") == "events":
            return self.average(self.happened(), lambda one: one.event_css)
        return self.average(self.done(), lambda one: one.css)

    def duration_rate(self):
        bounded = [one for one in self.done() if one.kind == "service_completed"]
        return self.share(bounded, lambda one: 60 <= one.seconds <= 180)

    def visit_count(self):
        return {who: (Fraction(count), 1) for who, (_top, count) in self.share(self.done(), bool).items()}

    def coverage_rate(self):
        kept = [one for one in self.happened() if one.status not in ("cancelled", "expired")]
        return self.share(kept, lambda one: bool(one.done) and one.in_time)
