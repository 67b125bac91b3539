"""The entries of a policy: questionnaires, calling hours, qualifications and every other section, by inputs or text."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.pack import SECTIONS, TABLES, Pack
from config.packs.shape import model_at
from config.packs.titles import section_title
from staff.admin.edits import TwoShapes
from staff.admin.fields import TableField
from staff.admin.judging import new_faults, put_on_form
from staff.admin.purposes import PURPOSES
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.field import Structured, StructureField
from staff.domain.drafts import draft_pack, draft_tables
from staff.domain.sections import codes_of, is_enforced, narrowed, rows_of
from staff.models import Policy, PolicyEntry

CONTENT = gettext_lazy("content")


def sections() -> list[str]:
    """Return the sections whose entries are edited here."""
    return [name for name in SECTIONS if name not in ("policy", "clause", *rows_of())]


class EntryForm(Structured, forms.ModelForm):
    """One entry of a section: an input for each key of the section's schema."""

    is_text = False

    class Meta:
        model = PolicyEntry
        fields = ["policy", "section", "position"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.section = self.instance.section or str(self.data.get("section") or self.initial.get("section") or "")
        self.section = self.section if self.section in sections() else sections()[0]
        if "section" in self.fields:
            self.fields["section"].widget = forms.HiddenInput()
            self.initial["section"] = self.section
        if "position" in self.fields:
            self.fields["position"].required = False
        schema = model_at(Pack, (self.section,))
        self.initial["body"] = self.instance.body if self.instance.pk else {}
        self.fields["body"] = self.body_field(schema)
        self.hand_out(Catalogue(self.policy()))

    def body_field(self, schema: Any) -> forms.Field:
        """Return the field for the content."""
        if self.is_text:
            return TableField(schema=schema, label=CONTENT, required=True)
        return StructureField(schema, label=section_title(self.section))

    def policy(self) -> Policy | None:
        """Return the policy of the entry, as far as it is known when the page is made."""
        if self.instance.policy_id:
            return self.instance.policy
        given = str(self.data.get("policy") or self.initial.get("policy") or "")
        return Policy.objects.filter(pk=given).first() if given.isdigit() else None

    def clean_position(self) -> int:
        """Put an entry without a place of its own last."""
        given = self.cleaned_data.get("position")
        return PolicyEntry.objects.filter(section=self.section).count() if given is None else int(given)

    def clean(self) -> dict[str, Any]:
        """Refuse what the pack could not say."""
        told = super().clean() or {}
        if self.errors:
            return told
        policy = told.get("policy") or self.instance.policy
        entry = PolicyEntry(policy=policy, section=self.section, body=told["body"], position=told.get("position", 0))
        code = code_in(told["body"])
        if PolicyEntry.objects.filter(policy=policy, section=self.section, code=code).exclude(pk=self.instance.pk):
            self.add_error("body", _("this code is already taken"))
            return told
        prefix = self.section if self.section in TABLES else f"{self.section}[{code}]"
        found = new_faults(policy, entry_tables(policy, entry, self.instance.pk))
        if self.is_text:
            for fault in found:
                self.add_error("body", str(fault))
        else:
            put_on_form(self, [fault for fault in found if fault.path.startswith(prefix)], prefix)
            for fault in found:
                if not fault.path.startswith(prefix):
                    self.add_error(None, str(fault))
        return told

    def save(self, commit: bool = True) -> Any:
        """Keep the content, which is no field of the model's own form."""
        self.instance.section = self.section
        self.instance.body = self.cleaned_data["body"]
        return super().save(commit)


class EntryTextForm(EntryForm):
    """One entry as the lines that stand under its header in a pack."""

    is_text = True


def code_in(body: dict[str, Any]) -> str:
    """Return the code of an entry; a kpi without one is called by its metric."""
    return str(body.get("code") or body.get("metric") or "")


def entry_tables(policy: Policy, entry: PolicyEntry, pk: int | None) -> dict[str, Any]:
    """Return the section of a draft with one entry changed, or added where `pk` is none."""
    others = policy.entries.exclude(pk=pk).exclude(section="policy")
    ordered = sorted([*others, entry], key=lambda one: one.position)
    return {entry.section: draft_tables(policy, ordered).get(entry.section)}


class SectionFilter(admin.SimpleListFilter):
    """By section, in words."""

    title = gettext_lazy("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the sections."""
        return [(name, section_title(name)) for name in sections()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen section."""
        return queryset.filter(section=self.value()) if self.value() else queryset


@admin.register(PolicyEntry)
class PolicyEntryAdmin(TwoShapes):
    """An entry of any section that has no page of its own."""

    form = EntryForm
    text_form = EntryTextForm
    list_display = ["named", "section_named", "code", "policy", "is_waiting", "is_enforced"]
    list_filter = [SectionFilter, "policy"]
    search_fields = ["code"]
    change_form_template = "admin/staff/policyentry/change_form.html"
    change_list_template = "admin/staff/policyentry/change_list.html"

    def get_fields(self, request: HttpRequest, obj: PolicyEntry | None = None) -> list[str]:
        """Show the content last; its place among its like does not matter on a first look."""
        return ["policy", "section", "position", "body"] if obj is None else ["policy", "position", "body"]

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyEntry | None = None) -> list[str]:
        """Keep an entry in its policy."""
        return ["policy"] if obj else []

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what stands on the pages of policy and rule."""
        return super().get_queryset(request).exclude(section__in=["policy", *rows_of()])

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask first of which section the new entry is."""
        if request.method == "GET" and request.GET.get("section") not in sections():
            choices = [(name, section_title(name), PURPOSES[name], is_enforced(name)) for name in sections()]
            context = {**self.admin_site.each_context(request), "title": _("What is to be added?"), "choices": choices}
            return render(request, "admin/staff/policyentry/choose.html", context)
        return super().add_view(request, form_url, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ):
        """Tell the page what its section is for."""
        entry = self.get_object(request, object_id) if object_id else None
        section = entry.section if entry else request.GET.get("section") or request.POST.get("section") or ""
        told = {"about_section": PURPOSES.get(section, "")}
        return super().changeform_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Call the list by its section."""
        section = request.GET.get("section", "")
        told = {"title": section_title(section), "about_section": PURPOSES[section]} if section in sections() else {}
        return super().changelist_view(request, {**told, "section": section, **(extra_context or {})})

    @admin.display(description=gettext_lazy("title"))
    def named(self, entry: PolicyEntry) -> str:
        """Return what the entry is called."""
        return str(entry.body.get("title") or entry.code or section_title(entry.section))

    @admin.display(description=gettext_lazy("section"), ordering="section")
    def section_named(self, entry: PolicyEntry) -> str:
        """Return the section in words."""
        return section_title(entry.section)

    @admin.display(description=gettext_lazy("waiting for a figure"), boolean=True)
    def is_waiting(self, entry: PolicyEntry) -> bool:
        """Return whether the entry is inactive until a figure is filled in."""
        return bool(entry.waiting)

    @admin.display(description=gettext_lazy("enforced"), boolean=True)
    def is_enforced(self, entry: PolicyEntry) -> bool:
        """Return whether the program does what the entry says already."""
        return is_enforced(entry.section, narrowed(entry.body))

    def save_model(self, request: HttpRequest, obj: PolicyEntry, form: forms.ModelForm, change: bool) -> None:
        """Save the entry, what it still waits for, and what it declares for the company."""
        obj.code = code_in(obj.body)
        super().save_model(request, obj, form, change)
        pack = draft_pack(obj.policy)
        entry = pack.entry(obj.section, obj.code)
        obj.waiting = entry.blanks() if entry else []
        obj.save(update_fields=["waiting"])
        if entry and (keeper := codes_of().get(obj.section)):
            keeper.declare(entry, pack)
