"""What the words of reports, figures, consequences and the ledger are called on forms that offer them."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from staff.domain.conduct.naming import MEASURE_WORDS, VIOLATION_WORDS
from staff.domain.metric_words import METRIC_WORDS

CHOICES: Final[dict[str, dict[str, Any]]] = {
    "owed": {
        "when_listed": _("on days with visits on the list"),
        "every_working_day": _("each working day"),
        "always": _("each day"),
    },
    "basis": {
        "worked": _("the visits that were made"),
        "listed": _("the visits on the list"),
        "visited": _("of all visits"),
        "rated": _("of the rated visits"),
        "visits": _("what was asked in visits"),
        "events": _("what orders and events bring"),
        "inspected": _("of what was inspected"),
        "all": _("of all records"),
    },
    "send": {"handed_in": _("when it is handed in"), "approved": _("when its reviewer has approved it")},
    "deed": {
        "record": _("write the visit down"),
        "attempt": _("try to reach the customer"),
        "first_reply": _("reply for the first time"),
        "department_reply": _("let the department reply"),
        "progress": _("tell how far it is"),
        "resolve": _("solve it"),
        "tell_customer": _("tell the customer how far it is"),
        "decide": _("decide"),
        "complaint": _("register a complaint"),
        "work_order": _("open a work order"),
        "onsite_visit": _("visit the customer on site"),
        "correct_number": _("correct the number"),
        "close_entry": _("close the entry"),
        "archive": _("file it away"),
        "todo": _("to do"),
        "notify": _("the program tells those of “who is told”"),
        "reopen": _("the program reopens the case"),
        "draft_complaint": _("the program drafts a complaint"),
        "draft_work_order": _("the program drafts a work order"),
        "improvement_action": _("the program begins an improvement action"),
    },
    "of": {
        "visit_record": _("recorded visits"),
        "call": _("calls"),
        "complaint": _("complaints"),
        "work_order": _("work orders"),
        "employee": _("people"),
        "unit": _("units"),
        "system": _("the whole company"),
    },
    "count": {"visits": _("every visit"), "customers": _("each customer once")},
    "combine": {
        "average": _("their average"),
        "sum": _("their sum"),
        "deduct": _("100 less the weight of each finding"),
    },
    "unit": {"CNY": _("yuan"), "points": _("points"), "none": _("no figure")},
    "round": {"up": _("up"), "down": _("down")},
    "ties": {"all": _("all of them get it"), "decide": _("people decide")},
    "within": {"company": _("the company"), "branch": _("each branch"), "department": _("each department")},
    "voters": {"staff": _("the staff"), "customers": _("customers")},
    "stacking": {"all": _("each of them counts"), "highest": _("the highest of a visit or complaint counts")},
    "count_by": {"occurred": _("the day on which it happened"), "confirmed": _("the day of its confirmation")},
    "fines_as": {"money": _("money"), "points": _("points")},
    "violation": VIOLATION_WORDS,
    "what": MEASURE_WORDS,
    "choose": MEASURE_WORDS,
    "metric": dict(METRIC_WORDS),
}
