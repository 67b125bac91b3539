"""What inspections found, and what nobody inspected, told by the scores of each item one by one."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any, Final

from reports.domain.auditing.company import day_of, midnight
from reports.domain.auditing.ground import Ground
from reports.domain.auditing.owing import MONTHS
from reports.domain.auditing.regulation import as_list, tables
from reports.domain.auditing.visits import MOMENT, Known, first_version
from reports.models import InspectionItem, ItemScore

USUAL_INSPECTOR: Final = "quality_manager"


def findings(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the failed items of what was inspected: those that are passed or not, and were not passed."""
    items = InspectionItem.objects.filter(pk__in=pks, second_of=None, employee__isnull=False).exclude(state="drawn")
    for item in items.select_related("inspection", "record").prefetch_related("scores"):
        release, card = item.inspection.release_id, _card(item, known)
        points = points_of(item)
        at = item.record.logged_at if item.record else None
        on = day_of(at) if at else last_day(item.inspection.period)
        moments = [moment for moment in (item.scored_at, item.decided_at) if moment]
        for spec in as_list(card.get("items")):
            code = spec["code"]
            if spec.get("max", 1) == 1 and not spec.get("metric") and points.get(code, 1) < 1:
                told: dict[str, Any] = {"item": code, "accurate": item.accurate, "time": at}
                yield Ground(
                    kind="finding", subject=f"item:{item.pk}/{code}", employee=item.employee_id or 0, on=on,
                    since=max(moments, default=item.inspection.drawn_at), last=at or midnight(on), release=release,
                    sections=(f"scorecard:{item.inspection.scorecard}/{code}",), department=item.department_id,
                    told=partial(dict, told),
                    visit=f"record:{first_version(item.record).pk}" if item.record else "",
                )  # fmt: skip


def points_of(item: InspectionItem) -> dict[str, Fraction]:
    """Return the points of the latest scoring by the codes of the items, exactly; ask for `scores` before."""
    scores = list(item.scores.all())
    latest = max((one.round for one in scores), default=0)
    return {one.code: _exactly(one) for one in scores if one.round == latest}


def _exactly(score: ItemScore) -> Fraction:
    if score.numerator is None or score.denominator is None:
        return Fraction(score.points, 100)
    return Fraction(score.numerator, score.denominator)


def uninspected(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield what was drawn and nobody had inspected by the end of the period after its own."""
    items = InspectionItem.objects.filter(pk__in=pks, second_of=None).exclude(cause="hand").select_related("inspection")
    for item in items:
        last = last_day(item.inspection.period)
        due = last_day_after(item.inspection.period, last)
        bound, card = midnight(due + timedelta(1)), _card(item, known)
        scored_in_time = item.scored_at is not None and item.scored_at < bound
        if "sample" not in card or scored_in_time or item.inspection.drawn_at >= bound:
            continue
        who = inspector(item, card, due, known)
        if who is not None:
            yield Ground(
                kind="sample_unmet", subject=f"item:{item.pk}", employee=who, on=due, since=bound, last=bound - MOMENT,
                release=item.inspection.release_id, sections=(f"scorecard:{item.inspection.scorecard}",),
                department=item.department_id,
            )  # fmt: skip


def inspector(item: InspectionItem, card: dict[str, Any], on: date, known: Known) -> int | None:
    """Return who should have inspected: the nearest at work of the first role of the card that anybody holds."""
    company = known.company
    codes = [name.partition(":")[2].partition("@")[0] for name in as_list(card.get("by"))]
    for code in [code for code in codes if code] or [USUAL_INSPECTOR]:
        held = {who for first, last, who, role, _like in company.roles if role == code and first <= on <= last}
        ranked = []
        for who in held - {item.employee_id}:
            place = company.place(who, on)
            near = 0 if item.department_id and place.department == item.department_id else 2
            near = 1 if near and item.branch_id and place.branch == item.branch_id else near
            absent = company.is_away(who, on) or company.is_gone(who, on) or who in company.inactive
            ranked.append((absent, near, company.names[who], who))
        if ranked:
            return min(ranked)[3]
    return None


def _card(item: InspectionItem, known: Known) -> dict[str, Any]:
    cards = as_list(tables(known.releases.content(item.inspection.release_id)).get("scorecard", []))
    found: dict[str, Any] = next((one for one in cards if one.get("code") == item.inspection.scorecard), {})
    return found


def last_day(key: str) -> date:
    """Return the last day of a period by its name."""
    year, _dash, rest = key.partition("-")
    if not rest:
        return date(int(year), 12, 31)
    if rest[0] == "W":
        return date.fromisocalendar(int(year), int(rest[1:]), 7)
    if rest[0] in "QH":
        month = int(rest[1:]) * (3 if rest[0] == "Q" else 6)
    elif "-" in rest:
        return date.fromisoformat(key)
    else:
        month = int(rest)
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(1)


def last_day_after(key: str, last: date) -> date:
    """Return the last day of the period of the same kind that follows."""
    rest = key.partition("-")[2]
    if rest.startswith("W"):
        return last + timedelta(7)
    if rest.count("-"):
        return last + timedelta(1)
    kind = "year" if not rest else {"Q": "quarter", "H": "half_year"}.get(rest[0], "month")
    month = last.month + MONTHS[kind]
    year, month = last.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
