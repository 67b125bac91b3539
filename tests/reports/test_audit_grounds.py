"""Every kind of violation is computed a second time: what was found agrees, and a planted error of each kind shows."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from reports.domain.auditing.everything import differences
from reports.models import Inspection, InspectionItem, ItemScore, OwedReport, ReportLine, ReportVersion
from staff.domain.conduct.breach import Breach
from staff.domain.conduct.deciding import confirm
from staff.domain.conduct.detecting import find_violations
from staff.domain.conduct.proposing import propose
from staff.models import Absence, Employee, Outage, Role, RoleAssignment, Violation
from tests.reports.test_audit import tamper
from tests.visits.calls import MONDAY, Shop, at, told
from tests.visits.proofs import waiting_file
from visits.choices import Outcome, TaskStatus
from visits.domain.calling.recording import record_contact
from visits.domain.follow_up.wishes import FollowOn
from visits.models import FollowUpItem, Obligation, Promise, VisitRecord

PENALTY = '[[penalty]]\ncode = "{0}"\nviolation = "{0}"\namount = 5\n'
PLAIN = (
    "phrase_not_mentioned", "recommended_repair_missing", "visit_unverifiable", "customer_dissatisfied",
    "return_appointment_missed", "promise_broken", "obligation_missed", "quota_unmet", "report_late", "report_missing",
    "rectification_missing", "finding", "sample_unmet",
)  # fmt: skip
PACK = """
[return_appointment]
within = "5d"
[[form]]
code = "notes"
of = "visit_record"
requires = ["summary"]
[[report]]
code = "daily"
due = "1wd"
at = "09:00"
expects = ["problem"]
[[obligation]]
code = "answer"
on = "complaint"
deed = "attempt"
[[quota]]
code = "calls"
who = "role:service_advisor"
per = "quarter"
at_least = 1
[[quota]]
code = "all"
who = "company"
per = "quarter"
at_least = 9
[[scorecard]]
code = "heard"
of = "visit_record"
by = "role:quality_manager"
sample = { count = 4, per = "month" }
items = [{ code = "greeting" }, { code = "closing" }]
[[penalty]]
code = "visit_overdue"
violation = "visit_overdue"
of = "visit_rule:after-service/call"
when = [{ field = "attempts", op = "<", value = 1 }, { field = "advisor", op = "in", value = ["wangfang"] }]
amount = 5
[[penalty]]
code = "record_incomplete"
violation = "record_incomplete"
of = "after-service"
when = [{ field = "outcome", op = "==", value = "reached" }, { field = "time", op = ">", value = 2026-01-01 }]
amount = 5
[[penalty]]
code = "elsewhere"
violation = ["visit_overdue", "record_incomplete", "report_late", "finding"]
of = "visit_rule:another"
amount = 5
[[penalty]]
code = "waits"
violation = "visit_overdue"
amount = "?"
""" + "".join(map(PENALTY.format, PLAIN))
LOOK = at("2026-05-02 00:00")
TUESDAY = MONDAY + timedelta(1)


class World(Shop):
    """One guilty and one innocent subject of each kind; `innocent` names the latter."""

    def __init__(self) -> None:
        super().__init__(pack=PACK, must_mention=["极为满意"], evidence="any", max_attempts=1)
        self.innocent: dict[str, str] = {}
        role = Role.objects.create(code="quality_manager", title="质量经理", like="quality_manager")
        self.lu = self.advisor("lu", "陆")
        RoleAssignment.objects.filter(employee=self.lu).update(role=role)
        general = Role.objects.create(code="general_manager", title="总经理", like="general_manager")
        self.boss = Employee.objects.create(username="boss", name="总经理")
        RoleAssignment.objects.create(employee=self.boss, role=general, from_on=date(2020, 1, 1))
        self.task()
        bad, good = self.contact(whole=False), self.contact(whole=True)
        self.innocent |= dict.fromkeys(["visit_overdue"], f"task:{good.links.get().task_id}")
        of_records = (*PLAIN[:4], "record_incomplete", "rectification_missing")
        self.innocent |= dict.fromkeys(of_records, f"record:{good.pk}")
        self.follow_ups(bad)
        self.obligations()
        self.reports(bad, good)
        self.inspections(bad, good)
        self.innocent["quota_unmet"] = "period:2026-Q1/calls"
        find_violations(now=LOOK)

    def contact(self, *, whole: bool) -> VisitRecord:
        """Let 王芳 reach a customer about a visit, with everything or with nothing of what is asked."""
        task, now = self.task(), at("10:00")
        follow = FollowOn(return_on=date(2026, 3, 10))
        said: dict = {"problem": "异响", "rectification": "已约", "follow": follow, "satisfied": False}
        if whole:
            said = {"phrases": ("极为满意",), "notes": "好", "satisfied": True}
            waiting_file(task, self.wang, uploaded_at=now)
        contact = told(Outcome.REACHED, now=now, **said)
        return record_contact(task, contact, advisor=self.wang, now=now).record

    def follow_ups(self, record: VisitRecord) -> None:
        """Write down promised returns, answers and calls: one of each kept, one broken."""
        usual = {
            "record": record, "customer": record.customer, "owner": self.wang, "branch": self.branch, "text": "?",
            "opened_at": at("10:00"), "waiting_since": at("10:00"), "due_on": TUESDAY, "due_at": at("2026-03-04 00:00"),
        }  # fmt: skip
        back = {**usual, "kind": "return_appointment", "limit_on": date(2026, 3, 7)}
        FollowUpItem.objects.create(**back, state="missed", closed_at=at("2026-03-04 00:00"))
        came = FollowUpItem.objects.create(**back, state="arrived", closed_at=at("11:00"), arrived_at=at("11:00"))
        FollowUpItem.objects.create(**usual, kind="question", state="open")
        said = FollowUpItem.objects.create(**usual, kind="question", state="settled", closed_at=at("2026-03-03 23:59"))
        agreed = {"kind": "call_back", "made_by": self.wang, "made_at": at("10:00"), "promised_at": at("15:00")}
        late, kept = (self.task(status=TaskStatus.CANCELLED) for _number in range(2))
        Promise.objects.create(**agreed, task=late, owner=self.wang, state="broken", settled_at=at("16:00"))
        one = Promise.objects.create(**agreed, task=kept, owner=self.wang, state="kept", settled_at=at("15:10"))
        self.innocent |= {"return_appointment_missed": f"appointment:{came.pk}", "promise_broken": f"promise:{one.pk}"}
        self.innocent["reply"] = f"reply:{said.pk}"

    def obligations(self) -> None:
        """Owe two deeds of which one is done at its bound, which is in time."""
        owed = {
            "policy": self.policy, "release": self.release, "rule": "answer", "deed": "attempt", "employee": self.wang,
            "anchor_at": at("10:00"), "due_at": at("12:00"), "made_at": at("10:01"),
        }  # fmt: skip
        Obligation.objects.create(**owed, subject="event:1")
        done = Obligation.objects.create(**owed, subject="event:2", state="done", done_at=at("12:00"))
        self.innocent["obligation_missed"] = f"obligation:{done.pk}"

    def reports(self, bad: VisitRecord, good: VisitRecord) -> None:
        """Hand reports in: at the bound, a second later, not at all; the late one with a line that lacks something."""
        handed = {"in_time": at("09:00", TUESDAY), "late": at("09:00:01", TUESDAY), "missing": None}
        for number, (fate, moment) in enumerate(handed.items()):
            day = MONDAY + timedelta(40 + number)
            shift = timedelta(40 + number)
            report = OwedReport.objects.create(
                policy=self.policy, release=self.release, rule="daily", employee=self.wang, branch=self.branch,
                key=f"{day}", covers_from=day, covers_to=day, due_at=at("09:00", TUESDAY) + shift, inclusive=True,
                day_ends_at=at("00:00", TUESDAY) + shift + timedelta(1), fate=fate, made_at=at("00:00", day),
                state="submitted" if moment else "due", first_submitted_at=moment and moment + shift,
            )  # fmt: skip
            if moment:
                version = ReportVersion.objects.create(
                    report=report, number=1, release=self.release, submitted_at=moment + shift, submitted_by=self.wang,
                    content={}, sha256="",
                )  # fmt: skip
                said = {"version": version, "position": 1, "kind": "visit", "content": {}}
                lacks = {"record": bad, "lacks": ["problem"]} if fate == "late" else {"record": good, "lacks": []}
                ReportLine.objects.create(**said, **lacks)
            self.innocent.setdefault("report_late", f"report:{report.pk}")
        self.innocent["report_missing"] = self.innocent["report_late"]

    def inspections(self, bad: VisitRecord, good: VisitRecord) -> None:
        """Draw three records: one fails an item and passes the other, one is never inspected."""
        inspection = Inspection.objects.create(
            policy=self.policy, release=self.release, scorecard="heard", period="2026-03", seed="", population=3,
            drawn_at=at("2026-04-01 00:50"),
        )  # fmt: skip
        usual = {"inspection": inspection, "employee": self.wang, "cause": "sample", "branch": self.branch}
        scored = {"state": "scored", "inspector": self.lu, "scored_at": at("2026-04-02 10:00")}
        item = InspectionItem.objects.create(**usual, **scored, record=good)
        ItemScore.objects.create(item=item, code="greeting", points=0)
        ItemScore.objects.create(item=item, code="closing", points=100)
        InspectionItem.objects.create(**usual, record=bad)
        self.innocent |= {"finding": f"item:{item.pk}/closing", "sample_unmet": f"item:{item.pk}"}


@pytest.fixture
def world(db) -> World:
    return World()


def told_by_audit() -> list[str]:
    return [str(one) for one in differences(now=LOOK)[1]]


def unseen(named: dict[str, str], plant) -> list[str]:
    """Return what the audit does not see of errors planted by `plant`; `named`: how each one's line begins."""
    with transaction.atomic():
        plant()
        lines = told_by_audit()
        transaction.set_rollback(True)
    return [name for name, begins in named.items() if not any(line.startswith(begins) for line in lines)]


