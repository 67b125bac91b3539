"""What is typed about a call, kept by the server until it is saved: by form, by person, never two mixed (U-04, T36).

A draft belongs to one form (its token) of one person about one task. It fills that person's form of that task and no
other; whoever else works on the task reads it beside the form, and takes it over only by asking for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from staff.domain.activity import log
from staff.models import Employee
from visits.choices import WORKABLE
from visits.domain.calling.card import lease
from visits.models import CallDraft, VisitTask

KEPT_FOR: Final = timedelta(days=30)  # after the last word of a task that is closed
LONGEST_NAME: Final = 120
MOST_FIELDS: Final = 400
MOST_TEXT: Final = 200_000  # characters of one form: far above what is typed in a call, far below what hurts
NOT_TYPED: Final = frozenset(
    {"csrfmiddlewaretoken", "token", "seen_attempts", "typed_by", "page", "turn", "since", "since_turn"}
)
GIVEN: Final = frozenset({"started_at", "ended_at", "lasted", "channel"})  # what a form holds before anybody types

Content = Mapping[str, Sequence[str]]


class TooMuchTyped(ValueError):
    """The form holds more than a call can: it is refused whole, and stays in the browser."""


@dataclass(frozen=True)
class Page:
    """Which open page writes, how often it had, and which page and turn its form was opened from (none: a new form)."""

    name: str
    turn: int
    since: str = ""
    since_turn: int = 0


def keep(
    task: VisitTask, content: Content, *, token: UUID, page: Page, author: Employee, now: datetime
) -> CallDraft | None:
    """Keep what is typed and renew the lease; None where nothing is to be kept: saved already, late, or wiped out.

    A page that was opened before another one wrote gets a draft of its own, with a token of its own, so that neither
    takes the other's words. Raises `TooMuchTyped`.
    """
    told = read(content)
    if task.status in WORKABLE:
        lease(task, author, now=now)
    own = CallDraft.objects.filter(author=author, token=token)
    if not says_something(told):
        own.filter(_may_follow(page)).delete()
        return None
    facts = {"task": task, "content": told, "page": page.name, "turn": page.turn, "saved_at": now}
    if own.filter(_may_follow(page), task=task).update(**facts):
        return own.get()
    try:
        with transaction.atomic():
            made = CallDraft.objects.create(author=author, token=token, **facts)
    except IntegrityError:
        return _beside(own.get(), facts, page)
    return made if _unsent(made) else None


def of_task(task: VisitTask, author: Employee) -> CallDraft | None:
    """Return what fills this person's form of the task: what they typed last and did not save; closed, it has none."""
    if task.status not in WORKABLE:
        return None
    return CallDraft.objects.unsent().filter(task=task, author=author).order_by("-saved_at", "-pk").first()


def lying_about(task: VisitTask, *, but: CallDraft | None) -> QuerySet[CallDraft]:
    """Return what else was typed about this task and not saved, by whomever, latest first."""
    others = CallDraft.objects.unsent().filter(task=task).exclude(pk=but.pk if but else None)
    return others.select_related("author").order_by("-saved_at", "-pk")


def drop_saved(token: UUID, author: Employee) -> None:
    """Forget the draft of a form that was just saved; in the caller's transaction."""
    CallDraft.objects.filter(token=token, author=author).delete()


def keep_apart(task: VisitTask, content: Content, *, author: Employee, now: datetime) -> CallDraft:
    """Keep what could not be saved under the token that it came with, as a draft of its own."""
    return CallDraft.objects.create(
        task=task, author=author, token=uuid4(), page="", turn=0, content=read(content), saved_at=now
    )


@transaction.atomic
def take_over(draft: CallDraft, *, by: Employee, now: datetime) -> CallDraft:
    """Put what somebody wrote into one's own form of the same task; theirs stays as it is."""
    mine = keep_apart(draft.task, draft.content, author=by, now=now)
    log(now=now, actor=by, verb="draft_taken_over", subject=draft.task, author=draft.author_id)
    return mine


@transaction.atomic
def discard(draft: CallDraft, *, by: Employee, now: datetime) -> None:
    """Throw away what one has typed oneself."""
    CallDraft.objects.filter(pk=draft.pk, author=by).delete()
    log(now=now, actor=by, verb="draft_discarded", subject=draft.task)


def purge_drafts(*, now: datetime, on: date) -> int:
    """Forget drafts of closed tasks a month after their last word; return how many (a daily job)."""
    old = CallDraft.objects.filter(saved_at__lt=now - KEPT_FOR).exclude(task__status__in=WORKABLE)
    deleted, _each = old.delete()
    return deleted


def read(content: Content) -> dict[str, list[str]]:
    """Return the fields of a form as they are kept; raises `TooMuchTyped`."""
    told = {
        name: [str(text) for text in texts]
        for name, texts in content.items()
        if name not in NOT_TYPED and len(name) <= LONGEST_NAME
    }
    if len(told) > MOST_FIELDS or sum(len(text) for texts in told.values() for text in texts) > MOST_TEXT:
        raise TooMuchTyped(_("This is more than a call form can hold."))
    return told


def says_something(content: Content) -> bool:
    """Say whether somebody typed anything into a form, beyond what it was opened with."""
    return any(text.strip() for name, texts in content.items() if name not in GIVEN for text in texts)


def _may_follow(page: Page) -> Q:
    """Return which version may be written over: this page's own earlier one, or that which it was opened from."""
    return Q(page=page.name, turn__lt=page.turn) | Q(page=page.since, turn=page.since_turn)


def _beside(draft: CallDraft, facts: dict[str, Any], page: Page) -> CallDraft | None:
    """Return a draft of its own for a page that comes second; None for a request that only comes late.

    Words that come twice (a page says them when it is left, the next one when it opens) are kept already.
    """
    if draft.page == page.name:
        return draft if draft.turn == page.turn else None
    return CallDraft.objects.create(author_id=draft.author_id, token=uuid4(), **facts)


def _unsent(draft: CallDraft) -> bool:
    """Drop a draft that came in after its form had been saved; say whether it stays."""
    if CallDraft.objects.unsent().filter(pk=draft.pk).exists():
        return True
    draft.delete()
    return False
