"""The evidence of what a figure earned or cost: its page, with the rows that were counted."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from staff.domain.conduct.subjects import Told
from staff.domain.seeing import violations_seen_by
from staff.models import Employee

PARTS = 4  # of a key: policy, section and code, period, employee (`rewarding.made_of`)


def figures(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the figures by their key, each with the page of the proposal that it is behind."""
    wanted = {parts: key for key in keys if (parts := _parts(key))}
    asked = Q(pk__in=[])
    for policy, rule, period, employee in wanted:
        asked |= Q(policy=policy, rule=rule, subject=f"period:{period}", employee=employee)
    rows = violations_seen_by(actor, on=on).filter(asked).values_list("policy", "rule", "subject", "employee", "pk")
    found = {}
    for policy, rule, subject, employee, pk in rows:
        period = subject.removeprefix("period:")
        words = _("what the figure of %(period)s was counted from") % {"period": period}
        found[wanted[policy, rule, period, employee]] = Told(words, "reports:figure", pk)
    return found


def _parts(key: str) -> tuple[int, str, str, int] | None:
    parts = key.split("/")
    if len(parts) != PARTS or not (parts[0].isdecimal() and parts[3].isdecimal()):
        return None
    return int(parts[0]), parts[1].partition(":")[2], parts[2], int(parts[3])
