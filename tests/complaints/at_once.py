"""A shop whose cases have all that may be fought over: clocks that escalate, visits, orders, people, an allowance."""

import threading
import time
from datetime import date
from functools import partial

from django.db import connection, transaction

from complaints.domain.writing import CannotDo, locked
from complaints.models import Case, WorkOrder
from staff.models import Employee, Role, RoleAssignment
from tests.complaints import ordering, solving
from tests.visits.calls import Shop
from visits.domain.calling.recording import TakenByAnother
from visits.models import FollowUpItem, Obligation, VisitTask

PACK = (
    solving.PACK
    + """
[[obligation]]
code = "early"
on = "complaint_registered"
deed = "progress"
by = "handler"
within = "1h"
escalate = [ { after = "2h", to = "role:general_manager" } ]

[[allowance]]
code = "month"
of = "compensation"
limit = 150
per = "month"

[[form]]
code = "query"
title = "货物查询"
of = "register"
fields = [{ code = "cargo", title = "货号" }]
"""
)
BELONGING = (VisitTask, Obligation, WorkOrder, FollowUpItem)
REFUSALS = (CannotDo, TakenByAnother)
WAITS = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"


def busy_shop() -> Shop:
    """Return a shop that asks after solved cases, with a manager and a general manager."""
    shop = Shop(pack=PACK)
    solving.asking(shop)
    for name, code in (("zhang", "department_manager"), ("zhou", "general_manager")):
        role = Role.objects.create(code=code, title=code, like=code)
        person = Employee.objects.create(username=name, name=name)
        RoleAssignment.objects.create(employee=person, role=role, from_on=date(2020, 1, 1))
        setattr(shop, name, person)
    return shop


def case_of(shop: Shop) -> Case:
    """Return a case that 王芳 handles."""
    return ordering.told_case(shop)


def race(*deeds) -> list[Exception | None]:
    """Do the deeds at the same moment; return what refused each, None where nothing did."""
    barrier = threading.Barrier(len(deeds))

    def beginning_together(deed):
        barrier.wait(timeout=60)
        deed()

    works = [Working(partial(beginning_together, deed)) for deed in deeds]
    for work in works:
        work.join()
        if work.fault is not None and not isinstance(work.fault, REFUSALS):
            raise work.fault
    return [work.fault for work in works]


class Working(threading.Thread):
    """A deed on a connection of its own; `fault` is what it met."""

    def __init__(self, deed) -> None:
        super().__init__()
        self.deed, self.fault, self.session = deed, None, 0
        self.start()

    def run(self):
        """Do it."""
        try:
            connection.ensure_connection()
            self.session = connection.vendor != "sqlite" and connection.connection.info.backend_pid
            self.deed()
        except Exception as fault:  # noqa: BLE001  whatever it is, the thread that started it judges it
            self.fault = fault
        finally:
            connection.close()

    @property
    def waits(self) -> bool:
        """Whether it waits for a lock of somebody else."""
        with connection.cursor() as cursor:
            return cursor.execute(WAITS, [self.session]).fetchone()[0] > 0


def taken_while_waiting(case: Case, deed) -> list[str]:
    """Hold the case, let the deed wait for it, and return what it holds by then of what belongs to cases.

    SQLite knows one writer at a time, who waits holding nothing.
    """
    if connection.vendor == "sqlite":
        deed()
        return []
    with transaction.atomic():
        locked(case.pk)
        work = Working(deed)
        while work.is_alive() and not work.waits:
            time.sleep(0.005)
        assert work.is_alive(), f"it went on without the case: {work.fault!r}"
        taken = [model.__name__ for model in BELONGING if not_free(model)]
    work.join()
    assert work.fault is None, work.fault
    return taken


def not_free(model) -> bool:
    """Say whether somebody else holds a row of the table."""
    rows = model.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    return len(rows.values_list("pk")) < model.objects.count()
