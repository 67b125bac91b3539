"""What people decided, replayed from the steps alone: states, tiers and amounts, and who must not have decided."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from reports.domain.auditing.difference import Difference
from reports.domain.auditing.ground import Releases
from reports.domain.auditing.regulation import as_list, counts_together, hundredths, ledger_of, rule_of, tables
from staff.models import Violation, ViolationStep

STANDING = ("confirmed", "appealed", "settled")
AFTER = {
    "proposed": "proposed", "exempted": "waived", "mended": "waived", "waived": "waived", "confirmed": "confirmed",
    "appealed": "appealed", "reversed": "reversed", "settled": "settled",
}  # fmt: skip


@dataclass
class Replayed:
    """One violation, with the text of its release, as its steps tell it. `confirmed_by`: None for the program."""

    row: Violation
    content: str
    state: str = ""
    tier: int | None = None
    amount: int | None = None
    confirmed_at: datetime | None = None
    confirmed_by: int | None = None
    was_settled: bool = False
    faults: list[Difference] = field(default_factory=list)

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.state in STANDING

    def note(self, what: str, kept: object, computed: object) -> None:
        """Keep a difference."""
        self.faults.append(Difference(f"violation {self.row.pk}", what, kept, computed))

    def placed_on(self) -> date:
        """Return the day that places it in month and tier."""
        if ledger_of(self.content)["count_by"] == "confirmed" and self.confirmed_at:
            zone = tables(self.content).get("policy", {}).get("timezone", "Asia/Shanghai")
            return self.confirmed_at.astimezone(ZoneInfo(zone)).date()
        return self.row.occurred_on


def replayed(employee: int, releases: Releases) -> dict[int, Replayed]:
    """Return every violation of somebody as its steps tell it, in the order in which things happened."""
    rows = Violation.objects.filter(employee=employee).order_by("pk")
    found = {row.pk: Replayed(row, releases.content(row.release_id)) for row in rows}
    for step in ViolationStep.objects.filter(violation__employee=employee).order_by("pk"):
        _apply(found[step.violation_id], step, found)
    return found


def faults(found: dict[int, Replayed]) -> Iterator[Difference]:
    """Yield where the kept rows say otherwise than their steps."""
    for one in found.values():
        yield from one.faults
        if one.row.state != one.state:
            yield Difference(f"violation {one.row.pk}", "state", one.row.state, one.state)
        if one.confirmed_at and (one.row.tier, one.row.amount) != (one.tier, one.amount):
            yield Difference(
                f"violation {one.row.pk}", "tier, amount", (one.row.tier, one.row.amount), (one.tier, one.amount)
            )


def _apply(one: Replayed, step: ViolationStep, all_of_them: dict[int, Replayed]) -> None:
    if step.deed == "confirmed":
        _confirm(one, step, all_of_them)
    if step.deed in ("confirmed", "waived", "reversed", "upheld", "settled") and step.by_id == one.row.employee_id:
        one.note(step.deed, f"by {step.by_id}", "by somebody else")
    if step.deed in ("upheld",) and step.by_id == one.confirmed_by:
        one.note("appeal decided", f"by {step.by_id}", "by another than who confirmed it")
    if step.deed == "upheld":
        one.state = "settled" if one.was_settled else "confirmed"
    else:
        one.state = AFTER.get(step.deed, one.state)
    one.was_settled |= step.deed == "settled"


def _confirm(one: Replayed, step: ViolationStep, all_of_them: dict[int, Replayed]) -> None:
    one.confirmed_at, one.confirmed_by = step.at, step.by_id
    rule = rule_of(one.content, one.row.kind, one.row.rule)
    if not rule:
        one.note("rule", one.row.rule, None)
    one.tier = _tier(one, rule, all_of_them)
    allowed = _amounts(one, rule)
    said = step.data.get("amount")
    one.amount = said if allowed is None or said in allowed else min(allowed, default=0)
    if one.amount is not None and (low_high := as_list(rule.get("range"))) and one.row.liability == "primary":
        low, high = map(hundredths, low_high)
        one.amount = min(max(one.amount, low), high) if one.tier != 0 else 0


def _tier(one: Replayed, rule: dict[str, Any], all_of_them: dict[int, Replayed]) -> int | None:
    """Count the person's confirmed ones of the period before it: every n-th acts, then it counts anew."""
    if one.row.kind != "penalty" or one.row.liability != "primary":
        return None
    key = (one.row.employee_id, one.row.policy_id, one.row.rule, "primary")
    before = [
        other
        for other in all_of_them.values()
        if other is not one
        and other.stands
        and (other.row.employee_id, other.row.policy_id, other.row.rule, other.row.liability) == key
        and counts_together(one.placed_on(), other.placed_on(), rule.get("tier_period", "month"))
    ]
    acted = since = 0
    for other in sorted(before, key=lambda other: (other.confirmed_at, other.row.pk)):
        acted, since = (acted, since + 1) if other.tier == 0 else (acted + 1, 0)
    return acted + 1 if since + 1 >= rule.get("from_count", 1) else 0


def _amounts(one: Replayed, rule: dict[str, Any]) -> list[int] | None:
    """Return what it may cost or earn in hundredths; None where whoever confirms may choose."""
    if one.tier == 0:
        return [0]
    if one.row.liability == "joint":
        return [_figure(one, joint.get("amount", 0)) for joint in rule.get("joint", [])]
    if tiers := as_list(rule.get("tiers")):
        return [hundredths(tiers[min(one.tier or 1, len(tiers)) - 1])]
    if rule.get("amount") is not None:
        return [_figure(one, rule["amount"])]
    return None if rule.get("range") or "bonus_cut" in as_list(rule.get("choose")) else [0]


def _figure(one: Replayed, amount: Any) -> int:
    if isinstance(amount, str) and amount.startswith("field:"):
        return hundredths(one.row.facts.get("figures", {}).get(amount[6:], 0))
    return hundredths(amount)
