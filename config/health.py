"""Whether the program is alive, for whoever watches it: the database answers, and the minute hand is heard."""

import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

STALE_SECONDS = 180.0  # three rings unheard


@require_safe
@login_not_required
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503; it says what is wrong and nothing else, for it is open to everybody."""
    found = {"database": database(), "beat": beat()}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def database() -> str:
    """Return "ok", or "down" where the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def beat() -> str:
    """Return "ok", or "stale" where the worker heard no ring for three minutes of real time."""
    try:
        heard = settings.HEARTBEAT.stat().st_mtime
    except FileNotFoundError:
        return "stale"
    return "ok" if time.time() - heard < STALE_SECONDS else "stale"
