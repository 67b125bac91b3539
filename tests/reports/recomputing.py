"""Figures counted a second time from exported files alone: plain Python over lists of rows, nothing of the program.

Whoever has the files of ``manage.py export`` and the text of the regulation can do this. A figure is a sum over rows of
both sides; `once` is what is counted once for each person and branch.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

OUTSIDE = ("cancelled", "expired", "not_sampled")
CHANNELS = ("desk_phone", "mobile", "sms", "email", "wechat", "onsite")
SCORED = ("scored", "appealed", "final")
COUNTS = ("visit_count", "complaint_count", "violation_count", "award_count", "compensation_sum", "opportunity_sum")
WRITTEN = ("sms", "email", "wechat", "im", "letter", "questionnaire")
HOUR, MICRO = 3_600 * 1_000_000, timedelta(microseconds=1)
TIMED = ("resolved", "reopened", "waiting", "merged", "resumed", "unmerged", "withdrawn")
FULL = 10_000  # a full result of an inspection, in hundredths of a per cent
OF_CASES = ("complaint_count", "reply_rate", "reopen_rate")


class Files:
    """What was exported, and the regulation as a table."""

    def __init__(self, files: dict[str, list[dict]], regulation: dict) -> None:
        slug = regulation["policy"]["slug"]
        self.regulation = regulation
        own = {name: [row for row in rows if row.get("policy", slug) == slug] for name, rows in files.items()}
        self.files = own
        self.events = {row["event"]: row for row in files["events"]}
        self.reopened = [row for row in files["case_steps"] if row["kind"] == "reopened"]
        self.unanswered = {
            task(row) for row in files["records"]
            if row["completes"] and any(code.startswith("answer.") for code in row["lacks"] or ())
        }  # fmt: skip

    def figures(self, spec: dict, month: str) -> dict[tuple[str, str | None], tuple[Fraction, int]]:
        """Return both sides of a figure of one month, by scope and key: of people, of branches, of the company."""
        found: dict[tuple, list] = defaultdict(lambda: [Fraction(0), 0])
        good: dict[tuple, Fraction] = {}
        for who, where, once, top in self.rows(spec, month):
            good[who, where, once] = max(good.get((who, where, once), Fraction(top)), Fraction(top))
        for (who, where, _once), top in good.items():
            for scope, key in self.scopes(who, where, month):
                if key or scope == "company":
                    found[scope, key][0] += top
                    found[scope, key][1] += 1
        each = FULL if spec["metric"] == "quality_score" else 1
        counts = spec["metric"] in COUNTS
        return {key: (top, 1 if counts else count * each) for key, (top, count) in found.items()}

    def scopes(self, who: str | None, where: str | None, _month: str) -> Iterator[tuple]:
        """Yield of whom a row is a part."""
        yield from (("employee", who), ("branch", where), ("company", None))

    def rows(self, spec: dict, month: str) -> Iterator[tuple]:
        """Yield whose a row is, where, what is counted once, and what it adds to the numerator."""
        metric = spec["metric"]
        if read := self.limited().get(metric):
            yield from read(spec, month)
        elif read := self.readers().get(metric):
            yield from read(metric, month)
        elif spec.get("basis") == "events":
            for row in self.files["events"]:
                if row["css"] is not None and row["happened_on"][:7] == month and self.named(spec, row):
                    yield row["advisor"], row["branch"], row["event"], exact(row["css"])
        else:
            yield from self.visits(spec, month)

    def limited(self) -> dict:
        """Return what reads each metric that `of`, `count` and `limit` may limit further."""
        return {
            **dict.fromkeys(("worked_rate", "completion_rate", "success_rate", "timely_rate"), self.due),
            "coverage_rate": self.covered, "evaluation_rate": self.returned, "ring_rate": self.booked,
            "opportunity_sum": self.booked,
        }  # fmt: skip

    def due(self, spec: dict, month: str) -> Iterator[tuple]:
        for row in self.files["tasks"]:
            if row["status"] in OUTSIDE or closed_in(row) != month or not self.named(spec, row):
                continue
            done = row["status"] == "done" and before(row["completed_at"], month)
            good = {
                "worked_rate": before(row["tried_at"], month), "completion_rate": done,
                "success_rate": done and task(row) not in self.unanswered, "timely_rate": done and row["in_time"],
            }  # fmt: skip
            once = row["customer"] if spec.get("count") == "customers" else task(row)
            yield row["holder"], row["branch"], once, int(bool(good[spec["metric"]]))

    def covered(self, spec: dict, month: str) -> Iterator[tuple]:
        for row in self.files["tasks"]:
            event, step = self.events[row["event"]], self.step(row)
            if row["status"] in OUTSIDE[:2] or (row["status"] == "not_sampled" and event["history"]):
                continue
            if "customer" in (step["trigger"], *step["trigger"]) or step.get("align", "none") != "none":
                who, once, at = row["assignee"], ("customer", row["customer"]), closed_in(row)
            else:
                who, once, at = event["advisor"] or row["assignee"], row["event"], event["happened_on"][:7]
            if at == month and self.named(spec, row):
                yield who, row["branch"], once, int(row["status"] == "done" and bool(row["in_time"]))

    def visits(self, spec: dict, month: str) -> Iterator[tuple]:
        """Yield the visits in which the customer was reached, each once however many tasks it is about."""
        for row in self.files["records"]:
            if row["outcome"] == "reached" and row["logged_at"][:7] == month and self.named(spec, row):
                once = row["customer"] if spec.get("count") == "customers" else row["record"]
                for part, top in self.adds(spec, row):
                    yield row["advisor"], row["branch"], (once, part), top

    def adds(self, spec: dict, row: dict) -> Iterator[tuple]:
        """Yield what a visit adds to the numerator: once, or once for each answer."""
        match spec["metric"]:
            case "visit_count":
                yield "", 1
            case "satisfaction_rate" if row["satisfied"] is not None or spec.get("basis") == "visited":
                yield "", int(bool(row["satisfied"]))
            case "css_average" if row["css"] is not None:
                yield "", exact(row["css"])
            case "nps" if row["nps"] is not None:
                yield "", 100 * ((row["nps"] >= 9) - (row["nps"] <= 6))
            case "answer_average":
                answers = {code: row["answers"][code] for code in spec.get("of", ()) if code in row["answers"]}
                yield from ((code, value) for code, value in answers.items() if isinstance(value, int))
            case "duration_rate" if row["ended_at"] and row["completes"] and self.bounds(row):
                yield "", int(self.fits(row))

    def fits(self, row: dict) -> bool:
        """Say whether a call is within the bounds of its step; what raised a complaint may last as long as it takes."""
        shortest, longest = self.bounds(row)
        length = (moment(row["ended_at"]) - moment(row["started_at"])).total_seconds()
        return length >= shortest and (not longest or row["complaint_raised"] or length <= longest)

    def returned(self, spec: dict, month: str) -> Iterator[tuple]:
        """Yield the visits with a questionnaire that were first written about in the month; answered ones are good.

        `of` limits the ways by which customers were asked; they may answer in any other way of writing.
        """
        told, answered = defaultdict(list), defaultdict(list)
        for row in sorted(self.files["records"], key=lambda row: (moment(row["logged_at"]), row["record"])):
            if row["channel"] in WRITTEN and self.step(row).get("questionnaire"):
                if self.named(spec, row):
                    told[task(row)].append(row)
                if row["outcome"] == "reached" and row["answers"]:
                    answered[task(row)].append(row)
        branches = {task(row): row["branch"] for row in self.files["tasks"]}
        for which, rows in told.items():
            if rows[0]["logged_at"][:7] == month:
                good = any(before(row["logged_at"], month) for row in answered[which])
                yield rows[0]["advisor"], branches[which], which, int(good)

    def booked(self, spec: dict, month: str) -> Iterator[tuple]:
        """Yield the entries of own books as they stood at the end of the month, with their numbers."""
        for row in self.files["entries"]:
            stood = before(row["logged_at"], month) and not before(row["replaced_at"], month)
            if stood and row["at"][:7] == month:
                if spec["metric"] == "opportunity_sum" and row["worth"] is not None:
                    yield row["employee"], row["branch"], row["entry"], exact(row["worth"])
                elif spec["metric"] == "ring_rate" and "limit" in spec and row["rings"] is not None:
                    yield row["employee"], row["branch"], row["entry"], int(row["rings"] <= spec["limit"])

    def readers(self) -> dict:
        """Return what reads each metric that is limited to nothing but its month."""
        return {
            **dict.fromkeys(OF_CASES, self.complaints), "resolution_rate": self.settled,
            "accuracy_rate": self.accurate, "compensation_sum": self.given, "quality_score": self.accurate,
            "response_time": self.waited, "solve_time": self.waited,
        }  # fmt: skip

    def complaints(self, metric: str, month: str) -> Iterator[tuple]:
        for row in self.files["complaints"]:
            counted = row["state"] not in ("merged", "withdrawn") and not row["exemption"]
            if counted and row["type"] == "complaint" and row["opened_at"][:7] == month:
                again = any(line["no"] == row["no"] and before(line["logged_at"], month) for line in self.reopened)
                good = {"complaint_count": True, "reply_rate": before(row["replied_at"], month), "reopen_rate": again}
                yield row["handler"], row["branch"], row["no"], int(good[metric])

    def waited(self, metric: str, month: str) -> Iterator[tuple]:
        """Yield the hours from the customer's word on each case to its first reply, or to the solution that held."""
        lines = defaultdict(list)
        for row in self.files["case_steps"]:
            if before(row["logged_at"], month) and row["kind"] in TIMED and not row["of_its_master"]:
                lines[row["no"]].append(row)
        for row in self.files["complaints"]:
            counted = row["state"] not in ("merged", "withdrawn") and not row["exemption"]
            if counted and row["opened_at"][:7] == month:
                opened, end = moment(row["opened_at"]), None
                if metric == "solve_time":
                    end = self.solved(lines[row["no"]])
                elif before(row["replied_at"], month):
                    end = moment(row["replied_at"])
                if end is not None:
                    yield row["handler"], row["branch"], row["no"], Fraction((end - opened) // MICRO, HOUR)

    def solved(self, lines: list[dict]) -> datetime | None:
        """Return when a case was solved for good, moved forward by what its clock stood still before."""
        solved = stopped = None
        stood, waits = timedelta(), False
        for row in lines:
            if row["kind"] == "merged":
                waits = row["waited"]
            if row["kind"] == "unmerged" and waits:
                continue
            at = moment(row["at"])
            if stopped:
                stood, stopped = stood + (at - stopped), None
            if row["kind"] in ("waiting", "merged"):
                stopped = at
            solved = {"resolved": at - stood, "reopened": None}.get(row["kind"], solved)
        return solved

    def settled(self, _metric: str, month: str) -> Iterator[tuple]:
        """Yield the problems of visits under the policy or of none, and the cases that are not of such a problem."""
        ours = {row["record"] for row in self.files["records"] if row["policy"]} | {None}
        problems = {row["problem"] for row in self.files["problems"]}
        for row in self.files["problems"]:
            if row["opened_at"][:7] == month and row["record"] in ours:
                good = row["state"] == "settled" and before(row["closed_at"], month)
                yield row["owner"], row["branch"], ("problem", row["problem"]), int(good)
        for row in self.files["complaints"]:
            counted = row["state"] not in ("merged", "withdrawn") and not row["exemption"]
            wanted = row["type"] in ("complaint", "problem", "repair") and row["follow_up"] not in problems
            if counted and wanted and row["opened_at"][:7] == month:
                good = row["state"] == "closed" and before(row["closed_at"], month)
                yield row["handler"], row["branch"], ("case", row["no"]), int(good)

    def accurate(self, metric: str, month: str) -> Iterator[tuple]:
        for place, row in enumerate(self.files["inspections"]):
            told = row["logged_at"] if row["record"] else row["period"]
            value = row["accurate"] if metric == "accuracy_rate" else row["result"]
            counted = row["state"] in SCORED and row["second_of"] is None and value is not None
            if counted and row["employee"] and told[:7] == month:
                weight = 1 if metric == "accuracy_rate" else FULL // 100
                yield row["employee"], row["branch"], place, exact(value) * weight

    def given(self, _metric: str, month: str) -> Iterator[tuple]:
        for place, row in enumerate(self.files["compensations"]):
            if row["state"] == "approved" and row["decided_at"][:7] == month:
                yield row["employee"], row["branch"], place, exact(row["amount"])

    def named(self, spec: dict, row: dict) -> bool:
        """Say whether a row is of what `of` names: rules, and channels."""
        of = [spec["of"]] if isinstance(spec.get("of"), str) else spec.get("of", [])
        rules = [name.partition(":")[2] for name in of if name.startswith("visit_rule:")]
        ways = [name for name in of if name in CHANNELS]
        return (not rules or row["rule"] in rules) and (not ways or row["channel"] in ways)

    def step(self, row: dict) -> dict:
        """Return the step of the regulation that a row is of, with what its rule says for all of them."""
        for rule in self.regulation["visit_rule"]:
            for step in rule["step"]:
                if (rule["code"], step["code"]) == (row["rule"], row["step"]):
                    return rule | step
        return {}

    def bounds(self, row: dict) -> tuple[int, int] | None:
        """Return the shortest and the longest call of a step, None where the regulation sets neither."""
        step = self.step(row)
        found = step.get("min_seconds", 0), step.get("max_seconds", 0)
        return found if any(found) else None


def task(row: dict) -> tuple:
    return row["event"], row["rule"], row["step"], row["occurrence"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def closed_in(row: dict) -> str:
    """Return the month in which the window of a visit ends."""
    return ended_in(row["closes_at"], inclusive=row["closes_inclusive"])


def ended_in(bound: str, *, inclusive: bool) -> str:
    """Return the month of a bound: one that is not included is the moment after what it bounds."""
    return f"{moment(bound) - (timedelta() if inclusive else MICRO):%Y-%m}"


def before(text: str | None, month: str) -> bool:
    """Say whether a moment lies before the end of the month."""
    return text is not None and text[:7] <= month


def exact(value: float) -> Fraction:
    if isinstance(value, Fraction):
        return value
    return Fraction(Decimal(str(value if not isinstance(value, bool) else int(value))))
