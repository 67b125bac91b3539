"""The call form: what an advisor typed, turned into a `Contact`. It never saves, and loses nothing that was typed."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from config.packs.asking import QuestionSpec
from staff.domain.calendar import YEARS
from staff.domain.wording import local
from visits.choices import Channel, Interest, Outcome
from visits.domain.calling.contacts import Contact
from visits.forms.follow_up import FollowOnFields
from visits.forms.questions import answer_field, why_field

TEXTS = ("problem", "need", "suggestion", "rectification", "displeasure", "displeasure_kind", "notes")
OFFER = ("offered", "interest")
LONGEST_DIGITS = 4  # 9999 minutes are a week
MOMENT = "%Y-%m-%dT%H:%M:%S"
TRUTHS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Asked:
    """What the form of one task holds beside its fixed fields."""

    questions: tuple[QuestionSpec, ...] = ()
    phrases: tuple[str, ...] = ()
    promotion: bool = False


class Moment(forms.DateTimeField):
    """A moment that a calendar of the program reaches."""

    def to_python(self, value):
        """Refuse a year in which nobody was or will be called."""
        moment = super().to_python(value)
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(_("This day cannot be."))
        return moment


class Length(forms.CharField):
    """How long a call was, as people write it: minutes (12), or minutes and seconds (12:30)."""

    def to_python(self, value):
        """Return a timedelta, None for nothing; refuse what is no length of a call."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip()
        if not text:
            return None
        minutes, _colon, seconds = text.partition(":")
        if not (minutes.isdecimal() and len(minutes) <= LONGEST_DIGITS and (seconds or "0").isdecimal()):
            raise forms.ValidationError(_("Write the length as minutes (12), or as minutes and seconds (12:30)."))
        return timedelta(minutes=int(minutes), seconds=min(int(seconds or 0), 59))


class Ids(forms.TypedMultipleChoiceField):
    """Ids of tasks, whatever has become of them since the form was shown: which of them count, the domain says."""

    def __init__(self, **options):
        super().__init__(coerce=int, **options)

    def valid_value(self, value):
        """Take digits; a form that is sent again names tasks that are done by now."""
        return value.isascii() and value.isdigit() and len(value) < 19


