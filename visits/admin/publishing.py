"""Publishing a draft and putting a release back: what changes, what it would have done, what becomes of open work."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from config import clock
from config.celery import ring
from config.packs.errors import PackErrors
from staff.domain import policies
from staff.models import Policy, Release
from visits.admin.picturing import bars
from visits.choices import OpenTasks, RehearsalState
from visits.domain.planning.events import load_calendar
from visits.domain.rehearsing import differing, publishing, running
from visits.domain.rehearsing.outcome import Outcome
from visits.domain.rehearsing.publishing import Choice, Proposal
from visits.domain.rehearsing.rehearsal import rehearse, size_of
from visits.domain.switching.changing_over import events_concerned
from visits.domain.switching.standing import Judge, Standing, standing
from visits.models import Rehearsal

PAIR = ("old", "new")  # which releases are compared
AT_ONCE = 30_000  # events × steps that a page rehearses while one waits; more is left to the worker


class DaysForm(forms.Form):
    """What is rehearsed: how many days back, and what counts as two visits too near to each other."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("events of the last"),
        choices=[(count, gettext_lazy("%d days") % count) for count in (7, 30, 90)],
        coerce=int, empty_value=30, required=False,
    )  # fmt: skip
    near = forms.TypedChoiceField(
        label=gettext_lazy("two visits of a customer within"),
        choices=[(count, gettext_lazy("%d days") % count) for count in (1, 3, 7)],
        coerce=int, empty_value=3, required=False,
    )  # fmt: skip

    def asked(self) -> dict[str, int]:
        """Return what was asked; what cannot be read is the usual."""
        told = self.cleaned_data if self.is_valid() else {}
        return {"days": told.get("days") or 30, "near_days": told.get("near") or 3}


class ChoiceForm(forms.Form):
    """What becomes of the open tasks of earlier releases."""

    open_tasks = forms.ChoiceField(
        label=gettext_lazy("open tasks"), choices=OpenTasks.choices, initial=OpenTasks.KEEP, widget=forms.RadioSelect
    )
    cancel_retired = forms.BooleanField(
        label=gettext_lazy("cancel untouched visits of steps that are no longer there"), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput)


