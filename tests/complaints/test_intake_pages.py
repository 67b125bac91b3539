"""The pages on which cases are registered, found, put right and laid together."""

from uuid import uuid4

import pytest

from complaints.choices import CaseState, CaseType, Source
from complaints.domain.registering import register
from complaints.models import Case
from tests.complaints.test_registering import PACK, told
from tests.visits.calls import MORNING, Shop
from tests.visits.desk import HTMX, signed_in
from visits.models import Customer

RULES = """
[[category]]
code = "quality"
title = "质量"
[[category]]
code = "paint"
title = "漆面"
parent = "quality"

[[form]]
code = "register"
of = "complaint"
requires = ["time", "summary", "way", "category"]
fields = [{ code = "bay", title = "工位", options = ["一号", "二号"] }]

[[form]]
code = "tracked"
of = "complaint"
when = [{ field = "level", op = "==", value = "major" }]
requires = ["tracker"]
"""
EXEMPT = PACK.replace("[complaints]", '[complaints]\nexempt = [{ code = "anonymous", title = "匿名" }]')

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(clock_at):
    clock_at("2026-03-02T10:00+08:00")
    return Shop(pack=EXEMPT + RULES)


@pytest.fixture
def desk(shop):
    return signed_in(shop.wang)


def typed(**more):
    usual = {
        "token": str(uuid4()), "type": "complaint", "source": "letter", "opened_at": "2026-03-02T09:30",
        "name": "陈先生", "contact": "13900001111", "summary": "空调修了两次还是不凉", "category": "paint",
    }  # fmt: skip
    return usual | more


def test_the_page_opens_and_tells_what_follows_while_one_types(desk, shop):
    page = desk.get("/complaints/new/").content.decode()
    part = desk.post("/complaints/new/", typed(look="all", severity="major"), headers=HTMX).content.decode()

    assert 'id="case-summary"' in page and "漆面" in page and "工位" in page
    assert "major" in part and "2026-03-02 10:30" in part  # first reply: an hour from when it was told
    assert "跟踪" in part and "<html" not in part
    assert Case.objects.count() == 0


def test_a_letter_becomes_a_case_of_a_new_customer_once(desk, shop):
    sent = typed(keep="on", **{"own-bay": "二号"})
    answer, again = desk.post("/complaints/new/", sent), desk.post("/complaints/new/", sent)
    case = Case.objects.get()

    assert (answer["Location"], again["Location"]) == (f"/complaints/{case.pk}/",) * 2
    assert (case.source, case.type, case.category, case.values) == (
        Source.LETTER,
        CaseType.COMPLAINT,
        "paint",
        {"bay": "二号"},
    )
    assert (case.customer.name, case.customer.numbers.get().number) == ("陈先生", "13900001111")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source": ""}, "请选择是通过什么方式反映的"),
        ({"summary": " "}, "请填写客户的说法"),
        ({"category": ""}, "还缺"),
        ({"opened_at": "2026-03-02T10:30"}, "这个时间还没有到"),
        ({"severity": "major"}, "还缺"),  # I-05: a grave one needs somebody who tracks it
        ({"name": "", "contact": ""}, "匿名"),
    ],
)
def test_what_lacks_is_refused_and_what_was_typed_stays(desk, more, words):
    answer = desk.post("/complaints/new/", typed(**more))
    page = answer.content.decode()
    assert (answer.status_code, words in page, Case.objects.count(), Customer.objects.count()) == (422, True, 0, 0)
    assert more.get("summary") or "空调修了两次还是不凉" in page


def test_an_anonymous_case_says_why_and_is_tracked_where_it_is_grave(desk, shop):
    sent = typed(name="", contact="", exemption="anonymous", severity="major", tracker=str(shop.li.pk))
    assert desk.post("/complaints/new/", sent).status_code == 302
    case = Case.objects.get()
    assert (case.exemption, case.tracker, case.level, case.customer) == ("anonymous", shop.li, "major", None)


def test_what_was_told_before_is_asked_about_and_counts_once(desk, shop):
    chen = shop.customer("陈先生", "13900001111")
    first = register(
        told(shop, customer=chen, category="paint", summary="空调修了两次都不凉"), by=shop.wang, now=MORNING
    )
    asked = desk.post("/complaints/new/", typed())
    assert (asked.status_code, first.number in asked.content.decode()) == (422, True)

    answer = desk.post("/complaints/new/", typed(same=str(first.pk)))
    merged = Case.objects.exclude(pk=first.pk).get()
    assert (answer["Location"], merged.state, merged.merged_into) == (
        f"/complaints/{first.pk}/",
        CaseState.MERGED,
        first,
    )
    assert desk.post("/complaints/new/", typed(same="new")).status_code == 302
    assert Case.objects.counted().count() == 2


