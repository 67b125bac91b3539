"""Registering a case by hand, from whatever way it came; it tells at once what the regulation makes of it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.choices import CaseType, Source
from complaints.domain.announcing import url_of
from complaints.domain.offering import chosen_unit
from complaints.domain.taking_in import take_in
from complaints.domain.writing import CannotDo
from complaints.forms.case import fresh, texts_of
from complaints.models import Case
from complaints.views.sheet import Sheet, form_of, found_for, sheet_of, told_of
from staff.domain.wording import local
from visits.models import Customer, ServiceEvent, VisitRecord

ANOTHER = "new"
LOOKS = {"who": "found", "all": "follows"}  # which part of the page answers while it is filled in


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request):
    """Register a case. With `look` nothing is saved: the page answers with what follows from what is typed so far."""
    form = form_of(request, initial=opening(request))
    sheet = sheet_of(form, request)
    if request.method != "POST":
        return shown(request, sheet)
    if look := request.POST.get("look"):
        form.errors.clear()
        return shown(request, sheet, part=LOOKS.get(look, "") if request.htmx else "")
    check_chosen(sheet)
    if not form.is_valid() or not judged_alike(sheet):
        return shown(request, sheet, status=422)
    try:
        keep = sheet.may_keep and form.cleaned_data["keep"]
        taken = take_in(sheet.told, by=request.user, now=request.now, keep=keep, same_as=sheet.same_as())
    except CannotDo as refusal:
        form.hang(str(refusal), refusal.field)
        return shown(request, sheet, status=422)
    messages.success(request, done_words(taken))
    return HttpResponseRedirect(url_of(taken.counts_as or taken.case))


def check_chosen(sheet: Sheet) -> None:
    """Refuse what was chosen and is there no more since the page was shown."""
    sheet.form.check_choices()
    if sheet.form.typed("customer") and sheet.told.customer is None:
        sheet.form.add_error("who", _("This customer can no longer be chosen. Search again."))


def judged_alike(sheet: Sheet) -> bool:
    """Say whether somebody has judged what may be the same matter; ask for it where nobody has."""
    if not sheet.alike or sheet.form.typed("same") == ANOTHER or sheet.same_as():
        return True
    sheet.form.add_error("same", _("Somebody may have told of this before: say below whether it is the same matter."))
    return False


def done_words(taken) -> str:
    """Say what became of it: its number, who has it, what it counts as."""
    case = taken.case
    if taken.counts_as:
        return _("%(number)s is registered and counts with %(master)s: one matter.") % {
            "number": case.number, "master": taken.counts_as.number,
        }  # fmt: skip
    return _("%(number)s is registered. Handled by: %(name)s.") % {
        "number": case.number, "name": case.handler or _("nobody yet"),
    }  # fmt: skip


def shown(request, sheet: Sheet, *, part: str = "", status: int = 200):
    """Show the page, or the part of it that answers to what is typed."""
    words = sheet.form.typed("who")
    context = {
        "form": sheet.form, "sheet": sheet, "q": words, "found": found_for(words, request),
        "chosen": told_of(sheet.told.customer) if sheet.told.customer else None, "origin": sheet.told.origin,
        "record": sheet.told.record,
    }  # fmt: skip
    template = "complaints/case_new.html"
    return render(request, f"{template}#{part}" if part else template, context, status=status)


def opening(request) -> dict:
    """Return what the form holds when it opens: of the case, the visit, the order or the customer it is made from."""
    start = fresh() | {"opened_at": local(request.now), "type": CaseType.COMPLAINT, "keep": True}
    if request.GET.get("type") in CaseType.values:
        start["type"] = request.GET["type"]
    if request.GET.get("source") in Source.values:
        start["source"] = request.GET["source"]
    for name, model, told in (("origin", Case, of_case), ("record", VisitRecord, of_record), ("event", ServiceEvent,
                              of_event), ("customer", Customer, lambda one: {"customer": one.pk})):  # fmt: skip
        key = request.GET.get(name, "")
        if key.isascii() and key.isdecimal() and len(key) < 19:
            found = model.objects.visible_to(request.user, on=request.today).filter(pk=key).first()
            start |= told(found) if found else {}
    return start


def of_case(case: Case) -> dict:
    """Return what a case that is made into another one has told already (X-03)."""
    texts, names = texts_of(case), ("source", "severity", "importance", "urgency", "category")
    del texts["reference"]
    return texts | {name: getattr(case, name) for name in names} | {
        "origin": case.pk, "customer": case.customer_id, "unit": chosen_unit(case.branch_id, case.department_id),
        "vehicle": str(case.vehicle_id or ""), "event": str(case.event_id or ""),
        "departments": [one.pk for one in case.departments.all()],
    }  # fmt: skip


def of_record(record: VisitRecord) -> dict:
    """Return what a visit has told (U-12): the customer's own words, when they were said."""
    link = record.links.select_related("task__event").order_by("pk").first()
    told = of_event(link.task.event) if link else {"unit": chosen_unit(record.branch_id, None)}
    return told | {
        "record": record.pk, "customer": record.customer_id, "source": Source.CALL,
        "opened_at": local(record.started_at), "summary": record.problem or record.displeasure or record.summary,
    }  # fmt: skip


def of_event(event: ServiceEvent) -> dict:
    """Return what an order says: whose it is, which car, which unit."""
    unit = chosen_unit(event.branch_id, event.department_id)
    return {
        "customer": event.customer_id, "event": str(event.pk), "vehicle": str(event.vehicle_id or ""), "unit": unit,
    }  # fmt: skip
