"""Kinds of events and segments: the company's, shared by all policies."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.base import unmarked
from config.packs.company import EventKindSpec, SegmentSpec
from config.packs.condition import Condition
from config.packs.errors import PackErrors
from config.packs.read import check_entry
from staff.admin.edits import TwoShapes
from staff.admin.fields import CodeForm, ListField, MatchField
from staff.admin.judging import put_on_form
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.field import Structured, conditions_field
from staff.admin.structure.values import SpanValue
from visits.models import EventKind, Segment


class SpecForm(CodeForm):
    """A row judged by the schema that its section has in a pack."""

    spec: Any = None

    def clean(self) -> dict[str, Any]:
        """Refuse what a pack could not say."""
        told = super().clean() or {}
        if "code" in told and self._meta.model.objects.filter(code=told["code"]).exists():
            self.add_error("code", _("this code is already taken"))
        keys = {field.alias or name for name, field in self.spec.model_fields.items()}
        table = {key: unmarked(value) for key, value in told.items() if key in keys and value is not None}
        try:
            check_entry(self.spec, {"code": self.instance.code, **table})
        except PackErrors as refused:
            put_on_form(self, list(refused.errors))
        return told


class EventKindForm(SpecForm):
    """A kind of event."""

    spec = EventKindSpec
    every = SpanValue(label=gettext_lazy("again every"), required=False)

    class Meta:
        model = EventKind
        fields = ["code", "title", "many", "start", "every"]


MEMBERS = gettext_lazy("members, judged every night")


class SegmentForm(Structured, SpecForm):
    """A segment with the conditions that make its members."""

    spec = SegmentSpec
    match = MatchField()
    when = conditions_field(label=MEMBERS, help_text=gettext_lazy("Without any condition members are set by hand."))

    class Meta:
        model = Segment
        fields = ["code", "title", "match", "when", "set", "priority", "guidance", "position"]
        widgets = {"guidance": forms.Textarea({"rows": 3, "cols": 60})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hand_out(Catalogue())


class SegmentTextForm(SegmentForm):
    """The same as experts write it."""

    when = ListField(schema=Condition, label=MEMBERS, rows=4)


class CodeAdmin(TwoShapes):
    """A code once given stays: events, packs and exports name it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the code of a row that is there."""
        return ["code"] if obj else []


@admin.register(EventKind)
class EventKindAdmin(CodeAdmin):
    """What may happen to a customer."""

    form = text_form = EventKindForm
    change_form_template = None
    list_display = ["title", "code", "many", "start", "every"]
    list_display_links = ["title", "code"]
    list_filter = ["many"]
    search_fields = ["code", "title"]


@admin.register(Segment)
class SegmentAdmin(CodeAdmin):
    """A class of customers."""

    form = SegmentForm
    text_form = SegmentTextForm
    list_display = ["title", "code", "set", "priority"]
    list_display_links = ["title", "code"]
