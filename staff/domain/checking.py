"""What the program finds out about itself: checks by name, findings in words, each with how to mend it.

The page of health, `manage.py doctor`, the metrics and the alarms all ask here. A check is a function
``check(*, now) -> Iterable[Finding]`` named in `config.wiring.CHECKS`; one that fails is itself a finding.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config import wiring

logger = logging.getLogger(__name__)


class Level(StrEnum):
    """How bad it is. A warning waits until somebody has time; an alarm does not."""

    OK = "ok"
    WARNING = "warning"
    ALARM = "alarm"


ORDER = (Level.ALARM, Level.WARNING, Level.OK)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `what` is a stable code (``job.plan_events``), the same for the same thing at any time; `words` says in the
    language of the reader what was found, `mend` what to do about it (empty where all is well). Neither may hold data
    of a customer.
    """

    level: Level
    what: str
    words: str
    mend: str = ""


def findings(*, now: datetime, paths: Iterable[str] | None = None) -> list[Finding]:
    """Run the checks named by `paths` (default: those of health) and return what they found, alarms first.

    Otherwise they stand in the order of the table.
    """
    asked = wiring.CHECKS if paths is None else paths
    found = [finding for path in asked for finding in _ask(path, now=now)]
    return sorted(found, key=lambda finding: ORDER.index(finding.level))


def vital(*, now: datetime) -> list[Finding]:
    """Run only the checks of what no work is done without: fast enough for a monitor that asks all the time."""
    return [finding for path in wiring.VITAL for finding in _ask(path, now=now)]


def worst(found: Iterable[Finding]) -> Level:
    """Return the worst level among the findings; all is well where there are none."""
    return min((finding.level for finding in found), key=ORDER.index, default=Level.OK)


def _ask(path: str, *, now: datetime) -> Iterator[Finding]:
    """Run one check apart from the others; what it meets must not hide what they find."""
    try:
        with transaction.atomic():
            told: Iterable[Finding] = import_string(path)(now=now)
            yield from list(told)
    except Exception as error:  # a broken check is a finding like any other
        logger.exception("check %s failed", path)
        yield Finding(
            Level.ALARM,
            f"check.{path.rsplit('.', 1)[-1]}",
            _("The check %(name)s itself failed: %(error)s") % {"name": path, "error": type(error).__name__},
            _("Look into the log of the program for the reason."),
        )
