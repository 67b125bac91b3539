"""On paper: the list of today's calls, and the form on which a visit is written down while one speaks (U-04)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff.domain.wording import bound_words, day_words, figure_words, moment_words
from visits.choices import Outcome
from visits.domain.calling import card as calling
from visits.domain.calling.cautioning import cautions
from visits.domain.explaining import telling
from visits.domain.finding import queueing
from visits.forms.questions import choices_of, words
from visits.views.asking import questions_of
from visits.views.calls import seen_task
from visits.views.cards import why_line

MOST = 200


@require_safe
def queue_print(request):
    """Show the calls that wait today as a table for paper; numbers stay masked there too."""
    rows = queueing.queue(request.user, now=request.now, limit=MOST)
    context = {"rows": rows, "day": day_words(request.today), "counts": queueing.counts(request.user, now=request.now)}
    return render(request, "visits/queue_print.html", context)


@require_safe
def task_print(request, pk):
    """Show the form of one visit for pen and paper: who, why, what to say, what to ask."""
    found = seen_task(request, pk)
    context = calling.context_of(found, now=request.now)
    guidance = [segment.guidance for segment in calling.segments_of(found) if segment.guidance]
    asked = [*questions_of(context), *(question for one in context.bundle for question in one.questions)]
    shown = {
        "task": found,
        "number": context.number,
        "why": why_line(context),
        "aim": context.terms.step.aim,
        "bound": bound_words(found.closes_at, found.closes_inclusive),
        "cautions": [*cautions(found.customer, calling.last_contacts(found)), *guidance],
        "facts": telling.facts_of(found.event),
        "script": context.script,
        "phrases": [*context.phrases, *(phrase for one in context.bundle for phrase in one.phrases)],
        "questions": [question_on_paper(question) for question in asked],
        "outcomes": [label for _value, label in Outcome.choices],
        "others": [telling.step_words(one.task.step) for one in context.bundle],
        "printed": moment_words(request.now),
    }
    return render(request, "visits/task_print.html", shown)


def question_on_paper(question) -> dict:
    """Return a question with its boxes, or with the highest figure that fits on its line."""
    top = figure_words(question.max) if question.max is not None and question.kind in ("score", "rating") else ""
    boxes = [label for _value, label in choices_of(question)]
    return {"words": words(question), "boxes": boxes, "top": "" if boxes else top, "required": question.required}
