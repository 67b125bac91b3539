"""The rules of contact in words: what stands for or against calling, on the card and on the customer's page."""

from staff.domain.access import MANAGERS
from staff.domain.wording import moment_words, near_words
from visits.domain.calling import restricting
from visits.domain.calling.correcting import current_number
from visits.domain.calling.frequency import TooOften, check_frequency
from visits.domain.calling.terms import terms_of
from visits.domain.contact.masking import mask
from visits.models import ContactRestriction, ImportantWord, Promise


def contact_of(task, request, step=None) -> dict:
    """Return what stands for or against calling about this task, in words; in a fixed number of queries."""
    refused = restrictions_told(task.customer, request, standing=True)
    step = step or terms_of(task).step
    covered = restricting.covers(frozenset(one["purpose"] for one in refused), step.purpose)
    promise = Promise.objects.waiting().filter(task=task).select_related("made_by").first()
    return {
        "refused": refused,
        "covered": covered,
        "blocked": covered or bool(too_often := _too_often(task.customer, request.now)),
        "too_often": too_often if not covered else "",
        "promise": _promise(promise, request.now) if promise else None,
        "unagreed": step.appointment is True and promise is None,
        "unagreed_onsite": step.appointment == "onsite" and promise is None,
        "number": _number(task.customer),
        "words": [_word(word) for word in ImportantWord.objects.filter(task=task).prefetch_related("recipients")],
    }


def restrictions_told(customer, request, *, standing: bool = False) -> list[dict]:
    """Return what the customer has refused, the latest first; `standing`: only what was not lifted."""
    found = ContactRestriction.objects.filter(customer=customer).select_related("set_by", "lifted_by")
    manager = bool(request.user.base_roles & MANAGERS)
    return [
        {
            "id": one.pk,
            "purpose": one.purpose,
            "words": one.get_purpose_display(),
            "reason": one.reason,
            "since": moment_words(one.since),
            "by": one.set_by,
            "lifted": moment_words(one.lifted_at),
            "lifted_by": one.lifted_by or "",
            "lift_reason": one.lift_reason,
            "may_lift": one.lifted_at is None and (manager or one.set_by_id == request.user.pk),
        }
        for one in (found.standing() if standing else found)
    ]


def _too_often(customer, now) -> str:
    try:
        check_frequency(customer, now=now)
    except TooOften as refusal:
        return str(refusal)
    return ""


def _promise(promise, now) -> dict:
    return {
        "id": promise.pk,
        "kind": promise.kind,
        "words": near_words(promise.promised_at, now=now),
        "by": promise.made_by,
        "with": promise.agreed_with,
    }


def _number(customer) -> str:
    number = current_number(customer)
    return mask(number.number) if number else ""


def _word(word) -> dict:
    told = list(word.recipients.all())
    handled = sum(one.handled_at is not None for one in told)
    return {"id": word.pk, "text": word.text, "handled": handled, "told": len(told)}
