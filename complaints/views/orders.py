"""Work orders: the list, a new one, the page of one, its sheet of paper."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.choices import CaseType, OrderDeed, WorkOrderKind, WorkOrderState
from complaints.domain.orders import listing, opening, signing, timing
from complaints.domain.rights import is_theirs
from complaints.domain.writing import CannotDo
from complaints.forms.finding_orders import FindOrders
from complaints.forms.new_order import NewOrderForm
from complaints.models import Case, WorkOrder
from complaints.views.links import square_code
from complaints.views.order_panels import panels_of, skills
from staff.domain.access import CALLERS
from staff.domain.calendar import day_start
from staff.domain.pages import PAGE, Page
from staff.domain.wording import bound_words, day_words, length_words, moment_span_words, moment_words
from staff.views.paging import framed
from visits.domain.contact.masking import mask_in_text
from visits.domain.detecting.bounds import house

MOST_AT_ONCE = 500
AHEAD = timedelta(days=7)
OF_PAGE = (
    "case__branch", "case__department", "case__handler", "case__vehicle", "opened_by", "checked_by", "approved_by",
)  # fmt: skip


@require_safe
def order_list(request):
    """Show the work orders, what is urgent first, as a list or by who has them."""
    form = FindOrders(request.GET)
    wanted = form.wanted()
    found = listing.orders(request.user, wanted, now=request.now, on=request.today).select_related(*listing.RELATED)
    by_people = wanted["view"] == "people"
    size = MOST_AT_ONCE if by_people else PAGE
    start = (wanted["page"] - 1) * size
    rows = list(found[start : start + size + 1])
    page = Page([row_of(order, request.now) for order in rows[:size]], wanted["page"], len(rows) > size)
    good, judged = listing.punctuality(rows[:size])
    shown = framed(request, form, page, list(page)) | {
        "counts": listing.counts(request.user, now=request.now, on=request.today),
        "good": good, "judged": judged, "people": grouped(rows[:size], request.now) if by_people else [],
    }  # fmt: skip
    return render(request, "complaints/order_list.html", shown)


def grouped(orders, now):
    """Return the orders by who has them, as rows."""
    return [(name, [row_of(one, now) for one in rows]) for name, rows in listing.by_technician(orders)]


def row_of(order, now):
    """Return one order as lists show it."""
    return {
        "order": order,
        "state": timing.state_words(order),
        "due": moment_words(order.due_at),
        "slot": moment_words(order.slot_from),
        "late": timing.is_overdue(order, now=now),
        "came_late": timing.arrived_late(order, now=now),
        "who": order.partner or order.assignee,
        "customer": order.case.customer.name if order.case.customer else order.case.name,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request, pk):
    """Open a work order of a case; what is refused comes back as it was typed."""
    seen = Case.objects.visible_to(request.user, on=request.today)
    case = get_object_or_404(seen.select_related("customer", "vehicle", "release", "branch", "department"), pk=pk)
    if not is_theirs(case, "order", by=request.user, on=request.today):
        raise PermissionDenied
    draft = WorkOrder(case=case, kind=first_kind(case), branch=case.branch)
    options = {"draft": draft, "skills": skills()}
    if request.method != "POST":
        form = NewOrderForm(initial=start_of(case), **options)
        return render(request, "complaints/order_new.html", {"case": case, "form": form})
    form = NewOrderForm(request.POST, **options)
    if form.is_valid() and request.user.base_roles & CALLERS:
        try:
            shown = form.cleaned_data["version"]
            order = opening.open_order(case, form.asked(), by=request.user, now=request.now, version=shown)
            messages.success(request, _("The work order is open; whoever it asks was told."))
            return HttpResponseRedirect(reverse("complaints:order", args=[order.pk]))
        except CannotDo as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return render(request, "complaints/order_new.html", {"case": case, "form": form}, status=422)


def first_kind(case):
    """Return what a work order of this case is likely to ask for."""
    return WorkOrderKind.REPAIR if case.type == CaseType.REPAIR else WorkOrderKind.CONTACT_SHEET


def start_of(case):
    """Return how the form of a new order opens: with what the case says."""
    vehicle = case.vehicle
    return {
        "kind": first_kind(case),
        "instruction": mask_in_text(case.summary),
        "urgent": case.priority == 1,
        "department": case.department_id,
        "area": case.customer.area if case.customer else "",
        "product": vehicle.plate if vehicle else "",
        "model": vehicle.model if vehicle else "",
    }


@require_safe
def order(request, pk):
    """Show one work order: what, who, when, what was done, and what can be done about it."""
    return page(request, seen_order(request, pk))


def seen_order(request, pk):
    """Return the work order, where the person may see it."""
    mine = WorkOrder.objects.visible_to(request.user, on=request.today)
    return get_object_or_404(mine.select_related(*listing.RELATED, *OF_PAGE), pk=pk)


def page(request, found, *, refused=None, status=200):
    """Show the order with its panels; `refused`: the panel that was not taken, with its form."""
    taken = listing.busy(found.assignee_id, *week(request), but=found.pk) if found.assignee_id else []
    context = {
        "order": found,
        "row": row_of(found, request.now),
        "facts": facts_of(found),
        "panels": panels_of(found, request, refused=refused),
        "lines": lines_of(found),
        "history": listing.history_of(found, request.user, on=request.today),
        "busy": [{"words": slot_words(one), "number": one.number} for one in taken],
        "link": (link := link_of(found, request)),
        "code": square_code(link) if link else "",
        "waits": timing.waits_for_approval(found),
        "signature": signing.signature_of(found),
        "sees_case": Case.objects.visible_to(request.user, on=request.today).filter(pk=found.case_id).exists(),
    }
    return render(request, "complaints/order.html", context, status=status)


def slot_words(order):
    """Return the agreed time of an order, nothing where none is."""
    return moment_span_words(order.slot_from, order.slot_until) if order.slot_from else ""


def link_of(order, request):
    """Return the address at which the customer confirms the order; nothing where there is nothing to confirm."""
    if not order.token or order.state != WorkOrderState.REPORTED:
        return ""
    return request.build_absolute_uri(reverse("complaints:public_confirm", args=[order.token]))


def week(request):
    """Return the beginning of today and the moment a week later: whose agreed times are shown."""
    start = day_start(request.today, house())
    return start, start + AHEAD


def lines_of(order):
    """Return what has happened to the order, the latest first."""
    return [
        {
            "title": title(line), "line": line,
            "text": line.text.removeprefix(f"{order.number} ").removeprefix(title(line)).removeprefix(": "),
        }
        for line in order.deeds.select_related("by", "to").order_by("-pk")
    ]  # fmt: skip


def title(line):
    """Return which deed a line of the history tells of."""
    return str(dict(OrderDeed.choices).get(line.facts.get("deed"), line.kind))


def facts_of(order):
    """Return the facts of the order as words; what is empty is left out."""
    last = timing.warranty_ends(order.purchased_on, order.warranty_months)
    told = {
        _("Department"): order.department,
        _("Technician"): order.assignee,
        _("Outside partner"): order.partner,
        _("Way"): order.get_mode_display(),
        _("Due at"): moment_words(order.due_at),
        _("Agreed time"): slot_words(order),
        _("Begun at"): moment_words(order.arrived_at),
        _("Product"): " ".join(filter(None, (order.product, order.model))),
        _("Bought on"): day_words(order.purchased_on),
        _("Warranty until"): bound_words(day_start(last + timedelta(1), house()), False) if last else "",
        _("Skill that it takes"): order.skill,
        _("Area"): order.area,
        _("Shipping number"): order.tracking_no,
        _("Opened by"): order.opened_by or _("the program"),
        _("Checked by"): order.checked_by,
        _("Approved by"): order.approved_by,
        _("Response time"): length_words(span) if (span := timing.response_of(order)) else "",
        _("Total time"): length_words(span) if (span := timing.total_of(order)) else "",
    }
    return [(name, value) for name, value in told.items() if value]


@require_safe
def order_print(request, pk):
    """Show the order on paper: what was asked and done, the materials, room for the signature (V-03)."""
    found = seen_order(request, pk)
    context = {"order": found, "facts": facts_of(found), "row": row_of(found, request.now)}
    context["printed"] = moment_words(request.now)
    return render(request, "complaints/order_print.html", context)
