"""Refusals of the API: each fault says what is wrong, where, and how to mend it; its code is for programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError

MEND = gettext_lazy("See /api/v1/openapi.json for what is expected.")
OTHER = ("invalid", gettext_lazy("This is of another kind than what is taken here."))
# Kinds of faults of pydantic -> code of ours, what is wrong; of others pydantic's own words say what is expected.
KNOWN = {
    "missing": ("missing", gettext_lazy("This must be there.")),
    "extra_forbidden": ("unknown_field", gettext_lazy("There is no such field.")),
    "string_too_short": ("empty", gettext_lazy("This must not be empty.")),
    "string_too_long": ("too_long", gettext_lazy("This is too long.")),
    "enum": ("unknown_value", gettext_lazy("This value is not known.")),
    "literal_error": ("unknown_value", gettext_lazy("This value is not known.")),
    "no_such_day": ("no_such_day", gettext_lazy("This day cannot be.")),
    "less_than_equal": ("out_of_range", gettext_lazy("This number is too large.")),
    "greater_than_equal": ("out_of_range", gettext_lazy("This number is too small.")),
    "timezone_aware": ("no_offset", gettext_lazy("The moment has no offset: write 2026-03-02T09:00:00+08:00.")),
}


@dataclass(frozen=True)
class Fault:
    """One fault. `where`: ``body.summary``, ``query.since``, ``header.Authorization``; empty: the request."""

    code: str
    what: str
    where: str = ""
    how: str = ""


class Refused(Exception):
    """The request is refused with a number, its faults and headers; nothing was done."""

    def __init__(self, status: int, *faults: Fault, **headers: str) -> None:
        super().__init__(faults[0].code)
        self.status, self.faults, self.headers = status, faults, headers

    def response(self) -> JsonResponse:
        """Return the refusal as an answer."""
        body = {"errors": [asdict(fault) | {"how": fault.how or str(MEND)} for fault in self.faults]}
        words = {"ensure_ascii": False}
        return JsonResponse(body, status=self.status, headers=self.headers, json_dumps_params=words)


def faults_of(problem: ValidationError, where: str) -> Iterator[Fault]:
    """Yield the faults of what was sent, each at its place."""
    for one in problem.errors(include_url=False, include_context=True, include_input=False):
        code, what = KNOWN.get(one["type"], OTHER)
        place = ".".join((where, *map(str, one["loc"])))
        told = one.get("ctx", {})
        expected = next((told[name] for name in ("expected", "le", "ge") if name in told), "")
        expected = expected or ("" if one["type"] in KNOWN else one["msg"])
        how = _("Expected: %(values)s.") % {"values": expected} if expected else MEND
        yield Fault(code, str(what), place, str(how))
