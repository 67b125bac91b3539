"""What an import would come to, counted while its rows are read and before anything is taken in.

Each chunk is compared with what is there; two rows of different chunks that would make the same new customer are told
by his number. Rows that conflict with what people did here are remarked on, and keep their cells to be handed back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final

from visits.choices import RowState
from visits.domain.intake.judging import ORDERS, Options
from visits.domain.intake.known import Known, Person, changed_by_hand
from visits.domain.intake.people import SPELLED_IN_ROW
from visits.domain.intake.rows import Staged
from visits.domain.intake.taking import Decision, decide
from visits.domain.origin.requesting import SOURCE as BY_HAND
from visits.models import Customer, RecordTask, ServiceEvent

WORKED_ON, OTHER_SOURCE, FILE_DIFFERS = "order_worked_on", "order_in_other_source", "file_differs"
CONFLICTS: Final = (WORKED_ON, OTHER_SOURCE, FILE_DIFFERS)
OTHER_BRANCH: Final = "order_of_another_branch"
MATERIAL: Final = ("kind_id", "customer_id", "happened_on")
ENDS: Final = {RowState.CREATED: "new", RowState.UPDATED: "changed", RowState.UNCHANGED: "same"}


class Foresight:
    """Looks at each chunk of an import before it is kept, and adds up."""

    def __init__(self, options: Options, *, lists: Iterable[int]) -> None:
        self.options = options
        self.lists = frozenset(lists)  # kinds whose rows repeat the numbers of orders
        self.counts: Counter[str] = Counter()
        self.remarks: Counter[str] = Counter()
        self.kinds: Counter[int] = Counter()
        self.new_numbers: set[str] = set()
        self.new_cars: set[str] = set()
        self.days: tuple[str, str] = ("", "")

    def look(self, chunk: list[Staged]) -> None:
        """Count what each row would do; refuse orders of other branches, remark on conflicts."""
        by_row = {row.row_no: row for row in chunk if row.state == RowState.STAGED}
        tried = [Staged(row.row_no, row.state, dict(row.facts)) for row in by_row.values()]
        decision = decide(tried, Known(), within=self.options.within)
        for row in tried:
            self._count(row, by_row[row.row_no])
        self._count_new(decision)
        conflicts = self._conflicts(decision)
        for row_no, row in by_row.items():
            row.warnings += conflicts.get(row_no, [])
            if row_no not in conflicts and row.state == RowState.STAGED:
                row.cells = []  # nobody has to mend it
        self.counts["conflicting"] += len(conflicts)
        self.remarks.update(found[0] for row in chunk for found in row.warnings)

    def told(self) -> dict[str, Any]:
        """Return all that was counted, as JSON carries it."""
        names = ("new", "changed", "same", "conflicting")
        return {
            **{name: self.counts[name] for name in names},
            "customers": len(self.new_numbers), "vehicles": len(self.new_cars), "first": self.days[0],
            "last": self.days[1], "kinds": {str(kind): count for kind, count in self.kinds.items()},
            "remarks": dict(self.remarks),
        }  # fmt: skip

    def _count(self, tried: Staged, row: Staged) -> None:
        codes = {code for code, _details in tried.warnings}
        if OTHER_BRANCH in codes:
            row.state = RowState.REJECTED
            row.reasons = [[OTHER_BRANCH, {"order_no": row.facts["order_no"]}]]
            row.facts, row.encoded = {"order_no": row.facts["order_no"]}, ""
            return
        self.counts[ENDS[RowState(tried.state)]] += 1
        self.remarks.update(codes)
        self.kinds[row.facts["kind"]] += 1
        on, (first, last) = row.facts["happened_on"], self.days
        self.days = (min(first or on, on), max(last, on))

    def _count_new(self, decision: Decision) -> None:
        self.new_numbers |= {_first_number(decision, person) for person in decision.people.new}
        self.new_cars |= {car.vin or car.plate for car in decision.cars.new}

    def _conflicts(self, decision: Decision) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row_no, remark in (*_worked_on(decision), *self._elsewhere(decision), *_file_differs(decision)):
            found[row_no].append(remark)
        return found

    def _elsewhere(self, decision: Decision) -> list[tuple[int, Any]]:
        """Return the new orders whose number another source system has brought; lists repeat numbers on purpose."""
        rows = {row.facts["order_no"]: row for row, _p, _c in decision.created if row.facts["kind"] not in self.lists}
        source = self.options.source or ORDERS
        others = ServiceEvent.objects.filter(order_no__in=list(rows)).exclude(source__in=(source, BY_HAND))
        known = others.exclude(kind__in=self.lists).values_list("order_no", "source")
        return [
            (rows[order_no].row_no, [OTHER_SOURCE, {"order_no": order_no, "source": other}])
            for order_no, other in dict(known).items()
        ]


def _first_number(decision: Decision, person: Person) -> str:
    return next((number for owner, number, _primary in decision.people.numbers if owner is person), "")


def _worked_on(decision: Decision) -> list[tuple[int, Any]]:
    """Return the changed orders that were called for another customer, kind or day than the row now says."""
    if not decision.updated:
        return []
    changed = dict(decision.updated)
    called = set(RecordTask.objects.filter(task__event__in=changed).values_list("task__event", flat=True))
    found = []
    for event in ServiceEvent.objects.filter(pk__in=called).values("pk", *MATERIAL):
        row, person, _car = changed[event["pk"]]
        says = (row.facts["kind"], person.id, row.facts["happened_on"])
        if says != (event["kind_id"], event["customer_id"], event["happened_on"].isoformat()):
            found.append((row.row_no, [WORKED_ON, {"order_no": row.facts["order_no"]}]))
    return found


def _file_differs(decision: Decision) -> list[tuple[int, Any]]:
    """Return the rows that would put back what somebody here has changed in the customer's file."""
    by_hand = changed_by_hand(decision.people.changed)
    found = []
    for row, person, _car in (*decision.created, *(placed for _pk, placed in decision.updated)):
        held = by_hand.get(person.id or 0, set())
        names = [name for name in person.changed if name in held and row.facts.get(SPELLED_IN_ROW.get(name, name))]
        if names:
            fields = "、".join(str(getattr(Customer._meta.get_field(name), "verbose_name", name)) for name in names)
            found.append((row.row_no, [FILE_DIFFERS, {"fields": fields}]))
    return found
