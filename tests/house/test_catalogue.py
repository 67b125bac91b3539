"""Every text of the program has its Chinese, with the same holes in it, and the compiled catalogue is that one."""

import re

import polib

from scripts.messages import CATALOGUE, collected, untranslated

HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_every_text_is_translated_and_no_other_stands_in_the_catalogue():
    catalogue = polib.pofile(str(CATALOGUE))
    texts = {(text.context, text.msgid) for text in collected()}

    assert {(entry.msgctxt, entry.msgid) for entry in catalogue} == texts
    assert untranslated(catalogue) == []


def test_a_translation_has_the_holes_of_its_text():
    different = []
    for entry in polib.pofile(str(CATALOGUE)):
        chinese = entry.msgstr or entry.msgstr_plural[0]
        allowed = [set(HOLE.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]
        if set(HOLE.findall(chinese)) not in allowed:
            different.append((entry.msgid, chinese))

    assert different == []


def test_the_compiled_catalogue_is_fresh():
    fresh = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(CATALOGUE))
    }
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    assert {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in compiled} == fresh
