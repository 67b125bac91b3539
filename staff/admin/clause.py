"""Clauses: their words on the page of the policy, what carries each of them out on a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy

from config.packs.policy import ClauseSpec
from staff.admin.edits import TwoShapes, choose_only
from staff.admin.fields import ListField
from staff.admin.judging import new_faults, put_on_form
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.field import Structured, StructureField
from staff.admin.structure.shapes import Shape
from staff.models import Clause

KEYS = ("ref", "title", "text", "enforced_by")
CARRIED_OUT = gettext_lazy("carried out by")
TEXT = forms.Textarea({"rows": 2, "cols": 60})


class WordsForm(forms.ModelForm):
    """The words of one clause."""

    class Meta:
        model = Clause
        fields = ["position", "ref", "title", "text"]
        widgets = {"text": TEXT, "ref": forms.TextInput({"size": 6}), "title": forms.TextInput({"size": 16})}


class ClauseInline(admin.TabularInline):
    """The clauses on the page of their policy."""

    model = Clause
    form = WordsForm
    extra = 0
    readonly_fields = ["means"]
    show_change_link = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Read once for the page what the references mean."""
        self.words = reference_words(obj) if obj else {}
        made = super().get_formset(request, obj, **options)
        choose_only(made.form)
        return made

    @admin.display(description=CARRIED_OUT)
    def means(self, clause: Clause) -> str:
        """Return what carries the clause out, in words."""
        return in_words(clause, self.words)


class ClauseForm(Structured, forms.ModelForm):
    """One clause with what carries it out, judged together with the rest of its draft."""

    enforced_by = StructureField(
        ClauseSpec,
        key="enforced_by",
        shape=Shape(str, several=True),
        label=CARRIED_OUT,
        help_text=gettext_lazy("Without any it is a norm only: it is shown, and nothing watches over it."),
    )

    class Meta:
        model = Clause
        fields = ["policy", "position", *KEYS]
        widgets = {"text": forms.Textarea({"rows": 4, "cols": 80})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        policy = self.instance.policy if self.instance.policy_id else None
        self.hand_out(Catalogue(policy))

    def clean(self) -> dict[str, Any]:
        """Refuse references that lead nowhere."""
        told = super().clean() or {}
        policy = told.get("policy") or (self.instance.policy if self.instance.policy_id else None)
        if self.errors or policy is None:
            return told
        others = policy.clauses.exclude(pk=self.instance.pk)
        tables = [({key: getattr(clause, key) for key in KEYS}, clause.position) for clause in others]
        tables.append(({key: told[key] for key in KEYS}, told["position"]))
        clauses = [table for table, _position in sorted(tables, key=lambda pair: pair[1])]
        prefix = f"clause[{told['ref']}]"
        put_on_form(self, [f for f in new_faults(policy, {"clause": clauses}) if f.path.startswith(prefix)], prefix)
        return told


class ClauseTextForm(ClauseForm):
    """The same as experts write it."""

    enforced_by = ListField(label=CARRIED_OUT, rows=4)


@admin.register(Clause)
class ClauseAdmin(TwoShapes):
    """One clause of a regulation."""

    form = ClauseForm
    text_form = ClauseTextForm
    list_display = ["ref", "title", "text", "policy"]
    list_filter = ["policy"]
    search_fields = ["ref", "title", "text"]

    def get_readonly_fields(self, request: HttpRequest, obj: Clause | None = None) -> list[str]:
        """Keep a clause in its policy."""
        return ["policy"] if obj else []


def reference_words(policy: Any) -> dict[str, str]:
    """Return each reference of a draft with its words."""
    return {code: f"{group}: {title}" for group, options in Catalogue(policy).references() for code, title in options}


def in_words(clause: Clause, words: dict[str, str]) -> str:
    """Return what carries a clause out; what leads nowhere as it is written."""
    lines = [(words.get(reference, reference),) for reference in clause.enforced_by]
    return format_html_join("", "<p>{}</p>", lines) or "—"
