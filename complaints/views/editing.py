"""Putting a case right: what was told, with a reason; every version stays to be seen."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.choices import CaseType, Grade, Severity, Source
from complaints.domain import editing, offering
from complaints.domain.announcing import url_of
from complaints.domain.facts import facts_of_case
from complaints.domain.forms_asked import fields_at, required_at
from complaints.domain.rights import may as may_do
from complaints.domain.ruling import category_words, exemption_words, pack_of
from complaints.domain.writing import CannotDo
from complaints.forms.asked_fields import add_own, read_own
from complaints.forms.case import CHOSEN, EditCaseForm, texts_of
from complaints.models import Case, CaseDeed
from staff.domain.wording import moment_words
from staff.models import Department, Employee
from visits.domain.follow_up.finding import colleagues
from visits.models import ServiceEvent, Vehicle

LABELS = {"type": CaseType, "source": Source, "severity": Severity, "importance": Grade, "urgency": Grade}
ROWS = {"customer": None, "vehicle": Vehicle, "event": ServiceEvent, "tracker": Employee, "coordinator": Employee}


@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request, pk):
    """Change what is written of a case; what is refused stays as it was typed."""
    case = seen_case(request, pk)
    form, specs = form_of(case, request)
    if request.method != "POST":
        return shown(request, case, form)
    values, faults = read_own(form, specs)
    for name, fault in faults.items():
        form.add_error(name, fault)
    form.check_choices()
    if not form.is_valid():
        return shown(request, case, form, status=422)
    changes = form.changes(case) | rows_of(form) | {"values": {**_kept(case, specs), **values}}
    try:
        deed = changed(request, case, form, changes)
    except CannotDo as refusal:
        form.hang(str(refusal), refusal.field)
        return shown(request, seen_case(request, pk), form, status=422)
    messages.success(request, _("Changed; the version before stays in the history.") if deed else _("Nothing differs."))
    return HttpResponseRedirect(url_of(case))


def changed(request, case: Case, form: EditCaseForm, changes: dict[str, Any]) -> CaseDeed | None:
    """Write the new version over that which the page has shown."""
    typed = form.cleaned_data
    case.version = typed["version"]
    involved = list(Department.objects.filter(pk__in=typed["departments"]))
    told = {"reason": typed["reason"], "by": request.user, "now": request.now}
    return editing.change(case, changes, departments=involved, **told)


def seen_case(request, pk) -> Case:
    """Return the case if it is this person's to see; what is not looks as if it were not there."""
    related = ("customer", "vehicle", "event", "release", "branch", "department", "tracker", "coordinator")
    mine = Case.objects.visible_to(request.user, on=request.today).select_related(*related)
    return get_object_or_404(mine, pk=pk)


def form_of(case: Case, request) -> tuple[EditCaseForm, list]:
    """Return the form with what the case says, and the regulation's own fields in it."""
    start: dict[str, Any] = {name: getattr(case, name) for name in CHOSEN} | texts_of(case) | {"version": case.version}
    start |= {name: str(getattr(case, f"{name}_id") or "") for name in ("vehicle", "event", "tracker", "coordinator")}
    start["departments"] = [one.pk for one in case.departments.all()]
    data = request.POST if request.method == "POST" else None
    form = EditCaseForm(data, initial=start, departments=offering.departments())
    people = colleagues(case.branch_id, on=request.today)
    form.fields["category"].offer(offering.categories(case.release))
    form.fields["vehicle"].offer(with_own(offering.cars(case.customer), case.vehicle))
    form.fields["event"].offer(with_own(offering.orders(case.customer), case.event, offering.order_words))
    for name in ("tracker", "coordinator"):
        form.fields[name].offer(with_own(people, getattr(case, name)))
    pack, facts = pack_of(case.release), facts_of_case(as_typed(case, form))
    specs = [spec for code, spec in fields_at(pack, "register", facts).items() if code not in form.standard]
    add_own(form, specs, case.values)
    form.mark_needed(required_at(pack, "register", facts))
    return form, specs


def as_typed(case: Case, form: EditCaseForm) -> Case:
    """Return a copy of the case that says what was chosen: another category may ask for other fields of its own."""
    told = copy(case)
    for name in CHOSEN if form.is_bound else ():
        setattr(told, name, form.chosen(name) if name == "category" else form.typed(name))
    return told


def with_own(choices, row, words=str):
    """Return the choices with that which the case has, where it is not among them any more."""
    if row is None or str(row.pk) in offering.flat(choices):
        return choices
    return [(row.pk, words(row)), *choices]


def rows_of(form: EditCaseForm) -> dict[str, Any]:
    """Return the rows that were chosen, by column."""
    chosen = {name: form.chosen(name) for name, model in ROWS.items() if model}
    return {name: ROWS[name].objects.filter(pk=pk).first() if pk else None for name, pk in chosen.items()}


def _kept(case: Case, specs) -> dict[str, Any]:
    """Return the own values that this form does not ask for: those of later stages stay as they are."""
    asked = {spec.code for spec in specs}
    return {code: value for code, value in case.values.items() if code not in asked}


def shown(request, case: Case, form: EditCaseForm, *, status: int = 200):
    """Show the form above the versions before."""
    may = may_do(case, "change", by=request.user, on=request.today)
    versions = [version_told(deed, case) for deed in reversed(editing.versions(case))]
    context = {"case": case, "form": form, "may": may, "versions": versions, "url": url_of(case)}
    return render(request, "complaints/case_edit.html", context, status=status)


def version_told(deed: CaseDeed, case: Case) -> dict[str, Any]:
    """Return one change in words: who, when, why, what each field said before and after."""
    changed = [
        (field_words(name), value_words(name, old, case), value_words(name, new, case))
        for name, (old, new) in deed.facts.items()
    ]
    return {"by": deed.by or _("the program"), "at": moment_words(deed.logged_at), "why": deed.text, "changed": changed}


def field_words(name: str) -> str:
    """Return what a column is called."""
    return str(Case._meta.get_field(name).verbose_name)


def value_words(name: str, value: Any, case: Case) -> str:
    """Return a kept value in words."""
    if value in (None, "", [], {}):
        return "—"
    if name in LABELS:
        return str(LABELS[name](value).label)
    if name == "category":
        return category_words(case.release, value)
    if name == "exemption":
        return exemption_words(case.release, value)
    if name == "departments":
        return "、".join(Department.objects.filter(pk__in=value).order_by("pk").values_list("name", flat=True))
    if model := ROWS.get(name):
        return str(model.objects.filter(pk=value).first() or value)
    if name == "values":
        return "、".join(f"{code}: {editing.shown_change(code, one)}" for code, one in value.items())
    return editing.shown_change(name, value)
