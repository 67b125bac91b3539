"""What every page must hold in a real browser: no markup from customers, no barrier, no line wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from complaints.models import WorkOrder
from staff.models import Department
from tests.complaints.ordering import told_case
from tests.e2e.desk import card, keys, saved, sign_in
from visits.models import Customer, ServiceEvent, VisitRecord

PAYLOADS = (
    "<script>window.__xss = 1</script>",
    '"><img src=x onerror="window.__xss = 1">',
    "<div hx-get=/staff/ hx-trigger=load>",
    "{{ 7 }}{% now 'Y' %}",
)
SEEN = ("/", "/tasks/", "/events/", "/customers/", "/staff/policies/")


@pytest.mark.any_database
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_customers_are_called_and_say_is_never_markup(page: Page, shop, payload):
    task = shop.task(shop.customer(payload))
    Customer.objects.update(note=payload, preferred_time=payload, company=payload)
    ServiceEvent.objects.update(remark=payload, rating=payload[:40], attributes={payload: payload})
    sign_in(page)
    before = card(page)
    keys(page, "1", "n")
    page.keyboard.insert_text(payload)
    keys(page, "Control+Enter")
    saved(page, before)
    for address in (*SEEN, f"/tasks/{task.pk}/", f"/customers/{task.customer_id}/", f"/events/{task.event_id}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.__xss") is None, address

    assert VisitRecord.objects.get().summary == payload


@pytest.mark.any_database
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(page: Page, shop, colours):
    task = shop.task(attempts=1)
    page.emulate_media(color_scheme=colours)
    page.goto("/account/login/")
    found = {"/account/login/": serious(page)}
    sign_in(page)
    card(page)
    keys(page, "1")
    found["card"] = serious(page)
    for address in (*SEEN[1:], f"/customers/{task.customer_id}/", f"/events/{task.event_id}/", f"/tasks/{task.pk}/why/",
                    "/account/password/change/", "/nothing/here/"):  # fmt: skip
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found[address] = serious(page)

    assert {address: faults for address, faults in found.items() if faults} == {}


def serious(page: Page) -> list[str]:
    """Return the serious and critical findings of axe with the places where they are."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')[:120]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.any_database
def test_a_phone_shows_the_call_first_and_nothing_wider_than_itself(page: Page, shop):
    task = shop.task()
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page)
    for address in (*SEEN, f"/tasks/{task.pk}/", f"/customers/{task.customer_id}/", f"/events/{task.event_id}/"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address


@pytest.mark.any_database
def test_a_form_on_its_way_is_not_sent_again_by_a_second_press(page: Page, shop):
    case = told_case(shop)
    works = Department.objects.create(name="工程部", branch=shop.branch)
    sign_in(page)
    page.goto(f"/complaints/{case.pk}/orders/new/")
    page.select_option("[name=kind]", "contact_sheet")
    page.select_option("[name=department]", str(works.pk))
    page.locator(".form-bar .btn-primary").dblclick()
    page.wait_for_url("**/complaints/orders/*/")
    assert WorkOrder.objects.count() == 1
