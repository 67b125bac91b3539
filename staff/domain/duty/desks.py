"""The desks that regulations ask to be staffed, and who is on duty at them, read once for some days.

A desk is a `[[roster]]` in one branch. Each branch in which somebody holds its role has one of its own, and on a day on
which somebody is on duty there any other; where nobody holds it, the company has one that stands empty. A day goes by
the release in force on it; nothing is asked for before the day on which the policy was first put in force here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from config.packs.company import RosterSpec
from config.packs.pack import Pack
from staff.domain.duty.covering import Cover, Hours, Turn, covered, hours_of_day, joined, whole_day
from staff.domain.policies import releases_of, ruling, spec_of
from staff.domain.workforce import Workforce, load_workforce
from staff.models import Branch, Department, Policy, Release, Shift

ORDER = ("starts_at", "pk")


@dataclass(frozen=True, slots=True)
class Desk:
    """What must be staffed where; without a branch it is the company's."""

    policy: int
    roster: str
    branch: int | None


@dataclass(frozen=True, slots=True)
class DayAtDesk:
    """One day of a desk: the hours to staff, who is on duty with the shift that says so, and how far that reaches."""

    desk: Desk
    spec: RosterSpec
    on: date
    asked: tuple[Hours, ...]
    turns: tuple[tuple[Turn, Shift], ...]
    cover: Cover


class Rota:
    """Desks and shifts of some days, by seven queries and one for each policy; figures ask it as of a moment."""

    def __init__(self, first: date, last: date, *, policies: Iterable[int] | None = None) -> None:
        self.first, self.last = first, last
        known = Policy.objects.order_by("pk") if policies is None else Policy.objects.filter(pk__in=policies)
        self._releases: dict[int, list[Release]] = {
            policy.pk: list(releases_of(policy).defer("content")) for policy in known
        }
        self._branches = dict(Branch.objects.values_list("pk", "name"))
        self._departments = dict(Department.objects.values_list("pk", "name"))
        # a day more on each side: zones of policies differ, and a shift may have begun the evening before
        found = Shift.objects.standing().filter(
            policy__in=self._releases, ends_at__gt=midnight(first - timedelta(1)),
            starts_at__lt=midnight(last + timedelta(2)),
        ).select_related("employee", "in_place_of")  # fmt: skip
        self._shifts: dict[Desk, list[Shift]] = {}
        for shift in found.order_by(*ORDER):
            self._shifts.setdefault(desk_of(shift), []).append(shift)

    @cached_property
    def workforce(self) -> Workforce:
        """Return everybody with their dated facts."""
        return load_workforce()

    def days(self, *, until: datetime | None = None) -> Iterator[DayAtDesk]:
        """Yield each day of each desk, by policy and roster; hours from `until` on are left out."""
        for policy in self._releases:
            for on in self._every_day():
                yield from self._on(policy, on, until)

    def branch_of(self, desk: Desk) -> str:
        """Return what the branch of a desk is called; nothing of the company's."""
        return self._branches.get(desk.branch or 0, "")

    def zone_of(self, policy: int, on: date) -> ZoneInfo:
        """Return by whose clock a policy goes on a day; before the first release by that of the first."""
        releases = self._releases[policy]
        return ZoneInfo(spec_of(ruling(releases, on) or releases[-1]).policy.timezone)

    def is_there(self, desk: Desk, employee: int, hours: Hours) -> bool:
        """Say whether a shift, or several, has the person at a desk for all of these hours."""
        theirs = joined(hours_of(one, UTC) for one in self._shifts.get(desk, ()) if one.employee_id == employee)
        return any(one.begins <= hours.begins and hours.ends <= one.ends for one in theirs)

    def _every_day(self) -> Iterator[date]:
        return (self.first + timedelta(count) for count in range((self.last - self.first).days + 1))

    def _on(self, policy: int, on: date, until: datetime | None) -> Iterator[DayAtDesk]:
        releases = self._releases[policy]
        release = ruling(releases, on)
        if release is None:
            return
        pack = spec_of(release)
        zone = ZoneInfo(pack.policy.timezone)
        if on < min(one.published_at for one in releases).astimezone(zone).date():
            return
        for spec in pack.roster:
            if spec.blanks():
                continue
            asked = [one for one in hours_of_day(spec.cover, on, zone) if until is None or one.begins < until]
            if until is not None:
                asked = [Hours(one.begins, min(one.ends, until.astimezone(zone))) for one in asked]
            for branch in self._branches_of(spec, policy, pack, on):
                desk = Desk(policy, spec.code, branch)
                turns = tuple(self.turns(desk, on, zone))
                cover = covered(asked, (turn for turn, _shift in turns), spec.at_least)
                yield DayAtDesk(desk, spec, on, tuple(asked), turns, cover)

    def _branches_of(self, spec: RosterSpec, policy: int, pack: Pack, on: date) -> Sequence[int | None]:
        posts = [self.workforce.post(who, on=on) for who in self._holders(spec.role, on)]
        names = set(pack.policy.departments)
        found: set[int | None] = {
            post.branch for post in posts
            if not names or self._departments.get(post.department or 0) in names
            or self._branches.get(post.branch or 0) in names
        }  # fmt: skip
        day = whole_day(on, ZoneInfo(pack.policy.timezone))
        found |= {
            desk.branch for desk, shifts in self._shifts.items()
            if (desk.policy, desk.roster) == (policy, spec.code)
            and any(hours_of(one, UTC).within(day) for one in shifts)
        }  # fmt: skip
        return sorted(found, key=lambda branch: branch or 0) or [None]

    def _holders(self, role: str, on: date) -> list[int]:
        return [who for who in self.workforce.holders(role, on=on) if not self.workforce.is_gone(who, on=on)]

    def turns(self, desk: Desk, on: date, zone: ZoneInfo) -> Iterator[tuple[Turn, Shift]]:
        """Yield who is on duty at a desk on a day.

        Whom somebody else stands in for is away for those hours; for whoever is on leave the substitute is there.
        """
        day = whole_day(on, zone)
        here = [(one, hours) for one in self._shifts.get(desk, ()) if (hours := hours_of(one, zone).within(day))]
        stood_in = [(one.in_place_of_id, hours) for one, hours in here if one.in_place_of_id]
        for shift, hours in here:
            left = [hours]
            for away, gone in stood_in:
                if away == shift.employee_id:
                    left = [part for one in left for part in one.without(gone)]
            who = next(self.workforce.in_place_of(shift.employee_id, on=on), None)
            if who is not None:
                yield from ((Turn(who, part), shift) for part in left)


def desk_of(shift: Shift) -> Desk:
    """Return the desk of a shift."""
    return Desk(shift.policy_id, shift.roster, shift.branch_id)


def hours_of(shift: Shift, zone: tzinfo) -> Hours:
    """Return the time of a shift on a clock."""
    return Hours(shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone))


def midnight(on: date) -> datetime:
    """Return the midnight that begins a day in UTC: near enough to limit what is read."""
    return datetime.combine(on, time(), UTC)
