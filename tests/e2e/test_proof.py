"""Proof in the browser: files chosen, pasted and drawn in the call form, and a save that waits for one on its way."""

import base64
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import card, keys, may_sign_in, saved, sign_in
from tests.visits.calls import Shop
from tests.visits.proofs import mp3, picture
from visits.models import Evidence, VisitRecord

PASTE = """coded => {
    const bytes = Uint8Array.from(atob(coded), one => one.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "screen.png", { type: "image/png" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
}"""


@pytest.fixture
def shop(transactional_db, clock_at, settings, tmp_path) -> Shop:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    clock_at("2026-03-02T09:30+08:00")
    shop = Shop(evidence="any", channels=["desk_phone", "onsite"])
    may_sign_in(shop.wang)
    return shop


def choose(page: Page, content: bytes, name: str, media: str) -> None:
    page.set_input_files('[data-key="e"]', [{"name": name, "mimeType": media, "buffer": content}])


def handed_in(page: Page, count: int) -> None:
    expect(page.locator(".proof-file:not(.waiting)")).to_have_count(count)


def test_files_are_chosen_pasted_and_drawn_and_the_visit_has_its_proof(shop, page):
    shop.task()
    sign_in(page)
    card(page)
    choose(page, mp3(), "13812345678.mp3", "audio/mpeg")
    handed_in(page, 1)
    page.evaluate(PASTE, base64.b64encode(picture()).decode())
    handed_in(page, 2)
    choose(page, b"<svg onload=alert(1)>", "x.png", "image/png")
    expect(page.locator("#proof [role=alert]")).to_contain_text("不是录音或图片")
    page.locator("details[data-more] summary").click()
    page.select_option("#call-form select[name=channel]", "onsite")
    page.locator("[data-proof-sign]").click()
    field = page.locator("[data-proof-pad] canvas").bounding_box()
    page.mouse.move(field["x"] + 40, field["y"] + 40)
    page.mouse.down()
    page.mouse.move(field["x"] + 200, field["y"] + 90, steps=6)
    page.mouse.up()
    page.locator("[data-pad-take]").click()
    handed_in(page, 3)
    page.locator(".proof-file button").first.click()
    handed_in(page, 2)
    assert sorted(Evidence.objects.values_list("kind", flat=True)) == ["mobile_log", "signature"]


def test_a_visit_saved_while_its_recording_is_on_its_way_waits_for_it(shop, page):
    shop.task()
    sign_in(page)
    before = card(page)
    page.route("**/evidence/", lambda route: (time.sleep(1), route.continue_()))
    choose(page, mp3(), "a.mp3", "audio/mpeg")
    keys(page, "1", "Enter")
    saved(page, before)
    record = VisitRecord.objects.get()
    assert (record.incomplete, record.evidence.count()) == ([], 1)


def test_a_file_that_could_not_be_sent_is_sent_again(shop, page):
    shop.task()
    sign_in(page)
    card(page)
    page.context.set_offline(True)
    choose(page, mp3(), "a.mp3", "audio/mpeg")
    again = page.locator(".proof-file.waiting button")
    expect(again).to_be_visible()
    page.context.set_offline(False)
    again.click()
    handed_in(page, 1)
