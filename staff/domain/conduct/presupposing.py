"""What a penalty presupposes (`when`) where people propose it: whoever does says that it is so (N-07).

A detector knows the fields of its subject and judges the conditions itself; of what people saw nobody else knows them.
"""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.condition import Condition
from config.packs.consequences import PenaltySpec
from staff.domain.conduct.refusing import Refused
from staff.domain.metric_words import bar_words

NAMES: Final = {
    "verified": gettext_lazy("it was verified"),
    "harm": gettext_lazy("it did harm"),
    "attitude": gettext_lazy("it is about the attitude"),
}


def presupposed(spec: PenaltySpec) -> str:
    """Return the conditions of a penalty in words; nothing where it has none."""
    return (_(", or ") if spec.match == "any" else _(", and ")).join(_told(one) for one in spec.when)


def ask_for(spec: PenaltySpec, *, said: bool) -> None:
    """Raise `Refused` where a penalty presupposes something and nobody has said that it is so."""
    if spec.when and not said:
        words = _("This penalty presupposes: %s. Tick that it is so, or choose another one.")
        raise Refused(words % presupposed(spec), "presupposed")


def _told(one: Condition) -> str:
    name = str(NAMES.get(one.field, one.field))
    if isinstance(one.value, bool) and one.op in ("==", "!="):
        return name if one.value is (one.op == "==") else _("not: %s") % name
    if isinstance(one.value, tuple):
        return f"{name}: {' / '.join(str(value) for value in one.value)}"
    return f"{name}: {bar_words(one.op, str(one.value))}"