class ContactForm(FollowOnFields):
    """One contact as typed. Errors of the domain come back by `refuse` to the fields that they are about."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    seen_attempts = forms.IntegerField(required=False, min_value=0, max_value=32767, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, error_messages={"required": _("Say how the contact ended.")}
    )
    started_at = Moment(label=_("Began"), required=False)
    ended_at = Moment(label=_("Ended"), required=False)
    lasted = Length(label=_("Length"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, required=False)
    channel_reason = forms.CharField(label=_("Reason for another channel"), required=False)
    satisfied = forms.ChoiceField(
        label=_("Satisfied?"), required=False, choices=[("yes", _("satisfied")), ("no", _("dissatisfied"))]
    )
    problem = forms.CharField(label=_("Problem"), required=False)
    need = forms.CharField(label=_("Need"), required=False)
    suggestion = forms.CharField(label=_("Suggestion"), required=False)
    rectification = forms.CharField(label=_("Rectification"), required=False)
    settled = forms.ChoiceField(
        label=_("Is the problem settled?"), required=False, choices=[("yes", _("settled")), ("no", _("not settled"))]
    )
    displeasure = forms.CharField(label=_("Why dissatisfied?"), required=False)
    displeasure_kind = forms.CharField(label=_("What is it about?"), required=False)
    offered = forms.CharField(label=_("What was offered"), required=False)
    interest = forms.ChoiceField(label=_("Interest"), required=False, choices=Interest.choices)
    notes = forms.CharField(label=_("Notes"), required=False)
    call_back_at = Moment(label=_("Call back at"), required=False)
    new_number = forms.CharField(label=_("The right number"), required=False)
    reason = forms.CharField(label=_("Reason for a call out of bounds"), required=False)
    early_reason = forms.CharField(label=_("Reason for a visit before its opening"), required=False)
    signature = forms.CharField(label=_("Signed by"), required=False)
    inbound = forms.BooleanField(label=_("The customer called"), required=False)
    phrases = forms.MultipleChoiceField(label=_("Said"), required=False)
    also = Ids(label=_("Also done by this call"), required=False)

    def __init__(self, data=None, *, asked: Asked, **options):
        super().__init__(data, **options)
        self.asked = asked
        self.fields["phrases"].choices = [(phrase, phrase) for phrase in asked.phrases]
        for question in asked.questions:
            self.fields[f"answer.{question.code}"] = answer_field(question)
            self.fields[f"why.{question.code}"] = why_field(question)
        if not asked.promotion:
            for name in OFFER:
                del self.fields[name]

    def clean(self):
        """Reckon the end of a call of which only beginning and length were written down."""
        typed = super().clean()
        if typed.get("lasted") and typed.get("started_at") and not typed.get("ended_at"):
            typed["ended_at"] = typed["started_at"] + typed["lasted"]
        return typed

    def contact(self, *, further: Mapping[str, Any] | None = None) -> Contact:
        """Return what was typed; only after `is_valid`. `further`: answers to questions that the form has not."""
        typed = self.cleaned_data
        return Contact(
            token=typed["token"],
            outcome=typed["outcome"],
            started_at=typed["started_at"],
            ended_at=typed["ended_at"],
            channel=typed["channel"],
            channel_reason=typed["channel_reason"],
            answers={**self._untold(further or {}), **self._answers()},
            satisfied=TRUTHS.get(typed["satisfied"]),
            settled=TRUTHS.get(typed["settled"]),
            phrases=tuple(typed["phrases"]),
            call_back_at=typed["call_back_at"],
            new_number=typed["new_number"],
            reason=typed["reason"],
            early_reason=typed["early_reason"],
            signature=typed["signature"],
            inbound=typed["inbound"],
            seen_attempts=typed["seen_attempts"],
            follow=self.follow_on(),
            **{name: typed.get(name, "") for name in (*TEXTS, *OFFER)},
        )

    def refuse(self, messages: Mapping[str, str]) -> None:
        """Hang what the domain refuses on the fields that it is about, the rest above the form."""
        for name, message in messages.items():
            field = name if name in self.fields else f"answer.{name}"
            self.add_error(field if field in self.fields else None, message)

    def faults(self) -> list[str]:
        """Return what is wrong, each with the field that it is about: several may be too long in the same words."""
        named = {name: self.fields[name].label for name in self.errors if name in self.fields}
        return [
            f"{named[name]}: {fault}" if named.get(name) else str(fault)
            for name, faults in self.errors.items()
            for fault in faults
        ]

    def value(self, name: str) -> str:
        """Return what stands in a field as text: typed, else its first value."""
        found = self[name].value()
        return "" if found is None else found.strftime(MOMENT) if isinstance(found, datetime) else str(found)

    def chosen(self, name: str) -> list[str]:
        """Return what is ticked in a field of several boxes."""
        return [str(one) for one in self[name].value() or ()]

    def _untold(self, further: Mapping[str, Any]) -> dict[str, Any]:
        asked = {question.code for question in self.asked.questions}
        return {name: answer for name, answer in further.items() if name.removesuffix(".why") not in asked}

    def _answers(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for question in self.asked.questions:
            answers[question.code] = self.cleaned_data.get(f"answer.{question.code}", "")
            answers[f"{question.code}.why"] = self.cleaned_data.get(f"why.{question.code}", "")
        return {code: answer for code, answer in answers.items() if answer not in ("", [], None)}


class CorrectionForm(ContactForm):
    """A saved contact put right: what counts is not typed again, why it is corrected is."""

    outcome = forms.ChoiceField(required=False, choices=Outcome.choices)
    correction_reason = forms.CharField(label=_("Why is it corrected?"), required=False)

    def contact(self, *, further: Mapping[str, Any] | None = None) -> Contact:
        """Return what was typed; the outcome is the record's."""
        self.cleaned_data["outcome"] = Outcome.REACHED
        return super().contact(further=further)


def retold(content: Mapping[str, Sequence[str]], form_fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    """Return what was typed before as the first values of a form; a field of several boxes gets its list."""
    several = (forms.MultipleChoiceField, Ids)
    return {
        name: list(texts) if isinstance(form_fields.get(name), several) else texts[-1]
        for name, texts in content.items()
        if texts
    }


def opening(channel: str, attempts: int, *, now: datetime) -> dict[str, Any]:
    """Return what the form holds when a task is opened: a token of its own, the moment, the usual channel."""
    return {"token": uuid4(), "started_at": local(now), "channel": channel, "seen_attempts": attempts}
