"""The stages of a visit in words, for its card."""

from staff.domain.wording import moment_words
from visits.domain.origin import stages
from visits.forms.stages import StageForm


def form_of(terms, stage, data=None) -> StageForm:
    """Return the form of a stage, empty for one that the regulation does not have."""
    forms = stages.demanded(terms).get(stage, ())
    return StageForm(data, specs=stages.fields_of(forms))


def stages_shown(task, terms, *, form=None) -> list[dict]:
    """Return the stages in words, with the form of the one that is open."""
    return [
        {
            "code": step.code, "words": step.words, "at": moment_words(step.at), "by": step.by, "told": step.told,
            "form": (form or form_of(terms, step.code)) if step.open else None,
        }
        for step in stages.steps_of(task, terms)
    ]  # fmt: skip
