"""One ground for a violation, as the rows tell it, and what a regulation says about it: plain tables, compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from operator import ge, gt, le, lt
from typing import Any, Final

from reports.domain.auditing.regulation import as_list, tables
from staff.models import Policy, Release

ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
TRUTHS: Final = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What somebody answers for. `since`: the first moment at which it may be found.

    `sections` are the entries that a penalty's `of` may name, as ``section:code/part``. `told` gives the values that
    conditions ask for. `visit` is the contact whose own violations may have been charged for the same already.
    `certain` is false where a look of the program may have missed it and been right; `mended` says that a proposal is
    to be taken back by now.
    """

    kind: str
    subject: str
    employee: int
    on: date
    since: datetime
    last: datetime
    release: int | None
    sections: tuple[str, ...] = ()
    exempt: str = ""
    department: int | None = None
    told: Callable[[], Mapping[str, Any]] = dict
    visit: str = ""
    certain: bool = True
    mended: bool = False


class Unknowable(Exception):
    """A condition asks for what cannot be told from these rows alone."""


class Unknown:
    """A value of a field that the audit does not compute."""


UNKNOWN: Final = Unknown()


class Releases:
    """The regulations of the company by their ids; the text of each is read once."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        columns = ("pk", "policy", "state", "in_force_seq", "effective_from", "published_at")
        self._rows = {row[0]: row for row in Release.objects.values_list(*columns)}
        self._policies = list(Policy.objects.order_by("pk").values_list("pk", flat=True))

    def content(self, release: int) -> str:
        """Return the text of a release."""
        if release not in self._texts:
            self._texts[release] = str(Release.objects.values_list("content", flat=True).get(pk=release))
        return self._texts[release]

    def policy(self, release: int) -> int:
        """Return the policy of a release."""
        return int(self._rows[release][1])

    def published_at(self, release: int) -> datetime:
        """Return when a release was published."""
        found: datetime = self._rows[release][5]
        return found

    def ruling(self, policy: int, on: date) -> int | None:
        """Return the release of a policy that rules on a day: of those in effect the one put in force last."""
        fits = [row for row in self._rows.values() if row[1] == policy and row[2] == "published" and row[3]]
        return max(((row[3], row[0]) for row in fits if row[4] <= on), default=(0, None))[1]

    def all_ruling(self, on: date) -> list[int]:
        """Return the release of every policy that rules on a day."""
        found = (self.ruling(policy, on) for policy in self._policies)
        return [one for one in found if one is not None]

    def judging(self, ground: Ground, departments: Mapping[int, str]) -> list[int]:
        """Return the releases that judge a ground: its own, else all in force that rule its department."""
        if ground.release is not None:
            return [ground.release]
        name = departments.get(ground.department or 0)
        ruled = [(one, as_list(self.head(one).get("departments"))) for one in self.all_ruling(ground.on)]
        return [one for one, names in ruled if not names or name is None or name in names]

    def head(self, release: int) -> dict[str, Any]:
        """Return the first section of a release."""
        found: dict[str, Any] = tables(self.content(release)).get("policy", {})
        return found

    def penalties(self, release: int) -> list[dict[str, Any]]:
        """Return the penalties of a release that wait for no figure."""
        return whole_entries(self.content(release), "penalty")


@cache
def whole_entries(content: str, section: str) -> list[dict[str, Any]]:
    """Return the entries of a section that hold no ``"?"`` and refer to none that does."""
    pack = tables(content)
    return [one for one in as_list(pack.get(section, [])) if not waits(one, pack)]


def waits(entry: Mapping[str, Any], pack: Mapping[str, Any]) -> bool:
    """Say whether an entry waits for a figure, its own or that of an entry it refers to."""
    if lacks_a_figure(entry):
        return True
    for name in (*as_list(entry.get("of")), *as_list(entry.get("metric"))):
        section, colon, code = str(name).partition(":")
        code, _slash, part = code.partition("/")
        for other in as_list(pack.get(section, [])) if colon else ():
            if other.get("code", other.get("metric")) == code and _is_idle(other, part, pack):
                return True
    return False


def _is_idle(entry: Mapping[str, Any], part: str, pack: Mapping[str, Any]) -> bool:
    steps = as_list(entry.get("step"))
    if not steps:
        return waits(entry, pack)
    own = {key: value for key, value in entry.items() if key != "step"}
    named = [step for step in steps if not part or step.get("code") == part]
    return lacks_a_figure(own) or all(lacks_a_figure(step) for step in named)


def lacks_a_figure(value: Any) -> bool:
    """Say whether ``"?"`` stands anywhere in an entry."""
    if isinstance(value, Mapping):
        return any(lacks_a_figure(one) for one in value.values())
    return any(map(lacks_a_figure, value)) if isinstance(value, list) else value == "?"


def calls_for(penalty: Mapping[str, Any], ground: Ground) -> bool:
    """Say whether a penalty is about a ground. Raises `Unknowable` where its conditions ask for too much."""
    if ground.kind not in as_list(penalty.get("violation")):
        return False
    wanted = as_list(penalty.get("of"))
    if wanted and not any(is_named(name, ground.sections) for name in wanted):
        return False
    conditions = as_list(penalty.get("when"))
    if not conditions:
        return True
    told = ground.told()
    held = [is_met(one, told) for one in conditions]
    return any(held) if penalty.get("match") == "any" else all(held)


def is_named(name: str, sections: tuple[str, ...]) -> bool:
    """Say whether ``report:daily``, ``daily``, ``calls/phrase`` or ``phrase`` means one of ``section:code/part``."""
    for full in sections:
        rest = full.partition(":")[2]
        code, _slash, part = rest.partition("/")
        if name in (full, full.partition("/")[0], rest, code, part):
            return True
    return False


def is_met(condition: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    """Say whether one condition holds; what is empty fails every one but ``!=``."""
    value, op, wanted = told.get(condition["field"]), condition["op"], condition["value"]
    if isinstance(value, Unknown):
        raise Unknowable(condition["field"])
    values = [one for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
    if op in ORDERS:
        pairs = [(comparable(one, wanted), comparable(wanted, wanted)) for one in values]
        return any(left is not None and ORDERS[op](left, right) for left, right in pairs)
    found = any(equals(one, other) for one in values for other in (as_list(wanted) if op == "in" else [wanted]))
    return not found if op == "!=" else found


def equals(value: Any, wanted: Any) -> bool:
    """Say whether a value is the wanted one: numbers as numbers, truth as truth, text letter by letter."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        truths = [TRUTHS.get(one.lower()) if isinstance(one, str) else one for one in (value, wanted)]
        return all(isinstance(one, bool) for one in truths) and truths[0] == truths[1]
    if isinstance(wanted, str):
        return text_of(value) == wanted
    left = comparable(value, wanted)
    return left is not None and left == comparable(wanted, wanted)


def text_of(value: Any) -> str:
    """Return a value as a regulation would write it in quotes."""
    if isinstance(value, int | float | Decimal):
        text = f"{Decimal(str(value)):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def comparable(value: Any, wanted: Any) -> Any:
    """Return a value as what `wanted` is: a number, a day, a time of day; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(wanted, time):
        return value.strftime("%H:%M:%S") if isinstance(value, time) else f"{value}:00"[:8]
    if isinstance(wanted, datetime) and isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=wanted.tzinfo)
    if isinstance(wanted, date):
        return value.isoformat()[:10] if isinstance(value, date) else str(value)[:10]
    try:
        return Decimal(str(value).strip(" ").replace(",", ""))
    except InvalidOperation:
        return None
