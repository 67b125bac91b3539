"""The values that conditions of a regulation ask for, read off the rows; what is computed over many rows is unknown."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from reports.domain.auditing.company import HOUSE
from reports.domain.auditing.ground import UNKNOWN
from staff.models import Employee
from visits.models import RecordTask, ServiceEvent, VisitRecord, VisitTask

COMPUTED: Final = (
    "segment", "first_service_days", "last_order_days", "last_visit_days", "order_interval_days", "order_count",
    "order_total", "service_count", "open_complaints",
)  # fmt: skip
OF_CUSTOMER: Final = ("name", "contact", "lifecycle", "type", "company", "region", "area", "influence")
OF_RECORD: Final = (
    "channel", "outcome", "satisfied", "css", "nps", "problem", "need", "suggestion", "summary", "rectification",
    "displeasure_kind",
)  # fmt: skip


class Told(dict[str, Any]):
    """Values by field. A name of no plain column that is not there might be another name of one: unknown."""

    def get(self, field: str, default: Any = None) -> Any:  # conditions read by `get` alone
        """Return the value of a field."""
        return super().get(field, default if field.isascii() else UNKNOWN)


def fields_of_task(task: VisitTask, on: date) -> Told:
    """Return what conditions may ask of a visit: its event, rule and step."""
    return Told(
        event_fields(task.event, on) | {"rule": task.step.rule.code, "step": task.step.code, "attempts": task.attempts}
    )


def fields_of_record(version: VisitRecord, first: VisitRecord, on: date) -> Told:
    """Return what conditions may ask of a contact as it stood: what was said, with its event, rules and steps."""
    links = RecordTask.objects.filter(record=first, attempt__gt=0).order_by("pk").select_related("task__step__rule")
    tasks = [link.task for link in links]
    said = {name: getattr(version, name) for name in OF_RECORD}
    said |= {
        "result": version.satisfaction or version.outcome, "time": version.started_at, "reason": version.displeasure,
        "feedback": version.suggestion, "rule": [task.step.rule.code for task in tasks],
        "step": [task.step.code for task in tasks],
        "seconds": version.ended_at and int((version.ended_at - version.started_at).total_seconds()),
    }  # fmt: skip
    said |= {f"answer.{code}": value for code, value in version.answers.items()}
    return Told((event_fields(tasks[0].event, on) if tasks else {}) | said)


def event_fields(event: ServiceEvent, on: date) -> dict[str, Any]:
    """Return the plain values of an event, its customer and its vehicle."""
    customer, vehicle = event.customer, event.vehicle
    own: dict[str, Any] = {name: getattr(customer, name) for name in OF_CUSTOMER}
    own |= {
        "owner": _person(customer.owner), "order_no": event.order_no,
        "kind": [event.kind.code, event.kind.title], "at": event.happened_at.astimezone(HOUSE),
        "due": event.due_at and event.due_at.astimezone(HOUSE), "amount": event.amount, "css": event.css,
        "department": event.department and event.department.name, "branch": event.branch and event.branch.name,
        "advisor": _person(event.advisor), "rating": event.rating, "product": event.product,
        "source": customer.source if event.kind.code == "customer" else event.source,
    }  # fmt: skip
    if vehicle is not None:
        own |= {"VIN": vehicle.vin, "model": vehicle.model, "plate": vehicle.plate, "mileage": vehicle.mileage}
        own["high_tech"] = vehicle.high_tech
        registered, warranty = vehicle.first_registered_on, vehicle.warranty_until
        own["age_days"] = registered and (on - registered).days
        own["warranty_left_days"] = warranty and (warranty - on).days
    own = {name: value for name, value in own.items() if value not in (None, "", [])}
    further = _texts(customer.attributes) | _texts(event.attributes)
    first = {name: further[name] for name in ("source",) if name in further}
    return {**dict.fromkeys(COMPUTED, UNKNOWN), **further, **own, **first}


def _person(person: Employee | None) -> list[str]:
    return [person.username, person.name] if person else []


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    kept = {name: value for name, value in attributes.items() if value not in (None, "")}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in kept.items()}
