"""Who changed what on the pages of Django admin: one line of activity for each edit."""

from typing import Any

from django import forms
from django.http import HttpRequest

from config import clock
from staff.admin.seen import SeenAdmin
from staff.domain import activity


def log_edit(request: HttpRequest, subject: Any, form: forms.ModelForm) -> None:
    """Write down who changed which fields of a draft."""
    activity.log(now=clock.now(), actor=request.user, verb="draft.edited", subject=subject, fields=form.changed_data)


class LoggedAdmin(SeenAdmin):
    """Writes down who changed what; of two people on one page the later one is told."""

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save and write it down."""
        super().save_model(request, obj, form, change)
        log_edit(request, obj, form)


def as_text(request: HttpRequest) -> bool:
    """Return whether an expert asked for the page with the lines of the pack instead of inputs."""
    return request.GET.get("as") == "text"


def choose_only(form: Any) -> Any:
    """Let the choices of a form be choices only, and each input say what it is for: in a row it has no label."""
    for field in form.base_fields.values():
        getattr(field.widget, "widget", field.widget).attrs.setdefault("aria-label", field.label)
        for right in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(field.widget, right):
                setattr(field.widget, right, False)
    return form


class TwoShapes(LoggedAdmin):
    """A page whose form has inputs, and for experts the lines of a pack (``?as=text``)."""

    text_form: type[forms.ModelForm]
    change_form_template = "admin/structured_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Return the form in the shape that is asked for; what is only shown is no field of it."""
        form = self.text_form if as_text(request) else self.form
        shown = [name for name in self.get_readonly_fields(request, obj) if name in form.declared_fields]
        bare = type(form.__name__, (form,), dict.fromkeys(shown)) if shown else form
        return super().get_form(request, obj, **{**options, "form": bare})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Tell the page in which of its shapes it is."""
        told = {"is_text": as_text(request), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, told)