def test_every_kind_is_found_by_both_and_each_planted_error_shows(world):
    rows = {row.violation: row for row in Violation.objects.order_by("-pk")}
    assert set(rows) == {*PLAIN, "visit_overdue", "record_incomplete"}
    assert Violation.objects.filter(subject="period:2026-Q1/all", employee=world.boss).exists()
    assert told_by_audit() == []
    assert unseen({"fate": "report "}, lambda: OwedReport.objects.filter(fate="late").update(fate="in_time")) == []
    by_subject = {name: f"{row.subject}: {name} of" for name, row in rows.items()}
    by_number = {name: f"violation {row.pk}: " for name, row in rows.items()}

    def change(**columns):
        for row in rows.values():
            set_to(row, **columns)

    def swap():
        for name, row in rows.items():
            set_to(row, employee_id=world.lu.pk if name == "quota_unmet" else world.li.pk)

    assert unseen(by_subject, lambda: [hide(row) for row in rows.values()]) == []  # a ground without its violation
    assert unseen(by_number, swap) == []
    assert unseen(by_subject, swap) == []
    assert unseen(by_number, lambda: change(occurred_on="'2026-02-01'")) == []
    assert unseen(by_number, lambda: change(state="'waived'", exempt="'leave'")) == []
    assert unseen(by_number, lambda: change(state="'waived'", exempt="'mended'")) == []
    before = max(row.pk for row in rows.values())
    accused = [accuse(world, kind, subject) for kind, subject in world.innocent.items()]
    assert min(accused) > before
    assert unseen({f"{pk}": f"violation {pk}: " for pk in accused}, list) == []  # a violation without its ground


