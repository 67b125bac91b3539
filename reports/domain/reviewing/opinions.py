"""A supervisor's signed opinion of a single record, and how many records still wait for one (K-09)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.clock import local_day
from reports.models import RecordReview
from staff.domain.access import MANAGERS, roles_of
from staff.domain.activity import log
from staff.domain.calendar import day_end, day_start
from staff.domain.notifying import notify
from staff.domain.pages import Page, cut
from staff.models import Employee
from visits.models import VisitRecord


class CannotSign(Exception):
    """The opinion is refused; the text says why."""


@transaction.atomic
def sign(record: VisitRecord, opinion: str, *, by: Employee, now: datetime) -> RecordReview:
    """Sign an opinion of a record: name and moment are the signature. Nobody gives one of his own. Raises `CannotSign`.

    A further opinion of the same record is a further row; none is ever changed.
    """
    if not opinion.strip():
        raise CannotSign(_("Write your opinion."))
    if record.advisor_id == by.pk or not roles_of(by, on=local_day(now)) & MANAGERS:
        raise CannotSign(_("A supervisor other than who made the visit signs the opinion."))
    made = RecordReview.objects.create(record=record, by=by, at=now, opinion=opinion.strip())
    log(now=now, actor=by, verb="record.reviewed", subject=record)
    notify(
        [record.advisor], kind="record_reviewed", url=f"/records/{record.pk}/opinions/", now=now,
        message=gettext_noop("%(name)s gave an opinion of your visit"), facts={"name": str(by)},
    )  # fmt: skip
    return made


def found(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> QuerySet[VisitRecord]:
    """Return the records of others in one's scope. `wanted`: state (unsigned, signed, all), who, first, last."""
    zone = ZoneInfo(settings.TIME_ZONE)
    records = VisitRecord.objects.visible_to(employee, on=on).current().exclude(advisor=employee)
    if wanted["first"]:
        records = records.filter(logged_at__gte=day_start(wanted["first"], zone))
    if wanted["last"]:
        records = records.filter(logged_at__lt=day_end(wanted["last"], zone))
    if wanted["who"]:
        records = records.filter(advisor__username=wanted["who"])
    signed = Exists(RecordReview.objects.filter(record=OuterRef("pk")))
    match wanted["state"]:
        case "unsigned":
            return records.filter(~signed)
        case "signed":
            return records.filter(signed)
    return records


def page_of(employee: Employee, wanted: Mapping[str, Any], *, on: date) -> Page:
    """Return one page of them, the earliest first, each with what was said and the latest opinion."""
    rows = found(employee, wanted, on=on).order_by("logged_at", "pk")
    return cut(rows.select_related("customer", "advisor"), wanted["page"], told=_with_opinions)


def _with_opinions(records: list[VisitRecord]) -> list[dict[str, Any]]:
    opinions = RecordReview.objects.filter(record__in=[record.pk for record in records]).select_related("by")
    by_record = {one.record_id: one for one in opinions.order_by("pk")}  # the latest of each record stays
    return [{"record": record, "opinion": by_record.get(record.pk)} for record in records]


def unsigned_count(employee: Employee, *, first: date, last: date, on: date) -> int:
    """Return how many visits of others, logged from `first` to `last`, nobody has given an opinion of."""
    wanted = {"state": "unsigned", "who": "", "first": first, "last": last}
    return found(employee, wanted, on=on).count()


def advisors(employee: Employee, *, on: date) -> list[tuple[str, str]]:
    """Return whose visits the person may give an opinion of."""
    seen = VisitRecord.objects.visible_to(employee, on=on).order_by().values("advisor")
    people = Employee.objects.filter(pk__in=seen).exclude(pk=employee.pk).order_by("pinyin", "username")
    return [(one.username, str(one)) for one in people]
