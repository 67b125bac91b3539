"""What is typed of a visit that somebody asks for, and of a call that the customer made."""

from datetime import datetime
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from staff.domain.wording import local
from visits.choices import Channel, Outcome
from visits.domain.calling.contacts import Contact
from visits.domain.follow_up.wishes import FollowOn
from visits.domain.origin.requesting import ASSIGNED, REQUEST, Wish
from visits.forms.contact import TRUTHS, Moment
from visits.forms.dressing import Dressed, day_input, moment_input
from visits.forms.follow_up import ComplaintFields

KINDS = [(ASSIGNED, _("assigned by us")), (REQUEST, _("the customer asks for it"))]
ANY_WAY = [("", _("as the regulation says")), *Channel.choices]
ALIVE = range(1980, 3000)


class DueForm(Dressed):
    """By when: a day, and a time where it is to the minute."""

    due_on = forms.DateField(label=_("To be done by"), required=False, widget=day_input())
    due_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Leave it empty for the end of the day."),
    )  # fmt: skip

    def clean_due_on(self):
        """Refuse a day that no calendar of the program reaches."""
        day = self.cleaned_data["due_on"]
        if day is not None and day.year not in ALIVE:
            raise forms.ValidationError(_("This day cannot be."))
        return day

    def due(self, *, now: datetime) -> tuple[datetime | None, bool]:
        """Return the moment and whether it is one to the minute; a time alone is today's."""
        day, at = self.cleaned_data.get("due_on"), self.cleaned_data.get("due_at")
        if day is None and at is None:
            return None, False
        here = local(now)
        day = day or here.date()
        hour, minute = (at.hour, at.minute) if at else (0, 0)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=here.tzinfo), at is not None


