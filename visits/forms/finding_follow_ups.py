"""The filters above the lists of follow-ups and of the archive."""

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import Finding
from visits.choices import ArchiveState, FollowUpKind, FollowUpState, Outcome
from visits.forms.finding import reachable

NOT_WAITING = (FollowUpState.OPEN, FollowUpState.BOOKED)


class FindFollowUps(Finding):
    """The filters of the list of follow-ups; it opens on what waits."""

    START = {"state": "waiting", "sort": "due"}

    kind = forms.ChoiceField(required=False, label=_("Kind"), choices=[("", _("all kinds")), *FollowUpKind.choices])
    state = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[
            ("waiting", _("still to do")),
            *((value, label) for value, label in FollowUpState.choices if value not in NOT_WAITING),
            ("all", _("all states")),
        ],
    )
    due = forms.ChoiceField(
        required=False,
        label=_("Due"),
        choices=[
            ("", _("any time")),
            ("today", _("today or before")),
            ("overdue", _("overdue")),
            ("silent", _("customer waits too long")),
        ],
    )
    whose = forms.ChoiceField(required=False, label=_("Whose"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[
            ("due", _("due first")),
            ("waiting", _("longest without a word")),
            ("-opened", _("newest first")),
            ("owner", _("person")),
        ],
    )

    def __init__(self, data, *, people, **options):
        super().__init__(data, **options)
        self.fields["whose"].choices = [("", _("everybody I may see")), ("mine", _("mine")), *people]


class FindRecords(Finding):
    """The filters of the archive."""

    START = {"sort": "-saved"}

    state = forms.ChoiceField(required=False, label=_("State"), choices=[("", _("all states")), *ArchiveState.choices])
    outcome = forms.ChoiceField(required=False, label=_("Outcome"), choices=[("", _("any outcome")), *Outcome.choices])
    first = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.ChoiceField(
        required=False, label=_("Sort by"), choices=[("-saved", _("latest first")), ("saved", _("earliest first"))]
    )

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])
