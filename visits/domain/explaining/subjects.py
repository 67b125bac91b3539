"""What the ledger is about, as far as it is a visit: records, tasks, appointments, promises and proof in words.

Order numbers and steps name them, never customers: these words stand in the ledger (DECISIONS 38).
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from config.wiring import OWED_ABOUT
from staff.domain.conduct.subjects import Told, told
from staff.domain.wording import day_words, moment_words
from staff.models import Employee
from visits.domain.calling.versioning import standing_versions
from visits.domain.obliging.about import thing_of
from visits.domain.obliging.naming import deed_words
from visits.models import Customer, Evidence, FollowUpItem, Obligation, Promise, ServiceEvent, VisitRecord, VisitTask


def records(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the contacts by the id of their first version, each with the page of what stands of them, if it does."""
    first = VisitRecord.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    rows = list(first.prefetch_related("links__task__event"))
    standing = standing_versions(row.pk for row in rows)
    pages = {pk: ("visits:record_proof", now) if now else ("", None) for pk, now in standing.items()}
    return {str(row.pk): Told(_record_words(row), *pages[row.pk]) for row in rows}


def tasks(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the tasks, each with its card."""
    rows = VisitTask.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys)).select_related("event", "step__rule")
    return {str(row.pk): Told(_task_words(row), "visits:task", row.pk) for row in rows}


def appointments(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the return appointments and other follow-ups."""
    rows = FollowUpItem.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {
        str(row.pk): Told(
            _("%(kind)s for %(day)s") % {"kind": row.get_kind_display(), "day": day_words(row.due_on)}
            if row.due_on
            else row.get_kind_display(),
            "visits:follow_up",
            row.pk,
        )
        for row in rows
    }


def promises(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return what was promised for a moment, each with the card of its visit."""
    rows = Promise.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {
        str(row.pk): Told(
            _("%(kind)s at %(moment)s") % {"kind": row.get_kind_display(), "moment": moment_words(row.promised_at)},
            "visits:task" if row.task_id else "",
            row.task_id,
        )
        for row in rows
    }


def obligations(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the deeds that were owed, each with the page of what it is about, else of its customer."""
    rows = Obligation.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    seen = set(
        Customer.objects.visible_to(actor, on=on).filter(obligations__in=rows).values_list("pk", flat=True)
    )  # fmt: skip
    things = {row.pk: thing_of(row.subject) for row in rows}
    above = told([thing for thing in things.values() if thing[0] in OWED_ABOUT], actor=actor, on=on)
    return {str(row.pk): _owed(row, above.get(things[row.pk]), seen) for row in rows}


def _owed(row: Obligation, thing: Told | None, customers: Collection[int]) -> Told:
    words = _("%(deed)s, owed since %(moment)s") % {
        "deed": deed_words(row.deed), "moment": moment_words(row.anchor_at)
    }  # fmt: skip
    if thing is not None:
        return Told(f"{thing.words}: {words}", thing.page, thing.key)
    return Told(words, "visits:customer", row.customer_id) if row.customer_id in customers else Told(words)


def events(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the service events by their order number."""
    rows = ServiceEvent.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {str(row.pk): Told(_("order %s") % row.order_no, "visits:event", row.pk) for row in rows}


def proofs(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return recordings and pictures, each with the file itself."""
    rows = Evidence.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {str(row.pk): Told(row.get_kind_display(), "visits:evidence_file", row.pk) for row in rows}


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _record_words(record: VisitRecord) -> str:
    orders = dict.fromkeys(link.task.event.order_no for link in record.links.all())
    told = {"moment": moment_words(record.started_at), "orders": ", ".join(orders)}
    return _("contact of %(moment)s, order %(orders)s") % told if orders else _("contact of %(moment)s") % told


def _task_words(task: VisitTask) -> str:
    title = task.step.title or task.step.rule.title or task.step.rule.code
    return _("visit “%(title)s” of order %(order)s") % {"title": title, "order": task.event.order_no}
