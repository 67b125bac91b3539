"""What the dictionary says of a figure is what is counted: the cases in which a reader would count something else."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from complaints.models import Case, Entry
from config.packs.measuring import KpiSpec
from reports.domain.auditing.metrics import Asked, figures
from reports.domain.auditing.regulation import tables
from reports.domain.figures.measuring import figure, figures_of
from reports.domain.figures.query import query
from reports.domain.figures.reading import rows_behind, whole
from reports.domain.ground_sets import obligations
from reports.domain.period import Period
from reports.models import Inspection, InspectionItem, OwedReport
from staff.domain.demanding import gates_shut
from staff.domain.periods import period_named
from staff.models import Ballot
from tests.reports.test_figures import MAY, NOW, PACK, SPAN, table_of
from tests.visits.desk import signed_in
from tests.visits.world import at, branch, department, employee, event, publish
from visits.models import FollowUpItem, Obligation, RecordTask, VisitRecord, VisitStep, VisitTask

pytestmark = pytest.mark.django_db
CARD = '[[scorecard]]\ncode = "{}"\nof = "visit_record"\nper = "month"\n[[scorecard.items]]\ncode = "right"\nmax = 1\n'
MIDNIGHT = "2024-06-01"  # the end of 31 May


def sides(metric: str, release, **spec) -> tuple[Fraction, int]:
    """Return both sides of a figure of May; the rows behind it and the audit's own count must say the same."""
    asked = query(KpiSpec(code=metric, metric=metric, **spec), release, MAY, now=NOW)
    found, people = whole(asked), figures_of(asked)
    rows = rows_behind(asked, most=None)
    assert rows.good == found.numerator and rows.count == len(list(rows.rows))
    again = figures(Asked(table_of(metric, spec), release.policy_id, tables(release.content), *SPAN))
    if again is not None:
        assert again == {who: (one.numerator, one.denominator) for who, one in people.items()}
    return found.numerator, found.denominator


def test_what_must_be_there_by_the_end_of_a_day_fell_due_on_that_day():
    """A bound of days is the midnight after its date, and the ledger says so too: the last report of May is May's."""
    release, liu = publish(PACK), employee("liu", branch=branch())
    for number, (due, inclusive) in enumerate(
        [("2024-05-01", False), (MIDNIGHT, False), (MIDNIGHT, True), ("2024-05-01", True)]
    ):
        facts = {"due_at": at(due), "inclusive": inclusive, "made_at": at(due), "branch": branch()}
        early = None if (due, inclusive) == (MIDNIGHT, False) else at(due) - timedelta(hours=1)
        OwedReport.objects.create(
            policy=release.policy, release=release, rule="daily", employee=liu, key=f"{number}", covers_to=at(due),
            covers_from=at(due), day_ends_at=at(due), state="submitted" if early else "due", first_submitted_at=early,
            **facts,
        )  # fmt: skip
        Obligation.objects.create(
            policy=release.policy, release=release, rule="todo", deed="todo", subject=f"event:{number}", employee=liu,
            anchor_at=at(due), state="done" if early else "open", done_at=early, **facts,
        )  # fmt: skip
    for metric in ("report_rate", "obligation_rate"):
        assert sides(metric, release) == (1, 2)
        by_day = {
            day: figure(metric, release=release, period=period_named(day), now=NOW).denominator
            for day in ("2024-04-30", "2024-05-01", "2024-05-31", MIDNIGHT)
        }
        assert by_day == {"2024-04-30": 1, "2024-05-01": 1, "2024-05-31": 1, MIDNIGHT: 1}
    files = {
        days: list(obligations(Period(*days)))
        for days in ((date(2024, 4, 30), date(2024, 4, 30)), (date(2024, 5, 1), MAY.last), (date(2024, 6, 1), None))
    }
    assert [len(rows) for rows in files.values()] == [1, 2, 1]


def test_a_deed_whose_clock_stands_still_is_in_no_figure_nor_in_the_audits():
    release, liu = publish(PACK), employee("liu", branch=branch())
    for number, paused in enumerate([None, at("2024-05-03")]):
        Obligation.objects.create(
            policy=release.policy,
            release=release,
            rule="todo",
            deed="todo",
            subject=f"event:{number}",
            employee=liu,
            anchor_at=at("2024-05-02"),
            due_at=at("2024-05-04"),
            made_at=at("2024-05-02"),
            paused_at=paused,
        )
    assert sides("obligation_rate", release) == (0, 1)


