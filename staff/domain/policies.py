"""Releases of a policy: published from the draft, approved, put in force again; what acts reads releases only.

A release never changes (DECISIONS 8). Of those that hold on a day the one that was put in force last rules.
"""

import difflib
import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.packs.pack import Pack
from config.packs.persons import Person
from config.packs.read import stored_pack
from config.packs.references import Unit
from config.packs.waiting import waiting
from config.packs.write import write_pack
from staff.choices import ReleaseState
from staff.domain import activity
from staff.domain.drafts import draft_pack
from staff.domain.jobs import hand_over
from staff.domain.notifying import notify, withdraw
from staff.domain.sections import company, rows_of
from staff.models import Employee, Policy, Release, RoleAssignment

RELEASES_REMEMBERED = 64
REMEMBERED: dict[str, Pack] = {}  # by the hash of the text
IDLE: dict[str, frozenset[Unit]] = {}  # likewise


def release_in_force(policy: Policy, on: date) -> Release | None:
    """Return the release that rules on the day `on`: of those in effect by then the one put in force last."""
    return releases_of(policy).filter(effective_from__lte=on).first()


def releases_in_force(on: date) -> list[Release]:
    """Return the release of every policy that rules on the day `on`, the oldest policy first; their texts unread."""
    published = Release.objects.filter(state=ReleaseState.PUBLISHED, in_force_seq__isnull=False, effective_from__lte=on)
    found: dict[int, Release] = {}
    for release in published.select_related("policy").defer("content").order_by("policy_id", "-in_force_seq"):
        found.setdefault(release.policy_id, release)
    return list(found.values())


def releases_of(policy: Policy) -> QuerySet[Release]:
    """Return the published releases of a policy, the one put in force last first."""
    published = policy.releases.filter(state=ReleaseState.PUBLISHED, in_force_seq__isnull=False)
    return published.order_by("-in_force_seq")


def ruling(releases: Iterable[Release], on: date) -> Release | None:
    """Return which of the `releases_of` a policy, read once, rules on the day `on`."""
    return next((release for release in releases if release.effective_from <= on), None)


def latest_release(policy: Policy) -> Release | None:
    """Return the release that was put in force last, whatever the day from which it holds."""
    return policy.releases.filter(in_force_seq__isnull=False).order_by("-in_force_seq").first()


def spec_of(release: Release) -> Pack:
    """Return what a release says; it cannot change, so what was read once is kept, and a deferred text stays unread."""
    if release.sha256 not in REMEMBERED:
        if len(REMEMBERED) >= RELEASES_REMEMBERED:
            REMEMBERED.clear()
        REMEMBERED[release.sha256] = stored_pack(release.content)
    return REMEMBERED[release.sha256]


def idle_in(release: Release) -> frozenset[Unit]:
    """Return what of a release waits for a figure: section, code and part of each; kept as the release itself is."""
    if release.sha256 not in IDLE:
        if len(IDLE) >= RELEASES_REMEMBERED:
            IDLE.clear()
        IDLE[release.sha256] = frozenset(waiting(spec_of(release)))
    return IDLE[release.sha256]


@transaction.atomic
def publish(policy: Policy, *, now: datetime, on: date, actor: Employee | None) -> Release | None:
    """Make a release of the draft; None where the draft says nothing new, or the policy itself waits for a figure.

    Where the policy asks for approval the release waits for it. Raises `PackErrors` where the draft is unsound.
    """
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    pack = draft_pack(policy, company())
    content = write_pack(pack)
    digest = hashlib.sha256(content.encode()).hexdigest()
    if pack.policy.blanks() or is_known(policy, digest):
        return None
    release = Release.objects.create(
        policy=policy,
        number=next_number(policy, "number"),
        state=ReleaseState.AWAITING,
        content=content,
        sha256=digest,
        effective_from=pack.policy.effective_from or on,
        published_at=now,
        published_by=actor,
    )
    waits = waiting(pack)
    for keeper in rows_of().values():
        keeper.freeze(release, pack, waits)
    activity.log(now=now, actor=actor, verb="policy.published", subject=release, number=release.number, sha256=digest)
    if pack.policy.approve is None:
        enter_into_force(release, now=now)
    else:
        tell_approvers(release, on=on, now=now)
    return release


