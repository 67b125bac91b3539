"""Inspections in the words of the screen: results, ranks, agreement, doubts, one inspected thing with its record."""

from fractions import Fraction

from django.db.models import Q
from django.utils.translation import gettext as _

from reports.choices import Doubt, InspectionState
from reports.domain.inspecting.cards import card_of, may_inspect
from reports.domain.inspecting.listing import next_item
from reports.domain.inspecting.reckoning import hundredths
from reports.domain.inspecting.scoring import may_decide, may_score
from reports.domain.inspecting.standing import agreement_of, judged_of, standings
from reports.models import InspectionItem, RecordDoubt
from staff.domain.seeing import violations_seen_by
from staff.models import Branch, Department, Employee, Violation
from visits.domain.calling.versioning import standing_versions
from visits.models import VisitRecord
from visits.views.proof import panel_of_record, told_record


def per_cent(value: Fraction | None) -> str:
    """Return an exact figure with two places at most: ``88``, ``66.67``; — for none."""
    if value is None:
        return "—"
    return f"{hundredths(value) / 100:.2f}".rstrip("0").rstrip(".")


def share(part: int, whole: int) -> str:
    """Return ``90 % (9/10)``; — of nothing."""
    return f"{per_cent(Fraction(100 * part, whole))} % ({part}/{whole})" if whole else "—"


def result_words(item: InspectionItem) -> str:
    """Return the result of one inspected thing."""
    return "—" if item.result is None else per_cent(Fraction(item.result, 100))


def unit_words(item: InspectionItem) -> str:
    """Return whom or what an item is about."""
    return str(item.employee or item.department or item.branch or _("the whole system"))


def row_told(item: InspectionItem) -> dict:
    """Return one inspected thing as a row."""
    return {"item": item, "card": card_of(item.inspection).name, "result": result_words(item), "who": unit_words(item)}


def doubt_told(doubt: RecordDoubt) -> dict:
    """Return one doubt in words, with the figures that it rests on."""
    facts, words = doubt.facts, str(Doubt(doubt.kind).label)
    details = {
        "saved": _("%(n)s visits saved within five minutes"),
        "alike": _("the same words in %(n)s visits"),
        "with": _("two calls at the same time"),
        "over_after_saved": _("over %(n)s s after it was saved"),
        "answers": _("%(n)s answers in %(seconds)s s"),
    }
    known = [details[name] % {"n": facts[name], "seconds": facts.get("seconds")} for name in details if name in facts]
    return {"words": words, "detail": known[0] if known else "", "weight": doubt.weight}


def inspection_told(inspection, request) -> dict:
    """Return what the page of an inspection shows: results of whom one sees, of everybody where they are public."""
    card = card_of(inspection)
    mine = InspectionItem.objects.visible_to(request.user, on=request.today).filter(inspection=inspection)
    beside = ("employee", "branch", "department", "inspector", "record__customer", "inspection__release")
    rows = list(mine.select_related(*beside).order_by("pk"))
    inspects = may_inspect(request.user, card, on=request.today)
    seen = {(row.employee_id, row.branch_id, row.department_id) for row in rows}
    people = {row.employee_id for row in rows if row.employee_id}
    shown = [
        one
        for one in standings(inspection)
        if inspection.is_public or one.employee in people or (one.employee, one.branch, one.department) in seen
    ]
    return {
        "card": card,
        "rows": [row_told(row) for row in rows],
        "standings": _standings_told(shown, ranked=inspection.is_public or inspects),
        "items": [item for item in card.items() if item.metric is None],
        "tally": _tally(card, shown),
        "agreement": _agreement_told(inspection, card) if inspects and not _is_second_pending(inspection) else None,
        "inspects": inspects,
        "next": next_item(inspection, request.user, on=request.today),
        "left": sum(row.state == InspectionState.DRAWN for row in rows),
        "appeals": sum(row.state == InspectionState.APPEALED for row in rows),
    }


def _is_second_pending(inspection) -> bool:
    return inspection.items.filter(second_of__isnull=False, state=InspectionState.DRAWN).exists()


def _standings_told(found, *, ranked: bool) -> list[dict]:
    people = Employee.objects.in_bulk([one.employee for one in found if one.employee])
    departments = Department.objects.in_bulk([one.department for one in found if one.department and not one.employee])
    branches = Branch.objects.in_bulk([one.branch for one in found if one.branch and not one.employee])
    return [
        {
            "name": people.get(one.employee) or departments.get(one.department) or branches.get(one.branch)
            or _("the whole system"),
            "rank": one.rank if ranked else None,
            "result": per_cent(one.result),
            "scored": one.scored,
            "items": one.items,
            "accurate": share(one.accurate, one.checked),
            "findings": sum(one.failed.values()),
            "failed": one.failed,
        }
        for one in found
    ]  # fmt: skip


