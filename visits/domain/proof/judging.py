"""Judging whether a logged contact took place: what a manager says of visits without proof, or doubtful ones (A-18)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.models import Employee
from visits.choices import RecordKind
from visits.models import RecordCheck, VisitRecord


class MayNotJudge(ValueError):
    """Nobody judges his own contact, and a judgement gives its reason."""


def judge_record(record: VisitRecord, *, holds: bool, reason: str, by: Employee, now: datetime) -> RecordCheck:
    """Write down that a contact is true or is not; a later judgement takes the place of an earlier one.

    Raises `MayNotJudge` for one's own contact, a voided one, or without a reason of at most 200 characters.
    """
    reason = reason.strip()
    if record.advisor_id == by.pk:
        raise MayNotJudge(_("Nobody judges his own visit."))
    if record.kind == RecordKind.VOID:
        raise MayNotJudge(_("This visit was taken back."))
    if not reason or len(reason) > 200:
        raise MayNotJudge(_("Say in a sentence how you found out (at most 200 characters)."))
    with transaction.atomic():
        made = RecordCheck.objects.create(record=record, holds=holds, reason=reason, by=by, at=now)
        log(now=now, actor=by, verb="record_judged", subject=record, holds=holds)
    return made
