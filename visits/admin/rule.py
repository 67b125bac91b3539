"""The page of a visit rule with its steps, judged as the pack that they make before anything is saved."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.packs.condition import Condition
from config.packs.errors import PackErrors
from config.packs.read import check_entry
from config.packs.rule import RuleSpec, StepSpec
from staff.admin.edits import TwoShapes, as_text
from staff.admin.fields import CodeForm, ListField, MatchField, TableField, WordField
from staff.admin.judging import new_faults, put_on_form
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.field import Structured, StructureField, conditions_field
from staff.admin.structure.shapes import Shape
from staff.admin.structure.values import SpanValue
from staff.domain.drafts import draft_tables
from staff.models import Policy
from visits.admin.previewing import Previewed
from visits.domain.explaining.sentences import sentences
from visits.models import VisitRule, VisitStep
from visits.policy import rule_head, rule_table, step_table

ANCHORS = (("event", gettext_lazy("the event")), ("previous_visit", gettext_lazy("the previous visit")))
COUNTED = (("rule", gettext_lazy("of this rule")), ("any", gettext_lazy("of every rule")))
PERIODS = (
    ("none", gettext_lazy("none")),
    ("month", gettext_lazy("each month")),
    ("quarter", gettext_lazy("each quarter")),
    ("half_year", gettext_lazy("each half-year")),
    ("year", gettext_lazy("each year")),
)
SHIFTS = (
    ("none", gettext_lazy("stays")),
    ("next", gettext_lazy("to the next working day")),
    ("previous", gettext_lazy("to the last working day before")),
)
STEP_FIELDS = ["position", "code", "title", "opens", "closes", "every", "times", "align", "anchor", "counts", "shift"]


DETAIL_KEYS = tuple(
    key for key in StepSpec.model_fields if key not in (*STEP_FIELDS, "title", "match", "when", "priority")
)
FOLDED: dict[str, Any] = {"classes": ["collapse"]}
ONLY_IF = gettext_lazy("only if")
TRIGGER = gettext_lazy("trigger")


class RuleForm(Structured, CodeForm):
    """Who is visited because of what."""

    trigger = StructureField(RuleSpec, key="trigger", shape=Shape(str, several=True), label=TRIGGER, required=True)
    match = MatchField()
    when = conditions_field(label=ONLY_IF, help_text=gettext_lazy("Without any condition: for every such event."))

    class Meta:
        model = VisitRule
        fields = ["policy", "code", "title", "position", "trigger", "match", "when", "group", "earlier", "retired"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hand_out(Catalogue(self.policy()))

    def policy(self) -> Policy | None:
        """Return the policy of the rule, as far as it is known when the page is made."""
        if self.instance.policy_id:
            return self.instance.policy
        given = str(self.data.get("policy") or self.initial.get("policy") or "")
        return Policy.objects.filter(pk=given).first() if given.isdigit() else None

    def clean(self) -> dict[str, Any]:
        """Refuse the code of another rule of the policy, a retired one included: it stays what it was."""
        told = super().clean() or {}
        if "code" in told and VisitRule.objects.filter(policy=told.get("policy"), code=told["code"]).exists():
            self.add_error("code", _("this code is already taken"))
        self.instance.page = self  # the steps are judged together with it, and put its faults on it
        return told


class RuleTextForm(RuleForm):
    """The same as experts write it."""

    trigger = ListField(label=TRIGGER, required=True)
    when = ListField(schema=Condition, label=ONLY_IF, rows=4)


class StepForm(Structured, CodeForm):
    """One visit: its window in inputs of their own, the rest by groups."""

    opens = SpanValue(label=gettext_lazy("opens"), required=False)
    closes = SpanValue(label=gettext_lazy("closes"), given=True, required=False)
    every = SpanValue(label=gettext_lazy("repeats every"), required=False)
    match = MatchField()
    anchor = WordField(ANCHORS, label=gettext_lazy("counted from"))
    counts = WordField(COUNTED, label=gettext_lazy("which visits count"))
    align = WordField(PERIODS, label=gettext_lazy("calendar periods"))
    shift = WordField(SHIFTS, label=gettext_lazy("on a day off"))
    when = conditions_field(label=ONLY_IF)
    details = StructureField(StepSpec, keys=DETAIL_KEYS, label=gettext_lazy("how the visit is made"))

    class Meta:
        model = VisitStep
        fields = [*STEP_FIELDS, "priority", "match", "when", "details", "retired"]

    def __init__(self, *args: Any, catalogue: Catalogue | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].disabled = bool(self.instance.pk)  # tasks and exports name it
        if "position" in self.fields:
            self.fields["position"].required = False
        self.hand_out(catalogue or Catalogue())

    def clean_position(self) -> int:
        """Put a new step without a place of its own last."""
        return int(self.cleaned_data.get("position") or 0)


class StepTextForm(StepForm):
    """The same as experts write it."""

    opens = forms.CharField(label=gettext_lazy("opens"), required=False)
    closes = forms.CharField(label=gettext_lazy("closes"), required=False)
    every = forms.CharField(label=gettext_lazy("repeats every"), required=False)
    when = ListField(schema=Condition, label=ONLY_IF)
    details = TableField(schema=StepSpec, label=gettext_lazy("further keys"), rows=10)


class StepFormSet(forms.BaseInlineFormSet):
    """The steps of a rule; here rule and steps are judged together with the rest of the draft."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """What all steps of the rule may name."""
        return Catalogue(self.instance.policy if self.instance.policy_id else None)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Hand the catalogue to each step."""
        return {**super().get_form_kwargs(index), "catalogue": self.catalogue}

    def clean(self) -> None:
        """Refuse what the pack could not say: at the field where it stands, else above the steps."""
        super().clean()
        if any(self.errors) or not self.instance.policy_id:
            return
        filled = [form for form in self.forms if form.cleaned_data]
        if len({step_code(form) for form in filled}) < len(filled):
            raise forms.ValidationError(_("this code is already taken"))
        kept = [form for form in filled if not form.cleaned_data.get("retired")]
        kept.sort(key=lambda form: form.cleaned_data["position"])
        prefix = f"visit_rule[{self.instance.code}]"
        page, unplaced = getattr(self.instance, "page", None), []
        for fault in new_faults(self.instance.policy, {"visit_rule": self.rules(kept)}):
            owner = next((form for form in kept if fault.path.startswith(f"{prefix}.step[{step_code(form)}]")), None)
            if owner:
                put_on_form(owner, [fault], f"{prefix}.step[{step_code(owner)}]")
            elif page is not None and fault.path.startswith(f"{prefix}."):
                put_on_form(page, [fault], prefix)
                unplaced.append(_("Mend what is marked above."))
            else:
                unplaced.append(str(fault))
        if unplaced:
            raise forms.ValidationError(list(dict.fromkeys(unplaced)))

    def rules(self, kept: list[Any]) -> list[dict[str, Any]]:
        """Return the rules of the draft with this one as it was typed; a retired one is left out."""
        rule = self.instance
        others = [table for table in draft_tables(rule.policy)["visit_rule"] if table["code"] != rule.code]
        if rule.retired:
            return others
        steps = [step_table(VisitStep(**step_values(form))) for form in kept]
        return [*others, rule_head(rule) | {"step": steps}]


