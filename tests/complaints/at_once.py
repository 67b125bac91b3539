"""A shop whose cases have all that may be fought over: clocks that escalate, visits, orders, people, an allowance."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
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


def race(*deeds) -> list[BaseException | None]:
    """Do the deeds at the same moment; return what refused each, None where nothing did."""
    barrier = threading.Barrier(len(deeds))

    def beginning_together(deed):
        barrier.wait(timeout=60)
        deed()

    works = [Working(partial(beginning_together, deed)) for deed in deeds]
    wait([work.done for work in works])
    for work in works:
        if work.fault is not None and not isinstance(work.fault, REFUSALS):
            raise work.fault
    return [work.fault for work in works]


class Working:
    """A deed in a thread and on a connection of its own."""

    def __init__(self, deed) -> None:
        self.deed, self.session = deed, 0
        thread = ThreadPoolExecutor(1)
        self.done = thread.submit(self._do)
        thread.shutdown(wait=False)

    def _do(self) -> None:
        try:
            connection.ensure_connection()
            self.session = connection.vendor != "sqlite" and connection.connection.info.backend_pid
            self.deed()
        finally:
            connection.close()

    @property
    def fault(self) -> BaseException | None:
        """What it met, once it is over."""
        return self.done.exception()

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
        while not work.done.done() and not work.waits:
            time.sleep(0.005)
        assert not work.done.done(), f"it went on without the case: {work.fault!r}"
        taken = [model.__name__ for model in BELONGING if not_free(model)]
    assert work.fault is None, work.fault
    return taken


def not_free(model) -> bool:
    """Say whether somebody else holds a row of the table."""
    rows = model.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
    return len(rows.values_list("pk")) < model.objects.count()
