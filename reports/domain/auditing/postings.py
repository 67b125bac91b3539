"""What was posted, against what stands: one live entry for each, counter-entries, stacking, caps and closed months."""

from collections import defaultdict
from collections.abc import Iterator

from reports.domain.auditing.decisions import Replayed
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.regulation import hundredths, ledger_of, rule_of
from staff.models import LedgerEntry, MonthClose

COPIED = ("violation_id", "employee_id", "kind", "policy_id", "rule", "clause", "subject", "unit", "counts_in")


def faults(found: dict[int, Replayed], entries: list[LedgerEntry]) -> Iterator[Difference]:
    """Yield where the postings of somebody's violations say otherwise than the decisions."""
    by_number = {entry.pk: entry for entry in entries}
    reversed_ones = {entry.reverses_id for entry in entries if entry.reverses_id}
    live: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        if entry.reverses_id is None and entry.pk not in reversed_ones:
            live[entry.violation_id].append(entry)
    yield from _worth(found, live)
    for entry in entries:
        yield from _copy(entry, found)
        if entry.reverses_id:
            yield from _counter(entry, by_number.get(entry.reverses_id))
    yield from _months(entries, found)
    yield from _caps([one for ones in live.values() for one in ones], found)


def _worth(found: dict[int, Replayed], live: dict[int, list[LedgerEntry]]) -> Iterator[Difference]:
    """Every one that stands has one entry that was not taken back, of its worth; nothing else has any."""
    for pk, one in found.items():
        kept = [entry.amount + entry.capped for entry in live.get(pk, [])]
        wanted = [_highest(one, found)] if one.stands else []
        if kept != wanted:
            yield Difference(f"violation {pk}", "posted", kept, wanted)


def _highest(one: Replayed, found: dict[int, Replayed]) -> int:
    """Return what it is worth: nothing beside a higher one of the same visit, where the regulation says so."""
    amount = one.amount or 0
    if one.row.kind != "penalty" or ledger_of(one.content)["stacking"] != "highest":
        return amount
    visit = one.row.facts.get("visit") or one.row.subject
    for other in found.values():
        same = other.row.kind == "penalty" and other.stands and other is not one
        same = same and (other.row.employee_id, other.row.policy_id) == (one.row.employee_id, one.row.policy_id)
        same = same and other.row.unit == one.row.unit and (other.row.facts.get("visit") or other.row.subject) == visit
        if same and (-(other.amount or 0), other.row.pk) < (-amount, one.row.pk):
            return 0
    return amount


def _copy(entry: LedgerEntry, found: dict[int, Replayed]) -> Iterator[Difference]:
    row = found[entry.violation_id].row
    kept = (entry.employee_id, entry.kind, entry.policy_id, entry.rule, entry.clause, entry.subject, entry.unit)
    wanted = (row.employee_id, row.kind, row.policy_id, row.rule, row.clause, row.subject, row.unit)
    if kept != wanted:
        yield Difference(f"entry {entry.pk}", "copied from its violation", kept, wanted)
    if entry.posted_by_id == entry.employee_id:
        yield Difference(f"entry {entry.pk}", "posted by", entry.posted_by_id, "somebody else")


def _counter(entry: LedgerEntry, first: LedgerEntry | None) -> Iterator[Difference]:
    if first is None:
        yield Difference(f"entry {entry.pk}", "takes back", entry.reverses_id, "one of its own violation")
        return
    if entry.amount != -first.amount:
        yield Difference(f"entry {entry.pk}", f"takes back {first.pk}", entry.amount, -first.amount)
    for name in COPIED:
        if getattr(entry, name) != getattr(first, name):
            yield Difference(f"entry {entry.pk}", name, getattr(entry, name), getattr(first, name))


def _months(entries: list[LedgerEntry], found: dict[int, Replayed]) -> Iterator[Difference]:
    """An entry is paid in the month it belongs to, or in the first later one that was open when it was posted."""
    closed = {close.period: close.closed_at for close in MonthClose.objects.all()}
    for entry in entries:
        belongs = f"{found[entry.violation_id].placed_on():%Y-%m}"
        if entry.counts_in != belongs and entry.reverses_id is None:
            yield Difference(f"entry {entry.pk}", "belongs to", entry.counts_in, belongs)
        if entry.period in closed and entry.posted_at > closed[entry.period]:
            yield Difference(f"entry {entry.pk}", "month", entry.period, "a month that was open then")
        passed = [month for month in _between(entry.counts_in, entry.period) if month not in closed]
        if passed and entry.reverses_id is None:
            yield Difference(f"entry {entry.pk}", "month", entry.period, passed[0])


def _between(first: str, last: str) -> Iterator[str]:
    """Yield the months from one up to another, that one left out."""
    year, month = map(int, first.split("-"))
    while (period := f"{year:04d}-{month:02d}") < last:
        yield period
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _caps(live: list[LedgerEntry], found: dict[int, Replayed]) -> Iterator[Difference]:
    """Nobody pays more under a regulation in a month than its cap."""
    sums: dict[tuple[int, int, str, str], list[LedgerEntry]] = defaultdict(list)
    for entry in live:
        content = found[entry.violation_id].content
        if entry.kind == "penalty" and rule_of(content, "penalty", entry.rule).get("unit", "CNY") == "CNY":
            sums[entry.employee_id, entry.policy_id, entry.period, entry.unit].append(entry)
        elif entry.capped:
            yield Difference(f"entry {entry.pk}", "capped", entry.capped, 0)
    for (employee, _policy, period, _unit), group in sums.items():
        caps = [ledger_of(found[entry.violation_id].content)["cap"] for entry in group]
        known = [hundredths(cap) for cap in caps if cap is not None]
        total = sum(entry.amount for entry in group)
        if known and len(known) == len(caps) and total > max(known):
            yield Difference(f"person {employee}, {period}", "sum under the cap", total, max(known))
        if not known and any(entry.capped for entry in group):
            yield Difference(f"person {employee}, {period}", "capped", [entry.capped for entry in group], 0)
