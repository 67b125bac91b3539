"""A site of django-helpdesk with many tickets: ``helpdesk_site.py DATABASE TICKETS``, by a Python with the package.

It fills the database named (PostgreSQL on a socket: ``FOLDER/NAME``), prints ``ready``, and then reads names of pages,
one a line: for each it prints how many milliseconds a request took. It uses the package as its users do: by its
models, its addresses and Django's test client. Nothing of this program is imported here.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings

ADVISORS, CUSTOMERS, QUEUES, REQUESTS = 100, 5_000, 12, 5
LAST = datetime(2026, 9, 7, tzinfo=UTC)
MINUTES = 25 * 30 * 24 * 60  # the months over which tickets are spread
OPEN_ONE_IN = 5


def configure(address: str) -> None:
    """Set Django up with the settings that the package's documentation asks for, and without debugging."""
    folder, _slash, name = address.rpartition("/")
    parts = ("auth", "contenttypes", "sessions", "sites", "messages", "humanize", "staticfiles", "admin")
    middleware = (
        "security.SecurityMiddleware", "common.CommonMiddleware", "csrf.CsrfViewMiddleware",
        "clickjacking.XFrameOptionsMiddleware",
    )  # fmt: skip
    settings.configure(
        SECRET_KEY="only for measuring", ALLOWED_HOSTS=["testserver"], ROOT_URLCONF=__name__, USE_TZ=True, SITE_ID=1,
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "HOST": folder, "NAME": name, "USER": "postgres",
        }},
        INSTALLED_APPS=[*(f"django.contrib.{part}" for part in parts), "rest_framework", "helpdesk"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            *(f"django.middleware.{part}" for part in middleware),
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        STATIC_URL="/static/", MEDIA_URL="/media/", LOGIN_URL="/admin/login/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HELPDESK_TEAMS_MODE_ENABLED=False, HELPDESK_USER_SETTINGS_ENABLED=True, QUEUE_EMAIL_BOX_UPDATE_ONLY=False,
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    )  # fmt: skip
    django.setup()


def fill(tickets: int) -> None:
    """Add advisors, queues and as many tickets, each with two follow-ups; all of it follows from the numbers."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  needs the settings above
    from helpdesk.models import FollowUp, Queue, Ticket  # noqa: PLC0415  as above

    make = get_user_model().objects.create  # one by one: the package adds settings to each
    people = [make(username=f"advisor{one:03}", is_staff=True, is_superuser=True) for one in range(ADVISORS)]
    queues = [Queue.objects.create(title=f"Branch {one}", slug=f"branch-{one}") for one in range(QUEUES)]
    for first in range(0, tickets, 5_000):
        made = Ticket.objects.bulk_create(
            Ticket(
                title=f"Call {number}", queue=queues[number % QUEUES], assigned_to=people[number % ADVISORS],
                status=Ticket.OPEN_STATUS if number // ADVISORS % OPEN_ONE_IN == 0 else Ticket.CLOSED_STATUS,
                submitter_email=f"customer{number % CUSTOMERS}@example.com", description="The engine makes a noise.",
            )
            for number in range(first, min(first + 5_000, tickets))
        )  # fmt: skip
        for one in made:
            one.created = LAST - timedelta(minutes=one.pk * 7919 % MINUTES)
        Ticket.objects.bulk_update(made, ["created"])
        FollowUp.objects.bulk_create(
            FollowUp(ticket=one, date=one.created, title="Called", comment="Reached, all is well.", public=True)
            for one in made
            for _time in range(2)
        )


def pages():
    """Return what is measured by name, each a request that was seen to answer."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415  needs the settings above
    from django.test import Client  # noqa: PLC0415  as above
    from django.urls import reverse  # noqa: PLC0415  as above
    from helpdesk.models import Queue, Ticket  # noqa: PLC0415  as above
    from helpdesk.query import query_to_base64  # noqa: PLC0415  as above

    me = get_user_model().objects.earliest("pk")
    browser = Client()
    browser.force_login(me)
    mine = {"filtering": {"status__in": [1, 2], "assigned_to__id__in": [me.pk]}, "sorting": "created"}
    rows = reverse("helpdesk:datatables_ticket_list", args=[query_to_base64(mine)])
    columns = {"draw": 1, "start": 0, "length": 50, "order[0][column]": 0, "order[0][dir]": "asc", "search[value]": ""}
    facts = {"queue": Queue.objects.earliest("pk").pk, "title": "Call", "body": "Reached, all is well.", "priority": 3}

    def list_page():
        shell = browser.get(reverse("helpdesk:list"), {"assigned_to": me.pk, "status": [1, 2]})
        found = browser.get(rows, columns)
        expect(shell.status_code == 200 and len(json.loads(found.content)["data"]) == 50, "the list has no fifty rows")

    def create():
        before = Ticket.objects.latest("pk").pk
        shown = browser.post(reverse("helpdesk:submit"), facts, follow=True)
        expect(shown.status_code == 200 and len(shown.redirect_chain) == 1, "the ticket was refused")
        expect(Ticket.objects.latest("pk").pk > before, "there is no new ticket")

    def report():
        found = browser.get(reverse("helpdesk:run_report", args=["usermonth"]))
        expect(found.status_code == 200, "there is no report")

    return {"list": list_page, "create": create, "report": report}


def expect(holds: bool, what: str) -> None:
    """Stop where something is measured that does not do what it ought to."""
    if not holds:
        raise SystemExit(what)


def main() -> None:
    """Fill the database, then answer by the line."""
    from django.core.management import call_command  # noqa: PLC0415  needs the settings above
    from django.db import connection  # noqa: PLC0415  as above

    call_command("migrate", verbosity=0)
    fill(int(sys.argv[2]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    deeds = pages()
    for deed in deeds.values():
        deed()
    print("ready", flush=True)
    for line in sys.stdin:
        deed = deeds[line.strip()]
        began = time.perf_counter()
        for _time in range(REQUESTS):
            deed()
        print((time.perf_counter() - began) * 1000 / REQUESTS, flush=True)


if __name__ == "__main__":
    configure(sys.argv[1])
    from django.contrib import admin
    from django.urls import include, path

    urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk")), path("admin/", admin.site.urls)]
    main()
