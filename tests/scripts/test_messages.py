"""The collector of texts finds what Django would translate, in Python and in templates, and nothing else."""

from pathlib import Path

import polib
import pytest

from scripts import messages
from scripts.messages import Text

TEMPLATE = Path("templates/example.html")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("Saved.")', [Text(None, "Saved.", "")]),
        ('_("one line " "and another")', [Text(None, "one line and another", "")]),
        ('models.CharField(_("name"))', [Text(None, "name", "")]),
        ('gettext_lazy("lazy")', [Text(None, "lazy", "")]),
        ('ngettext("%d day", "%d days", count)', [Text(None, "%d day", "%d days")]),
        ('pgettext("verb", "call")', [Text("verb", "call", "")]),
        ("_(variable)", []),
        ('print("not for the screen")', []),
    ],
)
def test_texts_in_python(source, expected):
    assert list(messages.in_python(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% load i18n %}<h1>{% translate "Today" %}</h1>', [Text(None, "Today", "")]),
        ('{% translate "It\'s due (now)" %}', [Text(None, "It's due (now)", "")]),
        ("{{ _('Close') }}", [Text(None, "Close", "")]),
        ("{% blocktranslate %}Due on {{ day }}{% endblocktranslate %}", [Text(None, "Due on %(day)s", "")]),
        (
            "{% blocktranslate count n=tasks %}{{ n }} task{% plural %}{{ n }} tasks{% endblocktranslate %}",
            [Text(None, "%(n)s task", "%(n)s tasks")],
        ),
        ('{% translate "May" context "month" %}', [Text("month", "May", "")]),
        ("<p>plain</p>", []),
    ],
)
def test_texts_in_templates(source, expected):
    assert list(messages.in_template(source, TEMPLATE)) == expected


def test_the_catalogue_keeps_its_translations_takes_new_ones_and_drops_what_is_gone(tmp_path, monkeypatch):
    path = tmp_path / "django.po"
    old = polib.POFile()
    old += [polib.POEntry(msgid="kept", msgstr="留"), polib.POEntry(msgid="gone", msgstr="去")]
    old.save(str(path))
    monkeypatch.setattr(messages, "CATALOGUE", path)

    new = messages.updated({Text(None, text, ""): {"a.py"} for text in ("kept", "filled", "bare")}, {"filled": "填"})

    assert {entry.msgid: entry.msgstr for entry in new} == {"kept": "留", "filled": "填", "bare": ""}
    assert messages.untranslated(new) == ["bare"]
