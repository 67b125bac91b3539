"""A customer's file: changed at once or by proposal, confirmed in a call, proposals decided by managers."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff.domain.wording import moment_words
from visits.choices import ChangeState, Channel
from visits.domain.origin import changing
from visits.forms.customers import BasicsForm, EditForm
from visits.models import CustomerChange
from visits.views.requesting import seen_customer

REASON = 200
SHOWN = 30
TITLES = {name: field.label for name, field in EditForm.base_fields.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def customer_edit(request, pk):
    """Change a customer's file; what others must agree to becomes a proposal."""
    customer = seen_customer(request, pk)
    form = EditForm(request.POST or None, initial={name: getattr(customer, name) for name in changing.FIELDS})
    waits = [TITLES[name] for name in changing.APPROVED if changing.needs_approval(name, request.user, now=request.now)]
    shown = {"customer": customer, "form": form, "waits": waits}
    if request.method != "POST":
        return render(request, "visits/customer_edit.html", shown)
    if not form.is_valid():
        return render(request, "visits/customer_edit.html", shown, status=422)
    told, reason = form.told(), form.cleaned_data["reason"]
    made = changing.change(customer, told, by=request.user, now=request.now, reason=reason)
    messages.success(request, outcome_words(made))
    return HttpResponseRedirect(f"/customers/{customer.pk}/")


@require_POST
def customer_basics(request, pk):
    """Correct or confirm the basics during a call, beside the call form (F-05, AI-12)."""
    customer = seen_customer(request, pk)
    form = BasicsForm(request.POST)
    said, status = "", 200
    if not form.is_valid():
        status = 422
    else:
        made = changing.change(customer, form.told(), by=request.user, now=request.now)
        changing.confirm(customer, by=request.user, now=request.now)
        said = outcome_words(made) if made else _("Confirmed: the file is right.")
    if not request.htmx:
        messages.info(request, said or " ".join(form.faults()))
        return HttpResponseRedirect(f"/customers/{customer.pk}/")
    context = {
        "customer": customer,
        "basics": form if status == 422 else BasicsForm(initial=vars(customer)),
        "said": said,
    }
    return render(request, "visits/card_file.html", context, status=status)


@require_safe
def change_list(request):
    """Show the proposals that wait, and what was decided lately."""
    seen = changes_seen(request)
    waiting = [told(row) for row in seen.filter(state=ChangeState.PROPOSED).order_by("id")]
    decided = seen.filter(state__in=(ChangeState.APPROVED, ChangeState.REJECTED)).order_by("-decided_at")[:SHOWN]
    context = {"waiting": waiting, "decided": [told(row) for row in decided], "me": request.user.pk}
    return render(request, "visits/change_list.html", context)


@require_POST
def change_decide(request, pk):
    """Approve a proposal or turn it down."""
    row = get_object_or_404(changes_seen(request), pk=pk)
    approve = request.POST.get("approve") == "yes"
    reason = request.POST.get("reason", "")[:REASON]
    try:
        changing.decide(row, approve=approve, by=request.user, now=request.now, reason=reason)
        messages.success(request, _("Approved: the file is changed.") if approve else _("Turned down: the file stays."))
    except (changing.MayNotDecide, changing.DecidedBefore) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect("/changes/")


def changes_seen(request):
    """Return the changes of customers whom this person may see."""
    found = CustomerChange.objects.visible_to(request.user, on=request.today)
    return found.select_related("customer", "made_by", "decided_by")


def told(row) -> dict:
    """Return a change in words."""
    return {
        "id": row.pk, "customer": row.customer, "title": TITLES.get(row.field, row.field), "made_by": row.made_by,
        "before": shown_value(row.field, row.before), "after": shown_value(row.field, row.after), "state": row.state,
        "words": row.get_state_display(), "at": moment_words(row.made_at), "decided_by": row.decided_by,
        "decided_at": moment_words(row.decided_at), "reason": _(row.reason) if row.reason else "",
        "own": row.made_by_id,
    }  # fmt: skip


def shown_value(field: str, value: str) -> str:
    """Return a value as the file shows it."""
    return str(dict(Channel.choices).get(value, value)) if field == "preferred_channel" else value


def outcome_words(made) -> str:
    """Say what was changed and what waits for approval."""
    waits = [str(TITLES[row.field]) for row in made if row.state == ChangeState.PROPOSED]
    done = [str(TITLES[row.field]) for row in made if row.state == ChangeState.APPLIED]
    parts = [
        _("Changed: %(fields)s.") % {"fields": "、".join(done)} if done else "",
        _("Waits for a manager's approval: %(fields)s.") % {"fields": "、".join(waits)} if waits else "",
    ]
    return " ".join(part for part in parts if part) or _("Nothing was changed.")
