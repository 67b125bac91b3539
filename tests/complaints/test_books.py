"""Own books: fields, clock, versions, a case made of an entry; the knowledge base (AE-05, AE-09, AE-11, AA-04)."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from complaints.choices import CaseType, EntryState, Source
from complaints.domain import books, entering, knowledge
from complaints.domain.forms_asked import Lacking
from complaints.domain.registering import Told, register
from complaints.domain.writing import CannotDo
from complaints.models import Article, Case, Entry
from tests.visits.calls import MONDAY, MORNING, Shop, at
from visits.models import Obligation

PACK = """
[[form]]
code = "cargo-query"
title = "查货登记"
of = "register"
fields = [
  { code = "cargo-no", title = "货号", kind = "text" },
  { code = "need", title = "需求", options = ["查货", "其他"] },
  { code = "to-manager", title = "报经理", kind = "yesno" },
]
requires = ["cargo-no"]

[[form]]
code = "cargo-found"
of = "entry:cargo-query"
fields = [{ code = "found-at", title = "查到地点", kind = "text" }]
requires = ["found-at"]

[[obligation]]
code = "reply"
on = "entry:cargo-query"
deed = "first_reply"
by = "recorder"
within = "30min"

[[obligation]]
code = "manager"
on = "entry:cargo-query"
when = [{ field = "to-manager", op = "==", value = true }]
deed = "todo"
by = "recorder"
"""
NINE = at("09:00")

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Shop(pack=PACK)


@pytest.fixture
def book(shop):
    [found] = books.offered(shop.wang, on=MONDAY)
    return found


def enter(shop, book, *, now=NINE, **values):
    told = {"cargo-no": "H-1"} | {code.replace("_", "-"): value for code, value in values.items()}
    return entering.enter(book, told, at=NINE, by=shop.wang, now=now)


def test_ae_09_without_cargo_number_nothing_is_saved(shop, book):
    with pytest.raises(Lacking) as refusal:
        entering.enter(book, {"need": "查货"}, at=NINE, by=shop.wang, now=NINE)
    assert (refusal.value.fields, "货号" in str(refusal.value), Entry.objects.count()) == (("cargo-no",), True, 0)


def test_ae_05_the_clock_of_half_an_hour_runs_from_the_call_and_ends_with_the_reply(shop, book):
    entry = enter(shop, book, now=NINE + timedelta(minutes=5))
    clock = Obligation.objects.get(rule="reply")
    assert (clock.subject, clock.employee, clock.due_at) == (f"entry:{entry.pk}", shop.wang, at("09:30"))

    replied = entering.reply(entry, "货在郑州，明天到", by=shop.wang, now=at("09:25"))

    clock.refresh_from_db()
    assert (clock.state, clock.done_at, replied.state) == ("done", at("09:25"), EntryState.OPEN)


def test_ae_09_closed_after_twenty_five_minutes_once_its_own_field_is_filled_in(shop, book):
    entry = enter(shop, book)
    with pytest.raises(Lacking):
        entering.close(entry, book, "已回复", {}, by=shop.wang, now=at("09:25"))
    done = entering.close(entry, book, "已回复", {"found-at": "郑州"}, by=shop.wang, now=at("09:25"))

    assert (done.state, done.closed_at - done.at) == (EntryState.CLOSED, timedelta(minutes=25))
    assert done.values == {"cargo-no": "H-1", "found-at": "郑州"}
    assert not Obligation.objects.open().exists()
    with pytest.raises(CannotDo):
        entering.reply(done, "再说一次", by=shop.wang, now=at("09:30"))


def test_ae_11_a_correction_is_a_version_beside_the_old_one_and_of_two_the_later_is_told(shop, book):
    entry = enter(shop, book)
    second = entering.correct(entry, book, {"cargo-no": "H-2"}, at=NINE, by=shop.li, now=at("09:10"))
    with pytest.raises(CannotDo, match="meantime|刚被"):
        entering.correct(entry, book, {"cargo-no": "H-3"}, at=NINE, by=shop.wang, now=at("09:11"))

    assert [(one.values["cargo-no"], one.by) for one in books.versions_of(second)] == [
        ("H-1", shop.wang), ("H-2", shop.li),
    ]  # fmt: skip
    assert list(books.standing(shop.wang, on=MONDAY)) == [second]  # who began it goes on seeing it


def test_x_03_a_case_of_an_entry_holds_its_words_and_is_made_once(shop, book):
    entry = enter(shop, book, to_manager="yes")
    told = entering.CaseOfEntry(CaseType.COMPLAINT, Source.PHONE)
    case = entering.make_case(entry, book, told, by=shop.wang, now=at("09:20"))

    assert (Case.objects.count(), "H-1" in case.summary, case.opened_at) == (1, True, NINE)
    last = books.versions_of(entry)[-1]
    assert (last.case, last.state, Obligation.objects.open().filter(subject__startswith="entry").count()) == (
        case, EntryState.CLOSED, 0,
    )  # fmt: skip
    with pytest.raises(CannotDo):
        entering.make_case(last, book, told, by=shop.wang, now=at("09:21"))


def test_x_01_entries_are_counted_by_what_was_wanted_and_found_by_words(shop, book):
    for number, need in enumerate(("查货", "查货", "其他")):
        enter(shop, book, cargo_no=f"H-{number}", need=need)
    assert (
        enter(shop, book, cargo_no="H-2", need="其他").pk == Entry.objects.latest("pk").pk
    )  # a second press of the key
    found = books.standing(shop.wang, on=MONDAY)
    assert books.tally(book, found) == [("需求", [("查货", 2), ("其他", 1)])]
    wanted = {"q": "其他", "state": "", "month": MONDAY, "sort": "-at", "page": 1}
    assert [row["values"]["cargo-no"] for row in books.entries(found, wanted)] == ["H-2"]


def test_aa_04_an_article_of_a_solved_case_is_found_by_its_words(shop):
    case = register(
        Told(summary="空调不凉，13800001111", source=Source.PHONE, opened_at=NINE), by=shop.wang, now=MORNING
    )
    lesson = knowledge.Lesson("空调不凉", "制冷剂不足", "补充制冷剂并查漏", 45)
    with pytest.raises(CannotDo):
        knowledge.write_article(lesson, case=case, by=shop.wang, now=MORNING)
    Case.objects.filter(pk=case.pk).update(state="resolved")
    case.refresh_from_db()
    assert "138" not in knowledge.drafted(case)["problem"]
    article = knowledge.write_article(lesson, case=case, by=shop.wang, now=MORNING)

    wanted = {"q": "制冷 查漏", "category": "", "state": "", "sort": "-at", "page": 1}
    assert [(row["id"], row["minutes"]) for row in knowledge.articles(wanted)] == [(article.pk, 45)]
    assert case.deeds.last().facts == {"article": article.pk, "minutes": 45}
    other = register(
        Told(summary="还是不凉", source=Source.PHONE, opened_at=NINE, category="ac"), by=shop.wang, now=MORNING
    )
    knowledge.change(article, replace(lesson, category="ac"), by=shop.wang, now=MORNING)
    assert list(knowledge.like(other)) == [article] and not knowledge.like(case)
    knowledge.retire(article, by=shop.wang, now=MORNING)
    assert not knowledge.articles(wanted).rows
    with pytest.raises(CannotDo):
        knowledge.change(article, knowledge.Lesson("a", "打13800001111", "c", 1), by=shop.wang, now=MORNING)
    assert Article.objects.get().minutes == 45


def test_a_book_on_paper_and_as_a_workbook_holds_the_rows_that_the_page_shows(client, shop, book, clock_at):
    clock_at("2026-03-02T12:00+08:00")
    found = enter(shop, book, need="查货")
    entering.close(found, book, "在郑州，电话 13800001111", {"found-at": "郑州"}, by=shop.wang, now=at("09:25"))
    enter(shop, book, cargo_no="H-2", need="其他")
    enter(shop, book, cargo_no="H-3", need="其他", now=at("10:00"))
    address, path = "/books/rules/cargo-query/", "/books/rules/cargo-query/print/"
    for person, wanted, rows in (
        (shop.wang, "", {"H-1", "H-2", "H-3"}), (shop.wang, "state=open", {"H-2", "H-3"}),
        (shop.wang, "q=查货", {"H-1"}),
        (shop.wang, "month=2026-02", set()), (shop.li, "", set()),
    ):  # fmt: skip
        client.force_login(person)
        listed = client.get(f"{address}?{wanted}").context["rows"]
        paper = client.get(f"{path}?{wanted}")
        sheet = load_workbook(BytesIO(client.get(f"{path}?{wanted}&form=xlsx").content)).active
        lines = list(sheet.values)[1:]
        assert {line[1] for line in lines} == rows == {row["told"][0] for row in listed}
        assert (len(lines), paper.context["count"]) == (len(rows), len(rows))
    client.force_login(shop.wang)
    page = client.get(f"{path}?state=closed").content.decode()
    assert "郑州" in page and "138****1111" in page and "13800001111" not in page
    closed = client.get(f"{path}?state=closed").context["rows"]
    assert closed[0][4:] == (
        "郑州", "", "在郑州，电话 138****1111", "已办结", "2026-03-02 09:25", 25, "", "王芳",
    )  # fmt: skip
    assert client.get("/books/rules/nothing/print/").status_code == 404


def test_the_pages_of_books_and_articles_keep_what_was_typed(client, shop, clock_at):
    clock_at("2026-03-02T09:10+08:00")
    client.force_login(shop.wang)
    assert b"H-9" not in client.get("/books/rules/cargo-query/").content
    refused = client.post("/books/rules/cargo-query/new/", {"own-need": "查货", "at": "2026-03-02T09:00"})
    assert (refused.status_code, Entry.objects.count()) == (422, 0)
    told = {"own-cargo-no": "H-9", "own-need": "查货", "at": "2026-03-02T09:00"}
    page = client.post("/books/rules/cargo-query/new/", told, follow=True)
    assert "H-9" in page.content.decode()
    first = page.request["PATH_INFO"]
    client.post(first, {"deed": "correct", "own-cargo-no": "H-10", "at": "2026-03-02T09:00"})
    shown = client.get(first).content.decode()
    assert "H-10" in shown and "<del>H-9</del>" in shown
    assert (
        client.get("/books/").status_code == 200 and "H-10" in client.get("/books/rules/cargo-query/").content.decode()
    )
    client.force_login(shop.li)
    assert client.get(first).status_code == 404
    bad = client.post("/knowledge/new/", {"title": "t", "problem": "13800001111", "method": "m", "minutes": "5"})
    assert bad.status_code == 422 and "13800001111" in bad.content.decode()
    made = client.post("/knowledge/new/", {"title": "t", "problem": "p", "method": "m", "minutes": "5"})
    assert client.get(made.url).status_code == 200 and client.get("/knowledge/?q=p").status_code == 200
