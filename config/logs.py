"""What the program writes into its log: one record a line, as text or as JSON, with nothing of a customer in it.

Every record tells which request, ring or job it belongs to, and which page by its name: an address with its keys and
queries is never written (RELIABILITY T30, T52). The module knows no Django, so that the web server may use it as well.
"""

import json
import logging
import os
import re
import secrets
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from config.redacting import one_line, redact

FORMATS: Final = ("line", "json")
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
SLOW_SECONDS: Final = 3.0
GIVEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
UNKNOWN: Final = "(no such page)"

_about: ContextVar[Mapping[str, Any]] = ContextVar("about", default=MappingProxyType({}))
logger = logging.getLogger(__name__)


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Let every record written meanwhile tell these facts: ids, names of jobs and pages, nothing of a customer."""
    before = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(before)


def present() -> Mapping[str, Any]:
    """Return the facts that records tell now."""
    return _about.get()


def message(record: logging.LogRecord) -> str:
    """Return what a record says as one safe line, an address in it replaced by the name of its page."""
    text = record.getMessage()
    request = getattr(record, "request", None)
    if path := getattr(request, "path", ""):
        for spelled in (path.encode("unicode_escape").decode("ascii"), path):  # Django escapes what it tells
            text = text.replace(spelled, page_of(request))
    return one_line(redact(text))


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record is about; what Django says of a request after it was answered still knows its id."""
    answered = getattr(getattr(record, "request", None), "log_id", "")
    return {**({"request": answered} if answered else {}), **present()}


def page_of(request: Any) -> str:
    """Return the name of the page that a request asked for."""
    match = getattr(request, "resolver_match", None)
    return str(match.view_name or match.route) if match else UNKNOWN


def trace(record: logging.LogRecord) -> list[str]:
    """Return the lines of a record's traceback without the values in its messages."""
    if not record.exc_info or record.exc_info[1] is None:
        return []
    told = "".join(traceback.format_exception(record.exc_info[1]))
    return [one_line(line) for line in redact(told).splitlines() if line.strip()]


class LineFormatter(logging.Formatter):
    """A line for people: moment, level, where, what it is about, the message; a traceback indented below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        facts = " ".join(f"{name}={one_line(str(value))}" for name, value in facts_of(record).items())
        head = f"{moment(record)} {record.levelname} {record.name}{f' [{facts}]' if facts else ''}: {message(record)}"
        return "\n".join([head, *(f"    {line}" for line in trace(record))])


class JsonFormatter(logging.Formatter):
    """A line for machines: one JSON object, the same keys in every record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        told: dict[str, Any] = {
            "at": moment(record),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            **facts_of(record),
            **getattr(record, "facts", {}),
            "message": message(record),
        }
        if lines := trace(record):
            told["trace"] = lines
        return json.dumps(told, ensure_ascii=False, default=str)


def moment(record: logging.LogRecord) -> str:
    """Return when a record was written, to the millisecond, with its offset from UTC."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def formatter(kind: str) -> logging.Formatter:
    """Return what writes records in the format of that name; another name writes lines."""
    return JsonFormatter() if kind == "json" else LineFormatter()


def configuration(kind: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything goes to the console of the process; who runs it decides where that goes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": "config.logs.formatter", "kind": kind}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {"django": {"handlers": ["console"], "level": level, "propagate": False}},
    }


class RequestLogMiddleware:
    """Gives each request an id, which its records, its answer and the work that it rings for carry.

    A proxy before the program may give the id itself (``X-Request-ID``). Each answer is a record of level INFO, a
    warning where it took longer than three seconds.
    """

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        """Answer the request inside of its id."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request.log_id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        began = time.monotonic()
        with about(request=request.log_id):
            response = self.get_response(request)
            took = time.monotonic() - began
            user = request.__dict__.get("_cached_user")
            facts = {
                "page": page_of(request),
                "method": request.method,
                "status": response.status_code,
                "ms": round(took * 1000),
                "user": getattr(user, "pk", None),
            }
            level = logging.WARNING if took > SLOW_SECONDS else logging.INFO
            told = " ".join(f"{name}={value}" for name, value in facts.items() if value is not None)
            logger.log(level, "answered %s", told, extra={"facts": facts})
        response.headers.setdefault("X-Request-ID", request.log_id)
        return response


def web_server_format() -> logging.Formatter:
    """Return the format of the web server's own records, which are written before the settings are read."""
    return formatter(os.environ.get("LOG_FORMAT", "line"))
