"""Two shops of one company: ours, through whose people the site is walked, and theirs, of which they see nothing."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.test import Client

from reports.domain.daily.lines import Gathered, visit_line
from reports.models import ImprovementAction, OwedReport, ReportLine, ReportVersion
from staff.choices import BaseRole, TrainingWay
from staff.models import Branch, Department, Employee, MonthClose, Notification, TrainingRecord
from tests.company import MONDAY, Company, morning
from tests.crawl.cases import cased
from tests.crawl.inspected import inspected
from tests.crawl.kept import article, kept
from tests.crawl.on_duty import WEEK, at_and_off_work
from tests.crawl.owed import owed, stood_still
from tests.crawl.regulation import regulation, under_the_regulation
from visits.choices import (
    BatchState,
    Channel,
    EvidenceKind,
    FollowUpKind,
    FollowUpState,
    Outcome,
    PromiseKind,
    Purpose,
    TaskStatus,
)
from visits.domain.proof import storing
from visits.models import (
    CallDraft,
    Campaign,
    ContactNumber,
    ContactRestriction,
    Customer,
    CustomerChange,
    CustomerMerge,
    Evidence,
    FollowUpItem,
    ImportantWord,
    ImportBatch,
    ImportRow,
    Ownership,
    Promise,
    RecordTask,
    SavedFilter,
    ServiceEvent,
    Vehicle,
    VisitRecord,
)

NOW = "2026-03-02T10:30+08:00"
BRANCHWIDE = ("service_advisor", "quality_manager", "department_manager", "cs_supervisor")


class Side:
    """One shop with one of everything; `rows` has it by kind."""

    def __init__(self, company: "TwoShops", name: str, branch: Branch, department: Department, number: str) -> None:
        self.number = number
        self.advisor = company.person(f"advisor-{name}", department=department)
        self.rows: dict[str, Any] = {}
        event = company.event(
            advisor=self.advisor, branch=branch, department=department, attributes={"电话": number}, remark="已交车"
        )
        self.rows["event"], self.rows["customer"] = event, event.customer
        self.task = self.rows["task"] = company.task(
            company.call, event, assignee=self.advisor, settled=True, status=TaskStatus.OPEN, role="service_advisor"
        )
        done = company.task(
            company.call,
            company.event(advisor=self.advisor, branch=branch, department=department),
            assignee=self.advisor, settled=True, status=TaskStatus.DONE, role="service_advisor",
        )  # fmt: skip
        for task in (self.task, done):
            ContactNumber.objects.create(
                customer=task.customer, number=number, last_four=number[-4:], valid_from=morning(date(2026, 1, 5))
            )
            number = str(int(number) + 1)
        self.rows["record"] = self.record(done)
        self.rows["follow_up"] = self.follow_up(branch, department)
        self.rows["notification"] = Notification.objects.create(
            recipient=self.advisor, kind="test", message="A task was given to you.", created_at=morning()
        )
        self.rows |= at_and_off_work(company, self.advisor, branch)
        self.rows["draft"] = CallDraft.objects.create(
            task=self.task, author=self.advisor, token=uuid.uuid4(), page="p", turn=1, saved_at=morning(),
            content={"notes": ["客户在开会"]},
        )  # fmt: skip
        self.rows["import"] = self.brought(branch, event.kind_id)
        self.about_the_customer(self.rows["customer"])
        self.rows |= under_the_regulation(company, self.rows, self.advisor, branch, department)
        self.rows |= cased(self.rows["record"], done, self.advisor)
        self.rows |= kept(company, self.rows["case"], self.advisor, self.task)
        self.rows["session"] = UserSession.objects.create(
            user=self.advisor, ip="10.0.0.9", session_key=f"key-{name}", user_agent="Firefox"
        )

    def brought(self, branch: Branch, kind: int) -> ImportBatch:
        """A file whose rows were read and wait to be taken in, one of them refused."""
        titles = ["工单号", "完工时间", "电话", "颜色"]
        batch = ImportBatch.objects.create(
            source="dms", filename="三月工单.xlsx", sha256="0" * 64, state=BatchState.CHECKED, started_at=morning(),
            started_by=self.advisor, branch=branch, file="0" * 32, counts={"read": 2, "rejected": 1},
            options={"titles": titles, "branch": branch.pk, "kind": "", "history": False},
            reading={
                "sheet": 0, "row": 0, "sheets": ["工单"], "rows": 2, "titles": titles, "keys": ["order_no", None, None],
                "proposed": ["order_no", "happened_at", "numbers", ""], "top": [titles],
                "samples": [["RO1", "2026-03-02", self.number, "白"]],
            },
            foreseen={
                "new": 1, "changed": 0, "same": 0, "conflicting": 1, "customers": 1, "vehicles": 0, "replaced": 0,
                "first": "2026-03-02", "last": "2026-03-02", "kinds": {str(kind): 1}, "remarks": {"unknown_advisor": 1},
            },
        )  # fmt: skip
        facts = {
            "order_no": "RO1", "kind": kind, "happened_at": "2026-03-02T04:00:00+00:00", "numbers": [self.number],
            "name": "王女士", "amount": "88.50", "attributes": {"电话": self.number},
        }  # fmt: skip
        ImportRow.objects.create(batch=batch, row_no=2, state="staged", cells=[], facts=facts)
        ImportRow.objects.create(
            batch=batch, row_no=3, state="rejected", cells=["RO2", "昨天", "", "白"], facts={"order_no": "RO2"},
            reasons=[["not_a_date", {"column": "完工时间", "value": "昨天"}]],
        )  # fmt: skip
        return batch

    def record(self, task) -> VisitRecord:
        record = VisitRecord.objects.create(
            form_token=uuid.uuid4(), fingerprint="f", customer=task.customer, branch=task.branch, advisor=self.advisor,
            channel=Channel.DESK_PHONE, started_at=morning(), logged_at=morning(), outcome=Outcome.REACHED,
        )  # fmt: skip
        RecordTask.objects.create(record=record, task=task, completes=True, in_time=True, attempt=1)
        return record

    def follow_up(self, branch: Branch, department: Department) -> FollowUpItem:
        return FollowUpItem.objects.create(
            kind=FollowUpKind.PROBLEM, state=FollowUpState.OPEN, record=self.rows["record"],
            customer=self.rows["record"].customer, branch=branch, department=department, owner=self.advisor,
            text="空调有异响", opened_at=morning(), waiting_since=morning(),
        )  # fmt: skip

    def report(self, at: datetime) -> OwedReport:
        """The report of the day before, handed in with one line."""
        task = self.task
        report = OwedReport.objects.create(
            policy_id=task.release.policy_id, release=task.release, rule="daily", employee=self.advisor,
            branch=task.branch, department=task.department, key="2026-03-01", covers_from=MONDAY - timedelta(1),
            covers_to=MONDAY - timedelta(1), due_at=at, day_ends_at=at + timedelta(hours=15), state="submitted",
            first_submitted_at=at, made_at=at - timedelta(1),
        )  # fmt: skip
        counts = {"visits": 1, "open": 0, "listed": 1, "covered": 1, "red": 0}
        head = {**counts, "nil": False, "title": "日报", "tables": []}
        version = ReportVersion.objects.create(
            report=report, number=1, release=task.release, submitted_at=at, submitted_by=self.advisor, content=head,
            sha256="0" * 64,
        )  # fmt: skip
        record = self.rows["record"]
        ReportLine.objects.create(
            version=version, position=1, kind="visit", record=record, content=visit_line(record, Gathered())
        )
        self.rows["version"] = version
        return report

    def about_the_customer(self, customer: Customer) -> None:
        """What people wrote down, passed on, changed, proposed and planned about a customer."""
        by, at = self.advisor, morning()
        self.rows["vehicle"] = vehicle = Vehicle.objects.create(
            plate=f"浙A{customer.pk:05d}", vin=f"LSV{customer.pk:014d}"
        )
        self.rows["advisor"] = by
        ServiceEvent.objects.filter(pk=self.rows["event"].pk).update(vehicle=vehicle)
        Ownership.objects.create(customer=customer, vehicle=vehicle, from_at=at)
        self.rows["change"] = CustomerChange.objects.create(
            customer=customer, field="area", before="", after="东区", state="proposed", made_by=by, made_at=at
        )
        gone = Customer.objects.create(name=f"并入{customer.pk}", registered_at=at, merged_into=customer)
        self.rows["merge"] = CustomerMerge.objects.create(
            survivor=customer, merged=gone, reason="同一人", made_by=by, made_at=at
        )
        self.rows["restriction"] = ContactRestriction.objects.create(
            customer=customer, purpose=Purpose.PROMOTION, reason="不要推销", since=at, set_by=by
        )
        self.rows["word"] = ImportantWord.objects.create(
            customer=customer, task=self.task, text="客户说刹车有问题", raised_by=by, raised_at=at
        )
        self.rows["promise"] = Promise.objects.create(
            kind=PromiseKind.values[0], task=self.task, promised_at=at + timedelta(hours=5), made_by=by, made_at=at,
            owner=by,
        )  # fmt: skip
        self.rows["evidence"] = Evidence.objects.create(
            record=self.rows["record"], kind=EvidenceKind.values[0], file=f"{uuid.uuid4().hex}.png", media="image/png",
            sha256="0" * 64, stored_sha256="0" * 64, size=1, uploaded_by=by, uploaded_at=at,
        )  # fmt: skip
        kept = storing.path_of(self.rows["evidence"].file)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(b"a picture")
        self.rows["filter"] = SavedFilter.objects.create(name="到店少", owner=by, made_at=at)
        self.rows["campaign"] = Campaign.objects.create(
            kind=self.task.event.kind, title="空调检查", aim="夏季关怀", content="问候", way=Channel.DESK_PHONE,
            starts_on=MONDAY, ends_on=MONDAY + timedelta(7), filter=self.rows["filter"], customers=1,
            form_token=uuid.uuid4(), made_by=by, made_at=at,
        )  # fmt: skip
        self.rows["obligation"] = owed(self.rows["event"], self.task)
        self.rows["report"] = self.report(at)
        self.rows["inspection"], self.rows["inspected"] = inspected(self.rows["record"], self.task)
        self.rows["improvement"] = ImprovementAction.objects.create(
            title="回访话术", measure="每周演练", owner=by, branch=self.task.branch, department=self.task.department,
            due_on=MONDAY, made_at=at, made_by=by,
        )  # fmt: skip
        self.rows["training"] = TrainingRecord.objects.create(
            employee=by, code="induction", on=MONDAY, way=TrainingWay.values[0], passed=True, entered_at=at,
            entered_by=by,
        )  # fmt: skip


class TwoShops(Company):
    """East is ours, with one person of each role; west is theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.call = self.step(["advisor"])
        self.conduct = regulation()
        self.february = MonthClose.objects.create(period="2026-02", closed_at=morning(), entries=0, sha256="0" * 64)
        self.ours = Side(self, "ours", self.east, self.repairs, "13812340001")
        self.theirs = Side(self, "theirs", self.west, self.west_repairs, "13987650001")
        self.people: dict[str, Employee] = {"service_advisor": self.ours.advisor}
        for role in BaseRole.values:
            if role not in self.people:
                unit = {"department": self.repairs} if role in BRANCHWIDE else {}
                self.people[role] = self.person(role.replace("_", "-"), [role], **unit)
        self.canaries = frozenset(ContactNumber.objects.values_list("number", flat=True))

    def signed_in(self, role: str, language: str = "zh-hans") -> Client:
        """Return the browser of the person of ours with that role."""
        client = Client()
        client.force_login(self.people[role])
        client.cookies["django_language"] = language
        return client


