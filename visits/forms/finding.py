"""The filters above the lists: an address with nonsense in it shows the list as if that filter were not set."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.forms.finding import EARLIEST, LATEST, Finding
from visits.choices import TaskStatus


class FindTasks(Finding):
    """The filters of the task list."""

    START = {"status": "open", "sort": "closes"}

    status = forms.ChoiceField(
        required=False, label=_("State"), choices=[("open", _("open")), ("all", _("all states"))]
    )
    due = forms.ChoiceField(
        required=False,
        label=_("Due"),
        choices=[
            ("", _("any time")),
            ("overdue", _("overdue")),
            ("today", _("closes today")),
            ("later", _("later")),
            ("call_back", _("promised call-back")),
        ],
    )
    who = forms.ChoiceField(
        required=False,
        label=_("Whose"),
        choices=[
            ("", _("everybody I may see")),
            ("mine", _("mine")),
            ("pool", _("nobody's yet")),
            ("named", _("to be assigned")),
        ],
    )
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[
            ("closes", _("closing first")),
            ("-closes", _("closing last")),
            ("opens", _("opened first")),
            ("priority", _("priority")),
            ("attempts", _("most attempts")),
            ("customer", _("customer")),
        ],
    )

    def __init__(self, data, *, people=(), **options):
        """Offer, to who gives tasks away, those of each of these `people` (candidates) as well."""
        super().__init__(data, **options)
        named = [(str(person.id), person.name) for person in people]
        self.fields["who"].choices = [*self.fields["who"].choices, *named]
        others = [(value, label) for value, label in TaskStatus.choices if value != TaskStatus.OPEN]
        self.fields["status"].choices = [*self.fields["status"].choices, *others]


class FindEvents(Finding):
    """The filters of the event list."""

    START = {"sort": "-happened"}

    kind = forms.ChoiceField(required=False, label=_("Kind"))
    first = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(required=False, label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    tasks = forms.ChoiceField(
        required=False,
        label=_("Visits"),
        choices=[("", _("with or without")), ("with", _("with a visit")), ("without", _("without a visit"))],
    )
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[
            ("-happened", _("latest first")),
            ("happened", _("earliest first")),
            ("css", _("lowest CSS first")),
            ("-amount", _("highest amount first")),
            ("customer", _("customer")),
        ],
    )

    def __init__(self, data, *, kinds, **options):
        super().__init__(data, **options)
        self.fields["kind"].choices = [("", _("all kinds")), *kinds]

    def clean_first(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["first"])

    def clean_last(self):
        """Leave out days that no calendar of the program reaches."""
        return reachable(self.cleaned_data["last"])


class FindCustomers(Finding):
    """The filters of the customer list."""

    START = {"sort": "-last_event"}

    segment = forms.ChoiceField(required=False, label=_("Segment"))
    sort = forms.ChoiceField(
        required=False,
        label=_("Sort by"),
        choices=[
            ("-last_event", _("latest event first")),
            ("-open_tasks", _("most open tasks")),
            ("name", _("name")),
            ("-registered", _("newest customers first")),
        ],
    )

    def __init__(self, data, *, segments, **options):
        super().__init__(data, **options)
        self.fields["segment"].choices = [("", _("all segments")), *segments]


def reachable(day: date | None) -> date | None:
    return day if day and EARLIEST <= day <= LATEST else None
