"""Who hears of a work order, and where it is seen."""

from collections.abc import Iterable
from datetime import date, datetime

from complaints.models import WorkOrder
from staff.domain.notifying import notify
from staff.domain.superiors import heads_of
from staff.domain.workforce import Workforce
from staff.models import Employee
from visits.domain.obliging.fulfilling import fulfil


def subject_of(order: WorkOrder) -> str:
    """Return what obligations and files are about: ``work_order:<id>``."""
    return f"work_order:{order.pk}"


def of_turn(order: WorkOrder) -> str:
    """Return what the clocks of the present turn are about: a reopened order has clocks of its own."""
    return f"{subject_of(order)}/{order.reopened + 1}" if order.reopened else subject_of(order)


def url_of(order: WorkOrder) -> str:
    """Return the page of the work order."""
    return f"/complaints/orders/{order.pk}/"


def managers_of(order: WorkOrder, workforce: Workforce, *, on: date) -> list[Employee]:
    """Return who manages the department that is asked, else who works in it; nobody where none is asked."""
    return heads_of(order.department, workforce, on=on) if order.department else []


def tell(
    order: WorkOrder, people: Iterable[Employee | None], message: str, *, by: Employee | None, now: datetime,
    what: str = "",
) -> None:  # fmt: skip
    """Tell people of something about the order, once for each of its versions; not whoever has just done it."""
    notify(
        [one for one in people if one is not None and (by is None or one.pk != by.pk)], kind="work_order",
        message=message, url=url_of(order), key=f"work-order-{order.pk}-{order.version}", urgent=order.urgent,
        facts={"number": order.number, "what": what}, now=now,
    )  # fmt: skip


def done(order: WorkOrder, *deeds: str, by: Employee | None, at: datetime | None = None, now: datetime) -> int:
    """Close what was owed after this order, now that it is done; return how many deeds."""
    return fulfil(subject_of(order), deeds, by=by, at=at or now, now=now)
