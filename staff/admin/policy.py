"""The pages of a policy: its columns and clauses, and its entries. Publishing has pages of its own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.errors import PackErrors
from config.packs.pack import SECTIONS
from config.packs.titles import section_title
from config.packs.waiting import waiting
from staff.admin.clause import ClauseInline
from staff.admin.edits import log_edit
from staff.admin.judging import new_faults, put_on_form
from staff.admin.seen import SeenAdmin
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.values import ChoiceValue
from staff.domain.drafts import POLICY_KEYS, draft_pack, policy_table
from staff.domain.loading import place_of
from staff.domain.policies import latest_release
from staff.domain.sections import is_enforced, narrowed
from staff.models import Department, Policy


class PolicyForm(forms.ModelForm):
    """The columns of a policy, judged together with the rest of its draft."""

    departments = forms.MultipleChoiceField(
        label=gettext_lazy("departments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whose events and people it rules; none ticked: all."),
    )

    class Meta:
        model = Policy
        fields = ["slug", *POLICY_KEYS]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [(f"role:{code}", title) for code, title in Catalogue().options("role")]
        for key in ("owner", "approve"):
            if key in self.fields:
                field = self.fields[key]
                stored = getattr(self.instance, key)
                self.fields[key] = Holder(label=field.label, choices=roles, stored=stored, empty="—", required=False)
        names = dict.fromkeys(Department.objects.values_list("name", flat=True))
        names |= dict.fromkeys(self.instance.departments)
        self.fields["departments"].choices = [(name, name) for name in names]

    def clean(self) -> dict[str, Any]:
        """Refuse what the pack could not say."""
        told = super().clean() or {}
        if not self.errors:
            policy = Policy(**{"slug": self.instance.slug, **told})
            put_on_form(self, new_faults(self.instance, {"policy": policy_table(policy)}), "policy")
        return told


class Holder(ChoiceValue):
    """A role by its holders; nobody is stored as empty text."""

    def clean(self, value: Any) -> Any:
        """Return the person as a pack spells it."""
        return super().clean(value) or ""


@admin.register(Policy)
class PolicyAdmin(SeenAdmin):
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
        later = {section for section, body in entries if not is_enforced(section, narrowed(body))}
        return " · ".join(section_title(name) for name in SECTIONS if name in later) or "—"
