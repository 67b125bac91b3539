"""Every page is explained in the manual: by a topic of its own, or with the page that it opens from."""

import pytest

from staff.domain.access import ACCESS
from staff.guidance import TOPICS, WITH, topic_name

# What is no page, or needs no words, each with the reason; an entry that is explained after all is an error.
UNEXPLAINED = {
    "admin:*": "Django admin explains itself, in Chinese and English",
    "staff:help_list": "the manual itself",
    "staff:help_topic": "the manual itself",
    "staff:bell": "a part of every page",
    "visits:queue_news": "a part of the workbench",
    "visits:task_why": "a part of the card",
    "visits:task_known": "a part of the card",
    "visits:customer_why_not": "a part of the customer's page",
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
PAGES = sorted(name for name, methods in ACCESS.items() if "GET" in methods)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_its_topic(page):
    explained = topic_name(page) is not None

    assert explained != (page in UNEXPLAINED), f"{page}: give it a topic in staff/guidance, or its page in WITH"


def test_nothing_is_left_over_from_a_page_that_is_gone():
    assert {name for name in TOPICS if name not in PAGES} == set()
    assert {name for name in (*WITH, *UNEXPLAINED) if name not in PAGES} == set()
