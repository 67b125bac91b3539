"""By what a customer may be visited, and what another channel than the default takes (A-05, DECISIONS 30)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from visits.choices import Channel
from visits.domain.calling.terms import Terms
from visits.domain.contact.reaching import BY_NUMBER, first_reaching
from visits.models import Customer

__all__ = ["BY_NUMBER", "ChannelChoice", "channel_choices", "channel_fault", "default_channel", "wants_manager"]

FREE, REASON, MANAGER = "free", "reason", "manager"


@dataclass(frozen=True)
class ChannelChoice:
    """One channel of the call form. `takes`: nothing (``free``), a ``reason``, or a ``manager`` with a reason."""

    code: str
    label: str
    is_default: bool
    takes: str


def channel_choices(
    terms: Terms, customer: Customer, *, has_number: bool, unanswered: int
) -> tuple[ChannelChoice, ...]:
    """Return the channels that the step allows, the default first; after an unanswered attempt a fallback is free."""
    default = default_channel(terms, customer, has_number=has_number)
    other = FREE if unanswered and terms.step.other_channel == REASON else terms.step.other_channel
    codes = sorted(terms.channels, key=lambda code: code != default)
    return tuple(
        ChannelChoice(code, str(Channel(code).label), code == default, FREE if code == default else other)
        for code in codes
    )


def default_channel(terms: Terms, customer: Customer, *, has_number: bool) -> str:
    """Return by what the customer is visited unless there is a reason: what they prefer, else what reaches them."""
    allowed = terms.channels
    if customer.preferred_channel in allowed:
        return customer.preferred_channel
    return first_reaching(allowed, customer, has_number=has_number)


def channel_fault(choices: tuple[ChannelChoice, ...], code: str, reason: str) -> dict[str, str]:
    """Return what stands against a contact by that channel, by field; a needed reason blocks saving."""
    choice = next((choice for choice in choices if choice.code == code), None)
    if choice is None:
        allowed = " | ".join(choice.label for choice in choices)
        return {"channel": _("The regulation allows for this visit: %(channels)s.") % {"channels": allowed}}
    if choice.takes != FREE and not reason.strip():
        return {"channel_reason": _("Say why it is not by %(channel)s.") % {"channel": choices[0].label}}
    return {}


def wants_manager(choices: tuple[ChannelChoice, ...], code: str) -> bool:
    """Say whether a contact by that channel takes a manager's approval."""
    return any(choice.code == code and choice.takes == MANAGER for choice in choices)
