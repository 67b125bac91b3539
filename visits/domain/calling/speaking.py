"""What is said in a visit: the script of its step with the order's own data in it (AE-10). Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from config.packs.rule import StepSpec
from visits.domain.contact.masking import mask_in_text
from visits.models import ServiceEvent

HOLE: Final = re.compile(r"\{([^{}\n]+)\}")
FIELDS: Final = ("order_no", "product", "amount", "rating", "css")


def spoken(step: StepSpec, event: ServiceEvent) -> str:
    """Return the script, or the message that is to be sent; ``{name}`` stands for a field or column of the order.

    A line that names what the order lacks is left out: without money to collect nobody is told to bring any.
    """
    told = told_of(event)
    lines = (step.script or step.message).split("\n")
    kept = [line for line in lines if all(name.strip() in told for name in HOLE.findall(line))]
    return "\n".join(HOLE.sub(lambda hole: told[hole[1].strip()], line) for line in kept)


def told_of(event: ServiceEvent) -> Mapping[str, str]:
    """Return what an order says, by field or by the heading of its column; what is empty is left out."""
    values: dict[str, Any] = {name: getattr(event, name) for name in FIELDS} | dict(event.attributes)
    values["branch"] = event.branch
    return {name: mask_in_text(plain(value)) for name, value in values.items() if value not in (None, "", 0, "0")}


def plain(value: Any) -> str:
    """Return a value as one says it: figures without needless noughts."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", text) else text
