"""Each morning whoever has a work order that is late hears of it, and who asked for it, until it is reported (I-03)."""

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_noop

from complaints.domain.orders.listing import RELATED
from complaints.domain.orders.telling import managers_of, url_of
from complaints.models import WorkOrder
from staff.domain.notifying import notify
from staff.domain.wording import moment_words
from staff.domain.workforce import load_workforce

LATE: Final = gettext_noop("Work order %(number)s was due %(due)s and is not reported")


def remind_of_orders(*, now: datetime, on: date) -> int:
    """Tell who has, and who asked for, the orders that are late; return how many were told of (a daily job).

    An order that nobody has yet is told to who manages its department; what an outside partner has, to who asked.
    """
    late = WorkOrder.objects.open().filter(due_at__lt=now, reported_at=None).select_related(*RELATED, "opened_by")
    told, workforce = 0, load_workforce()
    for order in late.order_by("pk"):
        people = [order.assignee] if order.assignee else managers_of(order, workforce, on=on)
        facts = {"number": order.number, "due": moment_words(order.due_at)}
        heard = notify(
            [one for one in (*people, order.opened_by) if one is not None], kind="work_order", message=LATE,
            facts=facts, url=url_of(order), key=f"work-order-{order.pk}-late-{on}", urgent=order.urgent, now=now,
        )  # fmt: skip
        told += heard > 0
    return told
