"""The stages of a visit on its card: what was reached when, and the form of the one that comes next."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from visits.choices import Stage
from visits.domain.calling.terms import terms_of
from visits.domain.origin import stages
from visits.views.calls import seen_task
from visits.views.stages import form_of, stages_shown


@require_POST
def task_stage(request, pk):
    """Reach a stage; what is refused stays as it was typed."""
    task = seen_task(request, pk)
    terms, stage = terms_of(task), request.POST.get("stage", "")
    form, fault = form_of(terms, stage, request.POST), ""
    try:
        if stage in Stage.values and form.is_valid():
            stages.reach(task, terms, stage, form.cleaned_data, by=request.user, now=request.now)
            form = None
    except (stages.Skipped, stages.Unfilled) as refusal:
        fault = str(refusal)
    if not request.htmx:
        if fault:
            messages.error(request, fault)
        return HttpResponseRedirect(f"/tasks/{task.pk}/")
    shown = stages_shown(task, terms, form=form if fault or (form and form.errors) else None)
    context = {"task": task, "stages": shown, "fault": fault}
    return render(request, "visits/stages.html", context, status=422 if fault else 200)
