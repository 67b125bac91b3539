"""Items of a scorecard that nobody judges: each is computed from a figure of the catalogue (POLICY_PACK, scorecard).

With a target the item has all its points where the figure meets it, and none where it does not. Without one a rate
earns its share of the points, anything else as many points as the figure says, within the bounds of the item.
"""

from datetime import datetime
from fractions import Fraction

from config.packs.measuring import KPI, ItemSpec, KpiSpec
from config.packs.pack import Pack
from reports.domain.figures.measured import SHARES, Measured
from reports.domain.figures.measuring import figure
from reports.domain.inspecting.cards import Card, period_of_inspection
from reports.models import InspectionItem
from staff.domain.policies import spec_of


def computed_points(card: Card, spec: ItemSpec, item: InspectionItem, *, now: datetime) -> Fraction | None:
    """Return the points of a computed item as of `now`; None where the figure is over nothing."""
    kpi = computed_from(spec, spec_of(item.inspection.release))
    found = figure(
        kpi.metric,
        spec=kpi,
        release=item.inspection.release,
        period=period_of_inspection(item.inspection),
        now=now,
        employee=item.employee_id,
        branch=None if item.employee_id or item.department_id else item.branch_id,
        department=None if item.employee_id else item.department_id,
    )
    return points_of(spec, found, kpi.metric)


def computed_from(spec: ItemSpec, pack: Pack) -> KpiSpec:
    """Return the figure behind an item: the kpi that it names, so that card and kpi say the same, or a metric."""
    name = str(spec.metric)
    named = pack.entry("kpi", name.removeprefix(KPI)) if name.startswith(KPI) else None
    return named if isinstance(named, KpiSpec) else KpiSpec(code=spec.code, metric=name)


def points_of(spec: ItemSpec, found: Measured, metric: str) -> Fraction | None:
    """Return what a figure of this metric earns of an item's points; exact."""
    most = Fraction(spec.max) if spec.max is not None else Fraction(1)
    if found.value is None:
        return None
    if spec.target is not None:
        return most if found.meets(spec.op, spec.target) else Fraction(0)
    earned = found.value * most if metric in SHARES else found.value
    return max(Fraction(0), min(most, earned))
