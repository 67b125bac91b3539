"""Visits after which the customer was not satisfied (POLICY_PACK `customer_dissatisfied`; L-05)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q

from staff.domain.calendar import local_date
from staff.domain.conduct.breach import Breach
from staff.domain.workforce import load_workforce
from staff.models import Violation
from visits.choices import RecordKind
from visits.domain.calling.versioning import first_records
from visits.domain.detecting.bounds import OVERLAP, house
from visits.domain.detecting.naming import codes_of, fields_of_record, visit_of
from visits.domain.detecting.versions import versions_of
from visits.models import RecordTask, VisitRecord, VisitTask

KIND: Final = "customer_dissatisfied"


def detect(*, since: datetime, until: datetime, now: datetime) -> Iterator[Breach]:
    """Yield a breach for each contact of (`since`, `until`] whose customer was not satisfied, also as corrected."""
    del now
    first = Q(kind=RecordKind.CONTACT, logged_at__gt=since - OVERLAP, logged_at__lte=until)
    corrected = Q(kind=RecordKind.CORRECTION, corrected_at__gt=since - OVERLAP, corrected_at__lte=until)
    found = VisitRecord.objects.filter(first | corrected, satisfied=False).current().order_by("pk")
    workforce, records = load_workforce(), first_records(found)
    settled = tasks_of(records.values())
    for version in found:
        record = records[version.pk]
        tasks = settled.get(record.pk, [])
        on = local_date(record.logged_at, house())
        post = workforce.post(record.advisor_id, on=on)
        yield Breach(
            violation=KIND, subject=f"record:{record.pk}", employee=record.advisor_id, on=on, at=record.logged_at,
            release=tasks[0].release_id if tasks else None, of=codes_of(tasks),
            fields=fields_of_record(version, tasks, on=on), branch=post.branch or record.branch_id,
            department=post.department, evidence=({"kind": "record", "id": record.pk},),
            facts={
                "record": record.pk, "logged_at": record.logged_at.isoformat(), "kind": version.displeasure_kind,
                "visit": visit_of(record.pk, tasks),
            },
        )  # fmt: skip


def mended(violations: Iterable[Violation]) -> frozenset[int]:
    """Return the proposals whose record was taken back, or corrected because it was entered wrongly."""
    subjects = {violation.pk: int(violation.subject.removeprefix("record:")) for violation in violations}
    versions = versions_of(VisitRecord.objects.filter(pk__in=set(subjects.values())))
    standing = {pk: found.at(None) for pk, found in versions.items()}
    return frozenset(
        pk for pk, record in subjects.items() if (found := standing.get(record)) is None or found.satisfied is not False
    )


def tasks_of(records: Iterable[VisitRecord]) -> dict[int, list[VisitTask]]:
    """Return the tasks that each contact settled something of, by its id, the first one first; one query."""
    found: dict[int, list[VisitTask]] = {}
    links = RecordTask.objects.filter(record__in=[record.pk for record in records], attempt__gt=0).order_by("pk")
    for link in links.select_related("task__release", "task__step__rule", "task__event"):
        found.setdefault(link.record_id, []).append(link.task)
    return found
