"""Which owed deeds were done by the deed itself, which are late: warned of, escalated (a job of every tick)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop

from config.clock import local_day
from config.packs.duties import ObligationSpec
from staff.choices import MeasureState
from staff.domain.activity import log
from staff.domain.calendar import local_noon
from staff.domain.jobs import AGAIN, hand_over
from staff.domain.notifying import notify, withdraw
from staff.domain.pack_words import PERSON_WORDS
from staff.domain.superiors import callers_beside, superiors
from staff.domain.workforce import Post, Workforce, load_workforce
from staff.models import Employee, Role
from visits.choices import Channel, FollowUpDeedKind, Outcome, RecordKind
from visits.domain.assigning.choosing import Wanted
from visits.domain.detecting.bounds import counted_at, house
from visits.domain.obliging.about import AFTER_THE_END, NOTHING, About, about
from visits.domain.obliging.counting import bounds_of, clock_of_obligation, spec_of_obligation
from visits.domain.obliging.naming import deed_words
from visits.domain.obliging.owing import URL, bound_words
from visits.domain.obliging.people import Reached, reached
from visits.models import ContactNumber, FollowUpDeed, Obligation, VisitRecord

AT_ONCE: Final = 1000
TOLD_AT_ONCE: Final = 300  # at one ring, so that other jobs wait for seconds only; what is left rings again at once
NEAR: Final = gettext_noop("Due %(bound)s: %(title)s (%(deed)s)")
UNDONE: Final = gettext_noop("Not done: %(title)s (%(deed)s), %(owner)s, since %(since)s")
UNDONE_INSTEAD: Final = gettext_noop(
    "Not done: %(title)s (%(deed)s), %(owner)s, since %(since)s; you hear of it instead of %(missing)s"
)
# What is seen in the contacts with a customer; other deeds close where they are done (`fulfilling`), or by hand.
SEEN_IN_VISITS: Final = ("record", "attempt", "tell_customer", "onsite_visit", "correct_number")
Done = tuple[datetime, int | None]


def watch_obligations(*, now: datetime) -> Counter[str]:
    """Close what was done, withdraw what was taken back, warn and escalate; return how many of each."""
    counts = Counter(settle_done(now=now))
    workforce = load_workforce()
    running = Obligation.objects.open().filter(paused_at=None).select_related("release", "employee").order_by("pk")
    near = list(running.filter(warn_at__lte=now)[:TOLD_AT_ONCE])
    counts["warned"] = sum(_warn(one, workforce, now=now) for one in near)
    late = list(running.filter(tell_at__lte=now)[:TOLD_AT_ONCE])
    counts["escalated"] = sum(_escalate(one, workforce, now=now) for one in late)
    if TOLD_AT_ONCE in (len(near), len(late)):  # each that was looked at waits no longer, so this comes to an end
        counts[AGAIN] = 1
    return counts


def settle_done(*, now: datetime) -> dict[str, int]:
    """Close the open deeds that were done, each at the moment of the deed; return how many were done and withdrawn."""
    done = withdrawn = 0
    last = 0
    while found := list(_open(last)):
        moments, gone = done_moments(found), taken_back(found)
        for one in found:
            if one.record_id in gone:
                withdrawn += close(one, MeasureState.DROPPED, at=now, by=None, now=now)
            elif one.pk in moments:
                at, by = moments[one.pk]
                done += close(one, MeasureState.DONE, at=at, by=by, now=now)
        last = found[-1].pk
    return {"done": done, "withdrawn": withdrawn}


def _open(after: int) -> Iterable[Obligation]:
    found = Obligation.objects.open().filter(pk__gt=after, deed__in=SEEN_IN_VISITS)
    return found.select_related("record").order_by("pk")[:AT_ONCE]


def taken_back(found: Sequence[Obligation]) -> frozenset[int | None]:
    """Return the records after which these deeds were owed and that were taken back since."""
    records = {one.record_id for one in found if one.record_id}
    void = VisitRecord.objects.filter(supersedes__in=records, kind=RecordKind.VOID) if records else ()
    return frozenset(one.supersedes_id for one in void)


@transaction.atomic
def close(one: Obligation, state: str, *, at: datetime, by: int | None, now: datetime, note: str = "") -> int:
    """End an open obligation; of two at once one wins. Returns 1 for whoever did."""
    won = Obligation.objects.open().filter(pk=one.pk).update(state=state, done_at=at, done_by_id=by, note=note)
    if won:
        for key in (f"obligation-{one.pk}", warn_key(one)):
            withdraw(key=key, now=now)
        log(now=now, actor=None, verb=f"obligation_{state}", subject=one, by=by, at=at.isoformat())
    return won


def done_moments(found: Sequence[Obligation]) -> dict[int, Done]:
    """Return when, and by whom, the deeds of these obligations were done first after their happening; three queries."""
    calls, numbers, words = _calls(found), _numbers(found), _words(found)
    moments: dict[int, Done] = {}
    for one in found:
        match one.deed:
            case "correct_number":
                done = [at for at in numbers[one.customer_id] if at[0] >= _since(one)]
            case "tell_customer":
                done = [at for at in words[one.customer_id] if at[0] > one.anchor_at]
            case _:
                done = [_told(call) for call in calls[one.customer_id] if _counts(call, one)]
        if done:
            moments[one.pk] = min(done, key=lambda told: told[0])
    return moments


def _since(one: Obligation) -> datetime:
    return one.record.logged_at if one.record is not None else one.anchor_at


def _counts(call: VisitRecord, one: Obligation) -> bool:
    """Say whether a contact is the deed that is owed: another one than that which called for it, and after it."""
    if call.pk == one.record_id or counted_at(call) < one.anchor_at:
        return False
    match one.deed:
        case "attempt":
            return True
        case "onsite_visit":
            return call.channel == Channel.ONSITE and call.outcome == Outcome.REACHED
    return call.outcome == Outcome.REACHED


def _told(call: VisitRecord) -> Done:
    return counted_at(call), call.advisor_id


def _calls(found: Sequence[Obligation]) -> dict[int | None, list[VisitRecord]]:
    wanting = [one for one in found if one.deed in ("record", "attempt", "onsite_visit") and one.customer_id]
    calls: dict[int | None, list[VisitRecord]] = defaultdict(list)
    if wanting:
        since = min(one.anchor_at for one in wanting)
        rows = VisitRecord.objects.filter(customer__in={one.customer_id for one in wanting}, logged_at__gte=since)
        for record in rows.filter(kind=RecordKind.CONTACT).exclude(superseded_by__kind=RecordKind.VOID).order_by("pk"):
            calls[record.customer_id].append(record)
    return calls


def _numbers(found: Sequence[Obligation]) -> dict[int | None, list[Done]]:
    numbers: dict[int | None, list[Done]] = defaultdict(list)
    customers = {one.customer_id for one in found if one.deed == "correct_number" and one.customer_id}
    for customer, at in ContactNumber.objects.filter(customer__in=customers).values_list("customer", "valid_from"):
        numbers[customer].append((at, None))
    return numbers


def _words(found: Sequence[Obligation]) -> dict[int | None, list[Done]]:
    words: dict[int | None, list[Done]] = defaultdict(list)
    customers = {one.customer_id for one in found if one.deed == "tell_customer" and one.customer_id}
    rows = FollowUpDeed.objects.filter(kind=FollowUpDeedKind.TOLD_CUSTOMER, item__customer__in=customers)
    for customer, at, by in rows.values_list("item__customer", "at", "by"):
        words[customer].append((at, by))
    return words


def _facts(one: Obligation, spec: ObligationSpec | None, of: About) -> dict[str, str]:
    title = (spec.title if spec else "") or one.rule
    named = f"{of.words} {title}" if of.words else str(title)
    return {"title": named, "deed": deed_words(one.deed), "bound": bound_words(one)}


def _owing(one: Obligation, workforce: Workforce, *, on: date) -> list[Employee]:
    """Return who can do a deed: who owes it, who stands in, else who is one higher; of a pool, who holds its role."""
    if one.employee is None:
        return callers_beside(one.branch_id, role=one.role, now=local_noon(on, house())) if one.role else []
    here = next(workforce.in_place_of(one.employee.pk, on=on), None)
    if here is not None:
        return list(Employee.objects.filter(pk=here))
    return superiors(one.employee, now=local_noon(on, house()))


def warn_key(one: Obligation) -> str:
    """Return the key of the warning of a deed: another one for a bound that was set by hand."""
    return f"obligation-{one.pk}-warn" + (f"-{one.set_at:%Y%m%d%H%M%S}" if one.set_at else "")


@transaction.atomic
def _warn(one: Obligation, workforce: Workforce, *, now: datetime) -> int:
    """Tell whoever owes a deed that its bound is near, once; at night only of one that comes before the morning."""
    if not Obligation.objects.open().filter(pk=one.pk, warn_at__lte=now, paused_at=None).update(warn_at=None):
        return 0
    spec, of = spec_of_obligation(one), about([one.subject]).get(one.subject, NOTHING)
    morning = clock_of_obligation(one, spec).in_office(now) if spec else now
    if morning > now and one.due_at and not now < one.due_at < morning:
        Obligation.objects.open().filter(pk=one.pk).update(warn_at=morning)
        return 0
    facts = _facts(one, spec, of)
    key = warn_key(one)
    notify(
        _owing(one, workforce, on=local_day(now)),
        kind="obligation_due",
        message=NEAR,
        facts=facts,
        url=of.url or URL,
        key=key,
        urgent=True,
        now=now,
    )
    return 1


def _missing(to: Reached, workforce: Workforce) -> str:
    """Return who is named and not there, in words: people by name, roles by their title."""
    titles = dict(Role.objects.filter(code__in=to.vacant).values_list("code", "title"))
    people = [workforce.people[one].name or workforce.people[one].username for one in to.instead]
    return "、".join([*people, *(titles.get(one) or str(PERSON_WORDS.get(one, one)) for one in to.vacant)])


@transaction.atomic
def _escalate(one: Obligation, workforce: Workforce, *, now: datetime) -> int:
    """Tell whom the regulation names that a deed is not done; the next ones are told when their time has come.

    What asks for nothing any more escalates nothing: it is owed no longer. A job that runs late tells nobody at night
    either, and one step at a run; each says when it was due.
    """
    hand_over("obligation_late", obligation=one, now=now)
    spec, of = spec_of_obligation(one), about([one.subject]).get(one.subject, NOTHING)
    kept = one.deed in AFTER_THE_END
    if of.ended and not kept:
        close(one, MeasureState.DROPPED, at=now, by=None, now=now)
        return 0
    if of.ended or spec is None or one.told >= len(spec.escalate):
        Obligation.objects.filter(pk=one.pk).update(tell_at=None)
        return 0
    ruled = bounds_of(one)
    morning = clock_of_obligation(one, spec).in_office(now)
    if morning > now:
        Obligation.objects.open().filter(pk=one.pk).update(tell_at=morning)
        return 0
    one.told += 1
    waiting = Obligation.objects.open().filter(pk=one.pk, told=one.told - 1, paused_at=None, tell_at__lte=now)
    bounds = bounds_of(one)
    if not waiting.update(told=one.told, tell_at=bounds.tell_at if bounds else None):
        return 0
    wanted = Wanted(
        persons=(), advisor=one.employee_id, unit=Post(one.branch_id, one.department_id), written=of.people
    )  # fmt: skip
    to = reached(spec.escalate[one.told - 1].to, wanted, workforce, owes=one.employee, on=local_day(now))
    since = f"{one.anchor_at.astimezone(house()):%m-%d}"
    facts = _facts(one, spec, of) | {"owner": one.employee.name if one.employee else "—", "since": since}
    key, missing = f"obligation-{one.pk}-late-{one.told - 1}", _missing(to, workforce)
    message = UNDONE_INSTEAD if missing else UNDONE
    facts |= {"missing": missing} if missing else {}
    notify(to.people, kind="obligation_late", message=message, facts=facts, url=of.url or URL, key=key, now=now)
    due_at = ruled.tell_at if ruled else None
    hand_over("obligation_escalated", obligation=one, to=to.people, missing=missing, due_at=due_at, now=now)
    return 1
