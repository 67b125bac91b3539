"""Filters of customers that are saved, and the plans that visit a whole list of them."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.packs.condition import Condition
from staff.domain.wording import day_words
from visits.choices import Channel, TaskStatus
from visits.domain.origin import campaigning, filtering
from visits.domain.origin.requesting import CannotBe, NoRule, next_workday
from visits.forms.campaigns import ROWS, CampaignForm, FilterForm, ids_of
from visits.forms.requesting import fresh_token
from visits.models import Customer

SHOWN = 50


@require_safe
def filter_list(request):
    """Show the filters that this person may use."""
    rows = [{"filter": saved, "words": filtering.words_of(saved)} for saved in filtering.visible_filters(request.user)]
    return render(request, "visits/filter_list.html", {"rows": rows, "me": request.user.pk})


@require_http_methods(["GET", "HEAD", "POST"])
def filter_new(request):
    """Make a filter."""
    form = FilterForm(request.POST or None, initial={"op1": "==", "match": "all"})
    if request.method == "POST" and form.is_valid() and (saved := keep(request, form, None)):
        return HttpResponseRedirect(f"/filters/{saved.pk}/")
    return render(request, "visits/filter_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def filter_page(request, pk):
    """Show whom a filter finds today; its owner changes it."""
    saved = get_object_or_404(filtering.visible_filters(request.user), pk=pk)
    own = saved.owner_id == request.user.pk
    form = FilterForm(request.POST or None, initial=opened(saved))
    if request.method == "POST":
        if not own:
            raise Http404
        if form.is_valid() and keep(request, form, saved):
            return HttpResponseRedirect(f"/filters/{saved.pk}/")
    found = filtering.customers_of(saved, by=request.user, on=request.today)
    context = {
        "saved": saved, "words": filtering.words_of(saved), "own": own, "form": form, "count": found.count(),
        "customers": found[:SHOWN], "cut": SHOWN,
    }  # fmt: skip
    return render(request, "visits/filter_page.html", context, status=422 if form.errors else 200)


@require_POST
def filter_delete(request, pk):
    """Delete one's own filter; plans that were made from it stay."""
    saved = get_object_or_404(filtering.visible_filters(request.user), pk=pk, owner=request.user)
    saved.delete()
    messages.success(request, _("The filter is deleted."))
    return HttpResponseRedirect("/filters/")


@require_safe
def campaign_list(request):
    """Show the plans of this person, latest first."""
    seen = list(campaigning.campaigns_seen(request.user, on=request.today)[:SHOWN])
    far = zip(seen, campaigning.progress_of(seen), strict=True)
    rows = [{"campaign": one, "progress": told(progress), "days": days(one)} for one, progress in far]
    return render(request, "visits/campaign_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_new(request):
    """Plan visits for the customers of a filter, or for those chosen in the list."""
    asked = request.POST if request.method == "POST" else request.GET
    chosen = list(seen(request).filter(pk__in=ids_of(asked.getlist("customer"))))
    form = CampaignForm(request.POST or None, initial=first(request), **offers(request, chosen))
    if request.method == "POST" and form.is_valid() and (made := started(request, form, chosen)):
        messages.success(request, _("The plan is started."))
        return HttpResponseRedirect(f"/campaigns/{made.pk}/")
    context = {"form": form, "chosen": chosen, "ruled": bool(form.fields["kind"].choices)}
    return render(request, "visits/campaign_new.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def campaign(request, pk):
    """Show one plan: aim, time, content, way, and how far its visits are."""
    found = get_object_or_404(campaigning.campaigns_seen(request.user, on=request.today), pk=pk)
    tasks = campaigning.tasks_of(found).select_related("customer", "assignee").order_by("status", "pk")
    context = {
        "campaign": found, "days": days(found), "way": Channel(found.way).label, "cut": SHOWN,
        "progress": told(*campaigning.progress_of([found])),
        "tasks": [{"task": task, "state": task.get_status_display()} for task in tasks[:SHOWN]],
    }  # fmt: skip
    return render(request, "visits/campaign.html", context)


def keep(request, form, saved):
    """Write a filter; a name that one has already used is a fault of the form."""
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            return filtering.save_filter(
                saved, name=typed["name"].strip(), when=form.when, match=typed["match"], shared=typed["shared"],
                by=request.user, now=request.now,
            )  # fmt: skip
    except IntegrityError:
        form.add_error("name", _("You have another filter of this name."))
        return None


def opened(saved) -> dict:
    """Return what the form of a saved filter holds."""
    start = {"name": saved.name, "match": saved.match, "shared": saved.shared}
    for number, row in enumerate(saved.when[:ROWS], 1):
        condition = Condition.from_json(row)
        value = condition.value
        text = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
        start |= {f"field{number}": condition.field, f"op{number}": condition.op, f"value{number}": text}
    return start


def seen(request):
    """Return the customers whom this person may see and who are still customers."""
    found = Customer.objects.visible_to(request.user, on=request.today)
    return found.filter(left_at=None, merged_into=None).distinct().order_by("pk")


def first(request) -> dict:
    """Return what the form of a plan holds when it is opened."""
    start = fresh_token() | {
        "starts_on": request.today,
        "ends_on": next_workday(request.now),
        "way": Channel.DESK_PHONE,
    }
    wanted = ids_of([request.GET.get("filter", "")])
    return start | ({"filter": wanted[0]} if wanted else {})


def offers(request, chosen) -> dict:
    """Return which kinds and filters the form lets choose."""
    return {
        "kinds": [(kind.code, str(kind)) for kind in campaigning.kinds_for_many()],
        "filters": [(saved.pk, saved.name) for saved in filtering.visible_filters(request.user)],
        "chosen": chosen,
    }


def started(request, form, chosen):
    """Start the plan for its customers; hang what is refused on the field that it is about."""
    typed = form.cleaned_data
    saved = filtering.visible_filters(request.user).filter(pk=typed.get("filter") or 0).first()
    found = filtering.customers_of(saved, by=request.user, on=request.today) if saved else chosen
    try:
        listed = list(found[: typed["most"]] if typed["most"] else found)
        return campaigning.start(form.plan(saved), listed, by=request.user, now=request.now)
    except (CannotBe, NoRule) as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return None


def days(plan) -> str:
    """Return the time of a plan in words."""
    return f"{day_words(plan.starts_on)} – {day_words(plan.ends_on)}"


def told(progress) -> dict:
    """Return how far a plan is, in words; both numbers of the rate are shown."""
    states = dict(TaskStatus.choices)
    # Cut, never rounded up, to two places, as every figure is.
    rate = "—" if progress.rate is None else f"{progress.answered * 10_000 // progress.counted / 100:g} %"
    visits = ngettext("%(count)d visit", "%(count)d visits", progress.counted) % {"count": progress.counted}
    return {
        "rate": rate, "answered": progress.answered, "counted": progress.counted, "visits": visits,
        "states": [(states[state], count) for state, count in progress.by_state.items()],
    }  # fmt: skip
