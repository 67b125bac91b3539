"""In which order and groups the keys of a table stand on the page; a key that is named nowhere comes last, unfolded."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.packs.asking import FieldSpec, QuestionnaireSpec, QuestionSpec
from config.packs.base import Entry
from config.packs.rule import StepSpec

Layout = tuple[tuple[Any, tuple[str, ...]], ...]

QUESTION: Layout = (
    ("", ("title", "code", "kind", "max", "options")),
    (_("when the customer is satisfied, and when a reason is asked"), ("good", "ask_why_below", "ask_why", "metric")),
    (_("more: section, compulsory or not, asked only if"), ("required", "section", "field", "match", "when")),
)
LAYOUTS: dict[type[Entry], Layout] = {
    StepSpec: (
        (_("who calls"), ("assign", "exclude", "joint", "needs")),
        (_("by what"), ("channels", "other_channel", "appointment", "evidence")),
        (_("what is asked and said"), ("aim", "purpose", "questionnaire", "script", "must_mention", "promotion")),
        (_("how often it is tried, and how long a call lasts"),
         ("max_attempts", "retry_after", "min_seconds", "max_seconds", "enter_within")),
        (_("only some are visited (sample)"), ("sample",)),
        (_("message that is sent by itself"), ("message", "notice")),
    ),
    QuestionSpec: QUESTION,
    FieldSpec: QUESTION,
    QuestionnaireSpec: (("", ("title", "code", "ordered", "question")),),
}  # fmt: skip
FIRST = ("title", "code", "ref")


def groups_of(schema: type[Entry], keys: Iterable[str]) -> Iterator[tuple[Any, list[str], bool]]:
    """Yield title, keys and whether it is open, for each group of a table that has any of the keys."""
    left = list(keys)
    for title, named in LAYOUTS.get(schema, ()):
        if here := [key for key in named if key in left]:
            left = [key for key in left if key not in here]
            yield title, here, not title
    left.sort(key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    if left:
        yield "", left, True
