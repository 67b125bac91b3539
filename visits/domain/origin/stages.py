"""The stages of a visit, one after the other, each with its moment (Q-02, Q-03).

A regulation that wants stages has forms for them (`[[form]]` of a `visit_plan` at `start` and `prepare`, of a
`visit_record` or a plan at `close` and `report`). Assignment and the visit itself are stages of every task. A stage is
refused while one before it is open, and a visit does not count as made before what has to come before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from config.packs.asking import FieldSpec, FormSpec
from staff.domain.activity import log
from staff.models import Activity, Employee
from visits.choices import WORKABLE, Origin, Stage, TaskStatus
from visits.domain.calling.contacts import Contact
from visits.domain.calling.terms import Terms
from visits.domain.matching.fields import title_of
from visits.domain.origin.requesting import origin_of
from visits.models import TaskStage, VisitTask

BEFORE: Final = (Stage.START, Stage.PREPARE)
AFTER: Final = (Stage.CLOSE, Stage.REPORT)
REACHED: Final = "stage_reached"
GIVEN: Final = ("assigned", "reassigned", "moved", "taken")
LONGEST: Final = 2000


class Skipped(ValueError):
    """A stage before this one is still open; `stage` names it in words."""

    def __init__(self, stage: str) -> None:
        super().__init__(_("First comes: %(stage)s.") % {"stage": stage})


class Unfilled(ValueError):
    """What the stage requires is not filled in; `fields` are the names."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(_("Fill in what this stage requires."))


@dataclass(frozen=True)
class Step:
    """One stage of a task as the screen shows it. `at`: when it was reached; `open`: it can be filled in now."""

    code: str
    words: str
    at: datetime | None
    by: Employee | None = None
    open: bool = False
    told: tuple[tuple[str, str], ...] = ()


def demanded(terms: Terms) -> dict[Stage, tuple[FormSpec, ...]]:
    """Return the stages that a regulation has forms for, in their order."""
    found = {}
    for stage in (*BEFORE, *AFTER):
        owners = ("visit_plan",) if stage in BEFORE else ("visit_plan", "visit_record")
        forms = tuple(form for form in terms.pack.form if form.of in owners and stage in form.at)
        if forms:
            found[stage] = forms
    return found


def fields_of(forms: Sequence[FormSpec]) -> list[FieldSpec]:
    """Return what a stage is filled in with: the forms' own fields, and what they require beside them."""
    found: dict[str, FieldSpec] = {}
    for form in forms:
        for spec in form.fields:
            found[spec.code] = spec.model_copy(update={"required": spec.required or spec.code in form.requires})
        for name in form.requires:
            found.setdefault(name, FieldSpec(code=name, kind="text", title=title_of(name), required=True))
    return list(found.values())


def missing_before(task: VisitTask, terms: Terms) -> Stage | None:
    """Return the first stage that has to come before the visit and has not been reached."""
    wanted = [stage for stage in BEFORE if stage in demanded(terms)]
    if not wanted:
        return None
    reached = set(task.stages.values_list("stage", flat=True))
    return next((stage for stage in wanted if stage not in reached), None)


def unready(tasks: Sequence[VisitTask], terms: Mapping[int, Terms], contact: Contact) -> dict[int, Stage]:
    """Return the tasks that this contact cannot complete yet, each with the stage that it lacks."""
    if not contact.reached:
        return {}
    missing = {task.pk: missing_before(task, terms[task.pk]) for task in tasks}
    return {pk: stage for pk, stage in missing.items() if stage}


def reach(
    task: VisitTask, terms: Terms, stage: str, told: Mapping[str, Any], *, by: Employee, now: datetime
) -> TaskStage:
    """Note that a stage is reached, with what was filled in. Raises `Skipped` or `Unfilled`.

    A stage that was reached before keeps its moment and its answers.
    """
    forms = demanded(terms).get(Stage(stage), ())
    if known := task.stages.filter(stage=stage).first():
        return known
    _check_order(task, terms, Stage(stage))
    values = {spec.code: str(told.get(spec.code, "")).strip()[:LONGEST] for spec in fields_of(forms)}
    if lacking := [spec.code for spec in fields_of(forms) if spec.required and not values[spec.code]]:
        raise Unfilled(lacking)
    try:
        with transaction.atomic():
            made = TaskStage.objects.create(
                task=task, stage=stage, reached_at=now, reached_by=by,
                told={code: text for code, text in values.items() if text},
            )  # fmt: skip
            log(now=now, actor=by, verb=REACHED, subject=task, stage=stage)
    except IntegrityError:  # somebody was quicker
        return task.stages.get(stage=stage)
    return made


def _check_order(task: VisitTask, terms: Terms, stage: Stage) -> None:
    order = list(demanded(terms))
    if stage not in order:
        raise Skipped(_("a stage that the regulation has"))
    if stage in AFTER and task.status != TaskStatus.DONE:
        raise Skipped(_("the visit"))
    if stage in BEFORE and task.status not in WORKABLE:
        raise Skipped(_("an open visit"))
    reached = set(task.stages.values_list("stage", flat=True))
    for before in order[: order.index(stage)]:
        if before not in reached and (before in BEFORE) == (stage in BEFORE):
            raise Skipped(str(before.label))


def steps_of(task: VisitTask, terms: Terms) -> list[Step]:
    """Return the stages of a task in their order; none where its regulation wants none."""
    wanted = demanded(terms)
    if not wanted:
        return []
    reached = {row.stage: row for row in task.stages.select_related("reached_by")}
    steps = list(_beginning(task))
    steps += [_step(stage, reached.get(stage), wanted) for stage in wanted if stage in BEFORE]
    steps.append(Step("visit", _("visited"), task.completed_at))
    steps += [_step(stage, reached.get(stage), wanted) for stage in wanted if stage in AFTER]
    following = next((number for number, step in enumerate(steps) if step.at is None), None)
    return [
        Step(step.code, step.words, step.at, step.by, number == following and step.code in wanted, step.told)
        for number, step in enumerate(steps)
    ]


def _beginning(task: VisitTask) -> Sequence[Step]:
    """Return the request of the customer, where there was one, and the assignment."""
    given = Activity.objects.filter(subject_type="visittask", subject_id=task.pk, verb__in=GIVEN).order_by("pk").first()
    assigned = (given.at if given else task.created_at) if task.assignee_id else None
    steps = [Step("assigned", _("assigned"), assigned, task.assignee)]
    if origin_of(task.event.kind.code) == Origin.PASSIVE:
        steps.insert(0, Step("request", _("asked for by the customer"), task.event.happened_at))
    return steps


def _step(stage: Stage, row: TaskStage | None, wanted: Mapping[Stage, Sequence[FormSpec]]) -> Step:
    if row is None:
        return Step(stage, str(stage.label), None)
    titles = {spec.code: spec.title or spec.code for spec in fields_of(wanted[stage])}
    told = tuple((titles.get(code, code), text) for code, text in row.told.items())
    return Step(stage, str(stage.label), row.reached_at, row.reached_by, told=told)
