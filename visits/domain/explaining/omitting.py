"""Why an event or a customer has no task: every policy, rule and step tried, and what each of them stopped at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from config.clock import local_day
from config.packs.codes import CUSTOMER
from config.packs.rule import RuleSpec
from staff.models import Policy
from visits.domain.explaining.hearing import Case, Hearing, Try, Verdict, before, conditions_text, failed_of, named
from visits.domain.matching.facts import facts_of, facts_of_customers
from visits.domain.planning.rulebook import Book, Rulebook, load_rulebook
from visits.models import Customer, ReleasedRule, ServiceEvent, VisitRule

EVENTS_TOLD = 10


@dataclass(frozen=True)
class WhyNot:
    """All that was tried, in the order of policies, rules and steps."""

    tries: tuple[Try, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Return a line for each try."""
        return tuple(tried.line for tried in self.tries)


def why_not(subject: ServiceEvent | Customer, *, now: datetime) -> WhyNot:
    """Return what every policy in force makes of an event, or of a customer with the latest of his events.

    Conditions are judged by what is known on the day of `now`. The number of queries does not grow with the rules.
    """
    if isinstance(subject, ServiceEvent):
        event = ServiceEvent.objects.select_related("kind", "customer").get(pk=subject.pk)
        return WhyNot(tuple(_of_event(event, load_rulebook(), now=now)))
    return WhyNot(tuple(_of_customer(subject, load_rulebook(), now=now)))


def _of_customer(customer: Customer, rulebook: Rulebook, *, now: datetime) -> Iterator[Try]:
    events = customer.events.select_related("kind", "customer").order_by("-happened_at", "-pk")
    registration = events.filter(kind__code=CUSTOMER).first()
    if registration is not None:
        yield from _of_event(registration, rulebook, now=now)
    else:
        yield from _unregistered(customer, rulebook, now=now)
    for event in events.exclude(kind__code=CUSTOMER)[:EVENTS_TOLD]:
        yield from _of_event(event, rulebook, now=now)


def _unregistered(customer: Customer, rulebook: Rulebook, *, now: datetime) -> Iterator[Try]:
    """Yield what rules on customers make of one whom no night has judged yet."""
    facts = facts_of_customers([customer], on=local_day(now)).get(customer.pk, {})
    for book in rulebook.in_force():
        for rule in book.on_customers():
            failed = failed_of(rule.spec, facts)
            verdict, text = (Verdict.CONDITION, conditions_text(failed)) if failed else (Verdict.AT_NIGHT, _at_night())
            yield Try(verdict, text, book.pack.policy.title, book.number, named(rule.spec), failed=failed)


def _at_night() -> str:
    return _("customers are judged every night; tonight is the first for this one")


def _of_event(event: ServiceEvent, rulebook: Rulebook, *, now: datetime) -> Iterator[Try]:
    if event.history:
        yield Try(Verdict.HISTORY, _("it was taken in as history, which starts no visits"), event=event.pk)
        return
    if event.needs_planning:
        yield Try(Verdict.NOT_PLANNED, _("it waits for the next planning"), event=event.pk)
        return
    case = Case(event, facts_of([event], on=local_day(now))[event.pk], local_day(now))
    books = case.books(rulebook)
    for policy in Policy.objects.order_by("slug"):
        if policy.pk in books:
            yield from _under(books[policy.pk], case)
        elif since := min((book.since for book in rulebook.books if book.policy_id == policy.pk), default=None):
            yield before(policy.title, case, since)
    if not rulebook.books:
        yield Try(Verdict.NO_POLICY, _("no regulation is in force"), event=event.pk)


def _under(book: Book, case: Case) -> Iterator[Try]:
    """Yield what the rules of one release make of an event, and those that the policy has retired since."""
    active = {rule.rule_id: rule for rule in book.rules}
    released = ReleasedRule.objects.filter(release=book.release_id).order_by("position").prefetch_related("steps")
    known = set()
    for row in released:
        known.add(row.rule_id)
        steps = sorted(row.steps.all(), key=lambda step: step.position)
        spec = RuleSpec.from_json({**row.spec, "step": [step.spec for step in steps]})
        waiting = {step.spec["code"]: not step.active for step in steps}
        yield from Hearing(book, spec, row.rule_id, active.get(row.rule_id), case, waiting).steps()
    retired = VisitRule.objects.filter(policy=book.policy_id, retired=True).exclude(pk__in=known).order_by("position")
    for rule in retired:
        if case.kind in rule.trigger:
            text = _("the rule was retired: the regulation in force lacks it")
            name = rule.title or rule.code
            yield Try(Verdict.RETIRED, text, book.pack.policy.title, book.number, name, event=case.event.pk)