@dataclass
class Told:
    """What a customer wants settled: a problem of a visit under a rule (or of none), or a case of the book."""

    rule: str = ""
    type: str = ""
    category: str = ""
    of_problem: str = ""  # the state of the problem that the case was made of
    unit: str = "总店"
    product: str = ""


SETTLED = [
    Told(rule="first", product="精品"), Told(rule="second"), Told(rule=""), Told(rule="", unit="西店"),
    Told(rule="", unit="西店"),
    Told(type="complaint", category="quality"), Told(type="repair"), Told(type="complaint", of_problem="open"),
    Told(type="problem", of_problem="withdrawn", category="quality"), Told(type="enquiry"),
    Told(type="complaint", unit="西店"),
]  # fmt: skip
UNITS = '[[category]]\ncode = "quality"\n[policy]\nslug = "house"\ntitle = "制度"\ndepartments = ["总店"]\n'
RULED = UNITS + PACK


def written_down(release) -> None:
    """Write down what customers want settled; the problem that stands under a case is nobody's visit's."""
    both = {"opened_at": at("2024-05-06"), "owner": employee("liu", branch=branch())}
    for number, one in enumerate(SETTLED):
        happened = event("service_completed", product=one.product)
        where = {"customer": happened.customer, "branch": branch(one.unit)}
        record = item = None
        if one.rule:
            step = VisitStep.objects.get(rule__code=one.rule)
            task = VisitTask.objects.create(
                event=happened, step=step, release=release, status="done", opens_at=at("2024-05-06"),
                closes_at=at("2024-05-06"), created_at=at("2024-05-06"), **where,
            )  # fmt: skip
            record = VisitRecord.objects.create(
                form_token=uuid4(), fingerprint="f", advisor=both["owner"], channel="mobile", outcome="reached",
                started_at=at("2024-05-06"), logged_at=at("2024-05-06"), **where,
            )  # fmt: skip
            RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=1)
        if not one.type or one.of_problem:
            state = one.of_problem or "open"
            item = FollowUpItem.objects.create(
                kind="problem", state=state, text="异响", record=record, waiting_since=at("2024-05-06"), **both,
                **where, closed_at=at("2024-05-07") if state == "withdrawn" else None,
            )  # fmt: skip
        if one.type:
            Case.objects.create(
                number=f"K{number}", type=one.type, category=one.category, state="in_progress", source="call",
                summary="异响", handler=both["owner"], registered_at=at("2024-05-06"), changed_at=at("2024-05-06"),
                opened_at=both["opened_at"], follow_up=item, **where,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({}, 7),  # four problems, of which one stands in the book too, and the three other cases that want settling
        ({"of": ("visit_rule:first",)}, 1),
        ({"of": ("visit_rule:first/step-1",)}, 1),
        ({"of": ("complaint",)}, 2),
        ({"of": ("problem",)}, 5),
        ({"of": ("repair", "enquiry")}, 2),
        ({"of": ("category:quality",)}, 2),
        ({"when": [{"field": "product", "op": "==", "value": "精品"}]}, 1),
        ({"when": [{"field": "product", "op": "!=", "value": "精品"}]}, 6),
    ],
)
def test_what_a_figure_of_settled_things_is_limited_to_holds_for_problems_as_for_cases(limits, wanted):
    release = publish(RULED)
    written_down(release)
    assert sides("resolution_rate", release, **limits) == (0, wanted)