def step_code(form: Any) -> str:
    """Return the code of a step; one that is there cannot change it."""
    return str(form.cleaned_data.get("code") or form.instance.code)


def step_values(form: Any) -> dict[str, Any]:
    """Return the typed columns of a step."""
    names = [name for name in StepForm.Meta.fields if name in form.cleaned_data]
    return {name: form.cleaned_data[name] for name in names} | {"code": step_code(form)}


class StepInline(admin.StackedInline):
    """The steps on the page of their rule. A step is retired, never deleted: tasks refer to it."""

    model = VisitStep
    form = StepForm
    formset = StepFormSet
    extra = 0
    can_delete = False
    template = "admin/visits/visitrule/steps.html"
    fieldsets = [
        (None, {"fields": [("title", "code"), ("opens", "closes"), ("every", "times"), ("priority", "position")]}),
        (
            gettext_lazy("more of the window"),
            {"fields": ["align", "anchor", "counts", "shift"], "classes": ["collapse"]},
        ),
        (gettext_lazy("only some of the events"), FOLDED | {"fields": ["match", "when"]}),
        (None, {"fields": ["details", "retired"]}),
    ]

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Return the forms, for experts those with text."""
        return super().get_formset(request, obj, **{**options, "form": StepTextForm if as_text(request) else StepForm})


@admin.register(VisitRule)
class VisitRuleAdmin(Previewed, TwoShapes):
    """A rule of a policy: what stands here is the draft."""

    form = RuleForm
    text_form = RuleTextForm
    inlines = [StepInline]
    list_display = ["title", "code", "policy", "plainly", "retired"]
    list_display_links = ["title", "code"]
    list_filter = ["policy", "retired"]
    search_fields = ["code", "title"]
    change_form_template = "admin/visits/visitrule/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: VisitRule | None = None) -> list[str]:
        """Keep a rule in its policy under its code: tasks and exports name them."""
        return ["policy", "code", "plainly"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: VisitRule | None = None) -> bool:
        """Never: a rule is retired."""
        return False

    def save_model(self, request: HttpRequest, obj: VisitRule, form: forms.ModelForm, change: bool) -> None:
        """Save; a word that was missing and has been chosen no longer waits."""
        super().save_model(request, obj, form, change)
        waiting = obj.policy.entries.filter(section="visit_rule", code=obj.code).first()
        if waiting and set(form.changed_data) & set(waiting.body):
            waiting.delete()

    @admin.display(description=gettext_lazy("in plain words"))
    def plainly(self, rule: VisitRule) -> str:
        """Return what the rule does, a sentence a step."""
        if rule.pk is None:
            return "—"
        try:
            spec = check_entry(RuleSpec, rule_table(rule))
        except PackErrors as refused:
            return "\n".join(str(error) for error in refused.errors)
        return format_html_join("", "<p>{}</p>", ((line,) for line in sentences(spec)))
