"""The one gate of the site: every request passes here and is held against the table in `staff.domain.access`.

A URL that the table lacks opens for nobody. What is forbidden answers as what is missing does, so that nobody learns
from the difference (RELIABILITY, T01–T03, T12). Rights are asked anew at each request, as of the day.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation

from config import clock
from config.faults import being_made
from staff import doorstep
from staff.domain.access import ADMINISTRATOR, HOMES, PUBLIC, may_open, shows_customers, standing_of
from staff.domain.demanding import gates_shut
from staff.domain.setting_up import is_under_way, nobody_works_here
from staff.two_step import must_begin

NUL = "%00"  # what no database keeps and PostgreSQL will not even look for
ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
NOTICED_EVERY = timedelta(minutes=1)
# What a page asks by itself: it keeps no session alive, and leads nobody away from what they are typing.
SIGN_IN = "account_login"
UNASKED = frozenset({"staff:bell", "visits:queue_news", "visits:task_lease"})
LOGO = "/staff/company/logo/"  # nobody's secret, and the same on every page: browsers keep it


class LanguageMiddleware:
    """Chinese, unless the person chose otherwise by the switch: what the browser was installed in does not count."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class GateMiddleware:
    """Lets a request through to its view only where the table opens that URL, by that method, for that person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and request.path != LOGO:
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request, view, _args, _kwargs):
        name = request.resolver_match.view_name
        leave_out_nul(request)
        if settings.APP_MODE == "demo" and (not_yet := being_made(request)):
            return not_yet
        request.now = clock.now()
        if name == SIGN_IN and request.method == "GET" and nobody_works_here():
            return HttpResponseRedirect(reverse(doorstep.CLOSED))
        if name in PUBLIC or (not request.user.is_authenticated and doorstep.lets_in(request, name)):
            return None
        if not request.user.is_authenticated or _session_is_over(request, is_deed=name not in UNASKED):
            return HttpResponse(status=401) if name in UNASKED and request.htmx else ask_to_sign_in(request)
        recognise(request)
        if setting_up := must_begin(request):
            return HttpResponseRedirect(setting_up)
        if may_open(name, request.method, request.user.base_roles):
            return papers_first(request, name)
        if name == HOMES[0] and (home := home_of(request.user)):
            return HttpResponseRedirect(home)
        raise Http404


def leave_out_nul(request) -> None:
    """Read a query without the sign that no database keeps; there is nothing at an address that holds it."""
    if "\0" in request.path:
        raise Http404
    if NUL in (query := request.META.get("QUERY_STRING", "")):
        request.META["QUERY_STRING"] = query.replace(NUL, "")
        request.GET = QueryDict(request.META["QUERY_STRING"], encoding=request.encoding)


def papers_first(request, name: str) -> HttpResponse | None:
    """Send whoever lacks a gate of the regulation to their papers, from every page with customers on it (W-07)."""
    request.user.lacks_papers = bool(gates_shut(request.user, on=request.today))
    if not request.user.lacks_papers or not shows_customers(name):
        return None
    target = reverse("staff:paper_list")
    if request.htmx:
        return HttpResponse(status=403, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def recognise(request) -> None:
    """Note on the user of this request what they are and may see today."""
    request.today = clock.local_day(request.now)
    standing = standing_of(request.user, on=request.today)
    request.user.standing = (request.today, standing)
    request.user.base_roles = standing.base_roles


def home_of(employee) -> str | None:
    """Return the address where this person starts, or nothing where no page is theirs today."""
    if ADMINISTRATOR in employee.base_roles and is_under_way():
        return reverse(doorstep.CLOSED)
    mine = (name for name in HOMES if may_open(name, "GET", employee.base_roles))
    return next((reverse(name) for name in mine), None)


def ask_to_sign_in(request) -> HttpResponse:
    """Send the browser to the sign-in page and, for a page that can be read again, back to it afterwards."""
    target = resolve_url(settings.LOGIN_URL)
    if back := _page_of(request):
        target += "?" + urlencode({"next": back})
    if not request.htmx:
        return HttpResponseRedirect(target)
    return HttpResponse(status=401, headers={"HX-Redirect": target})


def _page_of(request) -> str | None:
    """Return the page that the person has before them: what was asked for, or where the page's script asked from."""
    if request.htmx:
        return request.htmx.current_url_abs_path
    return request.get_full_path() if request.method in ("GET", "HEAD") else None


def _session_is_over(request, *, is_deed: bool) -> bool:
    """End a session after half an hour without a deed of the person and half a day in any case (RELIABILITY, T36)."""
    began, seen = (_moment(request.session.get(key)) or request.now for key in ("began", "seen"))
    if request.now - began >= ABSOLUTE or request.now - seen >= IDLE:
        logout(request)
        return True
    if "seen" not in request.session or (is_deed and abs(request.now - seen) >= NOTICED_EVERY):
        request.session["began"] = began.isoformat()
        request.session["seen"] = request.now.isoformat()
    return False


def time_left(request) -> tuple[int, bool]:
    """Return in how many seconds the session ends if nothing more is done, and whether that end is final (T36)."""
    began, seen = (_moment(request.session.get(key)) or request.now for key in ("began", "seen"))
    idle, final = seen + IDLE, began + ABSOLUTE
    return max(0, int((min(idle, final) - request.now).total_seconds())), final <= idle


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
