"""Every page in English has no word of Chinese but what the company, or a regulation that comes along, wrote."""

import re

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.utils.html import escape

from staff.choices import BaseRole
from staff.domain.access import may_open
from staff.domain.adopting import shipped_source
from staff.domain.shipped import shipped_slugs
from staff.policy import TITLES
from tests.crawl.addresses import KEYED, PLAIN, keyed, objects, plain
from visits.kind_titles import KIND_TITLES

CHINESE = re.compile(r"[\u3400-\u9fff]+")
SWITCHES = ("简体中文", "中文", "Huifang 回访")


def written_by_the_company() -> list[str]:
    """Return every text of the database that has Chinese in it, the longest first."""
    found = {*SWITCHES, *KIND_TITLES.values(), *TITLES.values()}
    found |= {part for slug in shipped_slugs() for part in CHINESE.findall(shipped_source(slug).text)}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (CharField, TextField)):
                values = model.objects.values_list(field.name, flat=True)
                found |= {escape(value) for value in values if value and CHINESE.search(value)}
            elif isinstance(field, JSONField):
                found |= set(CHINESE.findall(str(list(model.objects.values_list(field.name, flat=True)))))
    parts = {part for text in found for part in CHINESE.findall(text)}
    return sorted(found | parts, key=len, reverse=True)


@pytest.mark.any_database  # which words stand on a page
@pytest.mark.parametrize("role", BaseRole.values)
def test_a_page_in_english_has_no_chinese(world, role):
    client = world.signed_in(role, "en")
    rights = frozenset({role})
    paths = [plain(name) for name in PLAIN if may_open(name, "GET", rights)]
    paths += [keyed(name, pk) for name in KEYED if may_open(name, "GET", rights) for pk in objects(name, world)]
    known, left = written_by_the_company(), {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        page = "\n".join(line for line in answer.content.decode().splitlines() if CHINESE.search(line))
        for text in known:
            page = page.replace(text, "")
        if words := CHINESE.findall(page):
            left[path] = words

    assert left == {}
