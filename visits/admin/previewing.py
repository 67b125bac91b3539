"""What a rule that is being typed says and would do, before anybody saves it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.forms import all_valid
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import override
from django.views.decorators.http import require_POST

from config import clock
from config.packs.errors import PackErrors
from config.packs.pack import Pack
from config.packs.read import check_pack
from config.packs.rule import RuleSpec
from staff.domain import policies
from staff.domain.drafts import draft_tables
from staff.domain.sections import company
from staff.models import Policy
from visits.domain.explaining.cadence import drawn
from visits.domain.explaining.sentences import sentences
from visits.domain.planning.events import load_calendar
from visits.domain.rehearsing.candidate import book_of
from visits.domain.rehearsing.outcome import Outcome
from visits.domain.rehearsing.question import Question
from visits.domain.rehearsing.rehearsal import rehearse, size_of
from visits.models import VisitRule

AT_ONCE = 30_000  # events × steps that are rehearsed while somebody types
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
TEMPLATE = "admin/visits/visitrule/preview.html"


class Previewed(admin.ModelAdmin):
    """A page of a rule that tells, while one types, what the rule says and what it would do."""

    def get_urls(self) -> list[Any]:
        """Add the address that judges what is typed."""
        view = self.admin_site.admin_view(require_POST(self.preview))
        return [
            path("add/preview/", view, name="visits_visitrule_preview_new"),
            path("<int:pk>/change/preview/", view, name="visits_visitrule_preview"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> Any:
        """Tell the page where its preview is."""
        obj, text = options.get("obj"), request.GET.get("as") == "text"
        address = (
            reverse("admin:visits_visitrule_preview", args=[obj.pk])
            if obj
            else reverse("admin:visits_visitrule_preview_new")
        )
        context["preview_url"] = f"{address}?as=text" if text else address
        return super().render_change_form(request, context, **options)

    def preview(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Answer with the rule in plain words and its effect; nothing is saved."""
        stored = get_object_or_404(VisitRule, pk=pk) if pk else None
        form = self.get_form(request, stored, change=bool(stored))(request.POST, request.FILES, instance=stored)
        is_sound = form.is_valid()
        formsets, _inlines = self._create_formsets(request, form.instance, change=bool(stored))
        if not all_valid(formsets) or not is_sound:
            return render(request, TEMPLATE, {"unsound": True, "errors": form.non_field_errors()})
        rule, policy = form.instance, form.instance.policy
        try:
            pack = check_pack({**draft_tables(policy), "visit_rule": formsets[0].rules(kept(formsets[0]))}, company())
        except PackErrors as refused:
            return render(request, TEMPLATE, {"errors": [str(error) for error in refused.errors]})
        return render(request, TEMPLATE, {"policy": policy, **told(policy, pack, rule.code)})


def kept(formset: Any) -> list[Any]:
    """Return the steps that are filled in and not retired, in their order."""
    filled = [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("retired")]
    return sorted(filled, key=lambda form: form.cleaned_data["position"])


def told(policy: Policy, pack: Pack, code: str) -> dict[str, Any]:
    """Return one rule of a pack in the words of every language, and what it would have done."""
    spec = pack.rule(code)
    if spec is None:
        return {"retired": True}
    drawing = drawn(spec, now=clock.now(), zone=ZoneInfo(policy.timezone), calendar=load_calendar())
    return {
        "drawing": drawing,
        "languages": in_words(spec),
        "on_customers": spec.is_on_customers,
        **effect(policy, pack, code),
    }


def in_words(spec: RuleSpec) -> list[tuple[str, str, list[str]]]:
    """Return the sentences of a rule in each language, with its code and its name."""
    found = []
    for language, name in LANGUAGES:
        with override(language):
            found.append((language, name, sentences(spec)))
    return found


def effect(policy: Policy, pack: Pack, code: str) -> dict[str, Outcome | bool]:
    """Return what one rule would have done with the events of the last month, beside what it does now."""
    former, now = policies.latest_release(policy), clock.now()
    before = book_of(policy, policies.spec_of(former)) if former else None
    question = Question(before, book_of(policy, pack), only=code)
    return {"large": True} if size_of(question, now=now) > AT_ONCE else {"outcome": rehearse(question, now=now)}
