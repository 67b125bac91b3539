"""Public letters: one answer to many who told of the same matter (K-12).

A letter is written, its cases are put under it, and it is published once. Then each of its cases is solved by it and
closed, and the visits that were to be made because of them end as answered by the letter. What it said stays as it was.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.choices import ENDED, SETTLED, CaseDeedKind, CaseState
from complaints.domain.announcing import done, subject_of
from complaints.domain.orders.ending import check_no_open_order
from complaints.domain.settling import check_decided
from complaints.domain.verifying import call_off
from complaints.domain.waiting import ANSWERS
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, PublicLetter
from config.clock import local_day
from staff.domain.access import scope_of
from staff.domain.activity import log
from staff.models import Branch, Employee
from visits.domain.obliging.about import AFTER_THE_END
from visits.domain.obliging.fulfilling import drop

ANSWERED: Final = gettext_noop("answered by public letter")


def letters_seen_by(employee: Employee, *, on: date) -> QuerySet[PublicLetter]:
    """Return the letters of the units that one sees, one's own, and those about cases that one sees."""
    scope = scope_of(employee, on=on)
    if scope.everything:
        return PublicLetter.objects.all()
    cases = Case.objects.visible_to(employee, on=on).filter(letter__isnull=False)
    seen = Q(branch=None) | Q(branch__in=scope.branches) | Q(written_by=employee) | Q(pk__in=cases.values("letter"))
    return PublicLetter.objects.filter(seen)


@transaction.atomic
def compose(
    *, title: str, text: str, branch: Branch | None, by: Employee, now: datetime, letter: PublicLetter | None = None
) -> PublicLetter:
    """Write a letter, or write anew one that is not published yet."""
    if not title.strip():
        raise CannotDo(_("Write what the letter is about."), field="title")
    if not text.strip():
        raise CannotDo(_("Write the letter."), field="text")
    facts = {"title": title.strip(), "text": text.strip(), "branch": branch}
    if letter is None:
        letter = PublicLetter.objects.create(**facts, written_by=by, written_at=now)
    else:
        _unpublished(letter, by, now)
        PublicLetter.objects.filter(pk=letter.pk).update(**facts, written_at=now)
    log(now=now, actor=by, verb="letter_written", subject=letter)
    return letter


def open_cases(employee: Employee, *, on: date) -> QuerySet[Case]:
    """Return the cases that somebody may put under a letter: those they see that have not ended and have none."""
    mine = Case.objects.visible_to(employee, on=on).exclude(state__in=ENDED)
    return mine.filter(letter=None).select_related("customer", "branch").order_by("-opened_at", "-pk")


@transaction.atomic
def put_under(letter: PublicLetter, cases: Iterable[Case], *, by: Employee, now: datetime) -> int:
    """Put cases under a letter that is not published yet; return how many."""
    _unpublished(letter, by, now)
    chosen = [locked(case.pk) for case in sorted(cases, key=lambda case: case.pk)]
    if not chosen:
        raise CannotDo(_("Choose the cases that the letter answers."), field="cases")
    for case in chosen:
        if case.is_ended or case.letter_id not in (None, letter.pk):
            raise CannotDo(_("%s has ended, or another letter answers it.") % case.number, field="cases")
        write(case, CaseDeedKind.LETTER, by=by, now=now, line=Line(text=letter.title, facts={"letter": letter.pk}),
              letter=letter)  # fmt: skip
    return len(chosen)


@transaction.atomic
def take_out(letter: PublicLetter, case: Case, *, by: Employee, now: datetime) -> None:
    """Take a case out of a letter that is not published yet."""
    _unpublished(letter, by, now)
    found = locked(case.pk)
    if found.letter_id == letter.pk:
        text = _("No longer answered by the letter “%s”.") % letter.title
        write(found, CaseDeedKind.LETTER, by=by, now=now, line=Line(text=text), letter=None)


@transaction.atomic
def publish(letter: PublicLetter, *, by: Employee, now: datetime) -> int:
    """Publish a letter: its cases are closed by it, their visits end; return how many cases. Once only.

    A case that waits for a decision (I-04) or has an open work order is taken out first.
    """
    _unpublished(letter, by, now)
    PublicLetter.objects.filter(pk=letter.pk).update(published_at=now, published_by=by)
    letter.refresh_from_db()
    cases = [locked(pk) for pk in letter.cases.order_by("pk").values_list("pk", flat=True)]
    if not cases:
        raise CannotDo(_("Put the cases under the letter that it answers first."), field="cases")
    closed = sum(_close(case, letter, by, now) for case in cases)
    log(now=now, actor=by, verb="letter_published", subject=letter, cases=closed)
    return closed


def _close(case: Case, letter: PublicLetter, by: Employee, now: datetime) -> int:
    if case.is_ended:
        return 0
    told = {"informed_at": case.informed_at or now, "replied_at": case.replied_at or now}
    check_no_open_order(case)
    if case.state not in SETTLED:
        check_decided(case, by, now)
        line = Line(text=letter.title, facts={"solution": letter.text, "letter": letter.pk})
        write(case, CaseDeedKind.RESOLVED, by=by, now=now, line=line, state=CaseState.RESOLVED, resolved_at=now,
              solution=case.solution or letter.text, **told)  # fmt: skip
        done(case, "resolve", "decide", *ANSWERS, by=by, now=now)
    call_off(case, now=now, reason=ANSWERED)
    line = Line(text=_("Answered by the public letter “%s”.") % letter.title, facts={"letter": letter.pk})
    write(case, CaseDeedKind.CLOSED, by=by, now=now, line=line, state=CaseState.CLOSED, **told)
    drop(subject_of(case), now=now, keep=AFTER_THE_END)
    return 1


def may_write(letter: PublicLetter, *, by: Employee, on: date) -> bool:
    """Say whether a letter is the person's to change and publish: their own, or of a branch that they look after."""
    scope = scope_of(by, on=on)
    return scope.everything or by.pk == letter.written_by_id or letter.branch_id in scope.branches


def _unpublished(letter: PublicLetter, by: Employee, now: datetime) -> None:
    """Keep the letter from others until the transaction ends; refuse one that is published, or somebody else's."""
    found = PublicLetter.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
    if found.published_at is not None:
        raise CannotDo(_("The letter is published: it stays as it is. Write a new one."))
    if not may_write(found, by=by, on=local_day(now)):
        raise CannotDo(_("Only who has written this letter, or looks after its branch, changes and publishes it."))
