"""Packs as files, and the command that loads them: what the tests of loading share."""

from io import StringIO

from django.core.management import call_command

HEAD = '[policy]\nslug = "{slug}"\ntitle = "制度"\neffective_from = 2026-01-01\n'
RULE = '[[visit_rule]]\ncode = "r"\ntrigger = "deal"\n'
SOON = '[[visit_rule.step]]\ncode = "soon"\ncloses = "3d"\n'


def load(*packs: str, **options) -> str:
    """Load packs by the command and return what it says."""
    out = StringIO()
    call_command("load_policy", *packs, stdout=out, **options)
    return out.getvalue()
