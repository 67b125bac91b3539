"""What a caller must mind before dialling: the last bad word, and when and how the customer wants to be called."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from staff.domain.wording import day_words, local
from visits.domain.contact.masking import mask_in_text
from visits.models import Customer, VisitRecord

LONGEST = 80


def cautions(customer: Customer, contacts: Sequence[VisitRecord]) -> list[str]:
    """Return the lines that stand above the number, from the customer's file and their last contacts, latest first."""
    return list(_cautions(customer, contacts))


def _cautions(customer: Customer, contacts: Sequence[VisitRecord]) -> Iterator[str]:
    bad = next((record for record in contacts if record.satisfied is False), None)
    if bad:
        said = mask_in_text(bad.problem or bad.summary or bad.satisfaction)
        yield _("Dissatisfied on %(day)s: %(said)s") % {
            "day": day_words(local(bad.started_at).date()),
            "said": said if len(said) <= LONGEST else f"{said[:LONGEST]}…",
        }
    if customer.preferred_time:
        yield _("Wants to be called: %(time)s") % {"time": customer.preferred_time}
    if customer.quiet_hours:
        yield _("Not to be disturbed: %(time)s") % {"time": customer.quiet_hours}
    if customer.note:
        yield mask_in_text(customer.note)
    if customer.left_at:
        yield _("No longer a customer since %(day)s") % {"day": day_words(local(customer.left_at).date())}
