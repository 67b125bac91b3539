"""What customers do themselves: hand a case in by the public form, read how it stands, add a word.

Nobody signs in. The form opens by the token of its link; the customer's own page by a signed address that the form
shows afterwards, for nobody else has it. That page tells only what the customer said and what was told to him.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from complaints.choices import CaseDeedKind, CaseState, CaseType, Source
from complaints.domain.announcing import url_of
from complaints.domain.filing import FROM_CUSTOMER, keep_photographs
from complaints.domain.registering import Told, register
from complaints.domain.routing import pool_of
from complaints.domain.writing import CannotDo, Line, locked, write
from complaints.models import Case, CaseDeed, IntakeLink
from config.clock import local_day
from staff.domain.notifying import notify
from visits.domain.contact.masking import mask_in_text

SALT: Final = "case-of-customer"
KEPT_AFTER_END: Final = timedelta(days=90)
WORDS_A_DAY: Final = 10
ADDED: Final = gettext_noop("The customer has added to case %(number)s")

RECEIVED, WORKED_ON, SETTLED, OVER = "received", "worked_on", "settled", "over"
STAGE_OF: Final = {
    CaseState.REGISTERED: RECEIVED, CaseState.ASSIGNED: RECEIVED, CaseState.IN_PROGRESS: WORKED_ON,
    CaseState.WAITING: WORKED_ON, CaseState.RESOLVED: SETTLED, CaseState.VERIFYING: SETTLED, CaseState.CLOSED: OVER,
    CaseState.EXEMPT: OVER, CaseState.WITHDRAWN: OVER,
}  # fmt: skip
STAGES: Final = {
    RECEIVED: gettext_lazy("Received"), WORKED_ON: gettext_lazy("Being worked on"),
    SETTLED: gettext_lazy("Settled as we see it"), OVER: gettext_lazy("Over and done"),
}  # fmt: skip


class AlreadyHandedIn(CannotDo):
    """This very form was handed in before, with other words: `case` is what came of it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        told = {"number": case.number}
        super().__init__(
            _("You have sent this form already; it has become case %(number)s. Send it once more if this is another.")
            % told
        )


@dataclass(frozen=True)
class Said:
    """What a customer wrote into the form. `form`: the form's own number, by which it counts once."""

    form: str
    type: CaseType
    summary: str
    demand: str = ""
    name: str = ""
    contact: str = ""


def hand_in(link: IntakeLink, said: Said, *, now: datetime) -> Case:
    """Register what a customer wrote, under the unit of the link; the same form once more is the same case."""
    told = Told(
        summary=said.summary, source=Source.ONLINE, opened_at=now, type=said.type, name=said.name,
        contact=said.contact, demand=said.demand, reference=said.form, branch=link.branch, department=link.department,
    )  # fmt: skip
    case = register(told, by=None, now=now)
    if case.summary != said.summary.strip():
        raise AlreadyHandedIn(case)
    return case


def address_key(case: Case) -> str:
    """Return what opens the customer's own page of the case: signed, and kept nowhere."""
    return _signer().sign(case.pk)


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=".")


def case_behind(key: str, *, now: datetime) -> Case | None:
    """Return the case of a customer's page; None for a broken address and for what has long been over."""
    try:
        pk = int(_signer().unsign(key))
    except (signing.BadSignature, ValueError):
        return None
    case = Case.objects.select_related("merged_into", "handler", "tracker").filter(pk=pk).first()
    if case is None:
        return None
    end = leading(case).closed_at
    return None if end and end + KEPT_AFTER_END < now else case


def leading(case: Case) -> Case:
    """Return the case that a duplicate was merged into, at last."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


@dataclass(frozen=True)
class Word:
    """One line of the customer's page: his own word, or what he was told."""

    at: datetime
    text: str
    own: bool


@dataclass(frozen=True)
class Standing:
    """How a case stands for its customer. `steps`: each stage with whether it is reached, and whether it is now."""

    case: Case
    stage: str
    steps: list[tuple[Any, bool, bool]]
    words: list[Word]
    was_withdrawn: bool


