"""Two people on one page: whoever saves later is told that the other one was quicker, and nothing is merged in silence.

Each page carries a fingerprint of what it was made from: the row with those of its inlines. The row is locked before
the fingerprints are compared, so of two at the same moment one is the later one (RELIABILITY F33).
"""

import hashlib
from typing import Any

from django.contrib import admin
from django.db import connection
from django.forms import ModelForm
from django.forms.models import _get_foreign_key
from django.http import HttpRequest
from django.utils.translation import gettext as _

from staff.models import Activity

FIELD = "_seen"
MOVING = ("last_login", "password")  # change without anybody editing the row


class SeenAdmin(admin.ModelAdmin):
    """A page that saves only over what it has shown; what was typed stays, and a second try replaces the other's."""

    def fingerprint(self, obj: Any) -> str:
        """Return what the row and those of its inlines say, as one hash."""
        own = [field.attname for field in self.model._meta.concrete_fields if field.name not in MOVING]
        rows = [self.model._base_manager.filter(pk=obj.pk).values_list(*own)]
        for inline in self.inlines:
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name).name
            rows.append(inline.model._base_manager.filter(**{key: obj.pk}).order_by("pk").values_list())
        return hashlib.sha256(repr([list(found) for found in rows]).encode()).hexdigest()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row, locked while it is being saved."""
        if request.method == "POST" and connection.in_atomic_block and connection.features.has_select_for_update:
            self.model._base_manager.select_for_update(of=("self",)).filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """Return the form; it refuses to save over what somebody else has saved since the page was made."""
        form = super().get_form(request, obj, change=change, **options)
        seen = request.POST.get(FIELD, "") if request.method == "POST" and obj else ""
        if not seen or seen == self.fingerprint(obj):
            return form

        def clean(one: ModelForm) -> Any:
            told = super(refusing, one).clean()
            one.add_error(None, overtaken(obj))
            return told

        refusing = type(form.__name__, (form,), {"clean": clean})
        return refusing

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> Any:
        """Put the fingerprint of what is stored now on the page."""
        if obj := options.get("obj"):
            context["seen"] = self.fingerprint(obj)
        return super().render_change_form(request, context, **options)


def overtaken(obj: Any) -> str:
    """Return who was quicker, as far as it is known, and what to do."""
    last = Activity.objects.filter(subject_type=obj._meta.model_name, subject_id=obj.pk).select_related("actor")
    line = last.order_by("-id").first()
    who = str(line.actor) if line and line.actor else _("somebody else")
    return _(
        "%(who)s has changed this since you opened it. What you typed is still here and nothing of it was saved: "
        "open the page in another window to compare, then save again to replace what stands there."
    ) % {"who": who}
