"""What ended periods earn and cost by figures, a second time: who reached the bar, who stands among the best.

A proposal follows its figures until somebody has decided; what was decided stays, and then only has to agree with
itself. A period is looked at while its month is open and after the nightly job has judged it; a figure that has moved
since the last night is left to the next one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from django.db.models import Q

from reports.domain.auditing.company import Company, day_of, days, midnight
from reports.domain.auditing.difference import Difference
from reports.domain.auditing.further import is_open
from reports.domain.auditing.ground import Releases, whole_entries
from reports.domain.auditing.inspected import last_day, points_of
from reports.domain.auditing.metrics import COUNTS, Asked, figures
from reports.domain.auditing.owing import first_day, key_of
from reports.domain.auditing.regulation import as_list, tables
from reports.models import Inspection, InspectionItem
from staff.models import JobRun, MonthClose, Policy, Violation
from visits.models import FollowUpItem, ServiceEvent, VisitRecord

OPERATORS: Final = {">=": ge, ">": gt, "<=": le, "<": lt, "==": eq, "!=": ne}
JUDGED_BACK: Final = {"day": 10, "week": 35}
LONGEST_BACK: Final = 62
DECIDED: Final = ("confirmed", "appealed", "settled", "reversed")
Figures = Mapping[int, tuple[Fraction, int]]


def faults(counts: Counter[str]) -> Iterator[Difference]:
    """Yield what figures say otherwise than what was proposed by them."""
    releases, company = Releases(), Company.read()
    yield from _facts(releases)
    run = JobRun.objects.filter(job="judge_periods", state="done").order_by("-due_at").first()
    if run is None:
        return
    until = day_of(run.due_at)
    yield from _periods(releases, company, counts, run.started_at, until)


def _facts(releases: Releases) -> Iterator[Difference]:
    """Yield the proposals by figures that do not agree with themselves: numerator, denominator, bar, day."""
    rows = Violation.objects.filter(subject__startswith="period:", violation="", proposed_by=None, liability="primary")
    for row in rows.exclude(state="waived").order_by("pk").iterator(chunk_size=300):
        where, rule = f"violation {row.pk}", _rule(releases, row)
        key = row.subject.removeprefix("period:")
        if row.occurred_on != last_day(key):
            yield Difference(where, "day", f"{row.occurred_on}", f"{last_day(key)}")
        told = _told(row)
        if told is None:
            yield Difference(where, "figure", row.facts.get("numerator"), "numerator / denominator")
            continue
        value = told[0] / told[1]
        if rule.get("op") and not OPERATORS[rule["op"]](value, Fraction(rule["threshold"])):
            yield Difference(where, f"figure {value}", "reached", f"not {rule['op']} {rule['threshold']}")


def _rule(releases: Releases, row: Violation) -> dict[str, Any]:
    section = "penalty" if row.kind == "penalty" else "reward"
    entries = whole_entries(releases.content(row.release_id), section)
    return next((one for one in entries if one["code"] == row.rule), {})


def _periods(
    releases: Releases, company: Company, counts: Counter[str], looked: datetime, until: date
) -> Iterator[Difference]:
    """Yield what the periods that the last night judged earn otherwise than what was proposed."""
    closed = set(MonthClose.objects.values_list("period", flat=True))
    for policy in Policy.objects.order_by("pk").values_list("pk", flat=True):
        for on in days(until - timedelta(LONGEST_BACK), until - timedelta(1)):
            release = releases.ruling(policy, on)
            if release is None or f"{on:%Y-%m}" in closed:
                continue
            pack = tables(releases.content(release))
            for section in ("reward", "penalty"):
                for clause in whole_entries(releases.content(release), section):
                    spec, per = looked_at(clause, pack)
                    first = first_day(per, on) if spec else None
                    if first is None or on < until - timedelta(JUDGED_BACK.get(per, LONGEST_BACK)):
                        continue
                    asked = asked_for(spec, policy, pack, per, first, on)
                    if not has_moved(asked, looked) and not is_waited_for(asked, looked):
                        yield from _clause(clause, section, asked, company, releases, counts)


def looked_at(clause: Mapping[str, Any], pack: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the figure that a clause goes by, as a table of the regulation, and over which kind of period."""
    name, own = str(clause.get("metric", "")), clause.get("per", "month")
    section, colon, code = name.partition(":")
    if not colon:
        return ({"metric": name, "of": [clause["code"]] if name == "votes" else []} if name else {}), own
    entries = as_list(pack.get(section, []))
    entry: dict[str, Any] = next((one for one in entries if one.get("code", one.get("metric")) == code), {})
    per = entry.get("per", "month")
    if section == "scorecard":
        per = entry.get("sample", entry).get("per", "month")
        return {"metric": "scorecard", "card": entry}, own if own != "month" else per
    return dict(entry), own if own != "month" else per


