"""What the release of a task demands of its visit: the step, what is asked, when one may call. Never the draft."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.utils.functional import SimpleLazyObject

from config.packs.asking import FormSpec, QuestionnaireSpec
from config.packs.pack import Pack
from config.packs.rule import StepSpec
from staff.domain.calendar import WorkCalendar
from staff.domain.policies import spec_of
from staff.models import WorkdayOverride
from visits.choices import Channel
from visits.domain.timing.retrying import CallingHours, Minutes, spans_of, without
from visits.domain.timing.windows import Window
from visits.models import Customer, ReleasedStep, VisitTask

OF_RECORDS: Final = "visit_record"
SAVING: Final = "save"
ASKED_AT: Final = frozenset({SAVING, "complete"})
SPAN: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)\s*[-~—–至到]\s*([01]?\d|2[0-4])[:：]([0-5]\d)(?!\d)")


@dataclass(frozen=True)
class Terms:
    """The terms of one task's visit."""

    pack: Pack
    step: StepSpec
    rule_code: str
    rule_title: str

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which the policy counts its days."""
        return ZoneInfo(self.pack.policy.timezone)

    @property
    def hours(self) -> CallingHours:
        """Return when the policy wants its calls made."""
        return CallingHours.of(self.pack.calling_hours)

    @property
    def questionnaire(self) -> QuestionnaireSpec | None:
        """Return what is asked, None where nothing is."""
        return self.pack.questionnaire_of(self.step.questionnaire) if self.step.questionnaire else None

    @property
    def forms(self) -> tuple[FormSpec, ...]:
        """Return the forms that a record must satisfy to be complete; those asked `at` saving even to be saved."""
        return tuple(
            form for form in self.pack.form if form.of == OF_RECORDS and (not form.at or ASKED_AT & {*form.at})
        )

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels that the step allows, in its order."""
        return tuple(self.step.channels) or tuple(Channel.values)


def terms_of(task: VisitTask) -> Terms:
    """Return the terms of one task."""
    return terms_of_all([task])[task.pk]


def terms_of_all(tasks: Iterable[VisitTask]) -> dict[int, Terms]:
    """Return the terms of several tasks by their ids, in two queries however many they are."""
    tasks = list(tasks)
    rows = ReleasedStep.objects.filter(
        rule__release__in={task.release_id for task in tasks}, step__in={task.step_id for task in tasks}
    ).select_related("rule__release", "rule__rule")
    rows = rows.only("spec", "step_id", "rule__release__sha256", "rule__rule__code", "rule__rule__title")
    by_key = {(row.rule.release_id, row.step_id): _terms(row) for row in rows}
    return {task.pk: by_key[task.release_id, task.step_id] for task in tasks}


def window_of(task: VisitTask) -> Window:
    """Return the window of a task as its columns hold it."""
    return Window(task.opens_at, task.closes_at, task.closes_inclusive, None, None)


def work_calendar() -> WorkCalendar:
    """Return the working days with the company's own days, read when the first of them is asked for."""
    lazy = SimpleLazyObject(lambda: WorkCalendar(dict(WorkdayOverride.objects.values_list("on", "is_workday"))))
    return cast(WorkCalendar, lazy)


def preferred_spans(customer: Customer) -> tuple[Minutes, ...]:
    """Return the hours that a customer likes to be called in, less those in which they rest (P-02, U-05).

    Both are read from notes ("14:00-17:00"); none at all means that any hour will do.
    """
    return without(_spans_in(customer.preferred_time), _spans_in(customer.quiet_hours))


def _spans_in(note: str) -> tuple[Minutes, ...]:
    found = (f"{h1:0>2}:{m1}-{h2:0>2}:{m2}" for h1, m1, h2, m2 in SPAN.findall(note))
    return spans_of([span for span in found if span[:5] < span[6:] <= "24:00"])


def _terms(row: ReleasedStep) -> Terms:
    pack = spec_of(row.rule.release)
    code = row.rule.rule.code
    rule = pack.rule(code)
    title: Any = rule.title if rule else ""
    return Terms(pack, StepSpec.from_json(row.spec), code, title or row.rule.rule.title)
