"""Releases: published, approved, put in force again, compared; never changed."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from staff.choices import ReleaseState
from staff.domain.loading import Source, load_packs
from staff.domain.policies import (
    approve,
    difference_to_force,
    publish,
    put_in_force,
    reject,
    release_in_force,
    spec_of,
)
from staff.models import Activity, Employee, Notification, Policy, Release, Role, RoleAssignment
from visits.models import ReleasedStep, VisitStep

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PACK = (
    '[policy]\nslug = "shop"\neffective_from = {since}\n{more}\n[[visit_rule]]\ncode = "r"\ntrigger = "deal"\n'
    '[[visit_rule.step]]\ncode = "s"\ncloses = "{closes}"\n'
)


def load(*, closes: str = "3d", since: str = "2026-01-01", more: str = "", actor: Employee | None = None):
    """Load the regulation of the shop and return the release that came of it."""
    text = PACK.format(closes=closes, since=since, more=more)
    return load_packs([Source("shop.toml", text)], now=NOW, on=TODAY, actor=actor)[0].release


def person(username: str, role: str = "", *, since: date = date(2020, 1, 1)) -> Employee:
    """Return an employee who holds `role`."""
    made = Employee.objects.create_user(username, name=username)
    if role:
        held, _made = Role.objects.get_or_create(code=role, defaults={"title": role, "like": role})
        RoleAssignment.objects.create(employee=made, role=held, from_on=since)
    return made


@pytest.fixture
def shop() -> Policy:
    load()
    return Policy.objects.get()


def test_a_release_holds_the_canonical_text_and_its_hash(shop):
    release = shop.releases.get()
    assert spec_of(release).visit_rule[0].step[0].code == "s"
    assert len(release.sha256) == 64


def test_of_the_releases_that_hold_on_a_day_the_one_put_in_force_last_rules(shop):
    first = shop.releases.get()
    second = load(closes="4d", since="2026-04-01")
    assert release_in_force(shop, date(2025, 12, 31)) is None
    assert release_in_force(shop, date(2026, 1, 1)) == first
    assert release_in_force(shop, date(2026, 3, 31)) == first
    assert release_in_force(shop, date(2026, 4, 1)) == second


def test_publishing_a_draft_that_says_nothing_new_makes_no_release(shop):
    assert publish(shop, now=NOW, on=TODAY, actor=None) is None


def test_an_edited_draft_changes_nothing_until_it_is_published(shop):
    VisitStep.objects.update(closes="9d")
    assert str(spec_of(release_in_force(shop, TODAY)).visit_rule[0].step[0].closes) == "3d"
    publish(shop, now=NOW, on=TODAY, actor=None)
    assert str(spec_of(release_in_force(shop, TODAY)).visit_rule[0].step[0].closes) == "9d"


def test_the_difference_to_the_release_in_force_is_shown_before_publishing(shop):
    assert difference_to_force(shop) == []
    VisitStep.objects.update(closes="9d")
    changed = [line for line in difference_to_force(shop) if line[:1] in "+-" and not line.startswith(("+++", "---"))]
    assert changed == ['-  closes = "3d"', '+  closes = "9d"']


def test_an_old_release_can_be_put_in_force_again(shop):
    first = shop.releases.get()
    second = load(closes="4d")
    assert release_in_force(shop, TODAY) == second
    put_in_force(first, now=NOW, actor=None)
    assert release_in_force(shop, TODAY) == first
    assert load(closes="3d") is None, "the pack says what is in force"
    put_in_force(first, now=NOW, actor=None)
    assert Release.objects.get(pk=first.pk).in_force_seq == 3


def test_a_policy_may_demand_approval_by_a_role():
    manager, author = person("gm", "general_manager"), person("author", "general_manager")
    stranger = person("stranger", "service_advisor")
    release = load(more='approve = "role:general_manager"', actor=author)
    assert release.state == ReleaseState.AWAITING
    shop = Policy.objects.get()
    assert release_in_force(shop, TODAY) is None
    for nobody in (author, stranger):
        with pytest.raises(ValidationError):
            approve(release, now=NOW, on=TODAY, actor=nobody)
    with pytest.raises(ValidationError):
        put_in_force(release, now=NOW, actor=None)
    assert load(more='approve = "role:general_manager"', actor=author) is None, "it waits already"
    told = Notification.objects.unread().get()
    assert (told.recipient, told.url) == (manager, f"/staff/policies/{shop.pk}/")
    approve(release, now=NOW, on=TODAY, actor=manager)
    found = release_in_force(shop, TODAY)
    assert (found, found.approved_by) == (release, manager)
    with pytest.raises(ValidationError):
        approve(release, now=NOW, on=TODAY, actor=manager)


def test_a_rejected_release_never_rules():
    manager = person("gm", "general_manager")
    release = load(more='approve = "role:general_manager"')
    reject(release, now=NOW, on=TODAY, actor=manager)
    assert release_in_force(Policy.objects.get(), TODAY) is None
    with pytest.raises(ValidationError):
        approve(release, now=NOW, on=TODAY, actor=manager)


def test_every_deed_is_written_down(shop):
    manager = person("gm", "general_manager")
    first = shop.releases.get()
    second = load(closes="4d", more='approve = "role:general_manager"')
    approve(second, now=NOW, on=TODAY, actor=manager)
    put_in_force(first, now=NOW, actor=manager)
    verbs = list(Activity.objects.filter(subject_type="release").order_by("id").values_list("verb", "subject_id"))
    assert verbs == [
        ("policy.published", first.pk),
        ("policy.published", second.pk),
        ("policy.approved", second.pk),
        ("policy.put_in_force", first.pk),
    ]


def test_the_content_of_a_release_and_its_steps_cannot_be_changed(shop):
    for change in (
        lambda: Release.objects.update(content="x"),
        lambda: ReleasedStep.objects.update(active=False),
        lambda: ReleasedStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