def test_an_enquiry_is_made_into_a_complaint_that_holds_its_text(desk, shop):
    enquiry = register(
        told(shop, type=CaseType.ENQUIRY, category="paint", name="陈先生", handler=shop.wang), by=shop.wang, now=MORNING
    )
    page = desk.get(f"/complaints/new/?origin={enquiry.pk}&type=complaint").content.decode()
    answer = desk.post("/complaints/new/", typed(origin=enquiry.pk, summary=enquiry.summary, same="new"))
    made = Case.objects.get(type=CaseType.COMPLAINT)

    assert enquiry.summary in page and enquiry.number in page
    assert (answer.status_code, made.origin, made.summary) == (302, enquiry, enquiry.summary)
    assert made.number in enquiry.deeds.last().text


def test_a_customer_is_found_while_one_types_and_their_number_is_masked(desk, shop):
    shop.task(shop.customer("陈先生", "13900001111"))
    part = desk.post("/complaints/new/", typed(look="who", who="1111"), headers=HTMX).content.decode()
    assert "139****1111" in part and "13900001111" not in part


def test_the_list_finds_by_number_name_and_last_digits_the_most_pressing_first(desk, shop):
    calm, urgent = (
        register(
            told(shop, category="paint", name=name, contact=contact, importance=grade, urgency=grade), by=shop.wang,
            now=MORNING,
        )
        for name, contact, grade in (("甲", "13900001111", "low"), ("乙", "13900002222", "high"))
    )  # fmt: skip
    page = desk.get("/complaints/list/").content.decode()
    assert page.index(urgent.number) < page.index(calm.number) and "P1" in page and "13900001111" not in page
    for words in (calm.number, "甲", "1111"):
        rows = desk.get("/complaints/list/", {"q": words}).context["rows"]
        assert [row["number"] for row in rows] == [calm.number], words


def test_an_edit_is_a_version_and_an_old_page_is_told(desk, shop):
    case = register(told(shop, category="paint", name="陈先生"), by=shop.wang, now=MORNING)
    sent = typed(version=1, reason="补充", summary="空调不凉，有异响", contact="")
    assert desk.post(f"/complaints/{case.pk}/edit/", sent).status_code == 302
    stale = desk.post(f"/complaints/{case.pk}/edit/", sent | {"summary": "另一句话"})
    page = stale.content.decode()

    assert (stale.status_code, "另一句话" in page, "您填写的内容" in page) == (422, True, True)
    assert "空调不凉，有异响" in page and "补充" in page


def test_cases_are_merged_and_taken_apart_on_their_page(desk, shop):
    chen = shop.customer("陈先生")
    one, two = (register(told(shop, category="paint", customer=chen), by=shop.wang, now=MORNING) for _twice in range(2))
    page = desk.get(f"/complaints/{one.pk}/merge/").content.decode()
    assert two.number in page
    desk.post(f"/complaints/{one.pk}/merge/", {"other": two.pk, "way": "here"})
    assert Case.objects.get(pk=two.pk).merged_into == one
    desk.post(f"/complaints/{one.pk}/merge/", {"apart": two.pk})
    assert Case.objects.get(pk=two.pk).state == CaseState.ASSIGNED


def test_what_is_chosen_and_gone_since_is_told_and_never_dropped(desk, shop):
    gone = shop.customer("陈先生")
    Customer.objects.filter(pk=gone.pk).update(merged_into=shop.customer("陈女士"))
    chosen = typed(customer=gone.pk, unit="d:999", category="gone", level="gone", handler="999", tracker=shop.li.pk)
    page = desk.post("/complaints/new/", chosen)
    assert page.status_code == 422 and not Case.objects.exists()
    assert set(page.context["form"].errors) == {"who", "unit", "category", "level", "handler"}
    assert "该选项已不可选" in page.content.decode() and chosen["summary"] in page.content.decode()
    long = desk.post("/complaints/new/", typed(summary="字" * 10_000, opened_at="昨天"))
    words = long.content.decode()
    assert "最多 8000 个字，现有 10000 个字" in words and "2026-11-22 14:30" in words and "字" * 10_000 in words
