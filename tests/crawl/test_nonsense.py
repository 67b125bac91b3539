"""No page breaks off because of what stands in its address."""

import pytest

from staff.domain.access import may_open
from tests.crawl.addresses import PLAIN, plain

NAMES = (
    "q", "period", "month", "year", "day", "on", "of", "from", "to", "first", "last", "before_from", "before_to",
    "after_from", "after_to", "since", "weeks", "page", "pile", "employee", "branch", "department", "team", "person",
    "who", "owner", "state", "kind", "type", "rule", "channel", "segment", "regulation", "sort", "version", "filter",
    "case", "task", "customer", "hour", "weekday", "part", "focus", "against", "level", "category", "score", "view",
    "per", "as",
)  # fmt: skip
NONSENSE = (
    "0001-01-01", "9999-12-31", "9999-12", "9999-W52", "9999", "0001", "2026-02-31", "-1", "99999999999999999999",
    "-", "'\"<b>", "\x00",
)  # fmt: skip


@pytest.mark.any_database  # numbers and letters that a column cannot hold
@pytest.mark.parametrize("role", ("service_advisor", "quality_manager", "general_manager", "administrator"))
def test_nonsense_in_an_address_breaks_no_page_off(world, role):
    client = world.signed_in(role)
    client.raise_request_exception = False
    pages = [plain(name) for name in PLAIN if may_open(name, "GET", frozenset({role}))]
    broken = [
        (path, text)
        for path in pages
        for text in NONSENSE
        if client.get(path, dict.fromkeys(NAMES, text)).status_code >= 500
    ]
    assert broken == []
