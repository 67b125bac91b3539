"""How somebody without a file is reached: masked on every page, whole on request, each time written down (F-06)."""

import json

import pytest

from complaints.choices import Source
from complaints.domain.registering import Told, register
from complaints.models import Case
from staff.models import Activity
from tests.complaints.desk import Desk
from tests.visits.calls import MORNING, at
from visits.domain.calling.revealing import A_HOUR, REVEALED, SHOWN
from visits.domain.contact.masking import mask_contact, unmask


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13800001234", "138****1234"), ("138 0000 1234（妻子）", "138****1234（妻子）"), ("", ""),
        ("138-0000-1234", "138****1234"), ("+86 13800001234", "138****1234"), ("0571-88123456", "0571-****3456"),
        ("微信 wx13800001234", "微信 wx138****1234"), ("文二路 391 号", "文二路 391 号"),
        ("13800001234/13900005678", "138****1234/139****5678"),
    ],
)  # fmt: skip
@pytest.mark.any_database
def test_every_number_in_a_contact_is_masked_and_comes_back_from_its_mask(typed, shown):
    assert (mask_contact(typed), unmask(mask_contact(typed), typed, contact=True)) == (shown, typed)


@pytest.fixture
def desk(db, clock_at):
    clock_at(MORNING)
    desk = Desk()
    told = Told(
        summary="请打 13900005678 找我", source=Source.ONLINE, opened_at=at("09:00"), branch=desk.branch,
        department=desk.department, contact="138 0000 1234（妻子）", handler=desk.wang, name="陈先生",
    )  # fmt: skip
    desk.told = register(told, by=None, now=MORNING)
    desk.page = f"/complaints/{desk.told.pk}/"
    return desk


def whole(page: str) -> bool:
    return any(number in page.replace(" ", "") for number in ("13800001234", "13900005678"))


def test_no_page_of_the_case_shows_it_unasked_and_editing_keeps_it(desk, client):
    client.force_login(desk.zhang)
    pages = [desk.page, *(desk.page + name for name in ("edit/", "print/", "merge/", "orders/new/"))]
    pages += ["/complaints/list/", "/complaints/", "/complaints/register/", f"/complaints/new/?origin={desk.told.pk}"]
    shown = {page: client.get(page).content.decode() for page in pages}
    assert [page for page, body in shown.items() if whole(body)] == []
    assert all("138****1234" in shown[page] for page in (desk.page, f"{desk.page}edit/"))
    typed = {
        "type": "complaint", "source": "online", "name": "陈先生", "contact": "138****1234（女儿）", "reason": "补充",
        "summary": "请打 139****5678 找我，上午", "version": desk.told.version,
    }  # fmt: skip
    assert client.post(f"{desk.page}edit/", typed).status_code == 302
    case = Case.objects.get(pk=desk.told.pk)
    assert (case.contact, case.summary) == ("138 0000 1234（女儿）", "请打 13900005678 找我，上午")


def test_it_is_shown_to_who_handles_the_case_and_to_others_for_a_reason(desk, client, clock_at):
    ask = f"{desk.page}contact/"
    client.force_login(desk.wang)
    assert whole(client.post(ask, headers={"HX-Request": "true"}).content.decode())
    client.force_login(desk.zhang)
    refused = client.post(ask).content.decode()
    assert 'name="reason"' in refused and not whole(refused)
    assert whole(client.post(ask, {"reason": "回电 13900005678"}).content.decode())
    [own, others] = Activity.objects.filter(verb__in=(SHOWN, REVEALED)).order_by("pk")
    assert [(one.verb, one.actor, one.subject_type) for one in (own, others)] == [
        (SHOWN, desk.wang, "case"), (REVEALED, desk.zhang, "case"),
    ]  # fmt: skip
    assert not whole(json.dumps([own.data, others.data]))
    client.force_login(desk.zhou)
    assert desk.told.number in client.get("/numbers/").content.decode()
    assert client.post(ask, {"reason": "看看"}).status_code == 404  # as with a number on file: he calls nobody
    for person in (desk.lina, desk.worker):
        client.force_login(person)
        assert client.post(ask, {"reason": "看看"}).status_code == 404
    clock_at(at("21:30"))
    client.force_login(desk.wang)
    assert not whole(client.post(ask).content.decode())  # the customer is left in peace at this hour
    line = {"at": at("21:20"), "actor": desk.wang, "verb": REVEALED, "subject_type": "case"}
    Activity.objects.bulk_create([Activity(**line) for _number in range(A_HOUR)])
    assert client.post(ask, {"reason": "急"}).status_code == 429
