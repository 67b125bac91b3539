"""The door of the API: who asks and by which right, what was sent, what is answered (docs/api.md).

Cookies mean nothing here: a token opens, so that no other site can send anything in a signed-in person's name. Every
deed bears a key of the client's choice, and is done once however often it is sent. A refusal is JSON that says what,
where and how to mend it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from pydantic import BaseModel, ValidationError

from config.clock import local_day
from config.uploads import MEGABYTE
from staff.domain import api_clients
from staff.forms.api import NoQuestion
from staff.models import ApiClient
from staff.views.api_faults import Fault, Refused, faults_of

PIECE = 256 * 1024
KEY = re.compile(r"[\x21-\x7e]{8,80}")
SCHEME = "Bearer "


@dataclass(frozen=True)
class Call:
    """One request: who, when, the parts of the address, the parameters, the body; `site`: where the program stands."""

    client: ApiClient
    now: datetime
    on: date
    keys: Mapping[str, Any]
    query: Any
    body: Any
    site: str


@dataclass(frozen=True)
class Operation:
    """What one method of an address does. `run(call)` returns the answer, of the shape `gives`.

    `file`: the body is a file, and `call.body` its path; a file at its place is the same however often it is put there.
    """

    about: Any
    scope: str
    gives: type[BaseModel]
    run: Callable[[Call], BaseModel]
    asks: type[BaseModel] = NoQuestion
    takes: type[BaseModel] | None = None
    status: int = 200
    file: bool = False


def resource(**operations: Operation):
    """Return the view of an address, by method."""

    @never_cache
    def view(request: HttpRequest, **keys: Any) -> JsonResponse:
        with translation.override(language_of(request)):
            try:
                return answered(request, operations, keys)
            except Refused as refusal:
                return refusal.response()
            except Http404:
                return missing().response()

    view.operations = operations
    view.csrf_exempt = True
    return view


def language_of(request: HttpRequest) -> str:
    """Return the language of refusals: what the client asks for, else the installation's."""
    asked = request.headers.get("Accept-Language", "").casefold()
    return "en" if asked.startswith("en") else translation.get_language()


def missing() -> Refused:
    """Return the refusal of what is not there, or not the client's to see: both look alike."""
    how = _("See /api/v1/openapi.json for what there is.")
    return Refused(404, Fault("not_found", _("There is nothing here."), how=how))


def answered(request: HttpRequest, operations: Mapping[str, Operation], keys: Mapping[str, Any]) -> JsonResponse:
    """Answer a request, or raise `Refused`."""
    operation = operations.get("GET" if request.method == "HEAD" else request.method or "")
    if operation is None:
        allowed = ", ".join(sorted(operations))
        how = _("Use one of: %(methods)s.") % {"methods": allowed}
        raise Refused(405, Fault("method", _("This address knows no such method."), how=how), Allow=allowed)
    client = who_asks(request, operation.scope)
    check_rate(request, client)
    query = shaped(operation.asks, request.GET.dict(), "query")
    with body_of(request, operation) as body:
        call = Call(client, request.now, local_day(request.now), keys, query, body, request.build_absolute_uri("/"))
        if request.method == "POST":
            return done_once(request, operation, call)
        return told(operation.status, operation.run(call).model_dump(mode="json"))


def check_rate(request: HttpRequest, client: ApiClient) -> None:
    """Refuse an account that sends more than a minute may bring, reading and writing together."""
    counted = copy(request)
    counted.method = "POST"  # the counter passes over whatever reads
    if not ratelimit.consume(counted, action="api", key=str(client.pk)):
        how = _("Wait a minute. Send many at once where the address takes several.")
        raise Refused(429, Fault("too_many", _("Too many deeds within a minute."), how=how), **{"Retry-After": "60"})


