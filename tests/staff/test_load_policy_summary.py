"""What `load_policy` says of each pack, and what several packs of one load must agree on."""

import pytest
from django.core.management import CommandError
from django.utils.translation import override

from staff.models import Policy, Role
from tests.staff.packfiles import HEAD, RULE, SOON, load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stand_still(clock_at):
    clock_at("2026-03-02T09:00:00+08:00")
    with override("en"):
        yield


def test_the_summary_says_what_became_of_each_pack(written):
    asking = written('[[role]]\ncode = "pilot"\n', head=HEAD + 'approve = "role:pilot"\n')
    assert "release 1 waits for approval by role:pilot" in load(asking)
    assert "draft loaded, not published" in load(written(RULE + SOON, "two"), draft=True)
    load(written(RULE + SOON, "two"))
    assert "nothing has changed, release 1 stays in force" in load(written(RULE + SOON, "two"))


def test_a_field_that_looks_like_a_slip_is_pointed_out_with_its_line(written):
    path = written(RULE + SOON + 'when = { field = "raiting", op = "==", value = "A" }\n')
    assert f"please check: {path}:11 visit_rule[r].step[soon].when.field" in load(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes("[policy]\ntitle = '制度'".encode("gb18030"))
    with pytest.raises(CommandError, match="UTF-8"):
        load(str(path))


def test_two_packs_of_one_load_must_not_contradict_each_other(written):
    one, two = (written(f'[[segment]]\ncode = "vip"\n{text}', slug) for slug, text in (("one", ""), ("two", MEANT)))
    with pytest.raises(CommandError, match="two of the packs mean different things"):
        load(one, two)
    with pytest.raises(CommandError, match="two of the packs have the same slug"):
        load(one, one)
    assert Policy.objects.count() == 0


MEANT = 'when = { field = "css", op = "==", value = 1 }\n'


def test_a_role_like_a_role_that_is_like_a_role_has_its_rights(written):
    load(written('[[role]]\ncode = "b"\nlike = "a"\n[[role]]\ncode = "a"\nlike = "quality_manager"\n'))
    assert Role.objects.get(code="b").like == "quality_manager"
    load(written('[[role]]\ncode = "c"\nlike = "b"\n[[role]]\ncode = "d"\nlike = "d"\n', "two"))
    assert dict(Role.objects.filter(code__in="cd").values_list("code", "like")) == {
        "c": "quality_manager", "d": "service_advisor",
    }  # fmt: skip
