"""The forms of what is done about a case."""

from pathlib import Path

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import Measure
from complaints.domain.facts import facts_of_case
from complaints.domain.forms_asked import fields_at, required_at
from complaints.domain.ruling import pack_of
from complaints.forms.desk import REASON, DeedForm, one_of, row_of, text_field
from visits.choices import Channel
from visits.forms.dressing import day_input, moment_input
from visits.forms.stages import field_of

OWN = "own-"  # before the regulation's own fields
# What the program has a column for; a form that requires it asks for nothing of its own.
YES_NO = [("", _("the customer has not said")), ("yes", _("yes, satisfied")), ("no", _("no, not satisfied"))]


class PlainForm(DeedForm):
    """Nothing but the press of a button."""


class TextForm(DeedForm):
    """A text."""

    text = text_field(_("What has happened since"))


class ReasonForm(DeedForm):
    """A reason."""

    text = text_field(REASON)


class RemarkForm(DeedForm):
    """A remark."""

    text = text_field(_("Remark"))


class ToldForm(DeedForm):
    """What the customer was told, and by which way."""

    channel = forms.ChoiceField(label=_("By"), choices=Channel.choices)
    text = text_field(
        _("What the customer was told"),
        help_text=_("Who has a page of the case reads these words there; put what they said into a remark."),
    )


class ProgressForm(TextForm):
    """What was done; ticked where the customer was told so."""

    told_customer = forms.BooleanField(
        label=_("The customer was told"), required=False, help_text=_("Then the customer's own page shows these words.")
    )


class AssignForm(DeedForm):
    """To whom a case is given."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        people = {key: one for key, one in self.desk.people.items() if one.pk != self.desk.case.handler_id}
        self.fields["to"] = row_of(people, _("To whom"))
        self.fields["text"] = text_field(_("What they should know"), required=False)


class PeopleForm(DeedForm):
    """Who keeps track, who coordinates, which departments are involved."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        case, people = self.desk.case, self.desk.people
        for name, label in (("tracker", _("Keeps track")), ("coordinator", _("Coordinator"))):
            chosen = getattr(case, f"{name}_id")
            self.fields[name] = row_of(people, label, required=False, initial=str(chosen or ""))
        self.fields["departments"] = row_of(
            self.desk.departments, _("Departments involved"), required=False, many=True,
            initial=list(self.desk.involved),
        )  # fmt: skip


class LevelForm(DeedForm):
    """A level, and why."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        levels = [one for one in self.desk.levels if one[0] != self.desk.case.level]
        self.fields["level"] = one_of(levels, _("Level"))
        self.fields["text"] = text_field(_("Why the level changes"))


class CategoryForm(DeedForm):
    """A category."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["category"] = one_of(self.desk.categories, _("Category"), initial=self.desk.case.category)


class AskForm(DeedForm):
    """What a department is asked, until when."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["department"] = row_of(self.desk.departments, _("Department"))
        self.fields["due_on"] = forms.DateField(label=_("Answer until"), required=False, widget=day_input())
        self.fields["text"] = text_field(_("What the department shall do or answer"))


class DepartmentReplyForm(DeedForm):
    """What an involved department answers."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        involved = self.desk.involved
        only = next(iter(involved)) if len(involved) == 1 else ""
        self.fields["department"] = row_of(involved, _("Department"), initial=only)
        self.fields["text"] = text_field(_("What the department answers"))


class MeetingForm(DeedForm):
    """Who met, when, what was decided, what follows."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["held_at"] = forms.DateTimeField(label=_("When"), required=False, widget=moment_input())
        self.fields["attendees"] = row_of(self.desk.people, _("Who was there"), many=True)
        self.fields["decision"] = text_field(_("What was decided"))
        self.fields["actions"] = text_field(_("Who does what until when, one line each"), required=False)


class FileForm(DeedForm):
    """A letter that was photographed, a picture, a recording."""

    path = forms.FileField(label=_("Picture or recording"), allow_empty_file=True, max_length=255)
    text = text_field(_("What it shows"), required=False)

    def arguments(self) -> dict:
        """Return the arguments with the path of the file as it came."""
        told = super().arguments()
        return told | {"path": Path(told["path"].temporary_file_path())}


class OwnFields(DeedForm):
    """A form that also asks for the regulation's own fields of its stage (`[[form]]`, ``of = "complaint"``)."""

    STAGE = ""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        case = self.desk.case
        pack, facts = pack_of(case.release), facts_of_case(case)
        needed = required_at(pack, self.STAGE, facts)
        for code, spec in fields_at(pack, self.STAGE, facts).items():
            field = field_of(spec)
            field.initial = case.values.get(code, "")
            self.fields[OWN + code] = field
        self.wanted = frozenset(needed)

    def arguments(self) -> dict:
        """Return the arguments with the regulation's own fields as `values`."""
        told = super().arguments()
        own = {name.removeprefix(OWN): told.pop(name) for name in list(told) if name.startswith(OWN)}
        return told | {"values": {code: str(value) for code, value in own.items() if value not in (None, "")}}


class DecideForm(OwnFields):
    """A decision."""

    STAGE = "decide"
    text = text_field(_("What is decided"))


class ResolveForm(OwnFields):
    """How a case was solved; what the regulation requires is marked."""

    STAGE = "decide"
    cause = text_field(_("Cause"), required=False)
    process = text_field(_("What was done, step by step"), required=False)
    solution = text_field(_("Solution"))
    result = text_field(_("Result"), required=False)
    measure = forms.ChoiceField(label=_("Settled by"), required=False, choices=[("", "—"), *Measure.choices])
    remedy = text_field(_("What the customer got in addition"), required=False)
    told_customer = forms.BooleanField(label=_("The customer was told the result"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in ("cause", "process", "solution", "result", "measure", "remedy"):
            self.fields[name].initial = getattr(self.desk.case, name)
            self.fields[name].required |= name in self.wanted


class CloseForm(OwnFields):
    """The customer's word about the solution."""

    STAGE = "close"
    satisfied = forms.ChoiceField(label=_("Does the customer confirm the solution?"), choices=YES_NO, required=False)
    opinion = text_field(_("The customer's opinion, in their words"), required=False)
    told_now = forms.BooleanField(label=_("The customer was told the result in this talk"), required=False)
    text = text_field(_("Remark"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["opinion"].required |= "customer_opinion" in self.wanted
        if self.desk.case.informed_at is not None:
            del self.fields["told_now"]

    def clean_satisfied(self):
        """Return yes, no, or nothing where the customer has not answered."""
        return {"yes": True, "no": False}.get(self.cleaned_data["satisfied"])