def hide(row: Violation) -> None:
    """Take a violation away, as if no detector had found it."""
    tamper(f"DELETE FROM staff_violationstep WHERE violation_id = {row.pk}")
    tamper(f"DELETE FROM staff_violation WHERE id = {row.pk}")


def set_to(row: Violation, **columns: object) -> None:
    """Change columns of a violation below the program."""
    said = ", ".join(f"{name} = {value}" for name, value in columns.items())
    tamper(f"UPDATE staff_violation SET {said} WHERE id = {row.pk}")


def accuse(world: World, kind: str, subject: str) -> int:
    """Propose, of somebody innocent, what his subject may be accused of; return the number of the proposal."""
    kind = "promise_broken" if kind == "reply" else kind
    breach = Breach(
        violation=kind, subject=subject, employee=world.wang.pk, on=MONDAY, release=world.release.pk,
        of=frozenset({"visit_rule:after-service/call"}),
        fields={"attempts": 0, "advisor": ["wangfang"], "outcome": "reached", "time": at("10:00")},
    )  # fmt: skip
    assert propose([breach], now=LOOK)["proposed"]
    return Violation.objects.get(subject=subject, violation=kind, employee=world.wang).pk


def test_what_people_decided_stays_and_what_came_to_light_later_is_no_fault(world):
    overdue, unproven = (Violation.objects.get(violation=one) for one in ("visit_overdue", "visit_unverifiable"))
    number = overdue.subject.partition(":")[2]

    with transaction.atomic():
        tamper(f"UPDATE visits_visittask SET status = 'cancelled' WHERE id = {number}")
        assert told_by_audit() != []  # what is only proposed is to be taken back
        transaction.set_rollback(True)
    confirm([overdue, unproven], actor=world.boss, now=LOOK)
    tamper(f"UPDATE visits_visittask SET status = 'cancelled' WHERE id = {number}")
    waiting_file(None, world.wang, record_id=int(unproven.subject.partition(":")[2]), uploaded_at=LOOK)
    Outage.objects.create(
        from_at=at("11:00"), to_at=at("2026-03-20 00:00"), cause="stopped", found_at=LOOK + timedelta(1)
    )

    assert told_by_audit() == []


@pytest.mark.parametrize("why", ["leave", "outage"])
def test_what_exempts_is_computed_a_second_time(db, why):
    shop = Shop(pack=PACK)
    if why == "leave":
        Absence.objects.create(employee=shop.wang, from_on=MONDAY, until_on=MONDAY)
    else:
        Outage.objects.create(from_at=at("12:00"), to_at=at("21:00"), cause="stopped", found_at=at("21:00"))
    shop.task()
    find_violations(now=LOOK)

    found = Violation.objects.get(violation="visit_overdue")
    assert (found.state, found.exempt) == ("waived", why)
    assert told_by_audit() == []
    with transaction.atomic():
        set_to(found, state="'proposed'", exempt="''")
        assert told_by_audit() != []
        transaction.set_rollback(True)
