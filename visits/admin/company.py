"""Kinds of events and segments: the company's, shared by all policies."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.base import unmarked
from config.packs.company import EventKindSpec, SegmentSpec
from config.packs.condition import Condition
from config.packs.errors import PackErrors
from config.packs.read import check_entry
from staff.admin.fields import CodeForm, ListField, MatchField
from staff.admin.judging import put_on_form
from staff.admin.people import LoggedAdmin
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

    class Meta:
        model = EventKind
        fields = ["code", "title", "many", "start", "every"]


class SegmentForm(SpecForm):
    """A segment; its conditions are written as in a pack."""

    spec = SegmentSpec
    match = MatchField()
    when = ListField(schema=Condition, label=gettext_lazy("members, judged every night"), rows=4)

    class Meta:
        model = Segment
        fields = ["code", "title", "match", "when", "set", "priority", "guidance", "position"]


class CodeAdmin(LoggedAdmin):
    """A code once given stays: events, packs and exports name it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the code of a row that is there."""
        return ["code"] if obj else []


@admin.register(EventKind)
class EventKindAdmin(CodeAdmin):
    """What may happen to a customer."""

    form = EventKindForm
    list_display = ["code", "title", "many", "start", "every"]


@admin.register(Segment)
class SegmentAdmin(CodeAdmin):
    """A class of customers."""

    form = SegmentForm
    list_display = ["code", "title", "set", "priority"]
