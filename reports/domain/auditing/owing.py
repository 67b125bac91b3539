"""Owed deeds that were not done in time, and numbers of visits that a period ended without, counted one by one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from reports.domain.auditing.company import day_of, days, midnight
from reports.domain.auditing.ground import Ground, whole_entries
from reports.domain.auditing.hours import why_exempt
from reports.domain.auditing.regulation import as_list, tables
from reports.domain.auditing.visits import MOMENT, Known, last_moment
from staff.models import Activity, Branch, Policy
from visits.domain.obliging.about import about
from visits.models import Customer, Obligation, RecordTask, VisitRecord

MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
NAMES: Final = {"month": "", "quarter": "Q", "half_year": "H"}
HANDED_ON: Final = "obligation_handed_on"


def undone(pks: Sequence[int], known: Known) -> Iterator[Ground]:
    """Yield the deeds that somebody owed and had not done at their bound."""
    for one in Obligation.objects.filter(pk__in=pks, employee__isnull=False).exclude(due_at=None):
        bound: datetime = one.due_at or one.made_at
        last = last_moment(bound, inclusive=one.inclusive)
        in_time = one.done_at is not None and one.done_at <= last
        stands_still = one.pauses.filter(until_at=None).exists()
        who = _owed_by(one, last)
        if in_time or stands_still or (one.state == "dropped" and one.done_at is not None) or who is None:
            continue
        on = day_of(last)
        hours = known.hours(one.release_id)
        yield Ground(
            kind="obligation_missed", subject=f"obligation:{one.pk}", employee=who, on=on,
            since=max(last + MOMENT, one.made_at), last=last, release=one.release_id,
            sections=(f"obligation:{one.rule}",), told=partial(_asked, one),
            exempt=why_exempt(who, one.anchor_at, last, hours, known.company),
            department=known.company.place(who, on).department or one.department_id,
        )  # fmt: skip


def _asked(one: Obligation) -> dict[str, Any]:
    """Return what a clause may ask of a deed and of the case that it is about."""
    thing = about([one.subject]).get(one.subject)
    return {**(thing.fields if thing else {}), "deed": one.deed}


def _owed_by(one: Obligation, last: datetime) -> int | None:
    """Return who owed a deed at its bound, if anybody did: whoever has it now unless it was handed on after it."""
    moves = Activity.objects.filter(verb=HANDED_ON, subject_type="obligation", subject_id=one.pk, at__gt=last)
    first = moves.order_by("id").values_list("data", flat=True).first()
    return first["of"] if first else one.employee_id


def short(first: date, last: date, known: Known) -> Iterator[Ground]:
    """Yield who was short of a number of visits when a period ended on one of these days."""
    for on in days(first, last):
        for policy in Policy.objects.order_by("pk").values_list("pk", flat=True):
            release = known.releases.ruling(policy, on)
            for quota in whole_entries(known.releases.content(release), "quota") if release else ():
                begin = first_day(quota.get("per", "month"), on)
                if begin and known.releases.ruling(policy, begin):
                    yield from _short(quota, release or 0, begin, on, known)


def _short(quota: dict[str, Any], release: int, begin: date, on: date, known: Known) -> Iterator[Ground]:
    company, per = known.company, quota.get("per", "month")
    worked = [day for day in days(begin, on) if company.is_worked(day)]
    for who, made, wanted in sorted(_counted(quota, release, begin, on, known)):
        left = wanted - made
        if left <= 0:
            continue
        away = sum(company.is_away(who, day) for day in worked)
        told = {"made": made, "at_least": wanted, "left": left}
        yield Ground(
            kind="quota_unmet", subject=f"period:{key_of(per, begin)}/{quota['code']}", employee=who, on=on,
            since=midnight(on + timedelta(1)), last=midnight(on + timedelta(1)) - MOMENT, release=release,
            sections=(f"quota:{quota['code']}",), exempt="leave" if 2 * away > len(worked) else "",
            department=company.place(who, on).department, told=partial(dict, told),
        )  # fmt: skip


def _counted(
    quota: dict[str, Any], release: int, begin: date, on: date, known: Known
) -> Iterator[tuple[int, int, int]]:
    """Yield who answers for a number of visits, how many were made, and how many are wanted."""
    company, role, wanted = known.company, quota["who"].partition(":")[2], quota["at_least"]
    made = visits_made(quota, known.releases.policy(release), midnight(begin), midnight(on + timedelta(1)))
    counts = {who: len(visits) for who, visits in made.items()}
    if quota["who"] == "customer":
        yield from _of_customers(set().union(*made.values()), wanted, begin)
    elif quota["who"] == "company":
        for who in company.leading("general_manager", begin) & company.leading("general_manager", on):
            yield who, sum(counts.values()), wanted
    elif quota["who"] == "team":
        yield from ((who, made, wanted) for who, made in _of_teams(counts, release, begin, on, known))
    else:
        for who in company.holders(role, begin) & company.holders(role, on):
            if _rules(who, release, on, known):
                yield who, counts.get(who, 0), wanted


def _of_teams(counts: dict[int, int], release: int, begin: date, on: date, known: Known) -> Iterator[tuple[int, int]]:
    """Yield who managed a department of visitors from the first day to the last, with the visits of its people."""
    company = known.company
    held = company.leading("service_advisor", on)
    teams = {company.place(one, on).department for one in held if _rules(one, release, on, known)} - {None}
    for who in company.leading("department_manager", begin) & company.leading("department_manager", on):
        unit = company.place(who, on).department
        if unit in teams and company.place(who, begin).department == unit:
            yield who, sum(n for one, n in counts.items() if company.place(one, on).department == unit)


def _rules(who: int, release: int, on: date, known: Known) -> bool:
    """Say whether the regulation is about somebody: it names no departments, or theirs, or their branch."""
    names = tables(known.releases.content(release))["policy"].get("departments", [])
    place = known.company.place(who, on)
    branch = Branch.objects.filter(pk=place.branch, name__in=names).exists() if names and place.branch else False
    return not names or branch or known.company.departments.get(place.department or 0) in names


def _of_customers(visits: set[int], wanted: int, begin: date) -> Iterator[tuple[int, int, int]]:
    """Yield of each owner how many of the customers they had when the period began were visited often enough."""
    often = Counter(VisitRecord.objects.filter(pk__in=visits).values_list("customer", flat=True))
    mine = Customer.objects.filter(left_at=None, registered_at__lt=midnight(begin)).exclude(owner=None)
    owners: dict[int, list[int]] = {}
    for customer, owner in mine.values_list("pk", "owner").iterator():
        owners.setdefault(owner, []).append(int(often[customer] >= wanted))
    for owner, reached in owners.items():
        yield owner, sum(reached), len(reached)


def visits_made(quota: dict[str, Any], policy: int, first: datetime, until: datetime) -> dict[int, set[int]]:
    """Return the visits of a span that a quota counts, by who made them: as the records stand, each once."""
    rules = {name.removeprefix("visit_rule:").partition("/")[0] for name in as_list(quota.get("of"))}
    channels = as_list(quota.get("channels"))
    links = RecordTask.objects.filter(completes=True, task__release__policy=policy, record__outcome="reached")
    columns = (
        "record", "record__advisor", "record__channel", "task__step__rule__code", "record__kind",
        "record__reported_by_system", "record__started_at", "record__logged_at",
    )  # fmt: skip
    near = links.filter(record__logged_at__gte=first - timedelta(40), record__logged_at__lt=until + timedelta(40))
    replaced = set(
        VisitRecord.objects.filter(supersedes__in=near.values("record")).values_list("supersedes", flat=True)
    )
    found: dict[int, set[int]] = {}
    for record, who, channel, rule, kind, by_system, started, logged in near.values_list(*columns).iterator():
        counts = kind != "void" and record not in replaced and first <= (started if by_system else logged) < until
        if counts and (not channels or channel in channels) and (not rules or rule in rules):
            found.setdefault(who, set()).add(record)
    return found


def first_day(per: str, last: date) -> date | None:
    """Return the first day of the period that ends on a day; None where none of that kind ends then."""
    if per == "day":
        return last
    if per == "week":
        return last - timedelta(6) if last.weekday() == 6 else None
    if (last + timedelta(1)).day != 1 or last.month % MONTHS[per]:
        return None
    return date(last.year, last.month - MONTHS[per] + 1, 1)


def key_of(per: str, first: date) -> str:
    """Return the name of the period that begins on a day."""
    if per == "day":
        return f"{first}"
    if per == "week":
        year, week, _day = first.isocalendar()
        return f"{year}-W{week:02}"
    if per == "month":
        return f"{first:%Y-%m}"
    return f"{first.year}" if per == "year" else f"{first.year}-{NAMES[per]}{(first.month - 1) // MONTHS[per] + 1}"
