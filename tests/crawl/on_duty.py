"""When the people of the world are at work: a shift on duty, and a request for leave."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, Final

from staff.choices import LeaveKind, LeaveState
from staff.domain.duty.showing import number_of
from staff.models import Branch, Employee, LeaveRequest, Shift
from tests.company import MONDAY, morning

WEEK: Final = SimpleNamespace(pk=number_of(MONDAY))  # of the roster, as its address names it


def at_and_off_work(company: Any, person: Employee, branch: Branch) -> dict[str, Any]:
    """Return a shift of today and a request for leave next week."""
    shift = Shift.objects.create(
        policy=company.conduct.policy, roster="front", branch=branch, employee=person, starts_at=morning(),
        ends_at=morning(hour=12), entered_at=morning(), entered_by=person,
    )  # fmt: skip
    leave = LeaveRequest.objects.create(
        employee=person, kind=LeaveKind.values[0], from_on=MONDAY + timedelta(7), until_on=MONDAY + timedelta(8),
        state=LeaveState.ASKED, asked_at=morning(),
    )  # fmt: skip
    return {"shift": shift, "leave": leave}
