"""First passwords: a link that opens an account once, until it expires (DECISIONS 7).

The link is signed, names its account and the state of the password it was made for: once a password is set, the link
is spent. Nothing is stored.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from staff.domain import activity, outages
from staff.models import Employee

SALT: Final = "staff.activation"
VALID_FOR: Final = timedelta(days=7)
PATH: Final = "/staff/activate/{token}/"


class LinkRefused(Exception):
    """The link opens no account."""


class LinkInvalid(LinkRefused):
    """The link was not made here, or was changed, or its account is closed."""


class LinkExpired(LinkRefused):
    """The link is too old."""


class LinkSpent(LinkRefused):
    """A password was set since the link was made."""


def make_token(employee: Employee, *, now: datetime) -> str:
    """Return the token of a link that opens this account once, within `VALID_FOR`."""
    facts = {"employee": employee.pk, "until": (now + VALID_FOR).timestamp(), "state": _state(employee)}
    return signing.dumps(facts, salt=SALT)


def link(employee: Employee, *, now: datetime, address: str = "") -> str:
    """Return the whole link; `address` is that of the installation ("https://huifang.example")."""
    return address.rstrip("/") + PATH.format(token=make_token(employee, now=now))


def waiting() -> QuerySet[Employee]:
    """Return who may sign in and has no password yet."""
    without = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Employee.objects.filter(without, is_active=True).order_by("username")


def redeem(token: str, *, now: datetime) -> Employee:
    """Return the account that the token opens; LinkInvalid, LinkExpired or LinkSpent where it opens none."""
    try:
        facts: dict[str, Any] = signing.loads(token, salt=SALT)
    except signing.BadSignature as problem:
        raise LinkInvalid from problem
    employee = Employee.objects.filter(pk=facts["employee"], is_active=True).first()
    if employee is None:
        raise LinkInvalid
    if now.timestamp() > facts["until"]:
        raise LinkExpired
    if outages.was_undone(datetime.fromtimestamp(facts["until"], UTC) - VALID_FOR):
        raise LinkInvalid  # its number may be another person's since a backup was put back
    if not constant_time_compare(facts["state"], _state(employee)):
        raise LinkSpent
    return employee


def activate(token: str, *, password: str, now: datetime) -> Employee:
    """Give the account its first password and return it; of two at once the first wins. Raises as `redeem`.

    The caller has judged the password (`validate_password`) before.
    """
    employee = redeem(token, now=now)
    before = employee.password
    changed = Employee.objects.filter(pk=employee.pk, password=before).update(password=make_password(password))
    if not changed:
        raise LinkSpent
    employee.refresh_from_db()
    activity.log(now=now, actor=employee, verb="activated", subject=employee)
    return employee


def _state(employee: Employee) -> str:
    return salted_hmac(SALT, f"{employee.pk}:{employee.password}").hexdigest()[:32]