def asked_for(
    spec: Mapping[str, Any], policy: int, pack: Mapping[str, Any], per: str, first: date, last: date
) -> Asked:
    """Return the question for a figure over a period."""
    return Asked(spec, policy, pack, key_of(per, first), first, last, midnight(first), midnight(last + timedelta(1)))


def has_moved(asked: Asked, looked: datetime) -> bool:
    """Say whether something that a figure of an ended period goes by has changed since the program judged it."""
    own = Violation.objects.filter(occurred_on__gte=asked.first, occurred_on__lte=asked.last, decided_at__gt=looked)
    corrected = VisitRecord.objects.filter(logged_at__gte=asked.since, logged_at__lt=asked.until)
    events = ServiceEvent.objects.filter(happened_on__gte=asked.first, happened_on__lte=asked.last)
    return (
        own.exists()
        or corrected.filter(corrected_at__gt=looked).exists()
        or events.filter(changed_at__gt=looked).exists()
        or FollowUpItem.objects.filter(opened_at__gte=asked.since, closed_at__gt=looked).exists()
        or InspectionItem.objects.filter(scored_at__gt=looked).exists()
        or InspectionItem.objects.filter(decided_at__gt=looked).exists()
        or Inspection.objects.filter(published_at__gt=looked).exists()
    )


def is_waited_for(asked: Asked, looked: datetime) -> bool:
    """Say whether a figure is still to be judged: records are drawn and not inspected, windows were open then."""
    if asked.metric == "coverage_rate":
        return is_open(asked, looked)
    if asked.metric not in ("accuracy_rate", "quality_score"):
        return False
    drawn = InspectionItem.objects.filter(inspection__policy=asked.policy, state="drawn")
    of_records = Q(record__logged_at__gte=asked.since, record__logged_at__lt=asked.until)
    return drawn.filter(of_records | Q(inspection__period=asked.key)).exists()


def _clause(
    clause: Mapping[str, Any], section: str, asked: Asked, company: Company, releases: Releases, counts: Counter[str]
) -> Iterator[Difference]:
    found = earners(clause, section, asked, company, releases)
    if found is None:
        return
    counts["figures"] += len(found)
    kind = "penalty" if section == "penalty" else ("reward" if "amount" in clause else "award")
    rows = Violation.objects.filter(policy=asked.policy, rule=clause["code"], subject=f"period:{asked.key}", kind=kind)
    kept = {row.employee_id: row for row in rows.filter(liability="primary", proposed_by=None)}
    where = f"period {asked.key}"
    for who in sorted(found):
        if who not in kept:
            yield Difference(where, f"{clause['code']} of {who}", None, f"{found[who][0]}/{found[who][1]}")
        elif kept[who].state == "proposed" and not _says(kept[who], found[who]):
            told = f"{kept[who].facts.get('numerator')}/{kept[who].facts.get('denominator')}"
            yield Difference(f"violation {kept[who].pk}", "figure", told, f"{found[who][0]}/{found[who][1]}")
    for who in sorted(set(kept) - set(found)):
        if kept[who].state == "proposed":
            yield Difference(f"violation {kept[who].pk}", f"{clause['code']} of {who}", f"{asked.key}", None)


def _says(row: Violation, figure: tuple[Fraction, int]) -> bool:
    """Say whether a proposal tells that figure; a sum that no decimal holds is told as near as possible."""
    told = _told(row)
    return told is not None and told[1] == figure[1] and abs(told[0] - figure[0]) < Fraction(1, 10**15)


def _told(row: Violation) -> tuple[Fraction, int] | None:
    """Return numerator and denominator that a proposal tells; None where it tells no figure."""
    try:
        found = Fraction(row.facts["numerator"]), int(row.facts["denominator"])
    except (KeyError, ValueError):
        return None
    return found if found[1] else None


def earners(
    clause: Mapping[str, Any], section: str, asked: Asked, company: Company, releases: Releases
) -> dict[int, tuple[Fraction, int]] | None:
    """Return who earns a reward, or owes a penalty, with the figure; None where it is not counted here."""
    found = _of_period(clause, section, asked, company)
    streak = clause.get("streak", 1)
    if streak == 1 or not found:
        return found
    runs, going, at = dict.fromkeys(found, 1), set(found), asked
    for _number in range(60):
        per = clause.get("per", "month")
        last = at.first - timedelta(1)
        first = first_day(per, last)
        if not going or first is None or releases.ruling(asked.policy, last) is None:
            break
        at = asked_for(asked.spec, asked.policy, asked.pack, per, first, last)
        going &= set(_of_period(clause, section, at, company) or {})
        runs |= {who: runs[who] + 1 for who in going}
    return {who: one for who, one in found.items() if runs[who] % streak == 0}


