"""Cases, work orders and entries of books as other parts name them: what is owed about them, what the ledger shows."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q

from complaints.choices import EntryState
from complaints.domain.announcing import url_of
from complaints.domain.books import book_of, standing
from complaints.domain.facts import people_of
from complaints.domain.violations import fields_of
from complaints.models import Case, Entry, WorkOrder
from staff.domain.conduct.subjects import Told
from staff.models import Employee
from visits.domain.obliging.about import About

RELATED = ("customer", "handler", "coordinator", "registered_by", "branch", "department")


def owed_about_cases(keys: Collection[str]) -> Mapping[str, About]:
    """Return what clocks are about, by the id of the case: what conditions of penalties ask, too (`level`, `verified`),
    and who answers jointly (`coordinator`; AE-18). An ended case asks for nothing any more.
    """
    rows = Case.objects.filter(pk__in=_ids(keys)).select_related(*RELATED)
    return {
        str(one.pk): About(one.number, url_of(one), fields_of(one), people_of(one), ended=one.is_ended)
        for one in rows.prefetch_related("accusations", "departments")
    }


def owed_about_orders(keys: Collection[str]) -> Mapping[str, About]:
    """Return what clocks are about, by the id of the work order; its case says the rest."""
    rows = WorkOrder.objects.filter(pk__in=_ids(keys)).select_related("case", *(f"case__{name}" for name in RELATED))
    return {
        str(one.pk): About(
            one.number, f"/complaints/orders/{one.pk}/", fields_of(one.case), people_of(one.case),
            ended=one.is_ended or one.case.is_ended,
        )
        for one in rows.prefetch_related("case__accusations", "case__departments")
    }  # fmt: skip


def cases(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the cases by their number, each with its page (`config.wiring.SUBJECTS`)."""
    rows = Case.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys))
    return {str(one.pk): Told(f"{one.get_type_display()} {one.number}", "complaints:case", one.pk) for one in rows}


def work_orders(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the work orders by their number, each with its page."""
    rows = WorkOrder.objects.visible_to(actor, on=on).filter(pk__in=_ids(keys)).distinct()
    return {str(one.pk): Told(f"{one.get_kind_display()} {one.number}", "complaints:order", one.pk) for one in rows}


def owed_about_entries(keys: Collection[str]) -> Mapping[str, About]:
    """Return what clocks are about, by the id of the first version of the entry; its fields can be asked (AE-05)."""
    rows = Entry.objects.filter(_of(keys), replaced_by=None).select_related("release__policy", "first__by", "by")
    return {
        str(one.first_id or one.pk): About(
            _words(one), f"/books/entries/{one.first_id or one.pk}/", one.values,
            {"recorder": (one.first or one).by.username}, ended=one.state == EntryState.CLOSED,
        )
        for one in rows
    }  # fmt: skip


def entries(keys: Collection[str], *, actor: Employee, on: date) -> Mapping[str, Told]:
    """Return the entries of books by the id of their first version, each with its page."""
    rows = standing(actor, on=on).filter(_of(keys)).select_related("release__policy")
    return {
        str(one.first_id or one.pk): Told(_words(one), "complaints:entry", one.first_id or one.pk) for one in rows
    }  # fmt: skip


def _of(keys: Collection[str]) -> Q:
    return Q(pk__in=_ids(keys), first=None) | Q(first__in=_ids(keys))


def _words(entry: Entry) -> str:
    book = book_of(entry.release, entry.form)
    return f"{book.title if book else entry.form} #{entry.first_id or entry.pk}"


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]
