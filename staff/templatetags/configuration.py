"""The start page and the side bar of the configuration: places by what one wants to do, each with a line about it."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.admin.purposes import PURPOSES

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One place: its words, what it is for, the list of the model behind it, and what narrows that list."""

    words: Any
    purpose: Any
    name: str
    query: str = ""

    @property
    def url(self) -> str:
        """The address of the place."""
        return reverse(self.name) + self.query


def entries(section: str, words: Any) -> Place:
    """Return the place of a section of the regulations."""
    return Place(words, PURPOSES[section], "admin:staff_policyentry_changelist", f"?section={section}")


PLACES: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        _("What the regulation says"),
        (
            Place(
                _("Regulations"),
                _("What holds since when; its clauses; see what a change does, then publish it."),
                "admin:staff_policy_changelist",
            ),
            Place(
                _("Visit rules"),
                _("Who is called after what, from when until when, how often."),
                "admin:visits_visitrule_changelist",
            ),
            entries("questionnaire", _("Questionnaires")),
            entries("form", _("Forms")),
            entries("calling_hours", _("Calling hours")),
            entries("return_appointment", _("Return appointments")),
            entries("qualification", _("Qualifications")),
            Place(
                _("Clauses"),
                _("The words of the regulation, and what carries each of them out."),
                "admin:staff_clause_changelist",
            ),
            Place(
                _("All other sections"),
                _("Reports, figures, penalties and rewards: kept and shown; what is not enforced yet says so."),
                "admin:staff_policyentry_changelist",
            ),
        ),
    ),
    (
        _("What was published"),
        (
            Place(
                _("Releases"),
                _("Every published state, compared with the one before; put an old one back in force."),
                "admin:staff_release_changelist",
            ),
            Place(
                _("Rehearsals"),
                _("What a change would have done on the last weeks' orders."),
                "admin:visits_rehearsal_changelist",
            ),
        ),
    ),
    (
        _("Customers and their events"),
        (
            Place(_("Kinds of events"), PURPOSES["event_kind"], "admin:visits_eventkind_changelist"),
            Place(_("Segments of customers"), PURPOSES["segment"], "admin:visits_segment_changelist"),
        ),
    ),
    (
        _("People and days"),
        (
            Place(
                _("Employees"),
                _("Accounts, roles and posts, each from a day on; activation links; open sessions."),
                "admin:staff_employee_changelist",
            ),
            Place(
                _("Roles"),
                _("What each role may open; roles of your own."),
                "admin:staff_role_changelist",
            ),
            Place(_("Branches"), _("Shops or sites, with their departments."), "admin:staff_branch_changelist"),
            Place(_("Departments"), _("Of a branch or of the company."), "admin:staff_department_changelist"),
            Place(
                _("Calendar of the company"),
                _("The official days of each year, and the company's own working days and days off."),
                "admin:staff_workdayoverride_changelist",
            ),
        ),
    ),
    (
        _("What was done"),
        (
            Place(
                _("Activity log"),
                _("Who did what, and when; nobody can change it."),
                "admin:staff_activity_changelist",
            ),
        ),
    ),
)  # fmt: skip


@register.simple_tag
def places():
    """Return the groups of places with their words."""
    return PLACES
