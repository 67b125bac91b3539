"""What machines ask: whether the program is alive (`/healthz`), and its figures (`/metrics`).

Everybody may ask whether it is alive and hears yes or no. What is wrong, and all figures, hear callers on this machine
and those with the token (DECISIONS 46); for all others `/metrics` is not there.
"""

from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from config import clock
from staff.domain import measures
from staff.domain.checking import Level, findings, vital

# Where one of these is there, a proxy stands between: the address of the caller is the proxy's own.
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_PROTO", "HTTP_VIA")


@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well that work needs, else 503; to the trusted, with what was found."""
    now, alive = clock.now(), answers()
    ill = not alive or any(finding.level is Level.ALARM for finding in vital(now=now))
    told: dict = {"status": "ill" if ill else "ok"}
    if trusted(request):
        told["database"] = "ok" if alive else "down"
        told["findings"] = [vars(finding) for finding in findings(now=now)] if alive else []
    return JsonResponse(told, status=503 if ill else 200, json_dumps_params={"ensure_ascii": False})


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all figures as Prometheus reads them; for whoever is not trusted there is no such page."""
    if not trusted(request):
        raise Http404
    return HttpResponse(measures.exposition(now=clock.now()), content_type=measures.CONTENT_TYPE)


def trusted(request: HttpRequest) -> bool:
    """Say whether the caller has the token, or is a program on this machine that calls without a proxy."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    behind = settings.HTTPS or any(name in request.META for name in PASSED_ON)
    return not behind and on_this_machine(request.META.get("REMOTE_ADDR", ""))


def on_this_machine(address: str) -> bool:
    """Say whether an address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def answers() -> bool:
    """Say whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
