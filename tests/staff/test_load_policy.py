"""`load_policy` and `dump_policy` as an administrator types them."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from staff.domain.shipped import shipped_slugs
from staff.models import Activity, Policy, PolicyEntry, Release, Role
from tests.staff.packfiles import HEAD, RULE, SOON, load
from visits.models import EventKind, ReleasedStep, Segment, VisitRule, VisitStep

pytestmark = pytest.mark.django_db

LATE = '[[visit_rule.step]]\ncode = "late"\nopens = "1m"\ncloses = "2m"\n'
OPEN = '[[visit_rule.step]]\ncode = "open"\ncloses = "?"\n'


@pytest.fixture(autouse=True)
def _stand_still(clock_at):
    clock_at("2026-03-02T09:00:00+08:00")
    with override("en"):
        yield


def dump(slug: str = "shop") -> str:
    out = StringIO()
    call_command("dump_policy", slug, stdout=out)
    return out.getvalue()


def test_a_shipped_pack_is_loaded_by_its_slug_and_is_in_force():
    assert "release 1 is in force from 2026-01-01" in load("auto-dealer-service")
    policy = Policy.objects.get(slug="auto-dealer-service")
    release = policy.releases.get()
    assert (release.number, release.in_force_seq, release.effective_from) == (1, 1, date(2026, 1, 1))
    assert [rule.code for rule in policy.visit_rules.all()] == ["unsatisfied-callback"]
    assert policy.clauses.count() == 20
    assert VisitRule.objects.get().clause == "A-07"


def test_the_summary_counts_and_names_what_waits_and_what_is_not_yet_enforced(written):
    told = load(written(RULE + SOON + OPEN + '[[form]]\ncode = "c"\nof = "checklist"\n'))
    assert "rules: 1, steps: 2, active: 1, waiting for a figure: 1" in told
    assert "waiting for a figure: visit_rule:r/open (closes)" in told
    assert "not yet enforced: form" in told


def test_forms_are_enforced_by_what_they_are_of(written):
    form = '[[form]]\ncode = "f"\nof = "{of}"\nrequires = ["problem"]\n'
    assert "not yet enforced" not in load(written(RULE + SOON + form.format(of="visit_record"), "shop"))
    assert "not yet enforced: form" in load(written(RULE + SOON + form.format(of="checklist"), "other"))


def test_a_step_that_waits_for_its_figure_is_released_inactive(written):
    load(written(RULE + SOON + OPEN))
    found = ReleasedStep.objects.order_by("position").values_list("step__code", "active", "rule__active")
    assert list(found) == [("soon", True, True), ("open", False, True)]


@pytest.mark.parametrize("slug", ["auto-dealer-service", "standard-after-sales"])
def test_load_dump_load_changes_nothing(slug, tmp_path):
    load(slug)
    first = dump(slug)
    path = tmp_path / "dumped.toml"
    path.write_text(first, encoding="utf-8")
    load(str(path))
    assert dump(slug) == first
    assert Release.objects.count() == 1


def test_all_that_ship_can_stand_side_by_side():
    load(*shipped_slugs())

    assert Policy.objects.count() == Release.objects.count() == len(shipped_slugs())
    waiting = Release.objects.filter(in_force_seq=None).values_list("policy__slug", flat=True)
    assert set(waiting) == {"callback-reward-penalty", "logistics-cs"}  # for whom their regulation names
    assert VisitRule.objects.filter(policy__slug="property-callback-2023").count() == 7


def test_dump_writes_into_a_file(written, tmp_path):
    load(written(RULE + SOON))
    call_command("dump_policy", "shop", out=str(tmp_path / "out.toml"))
    assert Path(tmp_path / "out.toml").read_text(encoding="utf-8") == dump()


def test_the_same_pack_again_makes_no_release(written):
    load(written(RULE + SOON))
    load(written(RULE + SOON))
    assert Release.objects.count() == 1


def test_a_changed_pack_makes_a_release_and_retires_what_it_lacks(written):
    load(written(RULE + SOON + LATE))
    load(written(RULE + LATE + '[[report]]\ncode = "daily"\n'))
    assert list(Release.objects.order_by("number").values_list("number", "in_force_seq")) == [(1, 1), (2, 2)]
    assert dict(VisitStep.objects.values_list("code", "retired")) == {"soon": True, "late": False}
    load(written(""))
    assert VisitRule.objects.get().retired
    assert PolicyEntry.objects.count() == 0


def test_a_rule_that_comes_back_is_the_same_rule(written):
    load(written(RULE + SOON))
    before = VisitStep.objects.get().pk
    load(written(""))
    load(written(RULE + SOON))
    assert VisitStep.objects.get(retired=False).pk == before


def test_a_draft_is_stored_and_not_released(written):
    load(written(RULE + SOON), draft=True)
    assert VisitRule.objects.count() == 1
    assert Release.objects.count() == 0


def test_check_changes_nothing(written):
    assert "sound, nothing was changed" in load(written(RULE + SOON), check=True)
    assert (Policy.objects.count(), Role.objects.count(), EventKind.objects.count()) == (0, 0, 0)
    assert Activity.objects.count() == 0


def test_of_several_packs_all_are_loaded_or_none(written):
    sound, faulty = written(RULE + SOON, "sound"), written(RULE + 'evry = "1m"\n' + SOON, "faulty")
    with pytest.raises(CommandError) as refused:
        load(sound, faulty)
    assert f"{faulty}:8 visit_rule[r].evry: this key is not known" in str(refused.value)
    assert Policy.objects.count() == 0
    load(sound, "auto-dealer-service")
    assert set(Policy.objects.values_list("slug", flat=True)) == {"sound", "auto-dealer-service"}


def test_a_pack_may_name_what_another_of_the_same_load_declares(written):
    one = written('[[segment]]\ncode = "vip"\n', "one")
    two = written(RULE + SOON + 'when = { field = "segment", op = "==", value = "vip" }\n', "two")
    with pytest.raises(CommandError, match="no segment has this code"):
        load(two)
    load(two, one)
    assert Segment.objects.get().code == "vip"
    load(two)


def test_what_is_neither_file_nor_slug_is_refused_with_the_shipped_slugs():
    with pytest.raises(CommandError, match="auto-dealer-service"):
        load("auto-dealer")


def test_an_unknown_policy_cannot_be_dumped():
    with pytest.raises(CommandError, match="nowhere"):
        dump("nowhere")


def test_every_load_and_every_release_is_written_down(written):
    load(written(RULE + SOON))
    assert list(Activity.objects.order_by("id").values_list("verb", flat=True)) == ["policy.loaded", "policy.published"]


# Codes of the whole company


def test_roles_kinds_and_segments_are_declared_for_the_company(written):
    load(
        written(
            '[[role]]\ncode = "pilot"\ntitle = "机长"\nlike = "quality_manager"\n'
            '[[event_kind]]\ncode = "landed"\nmany = true\n'
            '[[segment]]\ncode = "vip"\nwhen = { field = "order_total", op = ">", value = 1000.5 }\npriority = 80\n'
        )
    )
    pilot, landed, vip = Role.objects.get(code="pilot"), EventKind.objects.get(code="landed"), Segment.objects.get()
    assert (pilot.title, pilot.like) == ("机长", "quality_manager")
    assert landed.many
    assert (vip.priority, vip.when[0]["value"]) == (80, {"decimal": "1000.5"})


def test_standard_kinds_and_roles_are_there_after_any_load(written):
    load(written(RULE + SOON + 'assign = "role:technician"\n'))
    assert EventKind.objects.get(code="festival").many
    assert not EventKind.objects.get(code="service_completed").many
    assert Role.objects.get(code="technician").like == "service_advisor"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('[[role]]\ncode = "pilot"\nlike = "hr"\n', '[[role]]\ncode = "pilot"\nlike = "quality_manager"\n'),
        ('[[event_kind]]\ncode = "landed"\n', '[[event_kind]]\ncode = "landed"\nmany = true\n'),
        (
            '[[segment]]\ncode = "vip"\n',
            '[[segment]]\ncode = "vip"\nwhen = { field = "css", op = "==", value = 1 }\n',
        ),
    ],
)
def test_another_policy_cannot_give_a_code_another_meaning(written, first, second):
    load(written(first, "one"))
    with pytest.raises(CommandError, match="with another meaning"):
        load(written(second, "two"))
    load(written(first, "two"))


def test_the_policy_that_alone_declares_a_segment_may_change_it(written):
    load(written('[[segment]]\ncode = "vip"\n'))
    load(written('[[segment]]\ncode = "vip"\nwhen = { field = "css", op = "==", value = 1 }\n'))
    assert Segment.objects.get().when == [{"field": "css", "op": "==", "value": 1}]


def test_a_standard_kind_keeps_its_meaning(written):
    load("auto-dealer-service")
    with pytest.raises(CommandError, match="with another meaning"):
        load(written('[[event_kind]]\ncode = "festival"\nmany = false\n'))


# Figures that a regulation leaves open


def test_a_figure_that_somebody_filled_in_survives_a_reload(written):
    load(written(RULE + OPEN))
    VisitStep.objects.update(closes="5d")
    assert "active: 1, waiting for a figure: 0" in load(written(RULE + OPEN))
    assert VisitStep.objects.get().closes == "5d"
    assert ReleasedStep.objects.order_by("id").last().active


def test_a_default_that_somebody_chose_for_an_open_figure_survives_a_reload(written):
    asking = RULE + SOON + 'max_attempts = "?"\n'
    load(written(asking))
    VisitStep.objects.update(details={})
    load(written(asking))
    assert VisitStep.objects.get().details == {}


def test_a_default_that_nobody_chose_is_not_taken_for_the_missing_figure(written):
    load(written(RULE + SOON))
    load(written(RULE + SOON + 'max_attempts = "?"\n'))
    assert VisitStep.objects.get().details == {"max_attempts": "?"}


def test_a_filled_figure_of_an_entry_survives_a_reload(written):
    asking = '[[penalty]]\ncode = "p"\ntiers = [10, "?"]\n'
    load(written(asking))
    PolicyEntry.objects.update(body={"code": "p", "tiers": [10, 20]})
    load(written(asking))
    assert "tiers = [10, 20]" in dump()


@pytest.mark.parametrize(
    "text",
    [
        '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\nmatch = "?"\nearlier = "?"\n' + SOON,
        RULE + SOON + 'match = "?"\npriority = "?"\nanchor = "?"\nevery = "?"\ntimes = "?"\nsample = { rate = "?" }\n',
        '[[segment]]\ncode = "vip"\nset = "?"\nwhen = { field = "order_total", op = ">", value = "?" }\n',
    ],
)
def test_a_missing_figure_may_stand_anywhere_and_is_dumped_again(written, text):
    load(written(text))
    first = dump()
    assert first.count('"?"') == text.count('"?"')
    load(written(first, head=""))
    assert dump() == first


def test_a_policy_that_waits_itself_stays_a_draft_until_somebody_fills_it(written):
    head = HEAD.replace("2026-01-01", '"?"')
    assert "the policy itself waits for a figure" in load(written(RULE + SOON, head=head))
    assert Release.objects.count() == 0
    assert 'effective_from = "?"' in dump()
