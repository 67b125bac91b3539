"""Deciding many without losing the place, and the ways from each amount to what is behind it."""

from datetime import date

from staff.domain.conduct.closing import close_month
from staff.models import Statement, Violation
from tests.staff.conduct.shop import day
from tests.staff.conduct.test_ledger_pages import browser, shop, text_of

__all__ = ["shop"]
JOINT = """
[[penalty]]
code = "late"
violation = "misconduct"
tiers = [10, 20]
joint = { who = ["role:department_manager"], amount = 10 }
"""


def test_what_is_refused_keeps_ticks_reason_and_filters(shop):
    first, second = shop.broken(date(2026, 3, 9)), shop.broken(date(2026, 3, 10), shop.chen)
    client, address = browser(shop.wang), f"/ledger/decide/?month=2026-03&person={shop.liu.pk}"
    assert f'action="{address.replace("&", "&amp;")}"' in text_of(client, address.replace("decide/", ""))
    for typed in ({"pick": [first.pk], "deed": "waive", "text": " "}, {"deed": "confirm", "text": "核对无误"}):
        answer = client.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 422 and page.count("field-error") == 1
        assert (f'name="pick" value="{first.pk}" form="bulk" checked' in page) == ("pick" in typed)
        assert f'value="{typed["text"].strip()}"' in page and f"/ledger/{second.pk}/" not in page
        assert 'class="filters" method="get" action="/ledger/"' in page  # not the address of the deed
    assert client.post(address, {"pick": [first.pk], "deed": "confirm"})["Location"] == address.replace("decide/", "")
    assert set(Violation.objects.values_list("state", flat=True)) == {"confirmed", "proposed"}


def test_who_answers_jointly_goes_with_whom_they_answer_for(shop):
    shop.say(JOINT)
    late = shop.broken(date(2026, 3, 10))
    both = [late.pk, *Violation.objects.filter(primary=late).values_list("pk", flat=True)]
    answer = browser(shop.wang).post("/ledger/decide/", {"pick": both, "deed": "waive", "text": "系统故障"})
    assert len(both) == 2 and answer.status_code == 302
    assert set(Violation.objects.values_list("state", flat=True)) == {"waived"}


def test_a_line_tells_why_and_the_page_leads_to_what_waits_beside_it(shop):
    shop.say(JOINT.partition("joint")[0])
    older, middle, newer = (shop.broken(date(2026, 3, number)) for number in (9, 10, 11))
    assert [text_of(browser(shop.wang), "/ledger/").count(f"当月第 {n} 次：") for n in (1, 2, 3)] == [1, 1, 1]
    page = text_of(browser(shop.wang), f"/ledger/{middle.pk}/")
    assert f'href="/ledger/{newer.pk}/" data-before' in page and f'href="/ledger/{older.pk}/" data-after' in page
    assert "data-after" not in text_of(browser(shop.wang), f"/ledger/{older.pk}/")


def test_a_month_of_the_list_holds_what_happened_or_was_posted_in_it(shop):
    posted_later = shop.broken(date(2026, 2, 27))
    close_month("2026-02", actor=shop.zhou, now=day(3, 2))
    browser(shop.wang).post(f"/ledger/{posted_later.pk}/confirm/")
    for month in ("2026-02", "2026-03"):
        assert f"/ledger/{posted_later.pk}/" in text_of(browser(shop.wang), f"/ledger/?state=all&month={month}")
    shown = f"?state=all&amp;person={shop.liu.pk}&amp;month=2026-03"
    assert text_of(browser(shop.wang), "/ledger/months/2026-03/").count(shown) == 2  # by name and by net amount


def test_the_amounts_of_a_statement_and_a_notice_lead_to_their_ground(shop):
    one = shop.confirmed(date(2026, 2, 3), shop.chen, subject="period:2026-02")
    for number in (3, 4):
        shop.confirmed(date(2026, 2, number))
    close_month("2026-02", actor=shop.zhou, now=day(3, 2))
    frozen = {row.employee_id: row for row in Statement.objects.all()}
    page = text_of(browser(shop.chen), f"/statements/{frozen[shop.chen.pk].pk}/")
    assert f'href="/ledger/{one.pk}/"' in page and "period:" not in page and "2026-02" in page
    browser(shop.zhou).post("/ledger/months/2026-02/publish/")
    ways = (f'<a href="/ledger/{one.pk}/">−¥50.00', f'<a href="/statements/{frozen[shop.liu.pk].pk}/">−¥100.00')
    for person, led in ((shop.zhou, (True, True)), (shop.chen, (True, False)), (shop.far, (False, False))):
        page = text_of(browser(person), "/notices/2026-02/")
        assert tuple(way in page for way in ways) == led


def test_what_stands_no_more_is_struck_out(shop):
    late = shop.broken(date(2026, 3, 10))
    browser(shop.wang).post(f"/ledger/{late.pk}/waive/", {"text": "系统故障"})
    for person, address in ((shop.liu, "/me/ledger/"), (shop.wang, "/ledger/?state=all")):
        assert '<span class="sum-void">−¥50.00</span>' in text_of(browser(person), address)


def test_the_form_by_hand_opens_on_today(shop):
    assert 'name="on" value="2026-03-12"' in text_of(browser(shop.wang), "/ledger/propose/")


def test_an_empty_ledger_says_where_it_comes_from(shop):
    for address in ("/ledger/", "/ledger/?state=all"):
        assert "台账还是空的" in text_of(browser(shop.zhou), address)
