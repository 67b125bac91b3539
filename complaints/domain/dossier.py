"""The file of one case on paper: the complaint form, the records, the solution (U-13), for the archives (AE-12, AE-20).

The form has the five fields that regulations name: cause, demand, course, result, the customer's opinion.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.choices import CaseDeedKind
from complaints.domain.announcing import subject_of
from complaints.models import Case, CaseDeed, Compensation, WorkOrder
from staff.domain.wording import moment_words
from visits.choices import CASES
from visits.domain.contact.masking import mask_in_text
from visits.domain.explaining.telling import Entry, records_told
from visits.models import Evidence, VisitRecord

KINDS = dict(CaseDeedKind.choices)


@dataclass(frozen=True)
class Dossier:
    """What the file of a case holds, part by part; texts with every number masked."""

    form: list[tuple[str, str]]
    deeds: list[tuple[str, str, str, str]]
    records: list[Entry]
    rounds: list[tuple[int, str, str]]
    orders: list[WorkOrder]
    compensations: list[Compensation]
    files: list[Evidence]


def dossier_of(case: Case) -> Dossier:
    """Return the file of a case; a fixed number of queries."""
    deeds = list(case.deeds.select_related("by", "to", "department").order_by("at", "pk"))
    return Dossier(
        form=[(str(name), mask_in_text(text)) for name, text in _form(case)],
        deeds=[_line(deed) for deed in deeds],
        records=records_told(records_of(case)),
        rounds=[_round(deed) for deed in deeds if deed.kind == CaseDeedKind.RESOLVED],
        orders=list(case.work_orders.select_related("department", "assignee").order_by("pk")),
        compensations=list(case.compensations.select_related("decided_by").order_by("pk")),
        files=list(Evidence.objects.filter(subject=subject_of(case), purged_at=None).order_by("pk")),
    )


def records_of(case: Case) -> Any:
    """Return the records that belong to a case: of the visit that raised it, and of those that asked after it."""
    asked = Q(order_no=case.number) | Q(order_no__startswith=f"{case.number}/")
    own = VisitRecord.objects.filter(
        links__task__event__in=case.customer.events.filter(asked, source=CASES) if case.customer else []
    )
    return VisitRecord.objects.filter(Q(pk__in=own.values("pk")) | Q(pk=case.record_id)).current()


def _form(case: Case) -> list[tuple[str, str]]:
    """Return the five fields of the complaint form."""
    return [
        (_("Cause"), case.cause), (_("Demand"), case.demand), (_("Course"), case.process),
        (_("Result"), "；".join(text for text in (case.solution, case.result) if text)),
        (_("Customer's opinion"), case.opinion),
    ]  # fmt: skip


def _line(deed: CaseDeed) -> tuple[str, str, str, str]:
    words = " ".join(str(one) for one in (deed.to, deed.department) if one)
    text = mask_in_text(deed.text)
    return (
        moment_words(deed.at),
        str(KINDS.get(deed.kind, deed.kind)),
        str(deed.by or ""),
        " · ".join(part for part in (words, text) if part),
    )


def _round(deed: CaseDeed) -> tuple[int, str, str]:
    told = [deed.text, *(str(deed.facts.get(name, "")) for name in ("result", "remedy"))]
    return deed.round, moment_words(deed.at), mask_in_text("；".join(dict.fromkeys(text for text in told if text)))
