"""Every page of the table of access in a real browser: no barrier that axe finds, nothing wider than the screen, no
request to another machine. Light on a telephone and dark in the office: each colour and each width once, for colours
do not depend on the width."""

from collections.abc import Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from staff.domain.access import may_open
from tests.crawl.addresses import KEYED, PLAIN, ROUTES, keyed, objects, plain
from tests.crawl.world import TwoShops
from tests.e2e.desk import may_sign_in, sign_in

# As whom the pages are looked at: between them they open every page.
EYES = ("service_advisor", "quality_manager", "administrator")
# What is no page but a file or a part of one, each with the reason.
NO_PAGES = {
    "visits:queue_news": "a part of the workbench",
    "visits:task_why": "a part of the card",
    "visits:task_known": "a part of the card",
    "visits:customer_why_not": "a part of the customer's page",
    "staff:bell": "a part of every page",
    "visits:evidence_file": "a file",
    "complaints:case_file": "a file",
    "staff:people_template": "a file",
    "staff:month_personnel": "a file",
    "visits:import_progress": "a part of the import's page",
    "visits:import_template": "a file",
    "visits:import_rejects": "a file",
    "reports:export_file": "a file",
    "mfa_download_recovery_codes": "a file",
    "reports:service_report_workbook": "a file",
    "reports:service_report_month_workbook": "a file",
}
pytestmark = pytest.mark.any_database  # two visits to every page: three minutes of looking at markup
# Everything is there, what a page asks for by itself as well; half a second of silence on each would be minutes.
LOADED = "() => document.readyState == 'complete' && !document.querySelector('.htmx-request')"
WIDTHS = {"office": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def world(transactional_db, clock_at, settings) -> TwoShops:
    clock_at("2026-03-02T10:30+08:00")
    settings.MFA_REAUTHENTICATION_REQUIRED = False  # the pages behind the question are looked at; it has its own
    world = TwoShops()
    may_sign_in(*(world.people[role] for role in EYES))
    return world


def paths(role: str, world: TwoShops, seen: set[str]) -> Iterator[str]:
    """Yield the address of every page that opens for the role and was not looked at before."""
    for name in (*PLAIN, *KEYED):
        if name in NO_PAGES or name in seen or not may_open(name, "GET", frozenset({role})):
            continue
        seen.add(name)
        yield plain(name) if name in PLAIN else keyed(name, objects(name, world)[0])


@pytest.mark.parametrize(("colours", "screen"), [("light", "phone"), ("dark", "office")])
def test_no_page_has_a_barrier_or_is_wider_than_the_screen(page: Page, world, colours, screen):
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size(WIDTHS[screen])
    hosts, faults, seen = set(), {}, set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]) if request.url[:4] == "http" else None)
    for role in EYES:
        page.context.clear_cookies()
        sign_in(page, world.people[role].username, at="/staff/account/")
        if role == "administrator":  # whose pages of two-step sign-in are looked at as they are once it is on
            TOTP.activate(world.people[role], "JBSWY3DPEHPK3PXP")
            RecoveryCodes.activate(world.people[role])
            seen -= {name for name in seen if name.startswith("mfa_")}
        for path in paths(role, world, seen):
            page.goto(path)
            page.wait_for_function(LOADED)
            if found := barriers(page):
                faults[path] = found

    assert not faults, "\n".join(f"{path}: {found}" for path, found in faults.items())
    assert hosts == {page.url.split("/")[2]}
    assert {name for name in NO_PAGES if name not in ROUTES} == set()


def barriers(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is wider than the screen."""
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    found = [f"{width} px wide"] if width > room else []
    for violation in Axe().run(page).response["violations"]:
        for node in violation["nodes"]:
            found.append(f"{violation['id']}: {node['target']} {node.get('failureSummary', '')[:160]}")
    return found
