"""The ledger's pages: who sees what, decisions one by one and many at once, months, statements, notices."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from staff.domain.conduct.closing import close_month
from staff.domain.conduct.deciding import appeal
from staff.models import Activity, Company, LedgerEntry, MonthClose, MonthNotice, Statement, Violation
from tests.staff.conduct.shop import Shop, day

REGULATION = """
[[clause]]
ref = "7.1"
title = "日报迟交"
text = "9:00 前未交日报，每次罚款 50 元。"
enforced_by = ["penalty:late"]
[[penalty]]
code = "late"
title = "日报迟交"
violation = "misconduct"
amount = 50
clause = "7.1"
[[penalty]]
code = "fault"
title = "客户投诉"
violation = "complaint_against_employee"
range = [50, 200]
also = ["retraining"]
clause = "7.1"
[ledger]
publish = true
"""
NOW = "2026-03-12T09:00+08:00"


class Books(Shop):
    """A shop where people see what happens: no detector explains it."""

    def breach(self, on, employee=None, **facts):
        return super().breach(on, employee, **{"violation": "misconduct", "facts": {"text": "当面发现"}, **facts})


@pytest.fixture
def shop(db, clock_at) -> Shop:
    clock_at(NOW)
    return Books(REGULATION)


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_a_proposal_shows_clause_rule_amount_and_why(shop):
    late = shop.broken(date(2026, 3, 10))
    page = text_of(browser(shop.wang), f"/ledger/{late.pk}/")
    for words in ("日报迟交", "9:00 前未交日报", "¥50.00", "7.1", "Liu"):
        assert words in page
    assert f"/staff/policies/{shop.policy.pk}/clauses/7.1/" in page


def test_the_way_from_a_clause_to_its_violations_and_back(shop):
    late = shop.broken(date(2026, 3, 10))
    policy = f"/staff/policies/{shop.policy.pk}/"
    assert f"{policy}clauses/7.1/" in text_of(browser(shop.zhou), policy)
    assert f"/ledger/{late.pk}/" in text_of(browser(shop.zhou), f"{policy}clauses/7.1/")
    assert f"/ledger/{late.pk}/" not in text_of(browser(shop.chen), f"{policy}clauses/7.1/")  # a colleague's


def test_each_sees_what_is_theirs(shop):
    own, other = shop.broken(date(2026, 3, 10)), shop.broken(date(2026, 3, 10), shop.chen)
    for person, seen in ((shop.liu, {own}), (shop.wang, {own, other}), (shop.far, set()), (shop.zhou, {own, other})):
        page = text_of(browser(person), "/ledger/")
        assert {one for one in (own, other) if f"/ledger/{one.pk}/" in page} == seen
    assert browser(shop.liu).get(f"/ledger/{other.pk}/").content == browser(shop.liu).get("/ledger/99999/").content


def test_many_are_confirmed_at_once_but_the_exceptions(shop):
    first, second, spared = (shop.broken(date(2026, 3, number)) for number in (9, 10, 11))
    chosen = {"pick": [first.pk, second.pk], "deed": "confirm"}
    assert browser(shop.wang).post("/ledger/decide/", chosen).status_code == 302
    states = dict(Violation.objects.values_list("pk", "state"))
    assert states == {first.pk: "confirmed", second.pk: "confirmed", spared.pk: "proposed"}
    assert LedgerEntry.objects.count() == 2


def test_one_that_cannot_be_decided_holds_no_other_back(shop):
    first, twice = shop.broken(date(2026, 3, 9)), shop.confirmed(date(2026, 3, 10))
    client = browser(shop.wang)
    answer = client.post("/ledger/decide/", {"pick": [twice.pk, first.pk], "deed": "confirm"})
    first.refresh_from_db()
    assert (answer.status_code, first.state) == (422, "confirmed")
    assert f'<a href="/ledger/{twice.pk}/">Liu · 日报迟交</a>:' in answer.content.decode()


def test_to_waive_needs_a_reason_and_keeps_what_was_typed(shop):
    late = shop.broken(date(2026, 3, 10))
    client = browser(shop.wang)
    assert client.post(f"/ledger/{late.pk}/waive/", {"text": " "}).status_code == 422
    assert client.post(f"/ledger/{late.pk}/waive/", {"text": "系统故障"}).status_code == 302
    late.refresh_from_db()
    assert late.state == "waived" and "系统故障" in text_of(client, f"/ledger/{late.pk}/")


@pytest.mark.parametrize(("typed", "status"), [("49", 422), ("50", 302), ("200", 302), ("201", 422), ("", 422)])
def test_an_amount_is_chosen_inside_the_range(shop, typed, status):
    fault = shop.broken(date(2026, 3, 10), violation="complaint_against_employee", subject="record:1")
    answer = browser(shop.wang).post(f"/ledger/{fault.pk}/confirm/", {"amount": typed, "text": "态度恶劣"})
    assert answer.status_code == status
    if status == 302:
        assert LedgerEntry.objects.get().amount == int(typed) * 100
    else:
        assert "态度恶劣" in answer.content.decode()


def test_an_appeal_from_ones_own_ledger_to_its_decision(shop):
    late = shop.confirmed(date(2026, 3, 11))
    mine = browser(shop.liu)
    assert f"/ledger/{late.pk}/#id_appeal" in text_of(mine, "/me/ledger/")
    assert mine.post(f"/ledger/{late.pk}/appeal/", {"text": "已按时提交"}).status_code == 302
    assert browser(shop.zhou).post(f"/ledger/{late.pk}/reverse/", {"text": "属实"}).status_code == 422  # confirmed it
    assert browser(shop.wang).post(f"/ledger/{late.pk}/reverse/", {"text": "属实"}).status_code == 302
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 0


def test_nobody_confirms_their_own(shop):
    own = shop.broken(date(2026, 3, 10), shop.wang)
    assert browser(shop.wang).post(f"/ledger/{own.pk}/confirm/", {}).status_code == 422
    assert 'value="confirm"' not in text_of(browser(shop.wang), "/ledger/")


def test_a_measure_stands_in_its_list_until_it_is_carried_out(shop):
    fault = shop.broken(date(2026, 3, 10), violation="complaint_against_employee", subject="record:1")
    browser(shop.wang).post(f"/ledger/{fault.pk}/confirm/", {"amount": "50", "text": "轻微"})
    measure = fault.measures.get()
    client = browser(shop.zhang)
    assert "再培训" in text_of(client, "/measures/")
    assert client.post(f"/measures/{measure.pk}/drop/", {"note": ""}).status_code == 422
    assert client.post(f"/measures/{measure.pk}/done/", {"note": "已培训"}).status_code == 302
    measure.refresh_from_db()
    assert measure.state == "done"


class TestAMonth:
    @pytest.fixture
    def closed(self, shop) -> MonthClose:
        for number in (3, 4):
            shop.confirmed(date(2026, 2, number))
        shop.confirmed(date(2026, 2, 5), shop.chen)
        return close_month("2026-02", actor=shop.zhou, now=day(3, 2))

    def test_is_closed_by_whoever_may(self, shop):
        shop.confirmed(date(2026, 2, 3))
        assert browser(shop.wang).post("/ledger/months/2026-02/close/").status_code == 422
        assert browser(shop.zhou).post("/ledger/months/2026-03/close/").status_code == 422  # not over
        assert browser(shop.zhou).post("/ledger/months/2026-02/close/").status_code == 302
        assert Statement.objects.get().penalties == 5000

    def test_what_is_no_month_is_not_there(self, shop):
        for period in ("2026-13", "2026-2", "99999-01", "0000-01", "lastyear"):
            assert browser(shop.zhou).get(f"/ledger/months/{period}/").status_code == 404

    def test_shows_statements_to_whom_they_belong(self, shop, closed):
        own = Statement.objects.get(employee=shop.liu)
        assert "−¥100.00" in text_of(browser(shop.liu), f"/statements/{own.pk}/")
        assert text_of(browser(shop.chen), f"/statements/{own.pk}/", 404)
        assert f"/statements/{own.pk}/" in text_of(browser(shop.liu), "/me/ledger/")
        assert "¥150.00" in text_of(browser(shop.zhou), "/ledger/months/2026-02/")

    def test_its_notice_is_for_all_once_it_is_published(self, shop, closed):
        assert text_of(browser(shop.chen), "/notices/2026-02/", 404)
        assert text_of(browser(shop.wang), "/notices/2026-02/", 404)
        assert browser(shop.wang).post("/ledger/months/2026-02/publish/").status_code == 404
        assert "Liu" in text_of(browser(shop.zhou), "/notices/2026-02/")  # a preview
        for _twice in range(2):
            assert browser(shop.zhou).post("/ledger/months/2026-02/publish/").status_code == 302
        page = text_of(browser(shop.far), "/notices/2026-02/")
        assert "Liu" in page and "−¥100.00" in page and "−¥50.00" in page
        assert MonthNotice.objects.count() == 1
        assert browser(shop.zhou).post("/ledger/months/2026-02/withdraw/").status_code == 302
        assert text_of(browser(shop.far), "/notices/2026-02/", 404)

    @pytest.mark.parametrize(
        ("shows", "there", "gone"), [("initials", "L.", "Liu"), ("points", "Liu", "¥"), ("names", "¥150", "L.")]
    )
    def test_its_notice_shows_as_much_of_a_person_as_the_company_chose(self, shop, closed, shows, there, gone):
        client = browser(shop.zhou)
        assert client.post("/ledger/notice-style/", {"shows": shows}).status_code == 302
        client.post("/ledger/months/2026-02/publish/")
        page = text_of(browser(shop.chen), "/notices/2026-02/")
        assert there in page and gone not in page
        assert Company.objects.get().notice_shows == shows

    def test_goes_to_personnel_as_a_workbook_that_says_nothing_is_paid(self, shop, closed):
        answer = browser(shop.zhou).get("/ledger/months/2026-02/personnel/")
        book = load_workbook(BytesIO(answer.content))
        cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert "不" in cells[1][0] and [row[5] for row in cells[4:]] == [-50, -100]
        assert book.worksheets[1].max_row == 4
        assert Activity.objects.filter(verb="exported", data__dataset="personnel").exists()

    def test_is_settled_by_whom_the_regulation_names(self, shop, closed):
        shop.say(REGULATION.replace("publish = true", 'publish = true\nsettle = "role:hr"'))
        late = shop.confirmed(date(2026, 3, 3))
        close_month("2026-03", actor=shop.zhou, now=day(4, 2))
        assert browser(shop.wang).post("/ledger/months/2026-03/settle/").status_code == 422
        assert f"/ledger/{late.pk}/" in text_of(browser(shop.hr), "/ledger/?state=all")
        assert browser(shop.hr).post("/ledger/months/2026-03/settle/").status_code == 302
        late.refresh_from_db()
        assert late.state == "settled"

    def test_a_later_decision_is_posted_to_the_open_month_and_says_so(self, shop, closed):
        late = Violation.objects.filter(employee=shop.liu).first()
        appeal(late, actor=shop.liu, now=day(2, 9), text="不对")
        browser(shop.wang).post(f"/ledger/{late.pk}/reverse/", {"text": "属实"})
        page = text_of(browser(shop.liu), f"/ledger/{late.pk}/")
        assert "2026-02" in page and "2026-03" in page and "冲销" in page


def test_a_penalty_is_proposed_by_hand_once(shop):
    client = browser(shop.wang)
    form = {
        "employee": shop.liu.pk, "rule": f"{shop.release.pk}/late", "on": "2026-03-10", "text": "当面发现",
        "token": "7b1f2c1e-0000-4000-8000-000000000001",
    }  # fmt: skip
    assert client.post("/ledger/propose/", form | {"on": "2026-03-13"}).status_code == 422
    assert client.post("/ledger/propose/", form | {"text": ""}).status_code == 422
    assert client.post("/ledger/propose/", form | {"employee": shop.wang.pk}).status_code == 422
    assert client.post("/ledger/propose/", form).status_code == 302
    assert client.post("/ledger/propose/", form).status_code == 422
    assert Violation.objects.get().proposed_by == shop.wang


def test_an_empty_ledger_says_so(shop):
    for address in ("/ledger/", "/me/ledger/", "/measures/", "/notices/", "/ledger/months/", "/ledger/months/2026-03/"):
        for person in (shop.liu, shop.zhou):
            text_of(browser(person), address)
