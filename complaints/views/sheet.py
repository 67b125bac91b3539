"""The page of registration while it is filled in: who it is, what the regulation makes of it, what it may double."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from complaints.domain import duplicates, offering
from complaints.domain.foreseeing import Foreseen, foresee
from complaints.domain.forms_asked import fields_at, required_at
from complaints.domain.registering import Told
from complaints.domain.ruling import pack_of
from complaints.domain.writing import CannotDo
from complaints.forms.asked_fields import add_own, read_own
from complaints.forms.case import NewCaseForm
from complaints.forms.own_fields import OWN
from complaints.models import Case
from config.packs.asking import FieldSpec
from staff.domain.access import may_open
from staff.models import Department, Employee
from visits.domain.contact.masking import mask
from visits.domain.finding.searching import customers_matching
from visits.domain.follow_up.finding import colleagues
from visits.models import Customer, ServiceEvent, Vehicle, VisitRecord

SHORTEST, MOST = 2, 8


@dataclass
class Sheet:
    """What is typed, with what follows from it. `told` can be registered once `form` is valid."""

    form: NewCaseForm
    told: Told
    foreseen: Foreseen | None = None
    alike: list[duplicates.Likeness] = field(default_factory=list)
    specs: list[FieldSpec] = field(default_factory=list)
    may_keep: bool = False

    def level_words(self) -> str:
        """Return the level that the case would get."""
        return self._words(self.foreseen.case.level if self.foreseen else "")

    def proposed_words(self) -> str:
        """Return the level that the regulation proposes, where somebody has chosen another one."""
        found = self.foreseen
        return self._words(found.proposed) if found and found.proposed != found.case.level else ""

    def _words(self, level: str) -> str:
        return str(dict(self.form.fields["level"].choices).get(level, "")) if level else ""

    def same_as(self) -> Case | None:
        """Return the case that this one is told to double."""
        chosen = self.form.typed("same")
        return next((one.case for one in self.alike if str(one.case.pk) == chosen), None)


def form_of(request, *, initial: dict[str, Any]) -> NewCaseForm:
    """Return the form with units and people, as typed or as it opens."""
    data = request.POST if request.method == "POST" else None
    people = colleagues(None, on=request.today)
    involved = offering.departments()
    return NewCaseForm(data, initial=initial, units=offering.units(), people=people, departments=involved)


def sheet_of(form: NewCaseForm, request) -> Sheet:
    """Return what follows from what is typed; the form then offers what the regulation and the customer allow."""
    rows = rows_of(form, request)
    customer = rows["customer"] or (rows["record"].customer if rows["record"] else None)
    form.fields["vehicle"].offer(offering.cars(customer))
    form.fields["event"].offer(offering.orders(customer))
    rows |= {
        "customer": customer, "vehicle": _row(Vehicle, form.chosen("vehicle")),
        "event": _row(ServiceEvent, form.chosen("event")),
        "opened_at": form.typed("opened_at") or request.now,
    }  # fmt: skip
    sheet = Sheet(form, form.told(rows), may_keep=may_open("visits:customer_new", "POST", request.user.base_roles))
    _foresee(sheet, request)  # which regulation it is, is known now: it offers levels, categories, codes
    if (
        told := form.told(rows)
    ) != sheet.told:  # category and level can be read now, and may ask for fields of their own
        sheet.told = told
        _foresee(sheet, request)
    sheet.told = replace(sheet.told, values=_own_values(sheet))
    _foresee(sheet, request)
    if sheet.foreseen:
        seen = Case.objects.visible_to(request.user, on=request.today).exclude(token=sheet.told.token)
        sheet.alike = duplicates.likely(sheet.foreseen.case, among=seen)
    return sheet


def rows_of(form: NewCaseForm, request) -> dict[str, Any]:
    """Return what the ids in the form stand for; what is not this person's to see counts as not chosen."""
    branch, department = offering.unit_of(form.typed("unit"))
    here = {"on": request.today}
    customers = Customer.objects.visible_to(request.user, **here).filter(merged_into=None)
    records = VisitRecord.objects.visible_to(request.user, **here)
    cases = Case.objects.visible_to(request.user, **here)
    people = Employee.objects.filter(is_active=True)
    return {
        "customer": _row(customers, form.typed("customer")), "branch": branch, "department": department,
        "record": _row(records.select_related("customer", "branch"), form.typed("record")),
        "origin": _row(cases, form.typed("origin")),
        "departments": tuple(Department.objects.filter(pk__in=form.typed("departments") or ())),
        "accused": tuple(people.filter(pk__in=form.typed("accused") or ())),
        **{name: _row(people, form.chosen(name)) for name in ("handler", "tracker", "coordinator")},
    }  # fmt: skip


def _row(among, pk):
    """Return the row of that id among these; nothing for none."""
    rows = among if hasattr(among, "filter") else among.objects.all()
    return rows.filter(pk=pk).first() if pk else None


def _foresee(sheet: Sheet, request) -> None:
    """Ask the regulation, and let the form offer what it has: categories, levels, codes, fields of its own."""
    told, form = sheet.told, sheet.form
    now = request.now
    try:
        likely = replace(told, summary=told.summary or "—", opened_at=min(told.opened_at, now))
        sheet.foreseen = foresee(likely, by=request.user, now=now)
    except CannotDo:
        return
    release, facts = sheet.foreseen.case.release, sheet.foreseen.facts
    form.fields["category"].offer(offering.categories(release))
    form.fields["level"].offer(offering.levels(release), empty=_("as the regulation proposes"))
    form.fields["exemption"].offer(offering.exemptions(release))
    pack = pack_of(release)
    asked = fields_at(pack, "register", facts)
    sheet.specs = [spec for code, spec in asked.items() if code not in form.standard]
    add_own(form, [spec for spec in sheet.specs if OWN + spec.code not in form.fields], sheet.told.values)
    form.mark_needed(required_at(pack, "register", facts))


def _own_values(sheet: Sheet) -> dict[str, Any]:
    """Return the regulation's own fields as typed; what cannot be read is hung on its field."""
    if not sheet.form.is_bound:
        return {}
    values, faults = read_own(sheet.form, sheet.specs)
    for name, fault in faults.items():
        sheet.form.add_error(name, fault)
    return values


def found_for(words: str, request) -> list[dict[str, Any]]:
    """Return the customers whom these words find, as one tells them apart: numbers masked, cars, company."""
    if len(words.strip()) < SHORTEST:
        return []
    seen = Customer.objects.visible_to(request.user, on=request.today).filter(merged_into=None)
    rows = seen.filter(customers_matching(words)).distinct().order_by("pinyin", "name", "pk")[:MOST]
    return [told_of(one) for one in rows]


def told_of(customer: Customer) -> dict[str, Any]:
    """Return one customer as the page shows them."""
    number = customer.numbers.filter(valid_until=None).order_by("-is_primary", "pk").first()
    owned = customer.ownerships.filter(until_at=None).select_related("vehicle").order_by("pk")
    return {
        "id": customer.pk, "name": customer.name, "company": customer.company,
        "number": mask(number.number) if number else "", "cars": [str(link.vehicle) for link in owned],
    }  # fmt: skip
