"""A crowd of events with every dirt that real data have, made from a seed, to try conditions on."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from staff.models import Branch, Department, Employee
from visits.models import Customer, CustomerSegment, EventKind, Segment, ServiceEvent, Vehicle, VisitRecord

ON = date(2026, 3, 5)
KINDS = ("service_completed", "purchase", "customer", "visit_recorded", "list_received", "campaign")
HEADERS = ("保养类型", "css", "type", "source", "mileage", "high_tech", "奇'怪\"的 %s$.列", "0", "满意度评价", "备注")
TEXTS = (
    "", "7.1", "7.10", "07.1", " 7.1 ", "-5", "+5.0", "12,000", "1,23", "0,123", "123.4,5", "12000", ".5", "5.", "1e3",
    "999999999999999", "9999999999999999", "true", "False", "是", "否", "YES", "no", "1", "0", "2026-03-02",
    "2026-03-02 08:30", "2026-03-02T23:59", "2026-03-02x", "2026-3-2", "09:30", "09:30:30", "24:00", "9:30",
    "极为满意", "O'Brien", "100%", "%s", "VIP", "vip", "７", "-0", "\n7.1",
)  # fmt: skip
NUMBERS = (None, Decimal("7.10"), Decimal("7.1"), Decimal(120), Decimal("119.99"), Decimal(0), Decimal("-5"))
MOMENTS = (
    datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC),
    datetime(2026, 3, 5, 4, tzinfo=UTC), datetime(2025, 2, 28, 4, 30, tzinfo=UTC),
)  # fmt: skip
DAYS = (
    None,
    date(2026, 3, 5),
    date(2026, 3, 4),
    date(2026, 3, 2),
    date(2025, 3, 5),
    date(2024, 2, 29),
    date(2027, 1, 1),
)


class Crowd:
    """`size` events of a third as many customers; the same seed gives the same crowd."""

    def __init__(self, seed: int, size: int = 60) -> None:
        self.chance = random.Random(seed)
        self.branches = [Branch.objects.create(name=name) for name in ("城东店", "VIP")]
        self.departments = [Department.objects.create(name=name) for name in ("售后部", "7.1")]
        self.people = [
            Employee.objects.create(username=username, name=name)
            for username, name in (("wangfang", "王芳"), ("liqiang", "李强"), ("7.10", ""))
        ]
        self.kinds = [EventKind.objects.create(code=code, many=code == "campaign") for code in KINDS]
        self.segments = [Segment.objects.create(code=code, title=code.upper()) for code in ("vip", "new", "7.1")]
        self.customers = [self.customer() for _ in range(size // 3)]
        self.vehicles = [None, *(self.vehicle(number) for number in range(size // 3))]
        self.events = [self.event(number) for number in range(size)]

    def text(self) -> str:
        """Return some text of the crowd's vocabulary."""
        return self.chance.choice(TEXTS)

    def columns(self) -> dict[str, str]:
        """Return some further columns."""
        return {name: self.text() for name in HEADERS if self.chance.random() < 0.5}

    def customer(self) -> Customer:
        """Make a customer in some segments, perhaps visited before."""
        made = Customer.objects.create(
            name=self.text(), contact=self.text(), owner=self.chance.choice([None, *self.people]), area=self.text(),
            region=self.text(), type=self.text(), company=self.text(), lifecycle=self.text(), source=self.text(),
            influence=self.text(), attributes=self.columns(), registered_at=MOMENTS[0],
        )  # fmt: skip
        for segment in self.segments:
            if self.chance.random() < 0.4:
                CustomerSegment.objects.create(customer=made, segment=segment, since=MOMENTS[0])
        for _ in range(self.chance.randrange(3)):
            self.record(made)
        return made

    def record(self, customer: Customer) -> None:
        """Make a contact; every third one is voided."""
        moment, advisor = self.chance.choice(MOMENTS), self.people[0]
        facts = {"customer": customer, "advisor": advisor, "channel": "mobile", "logged_at": moment}
        facts |= {"started_at": moment, "outcome": self.chance.choice(["reached", "no_answer"])}
        made = VisitRecord.objects.create(form_token=self.token(), **facts)
        if self.chance.random() < 0.3:
            VisitRecord.objects.create(form_token=self.token(), kind="void", supersedes=made, **facts)

    def token(self) -> UUID:
        """Return the token of one form."""
        return UUID(int=self.chance.getrandbits(128))

    def vehicle(self, number: int) -> Vehicle:
        """Make a vehicle."""
        return Vehicle.objects.create(
            vin=f"V{number}", model=self.text(), mileage=self.chance.choice([None, 0, 7, 12000]),
            first_registered_on=self.chance.choice(DAYS), warranty_until=self.chance.choice(DAYS),
            high_tech=self.chance.choice([None, True, False]),
        )  # fmt: skip

    def event(self, number: int) -> ServiceEvent:
        """Make an event."""
        moment = self.chance.choice(MOMENTS)
        return ServiceEvent.objects.create(
            source=self.chance.choice(["dms", "7.1", "VIP"]), order_no=f"R{number}",
            kind=self.chance.choice(self.kinds), happened_at=moment,
            happened_on=(moment + timedelta(hours=8)).date(), due_at=self.chance.choice([None, *MOMENTS]),
            branch=self.chance.choice([None, *self.branches]),
            department=self.chance.choice([None, *self.departments]), customer=self.chance.choice(self.customers),
            vehicle=self.chance.choice(self.vehicles), advisor=self.chance.choice([None, *self.people]),
            amount=self.chance.choice(NUMBERS), css=self.chance.choice(NUMBERS), rating=self.text(), remark=self.text(),
            product=self.text(), attributes=self.columns(), taken_in_at=moment, changed_at=moment,
        )  # fmt: skip
