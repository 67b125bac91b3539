"""The draft of a policy: what people edit, row by row, and what the next release is made of."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from config.packs.base import is_blank, unmarked
from config.packs.filling import fill, whole
from config.packs.pack import SECTIONS, TABLES, Pack, code_of
from config.packs.read import check_pack, stored_pack
from config.packs.references import Company
from config.packs.waiting import own_blanks
from staff.domain.sections import company, rows_of
from staff.models import Clause, Policy, PolicyEntry

POLICY_KEYS = ("title", "timezone", "effective_from", "issued_on", "owner", "approve", "departments", "one_call")
OWN = ("policy", "clause")


def keep_figures(pack: Pack, known: Company) -> Pack:
    """Return the pack with the figures that the policy's draft already holds for its blanks. Raises `PackErrors`."""
    policy = Policy.objects.filter(slug=pack.policy.slug).first()
    if policy is None or not pack.blanks():
        return pack
    draft = Pack.model_validate(draft_tables(policy))
    former = [stored_pack(release.content).plain() for release in policy.releases.all()]
    return check_pack(fill(pack.plain(), whole(draft), (draft.plain(), *former)), known)


def save_draft(pack: Pack, *, on: date) -> Policy:
    """Make the draft say what the pack says, row by row; a pack without `effective_from` begins on the day `on`."""
    policy, _made = Policy.objects.update_or_create(slug=pack.policy.slug, defaults=policy_columns(pack, on))
    policy.clauses.all().delete()
    Clause.objects.bulk_create(
        Clause(policy=policy, position=n, ref=c.ref, title=c.title, text=c.text, enforced_by=list(c.enforced_by))
        for n, c in enumerate(pack.clause)
    )
    policy.entries.all().delete()
    PolicyEntry.objects.bulk_create(entries_of(policy, pack))
    for keeper in rows_of().values():
        keeper.save(policy, pack)
    return policy


def policy_columns(pack: Pack, on: date) -> dict[str, Any]:
    """Return the columns of a policy; a key that waits for its figure stands in an entry of its own meanwhile."""
    told = {key: getattr(pack.policy, key) for key in POLICY_KEYS}
    known = {key: value for key, value in told.items() if value is not None and not is_blank(value)}
    columns = {"issued_on": None, "owner": "", "approve": "", "effective_from": on} | known
    return columns | {
        "title": pack.policy.title or pack.policy.slug,
        "owner": str(columns["owner"]),
        "approve": str(columns["approve"]),
        "departments": list(known.get("departments", ())),
    }


def entries_of(policy: Policy, pack: Pack) -> list[PolicyEntry]:
    """Return the rows of every section without rows of its own, and of what no column can hold."""
    elsewhere = {*OWN, *rows_of()}
    waits = own_blanks(pack)
    found = [
        PolicyEntry(
            policy=policy,
            section=section,
            code=code_of(entry),
            position=position,
            body=entry.to_json(),
            waiting=list(waits.get((section, code_of(entry), ""), ())),
        )
        for section in SECTIONS
        if section not in elsewhere
        for position, entry in enumerate(pack.entries(section))
    ]
    if blank := {key: value for key, value in pack.policy.plain().items() if is_blank(value)}:
        found.append(PolicyEntry(policy=policy, section="policy", position=0, body=blank, waiting=list(blank)))
    return found


def draft_tables(policy: Policy, entries: Iterable[PolicyEntry] | None = None) -> dict[str, Any]:
    """Return the draft as the tables of a pack, unjudged; with `entries` in place of those that are stored."""
    tables: dict[str, Any] = {"policy": policy_table(policy)}
    elsewhere = rows_of()
    tables["clause"] = [
        {"ref": clause.ref, "title": clause.title, "text": clause.text, "enforced_by": clause.enforced_by}
        for clause in policy.clauses.all()
    ]
    for entry in policy.entries.all() if entries is None else entries:
        body = unmarked(entry.body)
        if entry.section == "policy":
            tables["policy"] |= body
        elif entry.section in elsewhere:
            continue
        elif entry.section in TABLES:
            tables[entry.section] = body
        else:
            tables.setdefault(entry.section, []).append(body)
    return tables | {section: keeper.draft(policy) for section, keeper in elsewhere.items()}


def policy_table(policy: Policy) -> dict[str, Any]:
    """Return the columns of a policy as its table in a pack."""
    table = {"slug": policy.slug} | {key: getattr(policy, key) for key in POLICY_KEYS}
    table["title"] = "" if policy.title == policy.slug else policy.title
    return {key: value for key, value in table.items() if value is not None}


def draft_pack(policy: Policy, known: Company | None = None) -> Pack:
    """Return the draft as a pack. Raises `PackErrors` where somebody's edit made it unsound."""
    return check_pack(draft_tables(policy), known or company(), policy.slug)
