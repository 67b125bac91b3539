"""Proposing a penalty by hand: any of the regulations in force, for somebody whom one looks after."""

import uuid

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff.domain.conduct import proposing, rules
from staff.domain.conduct.presupposing import presupposed
from staff.domain.conduct.refusing import Refused
from staff.domain.oversight import overseen_by
from staff.forms.proposing import ProposalForm


@require_http_methods(["GET", "HEAD", "POST"])
def violation_new(request):
    """Show the form, and propose what it says; the same form twice is one proposal."""
    offered = {f"{rule.release.pk}/{rule.spec.code}": rule for rule in rules.by_hand(on=request.today)}
    form = _form(request, offered)
    if request.method != "POST":
        return render(request, "staff/violation_new.html", {"form": form})
    if form.is_valid():
        try:
            made = _propose(request, form.cleaned_data, offered)
            messages.success(request, _("Proposed. Whoever decides about such proposals does so in the ledger."))
            return HttpResponseRedirect(reverse("staff:violation", args=[made.pk]))
        except Refused as refusal:
            form.add_error(None, refusal.words)
    return render(request, "staff/violation_new.html", {"form": form}, status=422)


def _propose(request, typed, offered):
    rule, person = offered[typed["rule"]], typed["employee"]
    on = None if typed["on"] == request.today else typed["on"]
    return proposing.propose_by_hand(
        rule.spec, person, f"hand:{typed['token']}", release=rule.release, by=request.user, text=typed["text"],
        now=request.now, on=on, presupposed=typed["presupposed"],
    )  # fmt: skip


def _title(rule) -> str:
    title = f"{rule.pack.policy.title} · {rule.spec.title or rule.spec.code}"
    wanted = presupposed(rule.spec)
    return _("%(penalty)s (presupposes: %(what)s)") % {"penalty": title, "what": wanted} if wanted else title


def _form(request, offered) -> ProposalForm:
    people = overseen_by(request.user, on=request.today).filter(is_active=True).exclude(pk=request.user.pk)
    titles = [(key, _title(rule)) for key, rule in offered.items()]
    start = {"on": request.today, "token": uuid.uuid4(), "employee": request.GET.get("person")}
    return ProposalForm(request.POST or None, people=people, rules=titles, today=request.today, initial=start)