class VisitForm(DueForm):
    """A visit by hand: who asks for it, what for, by when and by whom."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Origin"), choices=KINDS, widget=forms.RadioSelect)
    aim = forms.CharField(label=_("Aim"), max_length=200)
    content = forms.CharField(label=_("What to talk about"), required=False, max_length=1000, widget=forms.Textarea)
    way = forms.ChoiceField(label=_("By"), required=False, choices=ANY_WAY)
    asked_at = Moment(
        label=_("Asked for at"), required=False, widget=moment_input(), help_text=_("When the customer asked.")
    )
    policy = forms.TypedChoiceField(label=_("Regulation"), coerce=int, empty_value=None)
    vehicle = forms.TypedChoiceField(label=_("Vehicle"), required=False, coerce=int, empty_value=None)
    advisor = forms.TypedChoiceField(label=_("Who makes it"), required=False, coerce=int, empty_value=None)

    WIDE = frozenset({"aim", "content", "kind"})
    GROUPS = (
        (_("What for"), ("kind", "aim", "content", "asked_at", "vehicle")),
        (_("By when and by whom"), ("due_on", "due_at", "advisor", "way", "policy")),
    )

    def __init__(self, *args, people, vehicles, policies, **options):
        super().__init__(*args, **options)
        self.fields["advisor"].choices = [("", _("whom the regulation names")), *people]
        self.fields["vehicle"].choices = [("", "—"), *vehicles]
        self.fields["policy"].choices = policies
        if not vehicles:
            del self.fields["vehicle"]
        if len(policies) < 2:
            self.fields["policy"].required = False
            self.fields["policy"].widget = forms.HiddenInput()
            self.GROUPS = tuple((title, tuple(n for n in names if n != "policy")) for title, names in self.GROUPS)

    def wish(self, *, customer, advisor, vehicle, now) -> Wish:
        """Return what is asked for; only after `is_valid`."""
        typed = self.cleaned_data
        due_at, to_the_minute = self.due(now=now)
        passive = typed["kind"] == REQUEST
        return Wish(
            typed["token"], typed["kind"], customer, (passive and typed["asked_at"]) or now, due_at, to_the_minute,
            advisor, vehicle, {name: typed[name].strip() for name in ("aim", "content", "way")},
            policy=typed["policy"],
        )  # fmt: skip


class InboundForm(DueForm, ComplaintFields):
    """A call of the customer: what was said, whether they complain, whether they want to be visited or called back.

    `offered`: what a complaint may be called (`config.wiring.COMPLAINT_CHOICES`).
    """

    token = forms.UUIDField(widget=forms.HiddenInput)
    started_at = Moment(label=_("Began"), widget=moment_input())
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    problem = forms.CharField(label=_("Problem"), required=False, max_length=2000, widget=forms.Textarea)
    rectification = forms.CharField(label=_("Rectification"), required=False, max_length=2000, widget=forms.Textarea)
    need = forms.CharField(label=_("Need"), required=False, max_length=2000, widget=forms.Textarea)
    suggestion = forms.CharField(label=_("Suggestion"), required=False, max_length=2000, widget=forms.Textarea)
    notes = forms.CharField(label=_("Notes"), required=False, max_length=4000, widget=forms.Textarea)
    satisfied = forms.ChoiceField(
        label=_("Satisfied?"),
        required=False,
        choices=[("", _("not said")), ("yes", _("satisfied")), ("no", _("dissatisfied"))],
    )
    wants = forms.BooleanField(label=_("The customer wants to be visited or called back"), required=False)

    WIDE = frozenset({"wants", "complaint"})
    GROUPS = (
        (_("What was said"), ("problem", "rectification", "need", "suggestion", "notes", "satisfied")),
        (
            _("A complaint"),
            ("complaint", "complaint_severity", "complaint_category", "complaint_department", "complaint_demand"),
        ),
        (_("What the customer asks for"), ("wants", "due_on", "due_at")),
        (_("The call"), ("started_at", "channel")),
    )
    SAID = ("problem", "rectification", "need", "suggestion", "notes")

    def __init__(self, *args, offered, **options):
        super().__init__(*args, **options)
        none = ("", "—")
        for name, choices in (
            ("complaint_severity", [("", _("as the words say")), *offered["severities"]]),
            ("complaint_category", [none, *(one for group in offered["categories"] for one in grouped(*group))]),
            ("complaint_department", [none, *offered["departments"]]),
        ):
            self.fields[name].widget = forms.Select(choices=choices, attrs={"class": "form-select"})

    def clean(self):
        """Refuse a call of which nothing is told."""
        typed = super().clean()
        if not any(typed.get(name, "").strip() for name in self.SAID) and not typed.get("wants"):
            self.add_error("notes", _("Write down what the customer said."))
        return typed

    def contact(self) -> Contact:
        """Return what was said; only after `is_valid`."""
        typed = self.cleaned_data
        return Contact(
            token=typed["token"], outcome=Outcome.REACHED, started_at=typed["started_at"], channel=typed["channel"],
            inbound=True, satisfied=TRUTHS.get(typed["satisfied"]), **{name: typed[name] for name in self.SAID},
            follow=FollowOn(complaint=typed["complaint"], grievance=self.grievance()),
        )  # fmt: skip

    def wish(self, customer, *, advisor, now) -> Wish | None:
        """Return the visit that the customer asks for, None where they ask for none."""
        typed = self.cleaned_data
        if not typed["wants"]:
            return None
        due_at, to_the_minute = self.due(now=now)
        asked = next((typed[name].strip() for name in self.SAID if typed[name].strip()), "")
        return Wish(
            typed["token"], REQUEST, customer, min(typed["started_at"], now), due_at, to_the_minute, advisor,
            told={"aim": asked[:200]},
        )  # fmt: skip


def grouped(above: str, below: list) -> list:
    """Return a group of choices as a list of a form shows it; one without a name stands open."""
    return [(above, below)] if above else below


def fresh_token() -> dict[str, object]:
    """Return the first value of a form's token."""
    return {"token": uuid4()}
