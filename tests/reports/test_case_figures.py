"""Figures over the book of complaints, each against a count in plain Python and the second computation of the audit.

A month of complaints told as plain rows: merged, withdrawn, exempt ones, some answered, solved, waiting, reopened.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

import pytest

from complaints.models import Case, CaseDeed, Compensation
from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.figures.behind import behind
from reports.domain.figures.cases import time_to_solve
from reports.domain.figures.measuring import figure, figures_of
from reports.domain.figures.query import query
from staff.domain.periods import period_named
from staff.models import Branch
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import FollowUpItem

MAY = period_named("2026-05")
FIRST, END = at("2026-05-01"), at("2026-06-01")
NOW = at("2026-06-20 09:00")
CATEGORY = '[[category]]\ncode = "quality"\n[[category]]\ncode = "paint"\nparent = "quality"\n'
LEVEL = '[[complaint_level]]\ncode = "general"\n[[complaint_level]]\ncode = "major"\n'
PACK = (
    f'{CATEGORY}{LEVEL}[policy]\nslug = "cases"\ntitle = "投诉"\neffective_from = 2026-01-01\ndepartments = ["总店"]\n'
)
METRICS = (
    "complaint_count", "reply_rate", "reopen_rate", "response_time", "solve_time", "resolution_rate",
    "compensation_sum",
)  # fmt: skip
SPECS = {
    "plain": {}, "of types": {"of": ("repair", "enquiry")}, "of a category": {"of": ("category:quality",)},
    "of a level": {"of": ("complaint_level:major",)},
}  # fmt: skip
TYPES = ("complaint", "problem", "enquiry", "repair", "suggestion")
ISSUES = ("complaint", "problem", "repair")


@dataclass
class Told:
    """One case: plain values only. `lines` are what stops, ends and begins its clock anew."""

    number: int
    type: str
    state: str
    exempt: bool
    category: str
    level: str
    unit: str
    who: str | None
    opened: datetime
    replied: datetime | None
    closed: datetime | None
    lines: list[tuple[str, datetime]] = field(default_factory=list)
    given: list[tuple[str, int, str, datetime]] = field(default_factory=list)


def cases(random: Random) -> list[Told]:
    """Return the cases of a month and its edges, by lot."""
    found = []
    for number in range(150):
        opened = at("2026-04-28 10:00") + timedelta(hours=random.randrange(36 * 24), seconds=random.randrange(60))
        state = random.choice(["assigned", "in_progress", "resolved", "closed", "closed", "merged", "withdrawn"])
        lines, moment = [], opened
        for kind in random.choice([
            [], ["resolved"], ["waiting", "resumed", "resolved"], ["resolved", "reopened"], ["waiting", "resolved"],
            ["resolved", "reopened", "waiting", "resumed", "resolved"], ["waiting"],
        ]):  # fmt: skip
            moment += timedelta(hours=random.randrange(1, 200), seconds=random.randrange(60))
            lines.append((kind, moment))
        found.append(
            Told(
                number=number, type=random.choice(["complaint", "complaint", "problem", "enquiry", "repair"]),
                state=state, exempt=random.random() < 0.1, category=random.choice(["quality", "paint", "other", ""]),
                level=random.choice(["general", "major"]), unit=random.choice(["总店", "总店", "西店"]),
                who=random.choice(["liu", "chen", "chen", None]), opened=opened,
                replied=random.choice([None, opened + timedelta(seconds=random.randrange(30 * 86_400))]),
                closed=moment + timedelta(hours=1) if state in ("closed", "merged", "withdrawn") else None,
                lines=lines,
                given=[
                    (
                        random.choice(["liu", "chen"]), random.randrange(1, 20_000),
                        random.choice(["approved", "refused"]), opened + timedelta(days=random.randrange(20)),
                    )
                    for _one in range(random.choice([0, 0, 1, 2]))
                ],
            )
        )  # fmt: skip
    return found


def written(told: list[Told]):
    """Write the rows, and return the release with the people by name."""
    release = publish(PACK)
    people = {name: employee(name, branch=branch()) for name in ("liu", "chen")}
    units = {name: branch(name) for name in ("总店", "西店")}
    made: dict[int, Case] = {}
    for one in told:
        master = next((made[other.number] for other in told[: one.number] if other.state == "assigned"), None)
        state = "withdrawn" if one.state == "merged" and master is None else one.state
        made[one.number] = Case.objects.create(
            number=f"TS{one.number}", type=one.type, state=state, source="phone", summary="异响",
            branch=units[one.unit], exemption="anonymous" if one.exempt else "", category=one.category, level=one.level,
            handler=people.get(one.who), opened_at=one.opened, registered_at=one.opened, changed_at=one.opened,
            replied_at=one.replied, closed_at=one.closed, merged_into=master if state == "merged" else None,
        )  # fmt: skip
        for kind, moment in one.lines:
            CaseDeed.objects.create(case=made[one.number], kind=kind, at=moment, logged_at=moment)
        for who, amount, state, moment in one.given:
            Compensation.objects.create(
                case=made[one.number], kind="cash", amount=amount, state=state, proposed_by=people[who],
                proposed_at=moment, decided_by=people["liu"], decided_at=moment,
            )  # fmt: skip
    return release, people


def asked_for(one: Told, of: tuple[str, ...], usual: tuple[str, ...]) -> bool:
    """Say whether a case is of the period, the unit and what `of` names."""
    types = [name for name in of if ":" not in name] or usual
    fits = one.unit == "总店" and FIRST <= one.opened < END and one.type in types
    fits &= "category:quality" not in of or one.category in ("quality", "paint")
    fits &= "complaint_level:major" not in of or one.level == "major"
    return fits and not one.exempt and one.state not in ("merged", "withdrawn")


def in_hours(length: timedelta) -> Fraction:
    return Fraction(round(length.total_seconds()), 3600)


def naive(metric: str, told: list[Told], of: tuple[str, ...]) -> dict[str, tuple[Fraction, int]]:
    """Return numerator and denominator of everybody, by loops."""
    sums: dict[str, tuple[Fraction, int]] = {}
    for one in told:
        for who, top in given(one) if metric == "compensation_sum" else shares(metric, one, of):
            known = sums.get(who, (Fraction(0), 0))
            sums[who] = (known[0] + top, known[1] + 1)
    if metric in ("complaint_count", "compensation_sum"):
        return {who: (top, 1) for who, (top, _whole) in sums.items()}
    return sums


def given(one: Told) -> list[tuple[str, Fraction]]:
    approved = [who for who in one.given if one.unit == "总店" and who[2] == "approved" and FIRST <= who[3] < END]
    return [(who, Fraction(amount, 100)) for who, amount, _state, _moment in approved]


def shares(metric: str, one: Told, of: tuple[str, ...]) -> list[tuple[str, Fraction | int]]:
    """Return what a case adds to the numerator of whoever handles it; nothing where it is not in the denominator."""
    usual = {"resolution_rate": ISSUES, "response_time": TYPES, "solve_time": TYPES}.get(metric, ("complaint",))
    if one.who is None or not asked_for(one, of, usual):
        return []
    lines = [line for line in one.lines if line[1] < END]
    answered = one.replied is not None and one.replied < END
    tops = {
        "complaint_count": 1,
        "reply_rate": int(answered),
        "reopen_rate": int(any(kind == "reopened" for kind, _at in lines)),
        "resolution_rate": int(one.state == "closed" and one.closed < END),
        "response_time": in_hours(one.replied - one.opened) if answered else None,
        "solve_time": solved(one.opened, lines),
    }
    return [(one.who, tops[metric])] if tops[metric] is not None else []


def solved(opened: datetime, lines: list[tuple[str, datetime]]) -> Fraction | None:
    ends = [kind for kind, _at in lines if kind in ("resolved", "reopened")]
    if not ends or ends[-1] == "reopened":
        return None
    last = max(place for place, (kind, _at) in enumerate(lines) if kind == "resolved")
    runs, before = timedelta(), ("", opened)
    for line in lines[: last + 1]:
        runs += line[1] - before[1] if before[0] != "waiting" else timedelta()
        before = line
    return in_hours(runs)


@pytest.mark.django_db
def test_every_figure_over_cases_is_what_plain_loops_count_and_its_rows_are_the_figure():
    told = cases(Random(20260501))
    release, people = written(told)
    names = {person.pk: name for name, person in people.items()}
    for title, spec in SPECS.items():
        for metric in METRICS:
            expected = naive(metric, told, spec.get("of", ()))
            asked = query(KpiSpec(code=metric, metric=metric, **spec), release, MAY, now=NOW)
            found = {names[who]: (one.numerator, one.denominator) for who, one in figures_of(asked).items()}
            assert found == expected, (title, metric)
            table = {"metric": metric} | {key: list(one) for key, one in spec.items()}
            again = Asked(table, release.policy_id, tables(release.content), MAY.key, MAY.first, MAY.last, FIRST, END)
            assert figures(again) == {people[name].pk: one for name, one in expected.items()}, (title, metric)
            rows = behind(asked, people["liu"].pk)
            if rows and rows[0].counts is not None:
                assert (sum(row.counts for row in rows), len(rows)) == expected["liu"], (title, metric)
    everybody = figure("reply_rate", release=release, period=MAY, now=NOW, branch=branch().pk)
    counted = [one for one in told if asked_for(one, (), ("complaint",))]
    assert everybody.denominator == len(counted)  # with the cases that nobody handles yet
    assert figure("reply_rate", release=release, period=MAY, now=NOW, branch=branch("西店").pk).value is None


@pytest.mark.django_db
def test_k_13_of_twenty_issues_nineteen_settled_are_95_per_cent_and_the_last_one_is_in_the_list():
    release = publish(PACK)
    liu = employee("liu", branch=branch())
    patient = event("service_completed", "2026-05-02 10:00", branch=Branch.objects.get(name="总店")).customer
    for number in range(20):
        opened = at("2026-05-04 09:00") + timedelta(hours=number)
        settled = opened + timedelta(days=1) if number else None
        if number % 2:  # one half are problems of visits, the other half complaints
            FollowUpItem.objects.create(
                kind="problem", customer=patient, branch=branch(), owner=liu, text="异响", opened_at=opened,
                state="settled" if settled else "open", closed_at=settled, waiting_since=opened,
            )  # fmt: skip
        else:
            Case.objects.create(
                number=f"K{number}", type="complaint", state="closed" if settled else "in_progress", source="call",
                summary="异响", branch=branch(), handler=liu, opened_at=opened, registered_at=opened, changed_at=opened,
                closed_at=settled,
            )  # fmt: skip
    spec = KpiSpec(code="settled", metric="resolution_rate")
    found = figures_of(query(spec, release, MAY, now=NOW))[liu.pk]
    assert (found.numerator, found.denominator) == (19, 20)
    [left] = [row for row in behind(query(spec, release, MAY, now=NOW), liu.pk) if not row.counts]
    assert (left.text, left.page) == ("K0", "complaints:case")
    Case.objects.filter(number="K0").update(state="closed", closed_at=at("2026-05-20"))
    found = figures_of(query(spec, release, MAY, now=NOW))[liu.pk]
    assert found.value == 1


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ([], None),
        ([("resolved", 5)], 5),
        ([("waiting", 2), ("resumed", 12), ("resolved", 15)], 5),
        ([("merged", 2), ("unmerged", 12), ("resolved", 15)], 5),  # a duplicate that was taken out again
        ([("waiting", 2), ("merged", 4), ("unmerged", 12), ("resolved", 15)], 5),
        ([("waiting", 2), ("withdrawn", 4), ("resolved", 15)], 13),
        ([("waiting", 2), ("resolved", 12)], 2),  # solved while it stood: the stop ends with it
        ([("resolved", 5), ("reopened", 30)], None),
        ([("resolved", 5), ("reopened", 30), ("resolved", 50)], 50),  # from the first report on
        ([("resolved", 5), ("waiting", 6), ("resumed", 9)], 5),
    ],
)
def test_the_clock_of_a_case_runs_until_the_solution_that_held(lines, hours):
    opened = at("2026-05-04 09:00")
    found = time_to_solve(opened, [(kind, opened + timedelta(hours=after)) for kind, after in lines])
    assert found == (None if hours is None else timedelta(hours=hours))


@pytest.mark.django_db
def test_the_page_shows_units_and_what_is_still_open_to_whom_it_concerns(client, clock_at, english):
    clock_at("2026-05-20T09:00+08:00")
    kpi = '\n[[kpi]]\ncode = "settled"\nmetric = "resolution_rate"\nop = ">="\ntarget = 1\n'
    publish(PACK + kpi.replace('code = "settled"', 'code = "settled"\ntitle = "处理率"'))
    office = department("服务部", branch())
    liu = employee("liu", branch=branch(), department=office)
    boss, quality = employee("boss", "general_manager"), employee("qin", "quality_manager", branch=branch("西店"))
    for number, who in (("OPEN-1", liu), ("FREE-2", None)):
        opened = at("2026-05-04 09:00")
        Case.objects.create(
            number=number, type="complaint", state="assigned" if who else "registered", source="phone", summary="异响",
            branch=branch(), handler=who, opened_at=opened, registered_at=opened, changed_at=opened,
        )  # fmt: skip
    seen = {}
    for person in (boss, liu, quality):
        client.force_login(person)
        seen[person.username] = client.get("/figures/").content.decode()
    assert "By unit" in seen["boss"] and "0 / 2" in seen["boss"] and str(office) in seen["boss"]
    assert "2 still open" in seen["boss"] and "FREE-2" in seen["boss"]
    assert "OPEN-1" in seen["liu"] and "FREE-2" not in seen["liu"]
    assert "OPEN-1" not in seen["qin"] and "FREE-2" not in seen["qin"]
