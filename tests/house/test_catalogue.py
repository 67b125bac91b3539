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
        # Chinese has one form for all numbers: "escalated once" says two as well, so it needs the hole of the plural.
        if set(HOLE.findall(chinese)) != set(HOLE.findall(entry.msgid_plural or entry.msgid)):
            different.append((entry.msgid, chinese))

    assert different == []


def test_the_compiled_catalogue_is_fresh():
    fresh = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(CATALOGUE))
    }
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    assert {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in compiled} == fresh


def test_one_word_names_a_case():
    """A case is a 受理单 whatever its type: with three words for it nobody knows whether they mean the same thing."""
    others = re.compile("案件|受理件|个案")
    entries = polib.pofile(str(CATALOGUE))

    assert [e.msgid for e in entries if others.search(e.msgstr or e.msgstr_plural[0])] == []


def test_chinese_sentences_have_chinese_punctuation():
    narrow = re.compile("[\u4e00-\u9fff）”][,;?!]|[,;][\u4e00-\u9fff]")
    lists = {"yes,no", "satisfied,not satisfied", "[lowest, highest]"}  # taken apart at the comma, written as typed
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if entry.msgid not in lists]

    assert [e.msgid for e in entries if narrow.search(e.msgstr or e.msgstr_plural[0])] == []
