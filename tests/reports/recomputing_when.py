"""What `when` asks, judged a second time from exported files: of an event, its vehicle, its customer and a visit.

What is counted over a customer's orders, visits and complaints is counted here from those files, as of a day.
"""

from collections import defaultdict
from datetime import date

from tests.reports.recomputing import exact

ORDERS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b}
SALES = ("purchase", "deal")  # orders by which nothing was serviced
NO_CASE = ("merged", "withdrawn")


class Asked:
    """What conditions may ask of events, from the files of events, customers, records and complaints."""

    def __init__(self, files: dict[str, list[dict]]) -> None:
        self.events = {row["event"]: row for row in files["events"]}
        self.customers = {row["customer"]: row for row in files["customers"]}
        self.known: dict[tuple, dict] = {}
        self.of: dict[str, dict[int, list[dict]]] = {}
        for name in ("events", "records", "complaints"):
            self.of[name] = defaultdict(list)
            for row in files[name]:
                self.of[name][row["customer"]].append(row)

    def facts(self, event: int, on: str) -> dict:
        """Return what is known of an event on a day: further columns where a field of that name is lacking."""
        own = self.events[event]
        customer = self.customers[own["customer"]]
        told = self.of_customer(own["customer"], on) | filled(of_vehicle(own, on)) | filled(own)
        return {**customer["attributes"], **own["attributes"], **told}

    def of_customer(self, customer: int, on: str) -> dict:
        if (customer, on) not in self.known:
            row = self.customers[customer]
            plain = {name: row[name] for name in ("lifecycle", "type", "region", "area", "influence", "owner")}
            self.known[customer, on] = filled(plain | {"segment": row["segments"]} | self.counted(customer, on))
        return self.known[customer, on]

    def counted(self, customer: int, on: str) -> dict:
        """Return the figures over all that a customer did up to a day."""
        orders = [row for row in self.of["events"][customer] if row["is_order"] and row["happened_on"] <= on]
        days = sorted(row["happened_on"] for row in orders)
        services = sorted(row["happened_on"] for row in orders if row["kind"] not in SALES)
        met = [
            row["started_at"][:10] for row in self.of["records"][customer]
            if row["outcome"] == "reached" and row["started_at"][:10] <= on
        ]  # fmt: skip
        grieved = [
            row for row in self.of["complaints"][customer]
            if row["type"] == "complaint" and row["state"] not in NO_CASE and row["opened_at"][:10] <= on
            and (row["closed_at"] is None or row["closed_at"][:10] > on)
        ]  # fmt: skip
        return {
            "order_count": len(orders), "service_count": len(services), "open_complaints": len(grieved),
            "order_total": sum(exact(row["amount"]) for row in orders if row["amount"] is not None),
            "last_order_days": days and between(days[-1], on), "last_visit_days": met and between(max(met), on),
            "first_service_days": services and between(services[0], on),
            "order_interval_days": between(days[0], days[-1]) // (len(days) - 1) if len(days) > 1 else None,
        }  # fmt: skip


def of_vehicle(row: dict, on: str) -> dict:
    bought, ends = row["first_registered_on"], row["warranty_until"]
    return {"age_days": bought and between(bought, on), "warranty_left_days": ends and between(on, ends)}


def filled(facts: dict) -> dict:
    """Leave out what is lacking; nothing is lacking that is zero."""
    return {name: value for name, value in facts.items() if value is not None and value != "" and value != []}


def between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def holds(spec: dict, facts: dict) -> bool:
    verdicts = [is_met(one, facts.get(one["field"])) for one in spec["when"]]
    return any(verdicts) if spec.get("match") == "any" else all(verdicts)


def is_met(condition: dict, fact: object) -> bool:
    """Say whether a condition holds; of several values one is enough, and none makes every one false, but ``!=``."""
    values = [one for one in (fact if isinstance(fact, list) else [fact]) if one is not None and one != ""]
    op, wanted = condition["op"], condition["value"]
    if op == "!=":
        return not any(equals(one, wanted) for one in values)
    if op in ("==", "in"):
        return any(equals(one, each) for one in values for each in (wanted if op == "in" else [wanted]))
    return any(ORDERS[op](exact(one), exact(wanted)) for one in values)


def equals(value: object, wanted: object) -> bool:
    if isinstance(wanted, str | bool):
        return value == wanted
    return exact(value) == exact(wanted)