@admin.register(Rehearsal)
class RehearsalAdmin(admin.ModelAdmin):
    """Rehearsals of the last weeks; here too are the pages of publishing, which they belong to."""

    list_display = ["policy", "days", "state", "done", "total", "asked_by", "asked_at", "finished_at"]
    list_filter = ["policy", "state"]
    fields = ["policy", "days", "near_days", "state", "done", "total", "fault", "asked_by", "asked_at", "finished_at"]
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a rehearsal is begun where one publishes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Rehearsal | None = None) -> bool:
        """Never: they are forgotten by themselves."""
        return False

    def get_urls(self) -> list[Any]:
        """Add the pages of publishing, of putting a release back, and the progress of a rehearsal."""
        view = self.admin_site.admin_view
        return [
            path("publish/<int:pk>/", view(self.publish_page), name="staff_policy_publish"),
            path("restore/<int:pk>/", view(self.restore_page), name="staff_release_restore"),
            path("releases/<int:pk>/", view(self.history_page), name="staff_release_history"),
            path("begin/<int:pk>/", view(require_POST(self.begin)), name="visits_rehearsal_begin"),
            path("begin/release/<int:pk>/", view(require_POST(self.begin_back)), name="visits_rehearsal_begin_back"),
            path("<int:pk>/progress/", view(self.progress), name="visits_rehearsal_progress"),
            *super().get_urls(),
        ]

    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what publishing the draft would do; on POST make it a release."""
        policy = get_object_or_404(Policy, pk=pk)
        try:
            proposal = publishing.proposed(policy)
        except PackErrors as refused:
            if request.method == "POST":
                messages.error(request, _("The draft cannot be published; nothing was changed."))
                return redirect("admin:staff_policy_publish", pk)
            return self.show(request, policy, None, errors=[str(error) for error in refused.errors])
        if request.method == "POST":
            return self.publish(request, proposal)
        return self.show(request, policy, proposal)

    def publish(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        """Make a release of what was looked at, and say what became of it."""
        form, now = ChoiceForm(request.POST), clock.now()
        if not form.is_valid():
            return self.show(request, proposal.policy, proposal, form=form)
        told = form.cleaned_data
        choice = Choice(told["open_tasks"], told["cancel_retired"])
        try:
            release = publishing.publish(
                proposal.policy, choice, seen=told["seen"], now=now, on=clock.local_day(now), actor=request.user
            )
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
            return redirect("admin:staff_policy_publish", proposal.policy.pk)
        ring()
        messages.success(request, said(release) if release else _("The draft says nothing new."))
        return redirect("admin:staff_policy_change", proposal.policy.pk)

    def restore_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what putting an old release back would do; on POST do it."""
        release = get_object_or_404(Release.objects.select_related("policy"), pk=pk)
        proposal = publishing.restoring(release)
        form = ChoiceForm(request.POST) if request.method == "POST" else None
        if form is None or not form.is_valid():
            return self.show(request, release.policy, proposal, form=form)
        told = form.cleaned_data
        choice = Choice(told["open_tasks"], told["cancel_retired"])
        try:
            publishing.put_back(release, choice, now=clock.now(), actor=request.user)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            ring()
            messages.success(request, _("Release %d is in force again.") % release.number)
        return redirect("admin:staff_release_change", pk)

    def show(
        self, request: HttpRequest, policy: Policy, proposal: Proposal | None, *, errors: list[str] | None = None,
        form: ChoiceForm | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Show a proposal with its rehearsal."""
        days = DaysForm({"days": "30", "near": "3"} | request.GET.dict())
        context = self.admin_site.each_context(request) | {"policy": policy, "proposal": proposal, "errors": errors}
        context |= {"days": days, "opts": Policy._meta, "lines": proposal.lines if proposal else []}
        if proposal and context["lines"]:
            context |= rehearsed(proposal, **days.asked())
            context["standing"] = standing_of(proposal)
            context["form"] = form or ChoiceForm(initial={"seen": proposal.sha256, "open_tasks": OpenTasks.KEEP})
        return render(request, "admin/visits/rehearsal/publish.html", context)

    def begin(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leave the rehearsal of a draft to the worker."""
        proposal = publishing.proposed(get_object_or_404(Policy, pk=pk))
        return self.put_on_list(request, proposal, reverse("admin:staff_policy_publish", args=[pk]))

    def begin_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leave the rehearsal of an old release to the worker."""
        proposal = publishing.restoring(get_object_or_404(Release.objects.select_related("policy"), pk=pk))
        return self.put_on_list(request, proposal, reverse("admin:staff_release_restore", args=[pk]))

    def put_on_list(self, request: HttpRequest, proposal: Proposal, back: str) -> HttpResponse:
        """Put a rehearsal on the worker's list and go back to its page."""
        asked = DaysForm(request.POST).asked()
        running.ask(proposal, **asked, actor=request.user, now=clock.now())
        ring()
        return HttpResponseRedirect(f"{back}?days={asked['days']}&near={asked['near_days']}#rehearsal")

    def history_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show all releases of a policy, and what tells two of them apart."""
        policy = get_object_or_404(Policy, pk=pk)
        releases = list(policy.releases.select_related("published_by", "approved_by").order_by("-number"))
        chosen = {key: next((one for one in releases if str(one.pk) == request.GET.get(key)), None) for key in PAIR}
        new = chosen["new"] or next(iter(releases), None)
        old = chosen["old"] or next((one for one in releases if new and one.number < new.number), None)
        context = self.admin_site.each_context(request) | {"policy": policy, "releases": releases}
        context |= {"old": old, "new": new, "current": policies.latest_release(policy), "opts": Policy._meta}
        if new:
            before = policies.spec_of(old) if old else None
            context["changes"] = differing.differences(before, policies.spec_of(new))
            context["lines"] = policies.difference(old.content if old else "", new.content)
        return render(request, "admin/visits/rehearsal/history.html", context)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far a rehearsal is; once it is over, let the page be read again."""
        found = get_object_or_404(Rehearsal, pk=pk)
        response = render(request, "admin/visits/rehearsal/progress.html", {"rehearsal": found})
        if found.state in (RehearsalState.DONE, RehearsalState.FAILED):
            response["HX-Refresh"] = "true"
        return response


def said(release: Release) -> str:
    """Return what became of a release that was just made."""
    if release.in_force_seq is None:
        return _("Release %d was made. It waits for its approval.") % release.number
    return _("Release %d was made.") % release.number


def rehearsed(proposal: Proposal, *, days: int, near_days: int) -> dict[str, Any]:
    """Return the outcome of a rehearsal that is small, or was run before; else what is to be shown instead."""
    known = running.latest(proposal, days=days, near_days=near_days)
    if known and known.state != RehearsalState.FAILED:
        outcome = running.outcome_of(known)
        return {"rehearsal": known, "outcome": outcome, "people": people(outcome)}
    question, now = proposal.question(days=days, near_days=near_days), clock.now()
    if (size := size_of(question, now=now)) > AT_ONCE:
        return {"failed": known, "size": size}
    outcome = rehearse(question, now=now)
    return {"outcome": outcome, "people": people(outcome)}


def people(outcome: Outcome | None) -> list[tuple[Any, Any]]:
    """Return each line of a person with its drawing."""
    lines = outcome.people if outcome else []
    return [(line, bars(line.days_before, line.days_after, line.capacity)) for line in lines]


def standing_of(proposal: Proposal) -> Standing | None:
    """Return what following the new rules would do with open work; None where there is too much to say at once."""
    now, book = clock.now(), proposal.book
    events = events_concerned(proposal.policy.pk, book, now=now)
    if len(events) * max(len(book.pack.visit_rule), 1) > AT_ONCE:
        return None
    return standing(proposal.policy.pk, Judge.of(book, load_calendar(), now=now), events)
