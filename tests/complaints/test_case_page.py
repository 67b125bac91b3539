"""The page of a case: what it shows, what it takes, who may, in how many queries."""

from inspect import signature
from unittest.mock import MagicMock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.domain import handling
from complaints.domain.filing import files_of
from complaints.forms.desk import Desk as Told
from complaints.models import Accusation, Case
from complaints.views.deeds import DEEDS
from tests.complaints.desk import Desk
from tests.visits.calls import MORNING
from tests.visits.proofs import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clock_at):
    clock_at(MORNING)
    return Desk()


def test_the_page_shows_the_words_and_takes_deeds(client, desk):
    case = desk.case(contact="13800001234")
    client.force_login(desk.wang)
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert "空调不凉" in page and "13800001234" not in page and "138****1234" in page
    sent = client.post(
        f"/complaints/{case.pk}/reply/", {"channel": "mobile", "text": "下午检查", "version": case.version}
    )
    assert (sent.status_code, Case.objects.get(pk=case.pk).replied_at) == (302, MORNING)
    stale = client.post(f"/complaints/{case.pk}/remark/", {"text": "我写的话", "version": case.version})
    assert stale.status_code == 422 and "我写的话" in stale.content.decode()
    assert client.post(f"/complaints/{case.pk}/decide/", {"text": ""}).status_code == 422
    assert client.post(f"/complaints/{case.pk}/nonsense/", {}).status_code == 404


def test_every_deed_takes_what_its_form_tells(desk):
    case = desk.case()
    Accusation.objects.create(case=case, employee=desk.li, at=MORNING)
    for name, deed in DEEDS.items():
        form = deed.form({}, {}, desk=Told(case, desk.zhou, MORNING.date()), deed=name)
        chosen = {field: list(one.choices) for field, one in form.fields.items() if getattr(one, "choices", None)}
        form.cleaned_data = dict.fromkeys(form.fields, MagicMock()) | {
            field: choices[-1][0] for field, choices in chosen.items() if choices
        }  # fmt: skip
        signature(deed.do).bind(case, by=desk.zhou, now=MORNING, version=1, **form.arguments())


@pytest.mark.parametrize(
    ("who", "page", "decide", "withdraw"),
    [
        ("wang", 200, 302, 403), ("li", 200, 302, 403), ("zhang", 200, 403, 302), ("zhou", 200, 403, 302),
        ("lina", 404, 404, 404), ("worker", 404, 404, 404),
    ],
)  # fmt: skip
def test_every_role_against_a_case(client, desk, who, page, decide, withdraw):
    case = desk.case()
    client.force_login(getattr(desk, who))
    path = f"/complaints/{case.pk}/"
    assert client.get(path).status_code == page
    assert client.post(f"{path}decide/", {"text": "更换"}).status_code == decide
    assert client.post(f"{path}withdraw/", {"text": "误录"}).status_code == withdraw


def test_the_page_asks_as_often_for_a_long_history(client, desk):
    case = desk.case()
    client.force_login(desk.zhang)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/complaints/{case.pk}/").status_code == 200
        return len(asked)

    handling.ask_department(case, by=desk.wang, now=MORNING, department=desk.workshop, text="看看")
    short = count()
    for turn in range(12):
        handling.department_reply(case, by=desk.wang, now=MORNING, department=desk.workshop, text=f"第 {turn} 次")
    assert count() <= short
    assert short < 60


def test_files_are_for_whoever_sees_the_case(client, desk, tmp_path, settings):
    settings.EVIDENCE_DIR = tmp_path
    case = desk.case()
    client.force_login(desk.wang)
    letter = SimpleUploadedFile("来信.png", picture(), "image/png")
    assert client.post(f"/complaints/{case.pk}/file/", {"path": letter, "text": "客户来信"}).status_code == 302
    [file] = files_of(case)
    path = f"/complaints/files/{file.pk}/"
    assert (client.get(path).status_code, case.deeds.last().kind) == (200, "file")
    bad = SimpleUploadedFile("来信.png", b"no picture", "image/png")
    assert client.post(f"/complaints/{case.pk}/file/", {"path": bad}).status_code == 422
    for person in (desk.lina, desk.worker):
        client.force_login(person)
        assert client.get(path).status_code == 404
