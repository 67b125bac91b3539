"""Items of a scorecard that nobody judges: each is computed from a figure of the catalogue (POLICY_PACK, scorecard).

With a target the item has all its points where the figure meets it, and none where it does not. Without one a rate
earns its share of the points, anything else as many points as the figure says, within the bounds of the item.
"""

from datetime import datetime
from fractions import Fraction

from config.packs.measuring import ItemSpec, KpiSpec
from reports.domain.figures.measured import SHARES, Measured
from reports.domain.figures.measuring import figure
from reports.domain.inspecting.cards import Card, period_of_inspection
from reports.models import InspectionItem


def computed_points(card: Card, spec: ItemSpec, item: InspectionItem, *, now: datetime) -> Fraction | None:
    """Return the points of a computed item as of `now`; None where the figure is over nothing."""
    metric = str(spec.metric)
    found = figure(
        metric,
        spec=KpiSpec(code=spec.code, metric=metric),
        release=item.inspection.release,
        period=period_of_inspection(item.inspection),
        now=now,
        employee=item.employee_id,
        branch=None if item.employee_id or item.department_id else item.branch_id,
        department=None if item.employee_id else item.department_id,
    )
    return points_of(spec, found)


def points_of(spec: ItemSpec, found: Measured) -> Fraction | None:
    """Return what a figure earns of an item's points; exact."""
    most = Fraction(spec.max) if spec.max is not None else Fraction(1)
    if found.value is None:
        return None
    if spec.target is not None:
        return most if found.meets(spec.op, spec.target) else Fraction(0)
    earned = found.value * most if spec.metric in SHARES else found.value
    return max(Fraction(0), min(most, earned))
