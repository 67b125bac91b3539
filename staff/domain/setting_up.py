"""The first run of an empty installation: its one link, its steps, and how far they have come.

Nobody can sign in where nobody works yet, so the console prints a link. It is signed, nothing is stored, and it is
spent as soon as the first person has an account; whoever comes back afterwards signs in and goes on.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction

from staff.domain.activation import LinkExpired, LinkInvalid, LinkSpent
from staff.domain.activity import log
from staff.domain.company import kept_company, the_company
from staff.models import Company, Employee
from staff.models.company import ONLY

SALT: Final = "staff.setting_up"
VALID_FOR: Final = timedelta(days=1)
PATH: Final = "/setup/begin/{token}/"

COMPANY, UNITS, ADMINISTRATOR = "company", "units", "administrator"
REGULATION, CALENDAR, PEOPLE, EVENTS = "regulation", "calendar", "people", "events"
STEPS: Final = (COMPANY, UNITS, ADMINISTRATOR, REGULATION, CALENDAR, PEOPLE, EVENTS)


def nobody_works_here() -> bool:
    """Say whether the installation has no account yet, so that nobody could sign in."""
    return not Employee.objects.exists()


def link(*, now: datetime, address: str) -> str:
    """Return the link by which the set-up begins; `address` is that of the installation ("https://huifang.example")."""
    token = signing.dumps({"until": (now + VALID_FOR).timestamp()}, salt=SALT)
    return address.rstrip("/") + PATH.format(token=token)


def redeem(token: str, *, now: datetime) -> None:
    """Return if the link may begin the set-up; raises LinkInvalid, LinkExpired, or LinkSpent once people are there."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=SALT)
    except signing.BadSignature as problem:
        raise LinkInvalid from problem
    if not nobody_works_here():
        raise LinkSpent
    if now.timestamp() > facts["until"]:
        raise LinkExpired


def is_under_way() -> bool:
    """Say whether somebody has begun to set this company up and not finished."""
    return Company.objects.filter(pk=ONLY, set_up_at=None, is_demo=False).exists()


def next_step(company: Company | None = None) -> str | None:
    """Return the first step that is not settled; None where all are."""
    settled = (company or the_company()).steps
    return next((step for step in STEPS if step not in settled), None)


@transaction.atomic
def settle(step: str, *, actor: Employee | None, now: datetime) -> str | None:
    """Note that a step is done, or left for later on purpose; return the next one. The last one ends the set-up."""
    company = kept_company()
    if step not in company.steps:
        company.steps = [*company.steps, step]
        company.save(update_fields=["steps"])
    if next_step(company) is None:
        finish(actor=actor, now=now)
    return next_step(company)


@transaction.atomic
def finish(*, actor: Employee | None, now: datetime) -> None:
    """End the set-up, whatever steps are left; their pages stay open to administrators."""
    company = kept_company()
    if company.set_up_at is None:
        company.set_up_at = now
        company.save(update_fields=["set_up_at"])
        log(now=now, actor=actor, verb="company_set_up", subject=company, steps=company.steps)
