"""The rest of the figures counted a second time from exported files: of departments, under `when`, and of people.

Where people belong, what they hold, when they are on duty and what they were elected for stands in files of its own.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from tests.reports.recomputing import Files, closed_in, ended_in, moment
from tests.reports.recomputing_when import Asked, holds

STANDING = ("confirmed", "appealed", "settled")
MINUTES, DAY = timedelta(minutes=1), timedelta(days=1)


class Company(Files):
    """What was exported, with the files of people."""

    def __init__(self, files: dict[str, list[dict]], regulation: dict, *, in_force: str) -> None:
        super().__init__(files, regulation)
        self.asked = Asked(files)
        self.on = ""
        self.in_force = in_force  # the day on which the regulation was put in force
        self.links: dict[int, list[dict]] = {}
        for row in files["records"]:
            self.links.setdefault(row["record"], []).append(row)

    def figures(self, spec: dict, month: str) -> dict[tuple[str, str | None], tuple[Fraction, int]]:
        self.on = last_of(month)  # as of when conditions ask
        if spec["metric"] == "workload":
            return self.workload(spec, month)
        if spec["metric"] == "roster_rate":
            return self.staffed(month)
        found = super().figures(spec, month)
        return {key: (top, 1) for key, (top, _count) in found.items()} if spec["metric"] == "votes" else found

    def scopes(self, who: str | None, where: str | None, month: str) -> Iterator[tuple]:
        yield from super().scopes(who, where, month)
        post = self.post(who, last_of(month))
        yield from (("department", post.get("department")), ("team", post.get("line_manager")))

    def readers(self) -> dict:
        return super().readers() | {
            "report_rate": self.reports, "obligation_rate": self.deeds, "violation_count": self.conduct,
            "award_count": self.conduct, "votes": self.elected, "qualification_rate": self.held,
        }  # fmt: skip

    # Whose it is

    def facts(self, fact: str, on: str) -> Iterator[dict]:
        """Yield what holds on a day."""
        for row in self.files["people"]:
            if row["fact"] == fact and row["from_on"] <= on and (row["until_on"] is None or row["until_on"] >= on):
                yield row

    def post(self, who: str | None, on: str) -> dict:
        """Return where somebody works on a day: of several postings the one that began last."""
        found = [row for row in self.facts("posting", on) if row["employee"] == who]
        return max(found, key=lambda row: row["from_on"], default={})

    def is_here(self, row: dict, on: str) -> bool:
        return row["is_active"] and (row["left_on"] is None or row["left_on"] >= on)

    # `when`

    def named(self, spec: dict, row: dict) -> bool:
        """Say whether `of` names a row and `when` holds; a visit goes by the first of its tasks that `of` names."""
        if not super().named(spec, row):
            return False
        if not spec.get("when"):
            return True
        if "record" in row:
            row = next(
                one for one in self.links[row["record"]] if one["policy"] and super(Company, self).named(spec, one)
            )
        return holds(spec, self.asked.facts(row["event"], self.on) | row)

    # People

    def deeds(self, _metric: str, month: str) -> Iterator[tuple]:
        for place, row in enumerate(self.files["obligations"]):
            fell_due = ended_in(row["due_at"], inclusive=row["inclusive"]) if row["due_at"] else None
            if fell_due == month and not row["paused_at"] and row["state"] != "dropped":
                yield row["employee"], row["branch"], place, int(row["in_time"])

    def reports(self, _metric: str, month: str) -> Iterator[tuple]:
        for place, row in enumerate(self.files["daily_reports"]):
            fell_due = ended_in(row["due_at"], inclusive=row["inclusive"]) if row["due_at"] else None
            if fell_due == month and row["fate"] != "excused":
                second = timedelta(seconds=1 if row["inclusive"] else 0)
                good = row["handed_in_at"] and moment(row["handed_in_at"]) < moment(row["due_at"]) + second
                yield row["employee"], row["branch"], place, int(bool(good))

    def conduct(self, metric: str, month: str) -> Iterator[tuple]:
        kinds = ("penalty",) if metric == "violation_count" else ("reward", "award")
        for place, row in enumerate(self.files["violations"]):
            own = row["liability"] == "primary" or metric == "award_count"
            if row["kind"] in kinds and own and row["state"] in STANDING and row["occurred_on"][:7] == month:
                yield row["employee"], row["branch"], place, 1

    def held(self, _metric: str, month: str) -> Iterator[tuple]:
        """Yield each paper that somebody with a role must have on the last day, good where they hold it."""
        on = last_of(month)
        roles: dict[str, set[str]] = {}
        for row in self.facts("role", on):
            if self.is_here(row, on):
                roles.setdefault(row["employee"], set()).add(row["role"])
        has = {(row["employee"], row["qualification"]) for row in self.facts("qualification", on)}
        for who, theirs in roles.items():
            for paper in self.regulation.get("qualification", ()):
                if not paper.get("roles") or theirs & set(paper["roles"]):
                    yield who, self.post(who, on).get("branch"), (who, paper["code"]), int((who, paper["code"]) in has)

    def elected(self, _metric: str, month: str) -> Iterator[tuple]:
        for place, row in enumerate(self.files["votes"]):
            if row["period"] == month:
                yield from ((row["employee"], None, (place, vote), 1) for vote in range(row["votes"]))

    def workload(self, spec: dict, month: str) -> dict[tuple[str, str | None], tuple[Fraction, int]]:
        """Return visits due, cases told of and work orders opened / people who had any."""
        pieces: dict[str, int] = {}
        counted = {
            row["no"] for row in self.files["complaints"]
            if row["state"] not in ("merged", "withdrawn") and not row["exemption"]
        }  # fmt: skip
        visits = [row["holder"] for row in self.files["tasks"] if self.is_due(row, month)]
        cases = [
            row["handler"] for row in self.files["complaints"] if row["no"] in counted and row["opened_at"][:7] == month
        ]
        orders = [
            row["assignee"] for row in self.files["work_orders"]
            if row["no"] in counted and row["opened_at"][:7] == month and row["state"] != "cancelled"
        ]  # fmt: skip
        for who in filter(None, (*visits, *cases, *orders)):
            pieces[who] = pieces.get(who, 0) + 1
        found: dict[tuple[str, str | None], tuple[Fraction, int]] = {}
        for who, number in pieces.items():
            for scope, key in self.scopes(who, self.post(who, last_of(month)).get("branch"), month):
                if key or scope == "company":
                    top, heads = found.get((scope, key), (Fraction(0), 0))
                    found[scope, key] = (top + number, heads + 1)
        return found

    def is_due(self, row: dict, month: str) -> bool:
        return row["status"] not in ("cancelled", "expired", "not_sampled") and closed_in(row) == month

    # The duty roster

    def staffed(self, month: str) -> dict[tuple[str, str | None], tuple[Fraction, int]]:
        """Return minutes staffed / minutes to staff, minute by minute; each branch with the role has a desk."""
        found: dict[tuple[str, str | None], tuple[Fraction, int]] = {}
        for roster in self.regulation.get("roster", ()):
            for on in days_of(month):
                if on >= self.in_force:
                    holders = [
                        row for row in self.facts("role", on) if row["role"] == roster["role"] and self.is_here(row, on)
                    ]
                    places = {self.post(row["employee"], on).get("branch") for row in holders}
                    places |= {row["branch"] for row in self.files["shifts"] if is_on(row, roster["code"], on)}
                    for branch in places or {None}:
                        asked, given = self.minutes(roster, branch, on)
                        for scope, key in (("branch", branch), ("company", None)):
                            if key or scope == "company":
                                top, count = found.get((scope, key), (Fraction(0), 0))
                                found[scope, key] = (top + given, count + asked)
        return found

    def minutes(self, roster: dict, branch: str | None, on: str) -> tuple[int, int]:
        """Return the minutes of people that a desk asks for on a day, and how many it has."""
        asked, given = 0, 0
        least = roster.get("at_least", 1)
        midnight = datetime.fromisoformat(f"{on}T00:00:00+08:00")
        for minute in range(24 * 60):
            if any(holds_minute(span, minute) for span in roster.get("cover", ["00:00-24:00"])):
                asked += least
                given += min(least, len(self.there(roster["code"], branch, on, midnight + minute * MINUTES)))
        return asked, given

    def there(self, roster: str, branch: str | None, on: str, at: datetime) -> set[str]:
        """Return who is at a desk at a moment; for whoever is on leave the substitute is."""
        shifts = [
            row for row in self.files["shifts"]
            if row["roster"] == roster and row["branch"] == branch and not row["withdrawn_at"]
            and moment(row["starts_at"]) <= at < moment(row["ends_at"])
        ]  # fmt: skip
        away = {row["in_place_of"] for row in shifts}
        found = set()
        for row in shifts:
            who = row["employee"]
            if who not in away:
                leave = next((one for one in self.facts("leave", on) if one["employee"] == who), None)
                found.add(leave["substitute"] if leave else who)
        return found - {None}


def is_on(row: dict, roster: str, on: str) -> bool:
    midnight = datetime.fromisoformat(f"{on}T00:00:00+08:00")
    begins, ends = moment(row["starts_at"]), moment(row["ends_at"])
    return row["roster"] == roster and not row["withdrawn_at"] and begins < midnight + DAY and ends > midnight


def holds_minute(span: str, minute: int) -> bool:
    begin, _dash, end = span.partition("-")
    first, last = (60 * int(clock[:2]) + int(clock[3:]) for clock in (begin, end))
    return first <= minute < last if first < last else minute >= first or minute < last


def days_of(month: str) -> Iterator[str]:
    on = date.fromisoformat(f"{month}-01")
    while f"{on:%Y-%m}" == month:
        yield on.isoformat()
        on += DAY


def last_of(month: str) -> str:
    return list(days_of(month))[-1]
