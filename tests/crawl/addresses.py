"""Every address of the program, from the resolver: plain ones, and those with the key of an object."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from staff.domain.access import ACCESS, PUBLIC
from tests.crawl.world import COMPANY_WIDE, KINDS

KEY = re.compile(r"<int:\w+>")
PREFIXES = ("visits:", "staff:", "setup:", "complaints:", "reports:", "account_", "mfa_")
# Addresses with something else than a number in them, each with what stands there for the walk.
FILLED = {
    "staff:help_topic": "staff:account", "visits:follow_up_deed": "close", "visits:import_deed": "stop",
    "staff:paper_sign": "paper", "reports:improvement_deed": "note",
    "reports:metric": "css_average", "reports:report_review_deed": "flag", "complaints:order_deed": "progress",
    "complaints:compensation_deed": "refuse", "complaints:case_deed": "remark",
    **dict.fromkeys(("complaints:book", "complaints:book_print", "complaints:entry_new"), "conduct"),
    "staff:violation_deed": "remark", "staff:measure_deed": "drop", "staff:clause": "7.1",
    **dict.fromkeys(
        (
            "staff:month", "staff:month_close", "staff:month_settle", "staff:month_personnel", "staff:notice",
            "staff:notice_publish", "staff:notice_withdraw",
        ),
        "2026-02",
    ),
}  # fmt: skip
OTHER = re.compile(r"<(?:str|slug|path):\w+>")


def walk(resolver: URLResolver, namespace: str = "", path: str = "/") -> Iterator[tuple[str, str]]:
    """Yield name and route of every address that has a name."""
    for entry in resolver.url_patterns:
        here = path + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{namespace}{entry.name}", here
        elif entry.namespace != "admin":
            yield from walk(entry, f"{entry.namespace}:" if entry.namespace else namespace, here)


ROUTES = {name: route for name, route in walk(get_resolver()) if name.startswith(PREFIXES) and name in ACCESS}
PLAIN = sorted(name for name, route in ROUTES.items() if not KEY.search(route))
KEYED = sorted(name for name, route in ROUTES.items() if KEY.search(route))
OPEN = sorted(
    PUBLIC
    - {
        "staff:activate", "setup:begin", "reports:customer_vote", "staff:logo", "staff:language", "account_logout",
        "healthz", "metrics", "mfa_authenticate", "complaints:public_form", "complaints:public_status",
        "complaints:public_confirm",
    }
)  # fmt: skip


def plain(name: str) -> str:
    """Return the address of a name that needs no object."""
    return filled(name, ROUTES[name])


def filled(name: str, route: str) -> str:
    """Return the route with what stands for its holes other than keys."""
    assert not OTHER.search(route) or name in FILLED, f"{name}: say in tests/crawl/addresses.py what fills {route}"
    return OTHER.sub(FILLED.get(name, ""), route)


def prefix(name: str) -> str:
    """Return the part of the address before the key; the walk knows by it what kind of object is meant."""
    found = KEY.split(ROUTES[name])[0]
    assert found in KINDS, f"{name}: say in tests/crawl/world.py which kind of object {found}<pk>/ opens"
    return found


def keyed(name: str, pk: int) -> str:
    """Return the address of an object."""
    return filled(name, KEY.sub(str(pk), ROUTES[name]))


def objects(name: str, world) -> list[int]:
    """Return the keys of one object of ours and one of theirs, or of the one that the whole company shares."""
    kind = KINDS[prefix(name)]
    if kind is None:
        return [COMPANY_WIDE[prefix(name)](world).pk]
    return [side.rows[kind].pk for side in (world.ours, world.theirs)]