# The beginning of an address with a key in it -> the kind of object, nothing where it is the whole company's.
KINDS: dict[str, str | None] = {
    "/complaints/": "case",
    "/complaints/orders/": "order",
    "/complaints/compensations/": "compensation",
    "/complaints/files/": "case_file",
    "/complaints/letters/": "letter",
    "/books/entries/": "entry",
    "/knowledge/": None,
    "/tasks/": "task",
    "/records/": "record",
    "/events/": "event",
    "/imports/": "import",
    "/exports/": "export",
    "/customers/": "customer",
    "/drafts/": "draft",
    "/vehicles/": "vehicle",
    "/changes/": "change",
    "/merges/": "merge",
    "/follow-ups/": "follow_up",
    "/evidence/": "evidence",
    "/promises/": "promise",
    "/obligations/": "obligation",
    "/restrictions/": "restriction",
    "/words/": "word",
    "/filters/": "filter",
    "/campaigns/": "campaign",
    "/inspections/": "inspection",
    "/inspections/items/": "inspected",
    "/inspections/records/": "record",
    "/numbers/": "advisor",
    "/people/": "advisor",
    "/improvements/": "improvement",
    "/service-reports/": "service",
    **dict.fromkeys(("/reviews/reports/", "/daily-reports/"), "report"),
    "/daily-reports/versions/": "version",
    "/ledger/": "violation",
    "/figures/": "violation",
    "/measures/": "measure",
    "/statements/": "statement",
    "/staff/trainings/": "training",
    "/staff/account/sessions/": "session",
    "/staff/notifications/": "notification",
    "/staff/leave/": "leave",
    "/staff/duty/": None,
    "/staff/duty/shifts/": "shift",
    **dict.fromkeys(("/outages/", "/staff/policies/", "/staff/duty/"), None),
    "/staff/releases/": None,
}
COMPANY_WIDE: dict[str, Callable[[TwoShops], Any]] = {
    "/knowledge/": lambda world: article(world.ours.advisor),
    "/outages/": lambda world: stood_still(),
    "/staff/duty/": lambda world: WEEK,
    "/staff/policies/": lambda world: world.conduct.policy,
    "/staff/releases/": lambda world: world.release,
}