def found_accurate(release) -> None:
    """Let eight visits be inspected, by two cards at that; some are corrected or taken back after it."""
    liu = employee("liu", branch=branch())
    step = VisitStep.objects.get(rule__code="first")
    batches = [
        Inspection.objects.create(
            policy=release.policy, release=release, scorecard=card, period="2024-05", seed="s", drawn_at=NOW
        )
        for card in ("calls", "words")
    ]
    inspected = [(True, True), (True, None), (True, False), (False,), (), (True,), (True,), (True,)]
    for number, verdicts in enumerate(inspected):
        happened, moment = event(), at("2024-05-06")
        where = {"customer": happened.customer, "branch": branch()}
        task = VisitTask.objects.create(
            event=happened, step=step, release=release, status="done", opens_at=moment, closes_at=moment,
            created_at=moment, **where,
        )  # fmt: skip
        record = None
        versions = {5: ("contact", "correction", "correction"), 6: ("contact", "void")}.get(number, ("contact",))
        for attempt, kind in enumerate(versions):
            record = VisitRecord.objects.create(
                form_token=uuid4(), fingerprint="f", advisor=liu, channel="mobile", started_at=moment, kind=kind,
                logged_at=moment, outcome="no_answer" if number == 7 else "reached", supersedes=record, **where,
                **({"corrected_by": liu, "corrected_at": NOW} if kind == "correction" else {}),
            )  # fmt: skip
            RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=attempt)
            for batch, accurate in zip(batches, verdicts if kind == "contact" else (), strict=False):
                InspectionItem.objects.create(
                    inspection=batch, record=record, employee=liu, cause="sample", state="final", accurate=accurate
                )
    for accurate in (True, False):  # of the person, about no visit
        InspectionItem.objects.create(
            inspection=batches[accurate], employee=liu, cause="hand", state="final", accurate=accurate
        )


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({"basis": "all"}, (3, 6)),  # one corrected since is among them; taken back, or not reached, is no visit
        ({"basis": "all", "of": ("scorecard:words",)}, (1, 6)),
        ({"basis": "all", "of": ("visit_rule:second",)}, (0, 0)),
        ({"basis": "inspected"}, (8, 11)),
    ],
)
def test_a_visit_is_accurate_or_not_however_often_it_is_inspected(limits, wanted):
    release = publish(PACK + "".join(CARD.format(code) for code in ("calls", "words")))
    found_accurate(release)
    assert sides("accuracy_rate", release, **limits) == wanted


@pytest.mark.parametrize(
    ("units", "held_of"), [("", 3), ('departments = ["东店"]', 2), ('departments = ["客服部"]', 1)]
)
def test_papers_are_demanded_in_the_branches_and_the_departments_of_the_regulation(units, held_of):
    release = publish(
        f'[policy]\nslug = "house"\ntitle = "制度"\n{units}\n[[qualification]]\ncode = "paper"\ngate = true\n'
    )
    people = [
        employee("direct", branch=branch("东店")), employee("posted", department=department("客服部", branch("东店"))),
        employee("other", department=department("销售部", branch("西店"))),
    ]  # fmt: skip
    assert sides("qualification_rate", release) == (0, held_of)
    assert sum(bool(gates_shut(person, on=MAY.last)) for person in people) == held_of


FIELDS = [("ring_rate", "rings", (2, 3)), ("opportunity_sum", "worth", (16, 1))]


@pytest.mark.parametrize(("metric", "field", "wanted"), FIELDS)
def test_an_entry_whose_field_holds_no_number_is_in_no_figure(metric, field, wanted):
    release, liu = publish(PACK), employee("liu", branch=branch())
    for text in ("3", 2, "11", "很多", "", None):
        Entry.objects.create(
            policy=release.policy, release=release, form="book", by=liu, at=at("2024-05-06"), branch=branch(),
            logged_at=at("2024-05-06"), values={field: text},
        )  # fmt: skip
    found, count = sides(metric, release, limit=3)
    assert (found, count) == wanted


def test_nobody_is_told_how_an_election_stands_by_whichever_figure(clock_at):
    clock_at("2024-05-20T09:00+08:00")
    kpi = '[[kpi]]\ncode = "liked"\nmetric = "votes"\nop = ">="\ntarget = 1\n'
    star = '[[reward]]\ncode = "star"\nmetric = "votes"\nvoters = ["staff"]\ntop_n = 1\namount = 1\n'
    release = publish(PACK + kpi + star)
    liu, chief = employee("liu", branch=branch()), employee("chief", "general_manager", branch=branch())
    for voter in (chief, employee("chen", branch=branch())):
        Ballot.objects.create(
            policy=release.policy, rule="star", period="2024-05", voter=voter, choice=liu, at=at("2024-05-10")
        )
    page = f"/figures/?of={release.policy_id}/kpi:liked&period=2024-05&who={liu.pk}"
    asked = query(KpiSpec(code="votes", metric="votes"), release, MAY, now=at("2024-05-31 23:59"))
    assert (whole(asked).numerator, rows_behind(asked).count) == (0, 0)
    assert signed_in(chief).get(page).context["rows"] == []
    clock_at("2024-06-01T00:00+08:00")
    assert len(signed_in(chief).get(page).context["rows"]) == 2
    assert sides("votes", release)[0] == 2
