"""What the data sets of `manage.py export` are called on the screen, by their names."""

from typing import Final

from django.utils.translation import pgettext_lazy

DATASET_WORDS: Final = {
    "events": pgettext_lazy("data set", "events of the shop"),
    "tasks": pgettext_lazy("data set", "visits to make"),
    "records": pgettext_lazy("data set", "contacts made"),
    "violations": pgettext_lazy("data set", "violations and rewards"),
    "ledger": pgettext_lazy("data set", "postings of the ledger"),
    "obligations": pgettext_lazy("data set", "deeds owed"),
    "problems": pgettext_lazy("data set", "problems reported"),
    "daily_reports": pgettext_lazy("data set", "daily reports"),
    "inspections": pgettext_lazy("data set", "inspected records"),
    "complaints": pgettext_lazy("data set", "cases"),
    "case_steps": pgettext_lazy("data set", "steps of cases"),
    "compensations": pgettext_lazy("data set", "compensations"),
    "entries": pgettext_lazy("data set", "entries of own books"),
    "people": pgettext_lazy("data set", "posts, roles, papers and leave of people"),
    "shifts": pgettext_lazy("data set", "shifts on duty"),
    "work_orders": pgettext_lazy("data set", "work orders"),
    "customers": pgettext_lazy("data set", "customers without name and number"),
    "votes": pgettext_lazy("data set", "votes of elections that have ended"),
    "metrics": pgettext_lazy("data set", "figures"),
}
