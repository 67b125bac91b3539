"""The public form and the customer's own page: once, without an account, and nothing that is not theirs to read."""

import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from complaints.choices import CaseDeedKind, CaseState, Source
from complaints.domain.editing import change
from complaints.domain.feedback import address_key
from complaints.domain.linking import end_link, links_of, make_link
from complaints.domain.merging import merge
from complaints.domain.writing import CannotDo, Line, write
from complaints.models import Case, CaseDeed, IntakeLink
from staff.choices import BaseRole
from staff.models import Branch, Notification, RoleAssignment
from staff.models import Role as StaffRole
from tests.complaints.desk import Desk
from tests.visits.calls import MONDAY, MORNING, Shop, at
from tests.visits.proofs import picture
from visits.models import Evidence, Obligation

PACK = """
[[complaint_level]]
code = "general"
handler = "role:service_advisor"

[[form]]
code = "register"
of = "complaint"
at = "register"
requires = ["demand", "category"]

[[obligation]]
code = "first-reply"
on = "complaint_registered"
deed = "first_reply"
by = "handler"
within = "1h"
"""
FILLED = {
    "form": "a" * 16, "type": "complaint", "summary": "空调不凉，等了两小时", "demand": "请回电", "name": "陈先生",
    "contact": "13800009999", "website": "",
}  # fmt: skip
NAMES = (
    "no customer level category channel state opened_at replied_at resolved_at verified_at handler escalations "
    "duplicates_of type branch department exemption closed_at follow_up"
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at):
    cache.clear()
    clock_at(MORNING)
    shop = Shop(pack=PACK)
    shop.link = make_link(title="城东店前台", types=["complaint", "repair"], branch=shop.branch, department=None,
                          by=shop.wang, now=MORNING)  # fmt: skip
    shop.form = f"/feedback/{shop.link.token}/"
    return shop


def test_what_a_customer_sends_is_one_case_with_its_clock_and_a_page_of_their_own(client, shop):
    customer = shop.customer(number="13800009999")
    page = client.get(shop.form).content.decode()
    assert "城东店前台" in page and 'value="repair"' in page and 'value="enquiry"' not in page
    first = client.post(shop.form, FILLED)
    assert first.status_code == 302 and first["Location"] == client.post(shop.form, FILLED)["Location"]
    case = Case.objects.get()
    assert (case.source, case.branch, case.customer, case.registered_by) == (
        Source.ONLINE, shop.branch, customer, None,
    )  # fmt: skip
    assert case.handler in (shop.wang, shop.li)  # though the regulation wants a category, which only the house knows
    assert Obligation.objects.get().due_at == at("11:00")
    own = client.get(first["Location"])
    assert case.number in own.content.decode() and "13800009999" not in own.content.decode()
    assert own["Cache-Control"].startswith("max-age=0, no-cache")


def test_the_same_form_with_other_words_is_told_and_nothing_typed_is_lost(client, shop):
    client.post(shop.form, FILLED)
    again = client.post(shop.form, FILLED | {"summary": "还有：车门有划痕"})
    page = again.content.decode()
    assert (again.status_code, Case.objects.count()) == (409, 1)
    assert Case.objects.get().number in page and "车门有划痕" in page and FILLED["form"] not in page


REFUSED = [
    ({"summary": " "}, "summary"),
    ({"demand": ""}, "demand"),  # the regulation wants it
    ({"contact": ""}, "contact"),
    ({"type": "enquiry"}, "type"),  # not by this link
    ({"website": "https://spam.example"}, "__all__"),
    ({"form": "<x>"}, "form"),
]


