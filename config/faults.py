"""What a request says where something below it failed: a page in plain words, and the right number.

A database that is away, busy or full is not a fault of the program: the page says so, says that nothing was half
saved, and the next request tries again (RELIABILITY, F47, F48, F50, F53). The pages ask the database for nothing.
"""

import errno
import logging
import sys

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from config import filling

logger = logging.getLogger(__name__)
API = "/api/"
FAILED = gettext_noop("The program could not do this; nothing was done.")
AGAIN = gettext_noop("Send the same again, with the same key, in a moment.")
SAFE = ("GET", "HEAD", "OPTIONS")
RETRY_SECONDS = 5
REFRESH_SECONDS = 2
FULL = ("disk is full", "No space left", "53100")
SLOW = ("statement timeout", "57014")
BROKEN, AWAY, STORE_FULL, TOO_SLOW = "500.html", "503.html", "507.html", "503_slow.html"
NUMBERS = {BROKEN: 500, AWAY: 503, STORE_FULL: 507, TOO_SLOW: 503}


def told_in(request: HttpRequest, words: str) -> str:
    """Return the words in the language that another system asks for, else in that of the installation."""
    english = request.headers.get("Accept-Language", "").casefold().startswith("en")
    with translation.override("en" if english else settings.LANGUAGE_CODE):
        return gettext(words)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an exception that no view took care of, by what it was."""
    page = page_for(sys.exc_info()[1])
    if request.path.startswith(API):
        fault = {
            "code": "failed",
            "what": told_in(request, FAILED),
            "where": "",
            "how": told_in(request, AGAIN),
        }
        plain = {"ensure_ascii": False}
        return JsonResponse(
            {"errors": [fault]},
            json_dumps_params=plain,
            status=NUMBERS[page],
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
    language = {"request": None, "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", "")}
    response = HttpResponse(render_to_string(page, language), status=NUMBERS[page])
    if NUMBERS[page] == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def page_for(problem: BaseException | None) -> str:
    """Return the template that explains the problem."""
    if is_full(problem):
        return STORE_FULL
    if not isinstance(problem, OperationalError | InterfaceError):
        return BROKEN
    return TOO_SLOW if any(word in str(problem) for word in SLOW) else AWAY


def is_full(problem: BaseException | None) -> bool:
    """Say whether there was no room left on a disk: the program's own, or the database's."""
    if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(problem, DatabaseError) and any(word in str(problem) for word in FULL)


def being_made(request: HttpRequest) -> HttpResponse | None:
    """Return the page that tells how far the demo company is, or None where it is whole (202: not yet done)."""
    found = filling.progress()
    if found is None:
        return None
    context = {"day": found[0], "days": found[1], "LANGUAGE_CODE": getattr(request, "LANGUAGE_CODE", "")}
    waiting = {"Refresh": str(REFRESH_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("filling.html", context), status=202, headers=waiting)


class PatientSessionMiddleware(SessionMiddleware):
    """Sessions whose note of the last deed may fail: who only reads, reads on while the disk is full (F53)."""

    def process_response(self, request, response):
        """Save the session; a page that was read is shown even where that cannot be."""
        try:
            return super().process_response(request, response)
        except DatabaseError as problem:
            if request.method not in SAFE or not is_full(problem):
                raise
            logger.warning("the session was not saved: %s", problem)
            return response
