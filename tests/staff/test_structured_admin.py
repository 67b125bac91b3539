"""The pages of a policy by inputs: what nobody touches stays as it was, what is typed stands in the pack."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override

from config.packs.pack import Pack
from config.packs.shape import model_at
from config.packs.write import write_pack
from staff.admin.structure.catalogue import Catalogue
from staff.admin.structure.table import TableForm
from staff.choices import BaseRole
from staff.domain.drafts import draft_pack
from staff.domain.loading import Source, load_packs
from staff.domain.shipped import path_of, shipped_slugs
from staff.models import Activity, Employee, Policy, PolicyEntry
from tests.staff.pages import form_on
from visits.models import Segment, VisitRule

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # what forms make of a draft

SHARE = Decimal("0.8")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def policies() -> list[Policy]:
    return loaded("auto-dealer-service", "standard-after-sales")


def loaded(*slugs: str) -> list[Policy]:
    """Load regulations that ship; return their policies, in that order."""
    sources = [Source(slug, path_of(slug).read_text(encoding="utf-8")) for slug in slugs]
    return [one.policy for one in load_packs(sources, now=NOW, on=date(2026, 3, 2), actor=None)]


@pytest.fixture
def pages(client, monkeypatch, clock_at, settings):
    """Return a client signed in as the administrator, in English."""
    clock_at("2026-03-02T09:00:00+08:00")
    settings.LANGUAGE_CODE = "en"
    # Nobody asks here which of the thousand small templates was drawn with what.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_told, **_more: None)
    monkeypatch.setattr(Employee, "base_roles", frozenset({BaseRole.ADMINISTRATOR}))
    client.force_login(Employee.objects.create_superuser("root", "secret", name="root"))
    with override("en"):
        yield client


def edit(pages, url: str, **changes: Any):
    """Post the page at `url` with some inputs changed."""
    return pages.post(url, form_on(pages.get(url).content.decode()) | changes)


def faults(response) -> str:
    """Return what the page says is to be mended."""
    assert response.status_code == 200, "the form was saved"
    return " ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL))


def page_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def pages_of(policy: Policy, seen: set[str]) -> list[str]:
    """Return every page on which a section of the policy is edited that no policy before it had; `seen` learns them."""
    rows = [policy, policy.clauses.first(), *policy.visit_rules.all()] if not seen else []
    entries = {entry.section: entry for entry in policy.entries.all() if entry.section not in seen}
    seen |= entries.keys()
    return [page_of(row) for row in (*rows, *entries.values())]


def test_every_page_saved_as_it_is_leaves_the_draft_as_it_was(pages):
    seen: set[str] = set()
    for policy in loaded(*shipped_slugs()):
        before = write_pack(draft_pack(policy))
        for url in pages_of(policy, seen):
            response = edit(pages, url)
            assert response.status_code == 302, f"{url}: {faults(response)}"
        assert write_pack(draft_pack(Policy.objects.get(pk=policy.pk))) == before
    changed = [line.data["fields"] for line in Activity.objects.filter(verb="draft.edited")]
    assert [fields for fields in changed if fields] == []


def questionnaire() -> PolicyEntry:
    return PolicyEntry.objects.get(section="questionnaire", code="after-service")


def test_a_question_is_added_moved_and_changed_by_inputs(pages, policies):
    url = page_of(questionnaire())
    number = len(questionnaire().body["question"])
    asked = f"body-question-{number}"
    new = {
        f"{asked}-title": "等候时间是否满意",
        f"{asked}-code": "waiting",
        f"{asked}-kind": "choice",
        f"{asked}-options": "满意\r\n不满意",
        f"{asked}-ask_why": "不满意",
        f"{asked}-ORDER": "0",
    }
    assert edit(pages, url, **new).status_code == 302
    first = questionnaire().body["question"][0]
    assert first == {
        "title": "等候时间是否满意", "code": "waiting", "kind": "choice", "options": ["满意", "不满意"],
        "ask_why": ["不满意"],
    }  # fmt: skip
    assert edit(pages, url, **{"body-question-0-DELETE": "on"}).status_code == 302
    assert len(questionnaire().body["question"]) == number


def test_a_fault_stands_at_the_input_that_it_is_about(pages, policies):
    url = page_of(questionnaire())
    response = edit(pages, url, **{"body-question-0-good": "极好", "body-question-1-kind": "choice"})
    page = response.content.decode()
    assert "极好 is none of the options" in faults(response)
    assert "a choice has no options" in faults(response)
    assert 'value="极好"' in page
    assert page.count("Mend what is marked below.") == 1


def test_a_cadence_is_changed_in_numbers_and_units(pages, policies):
    rule = VisitRule.objects.get(code="after-service")
    url = page_of(rule)
    assert edit(pages, url, **{"steps-0-closes_count": "2", "steps-0-closes_unit": "w"}).status_code == 302
    assert rule.steps.get(code="3-days").closes == "2w"
    told = faults(edit(pages, url, **{"steps-0-closes_count": "1", "steps-0-closes_unit": "d"}))
    assert "lies before opens" in told
    assert "Type a whole number" in faults(edit(pages, url, **{"steps-0-closes_count": "soon"}))


def test_who_calls_is_chosen_from_the_roles(pages, policies):
    rule = VisitRule.objects.get(code="after-service")
    step = rule.steps.get(code="3-days")
    wanted = {"steps-0-details-assign-0-value": "owner", "steps-0-details-assign-1-value": "role:quality_manager"}
    assert edit(pages, page_of(rule), **wanted).status_code == 302
    step.refresh_from_db()
    assert step.details["assign"][:2] == ["owner", "role:quality_manager"]


@pytest.mark.parametrize(
    ("field", "op", "typed", "stored"),
    [
        ("css", "<", "115.5", {"decimal": "115.5"}),
        ("rating", "in", "满意、一般，不满意", ["满意", "一般", "不满意"]),
        ("high_tech", "==", "是", True),
        ("due", ">=", "2026-05-01", {"date": "2026-05-01"}),
        ("plate", "!=", "浙A12345", "浙A12345"),
    ],
)
def test_a_condition_is_built_from_words(pages, policies, field, op, typed, stored):
    rule = VisitRule.objects.get(code="after-service")
    place = f"when-{len(rule.when)}"
    row = {f"{place}-field": field, f"{place}-op": op, f"{place}-value": typed}
    assert edit(pages, page_of(rule), **row).status_code == 302
    rule.refresh_from_db()
    assert rule.when[-1] == {"field": field, "op": op, "value": stored}


def test_a_further_column_of_the_import_is_compared_as_it_is_said(pages, policies):
    segment = Segment.objects.first()
    told = {"when-0-field": "", "when-0-column": "保险到期", "when-0-op": "<", "when-0-value": "30"}
    assert edit(pages, page_of(segment), **told).status_code == 302
    segment.refresh_from_db()
    assert segment.when[0] == {"field": "保险到期", "op": "<", "value": 30}
    assert edit(pages, page_of(segment), **{"when-0-how": "text", "when-0-op": "=="}).status_code == 302
    segment.refresh_from_db()
    assert segment.when[0]["value"] == "30"


def test_a_new_entry_is_of_a_section_that_is_asked_for_first(pages, policies):
    adding = reverse("admin:staff_policyentry_add")
    assert "?section=calling_hours" in pages.get(adding).content.decode()
    dealer = Policy.objects.get(slug="auto-dealer-service")
    new = {"policy": str(dealer.pk), "body-allowed-0-value_from": "9:00", "body-allowed-0-value_until": "12：00"}
    assert edit(pages, adding + "?section=calling_hours", **new).status_code == 302
    assert PolicyEntry.objects.get(policy=dealer, section="calling_hours").body == {"allowed": ["09:00-12:00"]}
    again = faults(edit(pages, adding + "?section=calling_hours", **new))
    assert "this code is already taken" in again
    wrong = {"policy": str(dealer.pk), "body-code": "paper", "body-pass": "six", "body-valid_count": "1"}
    told = faults(edit(pages, adding + "?section=qualification", **wrong))
    assert "Type a number" in told
    assert "choose its unit" in told


def posted(form: TableForm) -> QueryDict:
    """Return what a browser would post from a form of its own."""
    data = QueryDict(mutable=True)
    for key, values in form_on(f"<form>{form.as_p()}</form>").items():
        data.setlist(key, values)
    return data


@pytest.mark.parametrize(
    ("section", "stored", "typed", "told"),
    [
        ("return_appointment", {"within": "5d"}, {"b-within_count": "7"}, {"within": "7d"}),
        ("return_appointment", {"within": "5d"}, {"b-within_count": "?"}, {"within": "?"}),
        ("qualification", {"code": "a", "gate": True}, {"b-pass": "80"}, {"code": "a", "gate": True, "pass": 80}),
        ("kpi", {"code": "k", "target": SHARE}, {"b-title": "率"}, {"code": "k", "target": SHARE, "title": "率"}),
    ],
)  # fmt: skip
def test_one_key_is_changed_and_the_others_stay_exactly(section, stored, typed, told):
    schema, catalogue = model_at(Pack, (section,)), Catalogue()
    data = posted(TableForm(prefix="b", schema=schema, catalogue=catalogue, stored=stored))
    for name in ("when", "of", "roles"):
        data[f"b-{name}-TOTAL_FORMS"] = data[f"b-{name}-INITIAL_FORMS"] = "0"
    data.update(typed)
    for key, value in typed.items():
        data[key] = value
    form = TableForm(data, prefix="b", schema=schema, catalogue=catalogue, stored=stored)
    assert form.is_valid()
    assert form.table() == told
