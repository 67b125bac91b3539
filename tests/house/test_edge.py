"""Every page is in the table of access, and every page has the template of its name."""

from collections.abc import Iterator

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from staff.domain.access import ACCESS, PUBLIC

ADMIN = "admin:*"  # Django admin has its own screens; the table opens them as a whole
# Pages without a template of their own name, each with its reason; an entry that needs none is an error.
WITHOUT_TEMPLATE: dict[str, str] = {
    "visits:evidence_file": "a recording or picture, no page",
    "complaints:case_file": "a recording or picture, no page",
    "staff:people_template": "a workbook",
    "staff:month_personnel": "a workbook",
    "reports:service_report_workbook": "a workbook",
    "reports:service_report_month_workbook": "a workbook",
    "visits:import_template": "a workbook, no page",
    "visits:import_rejects": "a workbook, no page",
    "reports:export_file": "a file, no page",
    "staff:duty": "leads to the week of today",
}


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every URL with its full name; one without a name under its route, all of Django admin as one."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}", entry
        elif entry.namespace == "admin":
            yield ADMIN, entry
        else:
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else namespace)


def foreign(name: str) -> bool:
    """Say whether the page is allauth's: the gate keeps those shut that the table does not name."""
    return name.startswith(("account_", "mfa_", "usersessions_"))


NAMES = {name for name, _entry in patterns(get_resolver())}
GATED = set(ACCESS) | PUBLIC
OUR_PAGES = sorted(name for name, methods in ACCESS.items() if "GET" in methods and not foreign(name) and name != ADMIN)


def test_the_table_of_access_names_exactly_the_pages_there_are():
    assert {name for name in NAMES if not foreign(name)} == {name for name in GATED if not foreign(name)}
    assert {name for name in GATED if foreign(name)} - NAMES == set()


@pytest.mark.parametrize("name", OUR_PAGES)
def test_a_page_has_the_template_of_its_name(name):
    exempt = name in WITHOUT_TEMPLATE
    try:
        get_template(f"{name.replace(':', '/')}.html")
    except TemplateDoesNotExist:
        assert exempt
    else:
        assert not exempt, "the exemption is stale"


def test_no_exemption_is_for_a_page_that_is_gone():
    assert set(WITHOUT_TEMPLATE) - set(OUR_PAGES) == set()
