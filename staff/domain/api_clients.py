"""Accounts of other systems: made by an administrator, known by a token, ended for good; deeds that are done once."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from staff.domain.activity import log
from staff.models import ApiAnswer, ApiClient, Branch, Employee

SCOPES: Final = {
    "cases:read": _("read cases and what changed"),
    "cases:write": _("register cases and add to them"),
    "events:write": _("bring events in"),
    "tasks:read": _("read visits to be made"),
    "records:read": _("read visits that were made"),
    "records:write": _("bring visits that were made elsewhere, and their recordings"),
}
PREFIX: Final = "hf_"
TOKEN_BYTES: Final = 32
HINT: Final = 4
KEPT: Final = timedelta(days=30)
NOTED_EVERY: Final = timedelta(minutes=1)


class KeyUsed(ValueError):
    """The key was used before for another deed."""


def make_client(
    *, name: str, scopes: Iterable[str], branch: Branch | None, by: Employee, now: datetime
) -> tuple[ApiClient, str]:
    """Make an account; return it with its token, which is told now and never again."""
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    made = ApiClient.objects.create(
        name=name, token_hash=hashed(token), hint=token[-HINT:], scopes=[one for one in SCOPES if one in set(scopes)],
        branch=branch, made_by=by, made_at=now,
    )  # fmt: skip
    log(now=now, actor=by, verb="api_client_made", subject=made, scopes=made.scopes)
    return made, token


def end_client(client: ApiClient, *, by: Employee, now: datetime) -> bool:
    """End an account for good, from this second on; say whether it was still open."""
    if not ApiClient.objects.filter(pk=client.pk, ended_at=None).update(ended_at=now):
        return False
    log(now=now, actor=by, verb="api_client_ended", subject=client)
    return True


def client_of(token: str, *, now: datetime) -> ApiClient | None:
    """Return the open account of a token, and note that it is used."""
    found = ApiClient.objects.select_related("branch").filter(token_hash=hashed(token), ended_at=None).first()
    if found and (found.used_at is None or now - found.used_at >= NOTED_EVERY):
        ApiClient.objects.filter(pk=found.pk).update(used_at=now)
    return found


def hashed(text: str) -> str:
    """Return the hash under which a token is kept; a token is long and random, so that a plain one will do."""
    return sha256(text.encode()).hexdigest()


def kept_answer(client: ApiClient, key: str, fingerprint: str) -> ApiAnswer | None:
    """Return what this deed was answered before; raises `KeyUsed` where the key belongs to another one."""
    kept = ApiAnswer.objects.filter(client=client, key=key).first()
    if kept and kept.fingerprint != fingerprint:
        raise KeyUsed
    return kept


def claim(client: ApiClient, key: str, fingerprint: str, *, now: datetime) -> ApiAnswer | None:
    """Take a key for a deed, in its transaction; None where another one holds it: whoever comes second waits here."""
    try:
        with transaction.atomic():
            return ApiAnswer.objects.create(client=client, key=key, fingerprint=fingerprint, at=now)
    except IntegrityError:
        return None


def keep(answer: ApiAnswer, status: int, body: Any) -> None:
    """Write down what the deed was answered."""
    ApiAnswer.objects.filter(pk=answer.pk).update(status=status, body=body)


def purge_answers(*, now: datetime, on: date) -> int:
    """Delete answers that nobody will ask for again; return how many (a daily job)."""
    return ApiAnswer.objects.filter(at__lt=now - KEPT).delete()[0]
