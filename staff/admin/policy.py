"""The pages of a policy: its columns and clauses, and its entries. Publishing has pages of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config import clock
from config.packs.errors import PackErrors
from config.packs.pack import SECTIONS, Pack
from config.packs.shape import model_at
from config.packs.titles import section_title
from config.packs.waiting import waiting
from staff.admin.fields import ListField, TableField
from staff.admin.judging import new_faults, put_on_form
from staff.domain import activity
from staff.domain.drafts import POLICY_KEYS, draft_pack, draft_tables, policy_table
from staff.domain.loading import place_of
from staff.domain.policies import latest_release
from staff.domain.sections import codes_of, is_enforced, rows_of
from staff.models import Clause, Policy, PolicyEntry


class PolicyForm(forms.ModelForm):
    """The columns of a policy, judged together with the rest of its draft."""

    departments = ListField(label=gettext_lazy("departments"))

    class Meta:
        model = Policy
        fields = ["slug", *POLICY_KEYS]

    def clean(self) -> dict[str, Any]:
        """Refuse what the pack could not say."""
        told = super().clean() or {}
        if not self.errors:
            policy = Policy(**{"slug": self.instance.slug, **told})
            put_on_form(self, new_faults(self.instance, {"policy": policy_table(policy)}), "policy")
        return told


class ClauseForm(forms.ModelForm):
    """One clause; what enforces it is written as in a pack."""

    enforced_by = ListField(label=gettext_lazy("enforced by"))

    class Meta:
        model = Clause
        fields = ["position", "ref", "title", "text", "enforced_by"]
        widgets = {"text": forms.Textarea({"rows": 2, "cols": 60})}


class ClauseFormSet(forms.BaseInlineFormSet):
    """All clauses of a policy, judged together with the rest of its draft."""

    def clean(self) -> None:
        """Refuse references that lead nowhere."""
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if any(self.errors) or not self.instance.pk:
            return
        kept.sort(key=lambda form: form.cleaned_data["position"])
        keys = ("ref", "title", "text", "enforced_by")
        tables = [{key: form.cleaned_data[key] for key in keys} for form in kept]
        for form in kept:
            prefix = f"clause[{form.cleaned_data['ref']}]"
            found = [fault for fault in new_faults(self.instance, {"clause": tables}) if fault.path.startswith(prefix)]
            put_on_form(form, found, prefix)


class ClauseInline(admin.TabularInline):
    """The clauses on the page of their policy."""

    model = Clause
    form = ClauseForm
    formset = ClauseFormSet
    extra = 0


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """A regulation: what stands here is the draft; the button publishes it as a release."""

    form = PolicyForm
    inlines = [ClauseInline]
    list_display = ["title", "slug", "in_force"]
    readonly_fields = ["parts", "waits", "not_yet_enforced"]
    change_form_template = "admin/staff/policy/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        """Keep the slug of a policy that is there: exports and files name it."""
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        """Never: what it caused refers to it."""
        return False

    def save_model(self, request: HttpRequest, obj: Policy, form: forms.ModelForm, change: bool) -> None:
        """Save the draft and write down who changed which columns."""
        super().save_model(request, obj, form, change)
        filled = obj.entries.filter(section="policy").first()
        if filled and set(form.changed_data) & set(filled.body):
            filled.delete()
        log_edit(request, obj, form)

    @admin.display(description=gettext_lazy("in force"))
    def in_force(self, policy: Policy) -> str:
        """Return which release was put in force last."""
        release = latest_release(policy)
        return str(release.number) if release else "—"

    @admin.display(description=gettext_lazy("rules, entries, releases"))
    def parts(self, policy: Policy) -> str:
        """Return links to what belongs to the policy."""
        lists = [
            ("visits_visitrule", _("visit rules")),
            ("staff_policyentry", _("other entries")),
            ("staff_release", _("releases")),
        ]
        links = [(reverse(f"admin:{name}_changelist"), policy.pk, title) for name, title in lists]
        return format_html_join(" · ", '<a href="{}?policy__id__exact={}">{}</a>', links)

    @admin.display(description=gettext_lazy("waiting for a figure"))
    def waits(self, policy: Policy) -> str:
        """Return what is inactive until its figure is filled in."""
        try:
            waits = waiting(draft_pack(policy))
        except PackErrors as refused:
            return format_html_join("", "<p>{}</p>", ((str(error),) for error in refused.errors))
        lines = [(place_of(unit), ", ".join(wait.keys)) for unit, wait in sorted(waits.items())]
        return format_html_join("", "<p>{} {}</p>", lines) or "—"

    @admin.display(description=gettext_lazy("not yet enforced"))
    def not_yet_enforced(self, policy: Policy) -> str:
        """Return the sections that are kept but do nothing yet."""
        entries = policy.entries.values_list("section", "body")
        later = {section for section, body in entries if not is_enforced(section, body.get("of", ""))}
        return " · ".join(section_title(name) for name in SECTIONS if name in later) or "—"


def log_edit(request: HttpRequest, subject: Any, form: forms.ModelForm) -> None:
    """Write down who changed which fields of a draft."""
    activity.log(now=clock.now(), actor=request.user, verb="draft.edited", subject=subject, fields=form.changed_data)


class EntryForm(forms.ModelForm):
    """One entry of a section, as the lines that stand under its header in a pack."""

    body = TableField(label=gettext_lazy("content"), required=True)

    class Meta:
        model = PolicyEntry
        fields = ["policy", "section", "position", "body"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].schema = model_at(Pack, (self.instance.section,))
        if "section" in self.fields:
            names = [name for name in SECTIONS if name not in ("policy", "clause", *rows_of())]
            self.fields["section"] = forms.ChoiceField(
                label=self.fields["section"].label, choices=[(name, name) for name in names]
            )

    def clean(self) -> dict[str, Any]:
        """Refuse what the pack could not say."""
        told = super().clean() or {}
        if self.errors:
            return told
        policy = told.get("policy") or self.instance.policy
        section = told.get("section") or self.instance.section
        entry = PolicyEntry(policy=policy, section=section, body=told["body"], position=told["position"])
        found = new_faults(policy, entry_tables(policy, entry, self.instance.pk))
        for fault in found:
            self.add_error("body", str(fault))
        return told


def code_in(body: dict[str, Any]) -> str:
    """Return the code of an entry; a kpi without one is called by its metric."""
    return str(body.get("code") or body.get("metric") or "")


def entry_tables(policy: Policy, entry: PolicyEntry, pk: int | None) -> dict[str, Any]:
    """Return the section of a draft with one entry changed, or added where `pk` is none."""
    others = policy.entries.exclude(pk=pk).exclude(section="policy")
    ordered = sorted([*others, entry], key=lambda one: one.position)
    return {entry.section: draft_tables(policy, ordered).get(entry.section)}


@admin.register(PolicyEntry)
class PolicyEntryAdmin(admin.ModelAdmin):
    """An entry of any section without a page of its own, edited as text and judged like the pack."""

    form = EntryForm
    list_display = ["__str__", "policy", "section", "code", "is_waiting"]
    list_filter = ["policy", "section"]

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyEntry | None = None) -> list[str]:
        """Keep an entry in its policy and section."""
        return ["policy", "section"] if obj else []

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out what stands on the pages of policy and rule."""
        return super().get_queryset(request).exclude(section__in=["policy", *rows_of()])

    @admin.display(description=gettext_lazy("waiting for a figure"), boolean=True)
    def is_waiting(self, entry: PolicyEntry) -> bool:
        """Return whether the entry is inactive until a figure is filled in."""
        return bool(entry.waiting)

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
        log_edit(request, obj, form)
