"""What the visits of each department came to: satisfaction month by month, and what is being improved there (B-06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.choices import ActionState
from reports.domain.dashboard.comparing import Change, change
from reports.domain.dashboard.narrowing import Narrow
from reports.domain.dashboard.reckoning import divided
from reports.domain.figures.measured import NOTHING, Measured
from reports.domain.figures.query import Query
from reports.domain.figures.reading import Part
from reports.models import ImprovementAction
from staff.domain.periods import Period
from staff.models import Department, Employee

UNDER_WAY = (ActionState.OPEN, ActionState.DONE)  # done: its effect is still to be checked


@dataclass(frozen=True)
class Result:
    """One department: its figure month by month, the oldest first, and its improvement actions that are not ended."""

    department: Department
    run: tuple[tuple[Period, Measured], ...]
    actions: tuple[ImprovementAction, ...]

    @property
    def figure(self) -> Measured:
        """Return the figure of the last month."""
        return self.run[-1][1]

    def change(self, metric: str) -> Change | None:
        """Return the change against the month before."""
        return change(self.figure, self.run[-2][1], metric)

    def fell(self, metric: str) -> bool:
        """Say whether the figure is worse than in the month before."""
        found = self.change(metric)
        return found is not None and found.better is False


def results(
    asked: Query, months: Sequence[Period], departments: Sequence[Department], narrow: Narrow, part: Part,
    actor: Employee, *, on: date,
) -> list[Result]:  # fmt: skip
    """Return the departments with a figure in any of the months, or with an action under way."""
    by_period = list(zip(months, divided(asked, months, "department", narrow, part), strict=True))
    acting = _actions(departments, actor, on=on)
    found = []
    for department in departments:
        run = tuple((period, figures.get(str(department.pk), NOTHING)) for period, figures in by_period)
        actions = acting.get(department.pk, ())
        if actions or any(one.denominator for _period, one in run):
            found.append(Result(department, run, tuple(actions)))
    return found


def _actions(departments: Sequence[Department], actor: Employee, *, on: date) -> Mapping[int, list[ImprovementAction]]:
    seen = ImprovementAction.objects.visible_to(actor, on=on).filter(
        state__in=UNDER_WAY, department__in=[one.pk for one in departments]
    )
    found: dict[int, list[ImprovementAction]] = {}
    for action in seen.select_related("owner").order_by("due_on", "id"):
        found.setdefault(action.department_id or 0, []).append(action)
    return found
