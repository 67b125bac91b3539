"""The workbench as a whole request, beside a plain list page of the same rows under Django's usual middleware."""

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks import plain
from benchmarks.measuring import Figure, compared, in_turn
from benchmarks.world import DAYS, add_customers, add_events, add_tasks, found_company, settle_statistics
from staff.models import Employee
from visits.models import VisitStep

MOST_QUERIES = 8
REQUESTS = 20
PLATE = "浙A".encode()  # once in each row


def measure(sizes: dict[str, int]) -> list[Figure]:
    """Ask for both pages in turn, as one signed-in advisor with fifty rows."""
    found_company()
    customers = add_customers(max(sizes["tasks"] // 10, 1))
    events = add_events(sizes["tasks"] // VisitStep.objects.count(), customers, waiting=False, days=DAYS)
    tasks = add_tasks(events)
    settle_statistics()
    settings.ROOT_URLCONF = "benchmarks.plain"
    advisor = Employee.objects.get(username="advisor001")
    with override_settings(MIDDLEWARE=plain.MIDDLEWARE):
        limit = signed_in(advisor, "/plain/")  # a client builds its middleware with its first request
    address = reverse("visits:workbench")
    ours = signed_in(advisor, address)
    with CaptureQueriesContext(connection) as queries:
        ours.get(address)
        asked = len(queries)  # the next request would empty the log
    taken = in_turn(
        sizes["rounds"] + 1, ours=lambda: ask(ours, address), limit=lambda: ask(limit, "/plain/")
    )  # the first warms caches up
    each = {name: [spent / REQUESTS for spent in found[1:]] for name, found in taken.items()}
    size = f"50 rows of {tasks:,} tasks"
    return [
        compared("workbench page, whole request", each, target="≤ 1.0 ×", sizes=size),
        Figure("workbench page, queries", asked, MOST_QUERIES, "queries", "≤ 1.0 ×", size),
    ]


def signed_in(advisor: Employee, address: str) -> Client:
    """Return a browser in which that person is signed in and has seen the page once."""
    client = Client()
    client.force_login(advisor)
    found = client.get(address)
    if found.status_code != 200 or found.content.count(PLATE) < 50:
        raise SystemExit(f"{address} answered {found.status_code} without fifty rows")
    return client


def ask(client: Client, address: str) -> None:
    """Ask for the page some times."""
    for _ in range(REQUESTS):
        client.get(address)
