"""From a draft, or an old release, to one in force: what one looked at is what is published (RELIABILITY F33, F34)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config.packs.pack import Pack
from config.packs.read import stored_pack
from config.packs.write import write_pack
from staff.choices import ReleaseState
from staff.domain import policies
from staff.domain.drafts import draft_pack
from staff.models import Employee, Policy, Release
from visits.choices import OpenTasks
from visits.domain.planning.rulebook import Book
from visits.domain.rehearsing.candidate import book_of
from visits.domain.rehearsing.differing import EntryChange, RuleTold, differences, rules_told
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.rehearsal import others_in_force
from visits.models import Changeover


@dataclass(frozen=True)
class Proposal:
    """What is to be put in force, beside what is: a draft, or the release `restores`."""

    policy: Policy
    pack: Pack
    content: str
    former: Release | None
    restores: Release | None = None

    @property
    def sha256(self) -> str:
        """Return by what the proposal is known; a draft that was edited meanwhile has another."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def key(self) -> str:
        """Return by what its rehearsals are known: the proposal and what it is compared with."""
        return hashlib.sha256(f"{self.former.sha256 if self.former else ''}{self.content}".encode()).hexdigest()

    @property
    def lines(self) -> list[str]:
        """Return the difference of the canonical texts, line by line."""
        return policies.difference(self.former.content if self.former else "", self.content)

    @property
    def changes(self) -> list[EntryChange]:
        """Return the difference in words."""
        return differences(policies.spec_of(self.former) if self.former else None, self.pack)

    @property
    def rules(self) -> list[RuleTold]:
        """Return every rule in plain words."""
        return rules_told(policies.spec_of(self.former) if self.former else None, self.pack)

    @property
    def book(self) -> Book:
        """Return the proposal as planning would read it."""
        found = book_of(self.policy, self.pack)
        return replace(found, release_id=self.restores.pk) if self.restores else found

    def question(self, *, days: int, near_days: int) -> Question:
        """Return the rehearsal of the proposal against what is in force, among the other regulations."""
        before = book_of(self.policy, policies.spec_of(self.former)) if self.former else None
        return Question(before, self.book, days, near_days, others=others_in_force(self.policy.pk))


@dataclass(frozen=True)
class Choice:
    """What becomes of open tasks: `open_tasks` stay or follow the new rules; those of retired steps are cancelled."""

    open_tasks: str = OpenTasks.KEEP
    cancel_retired: bool = False


def proposed(policy: Policy) -> Proposal:
    """Return the draft as a proposal. Raises `PackErrors` where it is unsound."""
    pack = draft_pack(policy)
    return Proposal(policy, pack, write_pack(pack), policies.latest_release(policy))


def stored(policy: Policy, content: str) -> Proposal:
    """Return a text that a rehearsal has kept as a proposal; it was judged when it was kept."""
    return Proposal(policy, stored_pack(content), content, policies.latest_release(policy))


def restoring(release: Release) -> Proposal:
    """Return a published release as a proposal to put it in force again."""
    former = policies.latest_release(release.policy)
    return Proposal(release.policy, policies.spec_of(release), release.content, former, restores=release)


@transaction.atomic
def publish(
    policy: Policy, choice: Choice, *, seen: str, now: datetime, on: date, actor: Employee | None
) -> Release | None:
    """Make the draft a release, as `staff.domain.policies.publish`, and remember what was chosen for open tasks.

    `seen` is the hash of the draft that was looked at: `ValidationError` where somebody has changed it since.
    """
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    if proposed(policy).sha256 != seen:
        raise ValidationError(_("Somebody else has changed the draft since you looked at it. Look at it again."))
    release = policies.publish(policy, now=now, on=on, actor=actor)
    if release is not None:
        remember(release, choice, now=now, actor=actor)
    return release


@transaction.atomic
def put_back(release: Release, choice: Choice, *, now: datetime, actor: Employee) -> Release:
    """Put a published release in force again. Raises `ValidationError` for one that was never published."""
    release = policies.put_in_force(release, now=now, actor=actor)
    remember(release, choice, now=now, actor=actor)
    return release


def remember(release: Release, choice: Choice, *, now: datetime, actor: Employee | None) -> Changeover:
    """Keep what was chosen; one that waits for its approval, or was not done yet, is chosen anew."""
    release.refresh_from_db()
    told = {
        "open_tasks": choice.open_tasks,
        "cancel_retired": choice.cancel_retired,
        "chosen_by": actor,
        "chosen_at": now,
        "in_force_seq": release.in_force_seq if release.state == ReleaseState.PUBLISHED else None,
        "last_event": 0,
        "counts": {},
    }
    changeover, _made = Changeover.objects.update_or_create(release=release, finished_at=None, defaults=told)
    return changeover