def who_asks(request: HttpRequest, scope: str) -> ApiClient:
    """Return the client whose token was sent, if it has the right."""
    given = request.headers.get("Authorization", "")
    client = api_clients.client_of(given.removeprefix(SCHEME), now=request.now) if given.startswith(SCHEME) else None
    if client is None:
        how = _("Send the header “Authorization: Bearer …” with a token that an administrator has made.")
        fault = Fault("token", _("No valid token was sent."), "header.Authorization", how)
        raise Refused(401, fault, **{"WWW-Authenticate": "Bearer"})
    if scope not in client.scopes:
        what = _("This account may not do that: it lacks “%(scope)s”.") % {"scope": scope}
        raise Refused(403, Fault("scope", what, how=_("Ask an administrator for an account with this right.")))
    return client


@contextmanager
def body_of(request: HttpRequest, operation: Operation) -> Iterator[Any]:
    """Yield the body in its shape, or the path of the file that it is; nothing where none is taken."""
    if operation.file:
        with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            while piece := request.read(PIECE):
                if file.tell() + len(piece) > settings.EVIDENCE_FILE_MB * MEGABYTE:
                    raise too_large()
                file.write(piece)
            file.flush()
            yield Path(file.name)
        return
    if operation.takes is None:
        yield None
        return
    try:
        told = json.loads(request.body or b"null")
        check_signs(told)
    except RequestDataTooBig as problem:
        raise too_large() from problem
    except (ValueError, RecursionError) as problem:
        how = _("Send one JSON object in UTF-8.")
        raise Refused(400, Fault("not_json", _("The body is no JSON."), "body", how)) from problem
    yield shaped(operation.takes, told, "body")


def check_signs(told: Any) -> None:
    """Refuse a text with the sign NUL, which no database keeps."""
    if isinstance(told, str) and "\0" in told:
        how = _("Take the sign out.")
        raise Refused(422, Fault("unfit_sign", _("A text holds a sign that cannot be kept (NUL)."), "body", how))
    for one in (*told, *told.values()) if isinstance(told, dict) else told if isinstance(told, list) else ():
        check_signs(one)


def too_large() -> Refused:
    """Return the refusal of more than is taken at once."""
    return Refused(413, Fault("too_large", _("The body is too large."), "body", _("Send less at once.")))


def shaped(shape: type[BaseModel], told: Any, where: str) -> BaseModel:
    """Return what was sent in its shape; raises `Refused` with every fault and its place."""
    try:
        return shape.model_validate(told)
    except ValidationError as problem:
        raise Refused(422, *faults_of(problem, where)) from problem


def done_once(request: HttpRequest, operation: Operation, call: Call) -> JsonResponse:
    """Do a deed under the key that the client chose; the same once more gets the same answer and does nothing."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        how = _("Send a header “Idempotency-Key” of 8 to 80 signs, another for each deed, the same when repeating it.")
        raise Refused(400, Fault("key", _("The deed has no key."), "header.Idempotency-Key", how))
    print_of = sha256(b"\n".join((request.method.encode(), request.get_full_path().encode(), request.body))).hexdigest()
    try:
        if kept := api_clients.kept_answer(call.client, key, print_of):
            return told(kept.status, kept.body, again=True)
        with transaction.atomic():
            claimed = api_clients.claim(call.client, key, print_of, now=call.now)
            if claimed is not None:
                body = operation.run(call).model_dump(mode="json")
                api_clients.keep(claimed, operation.status, body)
                return told(operation.status, body)
        kept = api_clients.kept_answer(call.client, key, print_of)
    except api_clients.KeyUsed as problem:
        how = _("Choose a new key for each deed.")
        fault = Fault("key_used", _("This key was used for another deed."), "header.Idempotency-Key", how)
        raise Refused(409, fault) from problem
    return told(kept.status, kept.body, again=True) if kept else missing().response()


def told(status: int, body: Any, *, again: bool = False) -> JsonResponse:
    """Return the answer to a deed; a repeated one says that it is."""
    headers = {"Idempotent-Replay": "true"} if again else {}
    return JsonResponse(body, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
