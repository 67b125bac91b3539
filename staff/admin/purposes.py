"""What each section of a regulation is for, in one line: on the start page, above its list and its form."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PURPOSES: dict[str, Any] = {
    "role": _("A role of the company and the one whose rights and screens it has."),
    "event_kind": _("What may happen to a customer and start visits."),
    "segment": _("A class of customers, found every night by conditions or set by hand."),
    "qualification": _("A training, a test or a paper to sign, for whom, and whether customer data waits for it."),
    "calling_hours": _("At what hours customers are called, and what a call at another time takes."),
    "quota": _("How many visits somebody makes in a period; a shortage is shown."),
    "questionnaire": _("What is asked in a visit, when the customer counts as satisfied, when a reason is asked."),
    "form": _("What must be filled in before a visit, a case or a register is complete."),
    "return_appointment": _("Until when a car may come back by appointment."),
    "complaints": _("How complaints run: who registers, who decides, how they end."),
    "complaint_level": _("How grave a complaint is and who decides it."),
    "category": _("What complaints are about and who gets them."),
    "obligation": _("What somebody owes after an event, until when, and who hears of it when it stays undone."),
    "roster": _("Which hours must be staffed by whom."),
    "allowance": _("What may be spent on a visit, a gift or a compensation."),
    "report": _("Which reports are owed, by whom and until when."),
    "scorecard": _("What is inspected, item by item."),
    "kpi": _("A figure with its target."),
    "penalty": _("What a breach costs."),
    "reward": _("What a good figure earns."),
    "ledger": _("Who confirms and settles penalties and rewards."),
}