def tell_approvers(release: Release, *, on: date, now: datetime) -> None:
    """Tell whoever may approve a release that it waits for them."""
    person = spec_of(release).policy.approve
    code = person.code if isinstance(person, Person) else ""
    holders = RoleAssignment.objects.on(on).filter(role__code=code).values("employee")
    notify(
        [one for one in Employee.objects.filter(pk__in=holders) if one.pk != release.published_by_id],
        kind="release_awaiting",
        message=gettext_noop("Release %(number)s of %(policy)s waits for your approval"),
        facts={"number": release.number, "policy": str(release.policy)},
        url=f"/staff/policies/{release.policy_id}/",
        key=f"release-{release.pk}",
        now=now,
    )


def is_known(policy: Policy, digest: str) -> bool:
    """Return whether the release put in force last, or one that awaits approval, says just this."""
    latest = latest_release(policy)
    if latest is not None and latest.sha256 == digest:
        return True
    return policy.releases.filter(state=ReleaseState.AWAITING, sha256=digest).exists()


def next_number(policy: Policy, column: str) -> int:
    """Return one more than the highest value of a counting column among the policy's releases."""
    return (policy.releases.aggregate(most=Max(column))["most"] or 0) + 1


def enter_into_force(release: Release, *, now: datetime) -> None:
    """Let a release rule from now on, above those put in force before it, and tell whoever plans by it."""
    release.state = ReleaseState.PUBLISHED
    release.in_force_seq = next_number(release.policy, "in_force_seq")
    release.save(update_fields=["state", "in_force_seq", "approved_by"])
    hand_over("policy_published", policy_id=release.policy_id, now=now)


@transaction.atomic
def approve(release: Release, *, now: datetime, on: date, actor: Employee) -> Release:
    """Put a release that awaits approval in force. Raises `ValidationError` where it does not, or `actor` may not."""
    release = awaiting(release)
    if not may_approve(release, actor, on=on):
        raise ValidationError(_("This release waits for another person: %s.") % spec_of(release).policy.approve)
    release.approved_by = actor
    enter_into_force(release, now=now)
    withdraw(key=f"release-{release.pk}", now=now)
    activity.log(now=now, actor=actor, verb="policy.approved", subject=release, number=release.number)
    return release


@transaction.atomic
def reject(release: Release, *, now: datetime, on: date, actor: Employee) -> Release:
    """Turn down a release that awaits approval. Raises `ValidationError` as `approve` does."""
    release = awaiting(release)
    if not may_approve(release, actor, on=on):
        raise ValidationError(_("This release waits for another person: %s.") % spec_of(release).policy.approve)
    release.state = ReleaseState.REJECTED
    release.save(update_fields=["state"])
    withdraw(key=f"release-{release.pk}", now=now)
    activity.log(now=now, actor=actor, verb="policy.rejected", subject=release, number=release.number)
    return release


def awaiting(release: Release) -> Release:
    """Return the release, locked, if it awaits approval."""
    release = Release.objects.select_for_update(of=("self",)).select_related("policy").get(pk=release.pk)
    if release.state != ReleaseState.AWAITING:
        raise ValidationError(_("This release does not wait for approval."))
    return release


def may_approve(release: Release, actor: Employee, *, on: date) -> bool:
    """Return whether `actor` holds the role that the release asks for, and did not publish it himself."""
    person = spec_of(release).policy.approve
    if not isinstance(person, Person) or person.kind != "role" or release.published_by_id == actor.pk:
        return False
    return RoleAssignment.objects.on(on).filter(employee=actor, role__code=person.code).exists()


@transaction.atomic
def put_in_force(release: Release, *, now: datetime, actor: Employee | None) -> Release:
    """Let a published release rule again. Raises `ValidationError` for one that was never published."""
    release = Release.objects.select_for_update(of=("self",)).select_related("policy").get(pk=release.pk)
    if release.state != ReleaseState.PUBLISHED:
        raise ValidationError(_("Only a published release can be put in force."))
    if latest_release(release.policy) != release:
        enter_into_force(release, now=now)
        activity.log(now=now, actor=actor, verb="policy.put_in_force", subject=release, number=release.number)
    return release


def difference(old: str, new: str) -> list[str]:
    """Return the lines of a unified diff from one canonical text to another; empty where they are equal."""
    return list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3))


def difference_to_force(policy: Policy) -> list[str]:
    """Return what publishing the draft would change. Raises `PackErrors` where the draft is unsound."""
    latest = latest_release(policy)
    return difference(latest.content if latest else "", write_pack(draft_pack(policy)))