def standing(case: Case) -> Standing:
    """Return what the customer may read about the case: never what the house says to itself."""
    found = leading(case)
    stage = STAGE_OF[found.state]
    order = list(STAGES)
    steps = [(STAGES[one], order.index(one) <= order.index(stage), one == stage) for one in order]
    return Standing(case, stage, steps, words_of(case, found), found.state == CaseState.WITHDRAWN)


def words_of(case: Case, master: Case) -> list[Word]:
    """Return the customer's words and those told to him, oldest first; of cases merged with his, if they are his too.

    A word on a merged case's page stands with the case that counts (`page`), and is read by whoever wrote it alone.
    """
    family = Case.objects.filter(Q(pk__in=[case.pk, master.pk]) | Q(merged_into=master))
    his = {one.pk for one in family if one.pk == case.pk or same_person(one, case)}
    deeds = CaseDeed.objects.filter(case__in=his | {master.pk}).order_by("at", "pk")
    told = [one for one in deeds if one.facts.get("page", one.case_id) in his]
    return [Word(one.at, words_told(one), is_own(one)) for one in told if words_told(one) and for_customer(one)]


def same_person(one: Case, other: Case) -> bool:
    """Say whether two cases were told by the same person: the same customer on file, else the same number."""
    who = "customer_id" if other.customer_id else "contact"
    return bool(getattr(other, who)) and getattr(one, who) == getattr(other, who)


def words_told(deed: CaseDeed) -> str:
    """Return what a line says to the customer; of a picture that it came."""
    return mask_in_text(deed.text) or (_("A photograph.") if deed.kind == CaseDeedKind.FILE else "")


def is_own(deed: CaseDeed) -> bool:
    """Say whether the customer wrote the line himself."""
    return deed.kind == CaseDeedKind.REGISTERED or deed.facts.get("told_by") == FROM_CUSTOMER["told_by"]


def for_customer(deed: CaseDeed) -> bool:
    """Say whether the customer may read the line: his own, or one that was told to him."""
    told = deed.kind in (CaseDeedKind.REPLIED, CaseDeedKind.TOLD_CUSTOMER) or bool(deed.facts.get("told_customer"))
    return told or is_own(deed)


def add_photographs(case: Case, paths: Sequence[Path], *, now: datetime, is_new: bool = False) -> list[str]:
    """Keep what a customer has photographed with the case that counts, and tell who handles it, unless it `is_new`.

    Returns why pictures were not kept: what was written stands whatever becomes of them.
    """
    found = leading(case)
    refused = keep_photographs(found, paths, now=now, page=case.pk)
    if len(refused) < len(paths) and not is_new:
        _tell(found, f"case-photographs-{case.pk}-{now:%Y%m%d%H%M}", now=now)
    return refused


@transaction.atomic
def add_word(case: Case, text: str, *, now: datetime) -> CaseDeed | None:
    """Put a word of the customer on the timeline and tell who handles the case; the same word twice is one."""
    found = locked(leading(case).pk)
    text = text.strip()
    if not text:
        raise CannotDo(_("Write what you want to add."), field="text")
    of_day = found.deeds.filter(kind=CaseDeedKind.REMARK, by=None, logged_at__gt=now - timedelta(days=1))
    mine = [deed.text for deed in of_day if is_own(deed)]
    if text in mine:
        return None
    if len(mine) >= WORDS_A_DAY:
        raise CannotDo(_("That is enough for one day. Call us, if there is more to say."), field="text")
    line = Line(text=text, facts={"page": case.pk, **FROM_CUSTOMER})
    deed = write(found, CaseDeedKind.REMARK, by=None, now=now, line=line)
    _tell(found, f"case-word-{deed.pk}", now=now)
    return deed


def _tell(case: Case, key: str, *, now: datetime) -> None:
    """Tell who handles the case that the customer has added to it; at once where its clocks stand still, or are over.

    A case that nobody has is told to those who may take it.
    """
    people = [one for one in (case.handler, case.tracker) if one] or pool_of(case, on=local_day(now))
    notify(
        people, kind="case", message=ADDED, facts={"number": case.number}, url=url_of(case), key=key,
        urgent=case.is_ended or case.state == CaseState.WAITING, now=now,
    )  # fmt: skip