def _of_period(
    clause: Mapping[str, Any], section: str, asked: Asked, company: Company
) -> dict[int, tuple[Fraction, int]] | None:
    told = results(asked) if asked.metric == "scorecard" else figures(asked)
    if told is None:
        return None
    if asked.metric in COUNTS:
        told = {who: (Fraction(0), 1) for who in staff(asked, company)} | told
    values = {who: top / whole for who, (top, whole) in told.items()}
    met = {who for who, value in values.items() if _is_met(clause, value)}
    if section == "penalty":
        return {who: told[who] for who in met}
    groups: dict[Any, list[int]] = defaultdict(list)
    for who in values:
        place = company.place(who, asked.last)
        groups[{"branch": place.branch, "department": place.department}.get(clause.get("within", "company"))].append(
            who
        )
    best: set[int] = set()
    for members in groups.values():
        if len(members) >= clause.get("min_staff", 0):
            best |= _best(clause, {who: values[who] for who in members}, met, counts=asked.metric in COUNTS)
    return {who: told[who] for who in best}


def _is_met(clause: Mapping[str, Any], value: Fraction) -> bool:
    return "op" not in clause or OPERATORS[clause["op"]](value, Fraction(clause["threshold"]))


def _best(clause: Mapping[str, Any], values: Mapping[int, Fraction], met: set[int], *, counts: bool) -> set[int]:
    """Return who has a place: by turns the best ones left, all equals of them, until no place is left."""
    passed = {who for who in values if who in met and (not counts or values[who] > 0)}
    if "top" not in clause and "top_n" not in clause:
        return {who for who in values if who in met}
    share = Fraction(clause.get("top", 0)) * len(values)
    whole = share.numerator // share.denominator
    places = clause.get("top_n") or (whole if clause.get("round") == "down" or share == whole else whole + 1)
    best: set[int] = set()
    while passed and len(best) < places:
        highest = max(values[who] for who in passed)
        best |= {who for who in passed if values[who] == highest}
        passed -= best
    return best


def staff(asked: Asked, company: Company) -> set[int]:
    """Return who makes visits under the policy: advisors of its departments, at work on any day of the period."""
    names = as_list(asked.pack.get("policy", {}).get("departments"))
    found = set()
    for who in company.holders("", asked.last):
        here = any(not company.is_away(who, on) for on in days(asked.first, asked.last))
        found |= {who} if here and company.is_ruled(who, asked.last, names) else set()
    return found


def results(asked: Asked) -> dict[int, tuple[Fraction, int]]:
    """Return the result of each person under a scorecard once it is published: of the latest scores of each item."""
    card = asked.spec["card"]
    inspection = Inspection.objects.filter(policy=asked.policy, scorecard=card.get("code"), period=asked.key).first()
    if inspection is None or inspection.published_at is None:
        return {}
    of_person: dict[int, list[Fraction]] = defaultdict(list)
    scored = inspection.items.filter(second_of=None, employee__isnull=False).exclude(state="drawn")
    for item in scored.prefetch_related("scores"):
        result = _result(card, points_of(item))
        if result is not None and item.employee_id:
            of_person[item.employee_id].append(result)
    combine = card.get("combine", "average")
    found = {}
    for who, told in of_person.items():
        total = sum(told, Fraction(0))
        deducted = max(Fraction(0), 100 - sum((100 - one for one in told), Fraction(0)))
        found[who] = ({"sum": total, "deduct": deducted}.get(combine, total / len(told)), 1)
    return found


def _result(card: Mapping[str, Any], points: Mapping[str, Fraction]) -> Fraction | None:
    items = [one for one in as_list(card.get("items")) if one["code"] in points]
    if not items:
        return None
    weights = {one["code"]: Fraction(one.get("weight", 1)) for one in items}
    if card.get("combine") == "deduct":
        failed = [one for one in items if one.get("max", 1) == 1 and "metric" not in one and points[one["code"]] < 1]
        return max(Fraction(0), 100 - sum((weights[one["code"]] for one in failed), Fraction(0)))
    if not sum(weights.values()):
        return None
    earned = sum(
        (weights[one["code"]] * points[one["code"]] / Fraction(one.get("max", 1)) for one in items), Fraction(0)
    )
    return 100 * earned / sum(weights.values())
