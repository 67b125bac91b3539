"""What conditions ask of customers, by lot: areas, segments, earlier orders, vehicles, complaints, further columns."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from complaints.models import Case
from staff.models import Employee
from tests.visits.world import event
from visits.models import Customer, ServiceEvent, Vehicle

ASKED = {
    "of-vips": ("completion_rate", '{ field = "segment", op = "==", value = "vip" }'),
    "in-no-usual": ("visit_count", '{ field = "segment", op = "!=", value = "usual" }'),
    "of-areas": ("worked_rate", '{ field = "area", op = "in", value = ["浦东", "闵行"] }'),
    "of-no-area": ("visit_count", '{ field = "area", op = "!=", value = "浦东" }'),
    "of-buyers": ("timely_rate", '{ field = "order_count", op = ">=", value = 3 }'),
    "of-sums": ("visit_count", '{ field = "order_total", op = "<", value = 900.5 }'),
    "seen-lately": ("worked_rate", '{ field = "last_visit_days", op = "<=", value = 12 }'),
    "bought-lately": ("completion_rate", '{ field = "last_order_days", op = "<", value = 20 }'),
    "often": ("visit_count", '{ field = "order_interval_days", op = "<=", value = 21 }'),
    "long-served": ("visit_count", '{ field = "first_service_days", op = ">", value = 40 }'),
    "served-once": ("visit_count", '{ field = "service_count", op = "==", value = 1 }'),
    "grieved": ("visit_count", '{ field = "open_complaints", op = ">=", value = 1 }'),
    "of-old-cars": ("coverage_rate", '{ field = "age_days", op = ">", value = 1000 }'),
    "warranted": ("visit_count", '{ field = "warranty_left_days", op = ">=", value = 0 }'),
    "high-tech": ("success_rate", '{ field = "high_tech", op = "==", value = true }'),
    "golfers": ("visit_count", '{ field = "爱好", op = "==", value = "高尔夫" }'),
    "of-owners": ("satisfaction_rate", '{ field = "owner", op = "==", value = "liu" }'),
    "both": (
        "visit_count",
        '{ field = "type", op = "==", value = "单位" }, { field = "service_count", op = ">", value = 0 }',
    ),
}
OF_CUSTOMERS = "".join(
    f'[[kpi]]\ncode = "{code}"\nmetric = "{metric}"\nwhen = [{when}]\n' for code, (metric, when) in ASKED.items()
)


def of_customers(random: Random) -> None:
    """Let customers differ in whatever conditions ask of them."""
    people = [*Employee.objects.filter(username__in=("liu", "chen")), None]
    everybody = list(Customer.objects.order_by("pk"))
    for customer in everybody:
        customer.area, customer.type = random.choice(["浦东", "闵行", ""]), random.choice(["单位", "个人"])
        customer.owner, customer.attributes = random.choice(people), random.choice([{}, {"爱好": "高尔夫"}])
        customer.save()
        for _number in range(random.randrange(4)):  # before the spring of 2024, or in it
            on = date(2024, 2, 1) + timedelta(random.randrange(150))
            kind = random.choice(["service_completed", "deal", "first_contact", "joined", "purchase"])
            amount = random.choice([None, 100, "650.25"])
            event(kind, f"{on} 11:00", customer=customer, amount=amount, needs_planning=False)
        event("to-many", "2024-05-05", customer=customer, many=True, needs_planning=False)
    for served in ServiceEvent.objects.filter(kind__code="purchase"):
        ServiceEvent.objects.filter(pk=served.pk).update(amount=Decimal(random.randrange(90_000)) / 100)
    for case in Case.objects.all():
        Case.objects.filter(pk=case.pk).update(customer=random.choice(everybody))
    for number, car in enumerate(Vehicle.objects.order_by("pk")):
        Vehicle.objects.filter(pk=car.pk).update(
            first_registered_on=date(2019 + 4 * number, 3, 1), warranty_until=date(2024, 5 + number, 10),
            high_tech=bool(number),
        )  # fmt: skip