def _tally(card, found) -> list[dict]:
    """Return for each item how often it was passed, of how often it was judged."""
    told = []
    for item in card.items():
        judged = sum(one.judged[item.code] for one in found)
        passed = judged - sum(one.failed[item.code] for one in found)
        if judged and (item.max is None or item.max == 1):
            told.append({"title": item.title or item.code, "share": share(passed, judged), "failed": judged - passed})
    return told


def _agreement_told(inspection, card) -> dict | None:
    found = agreement_of(inspection)
    if not found.compared:
        return None
    titles = {item.code: item.title or item.code for item in card.items()}
    apart = [
        {"item": pk, "title": titles[code], "first": per_cent(first), "second": per_cent(second)}
        for pk, code, first, second in found.apart
    ]
    return {"share": share(found.agreed, found.compared), "apart": apart}


def item_told(item: InspectionItem, request) -> dict:
    """Return what the page of one inspected thing shows; the points stay hidden from who shall score it blindly."""
    card, on = card_of(item.inspection), request.today
    judged = {line.code: line for line in judged_of(card, [item]).get(item.pk, [])}
    hidden = is_blind(item, request.user, on=on)
    notes = dict(item.scores.order_by("round", "pk").values_list("code", "note"))
    scores = item.state == InspectionState.DRAWN and may_score(item, request.user, on=on)
    decides = item.state == InspectionState.APPEALED and may_decide(item, request.user, on=on)
    lines = [
        {"title": spec.title or spec.code, "line": judged[spec.code], "points": per_cent(judged[spec.code].points),
         "most": per_cent(judged[spec.code].most), "note": notes.get(spec.code, "")}
        for spec in card.items()
        if spec.code in judged
    ]  # fmt: skip
    return {
        "card": card,
        "who": unit_words(item),
        "result": result_words(item),
        "hidden": hidden,
        "lines": [] if hidden else lines,
        "initial": _initial(card, judged, notes) if decides else {},
        "may_score": scores,
        "may_decide": decides,
        "may_reply": item.employee_id == request.user.pk and item.state == InspectionState.SCORED,
        "may_assess_again": item.record_id is None and item.state != InspectionState.DRAWN
        and may_score(item, request.user, on=on),
        "violations": _violations(item, request) if not hidden else [],
    } | _record_told(item, request)  # fmt: skip


def is_blind(item: InspectionItem, actor: Employee, *, on) -> bool:
    """Say whether the person must not see the points: the second scoring waits, and may be theirs."""
    other = item.seconds.filter(state=InspectionState.DRAWN).first() if item.second_of_id is None else None
    return other is not None and item.inspector_id != actor.pk and may_score(other, actor, on=on)


def _initial(card, judged, notes) -> dict:
    """Return the scores as they stand, so that an appeal changes only what it is about."""
    found = {}
    for spec in card.items():
        line = judged.get(spec.code)
        if spec.metric is None and line is not None:
            most_is_one = spec.max is None or spec.max == 1
            value = None if line.points is None else float(line.points)
            found[f"points-{spec.code}"] = ("-" if value is None else f"{value:g}") if most_is_one else value
            found[f"note-{spec.code}"] = notes.get(spec.code, "")
    return found


def _violations(item: InspectionItem, request) -> list[Violation]:
    """Return what followed from it, as far as the person sees it."""
    wanted = Q(subject__startswith=f"item:{item.pk}/") | Q(subject=f"item:{item.pk}")
    return list(violations_seen_by(request.user, on=request.today).filter(wanted).order_by("pk"))


def _record_told(item: InspectionItem, request) -> dict:
    """Return the record with its files as far as the person sees it; of a corrected one the version that stands."""
    if item.record is None:
        return {"record": None}
    pk = standing_versions([item.record_id])[item.record_id]
    seen = VisitRecord.objects.visible_to(request.user, on=request.today).current()
    record = seen.select_related("customer", "advisor", "branch").filter(pk=pk).first()
    if record is None:
        return {"record": None, "unseen": True}
    doubts = RecordDoubt.objects.filter(record__in=(pk, item.record_id)).order_by("pk")
    shown = {"record": record, "proof": panel_of_record(record, request) | {"send_to": ""}}
    is_own = item.employee_id == request.user.pk
    return shown | told_record(record, request) | {"doubts": [] if is_own else [doubt_told(one) for one in doubts]}