@pytest.mark.parametrize(("change", "field"), REFUSED)
def test_what_cannot_be_taken_is_said_at_its_place_and_kept(client, shop, change, field):
    answer = client.post(shop.form, FILLED | {"name": "保留的名字"} | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "保留的名字" in answer.content.decode() and "spam" not in answer.content.decode()
    assert not Case.objects.exists()


def test_who_would_rather_not_be_named_is_not(client, shop):
    client.post(shop.form, FILLED | {"anonymous": "on"})
    case = Case.objects.get()
    assert (case.name, case.contact, case.customer) == ("", "", None)


def test_many_from_one_place_wait_and_keep_what_they_typed(client, shop, settings):
    settings.ACCOUNT_RATE_LIMITS = {"feedback": "1/h/ip"}
    client.post(shop.form, FILLED)
    answer = client.post(shop.form, FILLED | {"form": "b" * 16, "summary": "第二件事"})
    assert (answer.status_code, Case.objects.count()) == (429, 1)
    assert "第二件事" in answer.content.decode()


def test_staff_look_and_do_not_send(client, shop):
    client.force_login(shop.wang)
    assert client.get(shop.form).status_code == 200
    assert client.post(shop.form, FILLED).status_code == 422
    assert not Case.objects.exists()


def test_an_ended_link_and_a_broken_address_say_the_same(client, shop, clock_at):
    client.post(shop.form, FILLED)
    own = f"/feedback/case/{address_key(Case.objects.get())}/"
    end_link(shop.link, by=shop.wang, now=MORNING)
    ended, broken = client.get(shop.form), client.get("/feedback/nothing/")
    assert (ended.status_code, broken.status_code) == (410, 410)
    assert shop.link.title not in ended.content.decode()
    assert client.post(shop.form, FILLED | {"form": "c" * 16}).status_code == 410
    assert client.get(own).status_code == 200  # what was sent stays theirs
    assert client.get(own.replace("/case/", "/case/x")).status_code == 410
    case = Case.objects.get()
    write(case, CaseDeedKind.WITHDRAWN, by=shop.wang, now=MORNING, state=CaseState.WITHDRAWN)
    assert client.get(own).status_code == 200
    clock_at("2026-06-02T10:00+08:00")
    assert client.get(own).status_code == 410


def test_the_customer_reads_what_was_told_and_never_what_the_house_says(client, shop):
    own = client.post(shop.form, FILLED)["Location"]
    case = Case.objects.get()
    for kind, text, facts in (
        (CaseDeedKind.REMARK, "客户难缠", {}),
        (CaseDeedKind.REPLIED, "您好，已安排李师傅联系您", {}),
        (CaseDeedKind.PROGRESS, "配件成本偏高", {}),
        (CaseDeedKind.PROGRESS, "配件周三到", {"told_customer": True}),
    ):
        write(case, kind, by=shop.wang, now=MORNING, line=Line(text=text, facts=facts), state=CaseState.IN_PROGRESS)
    page = client.get(own).content.decode()
    assert "李师傅" in page and "配件周三到" in page and "处理中" in page
    assert "难缠" not in page and "成本" not in page and shop.wang.name not in page


def test_a_word_of_the_customer_stands_once_on_the_timeline_and_is_told(client, shop):
    own = client.post(shop.form, FILLED)["Location"].split("?")[0]
    for text in ("电话 13811112222", "电话 13811112222", " "):
        client.post(own, {"text": text})
    case = Case.objects.get()
    [word] = case.deeds.filter(kind=CaseDeedKind.REMARK)
    assert (word.text, word.by) == ("电话 13811112222", None)
    page = client.get(own).content.decode()
    assert "138****2222" in page and "13811112222" not in page
    assert Notification.objects.filter(recipient=case.handler, key=f"case-word-{word.pk}").count() == 1
    for place in range(12):
        last = client.post(own, {"text": f"第{place}句"})
    assert last.status_code == 422
    assert CaseDeed.objects.filter(kind=CaseDeedKind.REMARK).count() == 10


def test_managers_make_and_end_links_of_their_units_alone(client, shop):
    supervisor = StaffRole.objects.create(code="cs_supervisor", title="客服主管", like=BaseRole.CS_SUPERVISOR)
    RoleAssignment.objects.create(employee=shop.li, role=supervisor, from_on=MONDAY)
    west = Branch.objects.create(name="城西店")
    theirs = make_link(title="城西", types=[], branch=west, department=None, by=shop.wang, now=MORNING)
    client.force_login(shop.li)
    page = client.get("/complaints/links/").content.decode()
    assert "城东店前台" in page and "data:image/svg+xml" in page and theirs.token not in page
    assert client.post("/complaints/links/", {"title": "接待台", "unit": f"branch-{west.pk}"}).status_code == 422
    made = client.post("/complaints/links/", {"title": "接待台", "unit": f"branch-{shop.branch.pk}", "types": "repair"})
    assert (made.status_code, IntakeLink.objects.get(title="接待台").offered()) == (302, ["repair"])
    assert client.post("/complaints/links/", {"end": theirs.pk}).status_code == 404
    assert client.post("/complaints/links/", {"end": shop.link.pk}).status_code == 302
    assert Client().get(shop.form).status_code == 410
    with pytest.raises(CannotDo):
        end_link(shop.link, by=shop.li, now=MORNING)
    assert shop.link in links_of(shop.li, on=MONDAY)


def test_cases_go_out_with_the_names_that_others_rely_on(client, shop, tmp_path):
    client.post(shop.form, FILLED)
    client.post(shop.form, FILLED | {"form": "d" * 16, "summary": "同一件事"})
    first, second = Case.objects.order_by("pk")
    write(second, CaseDeedKind.MERGED, by=shop.wang, now=MORNING, state=CaseState.MERGED, merged_into=first)
    path = tmp_path / "cases.json"
    call_command("export", "complaints", out=path, stdout=StringIO())
    rows = json.loads(path.read_text())
    assert list(rows[0]) == NAMES.split()
    told = {name: rows[1][name] for name in NAMES.split()[:13]}
    assert told == {
        "no": second.number, "customer": None, "level": "general", "category": None, "channel": "online",
        "state": "merged", "opened_at": "2026-03-02T10:00:00+08:00", "replied_at": None, "resolved_at": None,
        "verified_at": None, "handler": second.handler.username, "escalations": 0, "duplicates_of": first.number,
    }  # fmt: skip
    assert (rows[1]["type"], rows[1]["branch"], rows[1]["closed_at"]) == (
        "complaint", second.branch.name, "2026-03-02T10:00:00+08:00",
    )  # fmt: skip
    assert "13800009999" not in path.read_text()


def pictures(*contents):
    """Return files as a phone hands them in."""
    return [SimpleUploadedFile(f"13800009999-{place}.jpg", one) for place, one in enumerate(contents)]


def test_photographs_lie_with_the_case_and_what_is_none_is_said_by_its_turn(client, shop, settings, tmp_path):
    settings.EVIDENCE_DIR, good = tmp_path / "evidence", picture(1, "JPEG", size=(90, 120))
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 80
    refused = client.post(shop.form, FILLED | {"photographs": pictures(good, heic, b"<script>", b"")})
    assert (refused.status_code, Case.objects.count()) == (422, 0)
    told = " ".join(refused.context["form"].errors["photographs"])
    assert "第 2 张" in told and "HEIC" in told and "第 3 张" in told and "第 4 张" in told and "第 1 张" not in told
    many = client.post(shop.form, FILLED | {"photographs": pictures(*[good] * 6)})
    assert (many.status_code, list(many.context["form"].errors)) == (422, ["photographs"])
    lacking = client.post(shop.form, FILLED | {"summary": "", "photographs": pictures(good)})
    assert list(lacking.context["form"].errors) == ["summary", "photographs"]  # a browser has let them go
    cut = client.post(shop.form, FILLED | {"photographs": pictures(good, good[:40] + b"?" * 40)})
    assert cut["Location"].endswith("&photographs")  # the words stand, whatever the picture is
    case = Case.objects.get()
    [kept] = Evidence.objects.filter(subject=f"case:{case.pk}")
    assert (kept.uploaded_by, kept.kind, kept.media) == (None, "photo", "image/jpeg")
    page = client.get(cut["Location"]).content.decode()
    assert "照片" in page and "并非每张照片" in page
    own = cut["Location"].split("?")[0]
    again, other = picture(1, "JPEG", size=(90, 120)), picture(2, "PNG", size=(90, 120))
    assert client.post(own, {"photographs": pictures(again, other)}).status_code == 302
    assert (Evidence.objects.count(), case.deeds.filter(kind=CaseDeedKind.FILE).count()) == (2, 2)
    assert Notification.objects.filter(recipient=case.handler, key__startswith="case-photographs-").count() == 1
    client.force_login(case.handler)
    page = client.get(f"/complaints/{case.pk}/").content.decode()
    assert f"/complaints/files/{kept.pk}/" in page and "客户" in page


def test_a_stranger_hands_files_in_nowhere_else(client, shop):
    for address in ("/login/", "/confirm/nothing/", "/api/v1/cases/"):
        answer = client.post(address, {"photographs": pictures(b"\xff\xd8\xff" * 9)})
        assert not answer.wsgi_request.FILES, address


def test_who_is_not_named_stands_under_the_code_that_the_regulation_has_for_it(client, clock_at):
    clock_at(MORNING)
    codes = '{ code = "anonymous", title = "没有留姓名" }, { code = "letter", attachment = true }'
    shop = Desk(pack=f"[complaints]\nexempt = [{codes}]\n")
    link = make_link(title="城东店", types=[], branch=shop.branch, department=None, by=shop.wang, now=MORNING)
    client.post(f"/feedback/{link.token}/", FILLED | {"anonymous": "on"})
    client.post(f"/feedback/{link.token}/", FILLED | {"form": "e" * 16})
    nameless, named = Case.objects.order_by("pk")
    client.force_login(shop.zhou)
    for page in ("", "print/"):
        assert "没有留姓名" in client.get(f"/complaints/{nameless.pk}/{page}").content.decode()
    assert (nameless.exemption, named.exemption) == ("anonymous", "")
    change(nameless, {"contact": "13800009998"}, reason="客户来电留号", by=shop.zhou, now=MORNING)
    nameless.refresh_from_db()
    assert nameless.exemption == ""  # there is somebody to be asked by now


def test_the_page_of_a_merged_case_follows_the_one_that_counts(client, shop):
    first = client.post(shop.form, FILLED)["Location"].split("?")[0]
    second = client.post(shop.form, FILLED | {"form": "f" * 16, "contact": "13800007777"})["Location"].split("?")[0]
    master, merged = Case.objects.order_by("pk")
    merge([merged], into=master, by=shop.wang, now=MORNING)
    assert client.post(second, {"text": "我也在等"}).status_code == 302
    assert "我也在等" in client.get(second).content.decode()
    assert "我也在等" not in client.get(first).content.decode()  # another customer reads nothing of it
    assert master.deeds.get(kind=CaseDeedKind.REMARK).text == "我也在等"
