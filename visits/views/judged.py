"""Parts of the call form that depend on what was said: the problem, the displeasure, the offer, the length."""

from django.utils.translation import gettext as _

from visits.choices import CASES, Purpose
from visits.domain.calling.card import CallContext
from visits.domain.calling.displeasure import judging_questions, kinds_of
from visits.domain.calling.restricting import covers, refused_purposes
from visits.domain.timing.retrying import INSIDE
from visits.forms.contact import ContactForm


def judged_card(context: CallContext, form: ContactForm) -> dict:
    """Return what the form shows of problem, displeasure, offer and length."""
    return {
        "settled": options(form, "settled"),
        "asks_solution": context.task.event.source == CASES,
        "displeasure": {
            "value": form.value("displeasure"),
            "kinds": [
                {"value": code, "words": words, "chosen": code == form.value("displeasure_kind")}
                for code, words in kinds_of(context.terms.pack).items()
            ],
            "needed": any("reason" in form.requires for form in context.terms.forms),
        },
        "offer": offer_card(form) if form.asked.promotion else None,
        "length": length_card(context, form),
    }


def offer_card(form: ContactForm) -> dict:
    """Return the part in which something is offered; a call that may not offer has none."""
    return {"value": form.value("offered"), "interests": options(form, "interest")}


def length_card(context: CallContext, form: ContactForm) -> dict:
    """Return the length of the call as typed, and its bounds in seconds and in words (T-02, T-05, U-07)."""
    step = context.terms.step
    return {
        "value": form.value("lasted"),
        "min": step.min_seconds or "",
        "max": step.max_seconds or "",
        "always": context.hours != INSIDE,  # then the same line asks why one calls at this hour
        "words": bounds_words(step.min_seconds, step.max_seconds),
    }


def bounds_words(shortest: int, longest: int) -> str:
    """Return the bounds of a call's length in words, empty without any."""
    told = {"shortest": clock_words(shortest), "longest": clock_words(longest)}
    if shortest and longest:
        return _("%(shortest)s to %(longest)s") % told
    if shortest:
        return _("at least %(shortest)s") % told
    return _("at most %(longest)s") % told if longest else ""


def clock_words(seconds: int) -> str:
    """Return seconds as a clock shows them: 3:00."""
    return f"{seconds // 60}:{seconds % 60:02}"


def bounded(context: CallContext) -> bool:
    """Say whether the length of this call has bounds, so that the form asks for the reason beside the timer."""
    return bool(context.terms.step.min_seconds or context.terms.step.max_seconds)


def options(form: ContactForm, name: str) -> list[dict]:
    """Return the answers to choose from of one field, with the one that was chosen."""
    chosen = form.value(name)
    choices = [choice for choice in form.fields[name].choices if choice[0]]
    return [{"value": value, "words": words, "chosen": value == chosen} for value, words in choices]


def may_offer(context: CallContext) -> bool:
    """Say whether the form has a part for an offer: the step allows it and the customer has not refused (S-05)."""
    return context.may_offer and not covers(refused_purposes(context.task.customer), Purpose.PROMOTION)


def good_data(context: CallContext) -> dict[str, dict[str, str]]:
    """Return by question, for the page's script, from which answers on a customer is satisfied."""
    found = {}
    for question in judging_questions(context.questions):
        good = question.good
        found[question.code] = (
            {"good": "|".join(good)} if isinstance(good, tuple) else {"goodfrom": str(question.good_from)}
        )
    return found
