"""Cases that may tell of the same matter: the same person, number or car within some weeks, and a like subject (K-14).

One finder for the page of registration, the page of a case and the merging itself. What is alike is only proposed: a
person decides. Pure as far as the comparison goes; the rows are asked for by indexes of customer and moment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.choices import ENDED
from complaints.domain.ruling import category_of
from complaints.models import Case

WITHIN: Final = timedelta(days=30)
ALIKE: Final = 0.35  # share of the shorter text's pairs of letters that stand in the other one as well
MOST: Final = 50
NO_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Likeness:
    """A case that may be the same matter, and why one thinks so; `weight` sorts the likeliest first."""

    case: Case
    reasons: tuple[str | Promise, ...]
    weight: int


def likely(case: Case, *, among: QuerySet[Case]) -> list[Likeness]:
    """Return open cases of `among` that may tell of the same matter as this one (saved or not), likeliest first."""
    same = _same_party(case)
    if not same:
        return []
    near = among.filter(same, opened_at__range=(case.opened_at - WITHIN, case.opened_at + WITHIN))
    standing = near.exclude(state__in=ENDED).exclude(pk=case.pk).select_related("customer", "department", "handler")
    found = [likeness(case, other) for other in standing.order_by("-opened_at")[:MOST]]
    return sorted((one for one in found if one.weight), key=lambda one: (-one.weight, one.case.pk))


def _same_party(case: Case) -> Q:
    """Return the condition that another case comes from the same person or is about the same car or order."""
    same = Q()
    if case.customer_id:
        same |= Q(customer=case.customer_id)
    if case.contact:
        same |= Q(contact=case.contact)
    if case.vehicle_id:
        same |= Q(vehicle=case.vehicle_id)
    if case.event_id:
        same |= Q(event=case.event_id)
    return same


def likeness(case: Case, other: Case) -> Likeness:
    """Return why two cases may be the same matter; its weight is 0 where only the person is the same."""
    party, subject = list(_party(case, other)), list(_subject(case, other))
    weight = len(party) + 2 * len(subject) if subject else 0
    return Likeness(other, (*party, *subject), weight)


def _party(case: Case, other: Case) -> Iterator[str | Promise]:
    if case.customer_id and case.customer_id == other.customer_id:
        yield _("same customer")
    elif case.contact and case.contact == other.contact:
        yield _("same number")
    if case.vehicle_id and case.vehicle_id == other.vehicle_id:
        yield _("same vehicle")


def _subject(case: Case, other: Case) -> Iterator[str | Promise]:
    if case.event_id and case.event_id == other.event_id:
        yield _("same order")
    if case.category and _family(case) & _family(other):
        yield _("same category")
    if case.department_id and case.department_id == other.department_id and case.type == other.type:
        yield _("same department")
    if alike(case.summary, other.summary) >= ALIKE:
        yield _("similar words")


def _family(case: Case) -> set[str]:
    """Return the category of a case with the one above it: of two clerks one chooses the part, the other the whole."""
    found = category_of(case.release, case.category)
    return {code for code in (case.category, found.parent if found else "") if code}


def alike(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: the share of the shorter one's pairs of letters that the other has too.

    Pairs of letters stand for words: Chinese writes none apart. Signs and spaces are left out.
    """
    first, second = _pairs(one), _pairs(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 0.0


def _pairs(text: str) -> set[str]:
    letters = NO_LETTER.sub("", text).casefold()
    return {letters[place : place + 2] for place in range(len(letters) - 1)}
