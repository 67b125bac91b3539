"""What a regulation wants filled in about a case at a stage (`[[form]]`, ``of = "complaint"``), and what lacks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from complaints.domain.facts import facts_of_case
from complaints.domain.writing import CannotDo
from complaints.models import Case
from config.packs.asking import FieldSpec, FormSpec
from config.packs.pack import Pack
from staff.domain.conditions import holds
from staff.domain.policies import spec_of

OF_CASES = "complaint"
# The columns behind what regulations call fields of a case.
COLUMNS = {
    "time": "opened_at", "content": "summary", "way": "source", "path": "source", "customer_informed": "informed_at",
    "customer_opinion": "opinion",
}  # fmt: skip


class Lacking(CannotDo):
    """What the regulation wants is not filled in; `fields`: the codes, in the regulation's order."""

    def __init__(self, fields: tuple[str, ...], words: tuple[str, ...]) -> None:
        self.fields = fields
        super().__init__(_("Still lacking: %(fields)s.") % {"fields": "、".join(words)}, field=fields[0])


def forms_at(pack: Pack | None, stage: str, facts: Mapping[str, Any], *, of: str = OF_CASES) -> Iterator[FormSpec]:
    """Yield the forms of that stage whose conditions hold; one without a stage is asked at registration."""
    for form in pack.form if pack else ():
        if form.of == of and stage in (form.at or ("register",)) and holds(form.when, form.match, facts):
            yield form


def fields_at(pack: Pack | None, stage: str, facts: Mapping[str, Any], *, of: str = OF_CASES) -> dict[str, FieldSpec]:
    """Return the regulation's own fields of a stage, by code."""
    return {one.code: one for form in forms_at(pack, stage, facts, of=of) for one in form.fields}


def required_at(pack: Pack | None, stage: str, facts: Mapping[str, Any], *, of: str = OF_CASES) -> tuple[str, ...]:
    """Return the codes of the fields without which the stage is refused."""
    return tuple(dict.fromkeys(code for form in forms_at(pack, stage, facts, of=of) for code in form.requires))


def check_filled(case: Case, stage: str, *, words: Mapping[str, Any] | None = None) -> None:
    """Refuse a stage whose required fields are empty (`Lacking`). An exempt anonymous case needs no name."""
    if empty := empty_at(case, stage):
        raise Lacking(empty, titles_of(case, stage, empty, words or {}))


def empty_at(case: Case, stage: str) -> tuple[str, ...]:
    """Return the codes of what the regulation wants at a stage and the case does not say."""
    pack, facts = (spec_of(case.release) if case.release else None), facts_of_case(case)
    waived = {"name", "contact"} if case.exemption else set()
    if stage == "escalate":
        waived |= {"reason", "proposal"}  # the words of the escalation itself, without which there is none (AA-03)
    wanted = required_at(pack, stage, facts)
    return tuple(code for code in wanted if facts.get(code) in (None, "", []) and code not in waived)


def titles_of(case: Case, stage: str, codes: Iterable[str], words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what these fields are called: as the page says, as the regulation does, else as the case itself does."""
    named = fields_at(spec_of(case.release) if case.release else None, stage, facts_of_case(case))
    told = {code: one.title for code, one in named.items()} | dict(words)
    return tuple(str(told.get(code) or words_of(code)) for code in codes)


def lacking(case: Case) -> tuple[str, ...]:
    """Return, in words, what the regulation wants of a registered case and nobody has told yet."""
    return titles_of(case, "register", empty_at(case, "register"), {})


def words_of(code: str) -> str:
    """Return what a field of a case is called; the code itself where a regulation has made it up."""
    column = COLUMNS.get(code, code)
    found = {one.name: one for one in Case._meta.get_fields()}.get(column)
    return str(getattr(found, "verbose_name", code))
