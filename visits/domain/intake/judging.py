"""The verdict on one row by itself: what its words name, and whether it can be taken in."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from config.workbooks.rows import OTHERS, Row
from visits.domain.intake.directory import Directory, NotFound, missed

ADVISOR_TITLE, OWNER_TITLE = "服务顾问", "客户归属"
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
ORDERS, LISTS = "dms", "list"
SOON = timedelta(days=1)  # clocks of two systems differ


@dataclass(frozen=True)
class Options:
    """How a file is read: its source system, and what holds for rows that do not say it themselves.

    Without a source, lists for customer service have a book of their own: their rows repeat the numbers of orders.
    `within`: the only branch whose rows are taken in, for people of one branch. `visits_from`: the local day from which
    on visits are wanted; those that close before count as taken in late. `keep_ours`: whether rows that conflict with
    what people did here are left out rather than taken in.
    """

    source: str = ""
    branch: int | None = None
    kind: str = ""
    history: bool = False
    within: int | None = None
    visits_from: date | None = None
    keep_ours: bool = False

    def kept(self) -> dict[str, Any]:
        """Return the options as an import keeps them; the source stands on the import itself."""
        kept = {"branch": self.branch, "kind": self.kind, "history": self.history}
        more = {
            "within": self.within, "keep_ours": self.keep_ours,
            "visits_from": self.visits_from.isoformat() if self.visits_from else None,
        }  # fmt: skip
        return kept | {name: value for name, value in more.items() if value}

    @classmethod
    def of(cls, source: str, kept: Mapping[str, Any]) -> "Options":
        """Return the options that an import keeps."""
        day = kept.get("visits_from")
        return cls(
            source=source, branch=kept.get("branch"), kind=kept.get("kind", ""), history=kept.get("history", False),
            within=kept.get("within"), keep_ours=kept.get("keep_ours", False),
            visits_from=date.fromisoformat(day) if day else None,
        )  # fmt: skip


class Judge:
    """Judges the rows of one file."""

    def __init__(self, directory: Directory, options: Options, *, now: datetime) -> None:
        self.directory = directory
        self.options = options
        self.latest = (now + SOON).isoformat()

    def judge(self, row: Row) -> None:
        """Replace words by what they name; add to `wrong` and `doubts` of the row."""
        facts = row.facts
        self._resolve(row, "kind", "unknown_kind", self.directory.kind, self.options.kind)
        self._resolve(row, "segment", "unknown_segment", self.directory.segments_of)
        self._resolve(row, "branch", "unknown_branch", self.directory.branches.find)
        if row.wrong:
            return
        if "kind" not in facts:
            row.wrong.append(["kind_missing", {}])
            return
        self._find_people(row)
        self._find_place(row)
        if self.options.within and facts.get("branch", self.options.within) != self.options.within:
            row.wrong.append(["other_branch", {}])
        if facts["happened_at"] > self.latest:
            row.doubts.append(["in_future", {}])
        facts["source"] = self.options.source or (LISTS if facts["kind"] in self.directory.lists else ORDERS)
        facts["member"] = facts["numbers"][0] if facts["kind"] in self.directory.many else ""
        row.encoded = encoded(facts)

    def _resolve(self, row: Row, key: str, problem: str, find: Callable[[str], Any], instead: str = "") -> None:
        text = row.facts.get(key) or instead
        if not text:
            return
        try:
            row.facts[key] = find(text)
        except NotFound as missing:
            row.wrong.append([problem, missed(missing)])

    def _find_people(self, row: Row) -> None:
        facts, on = row.facts, date.fromisoformat(row.facts["happened_on"])
        branch = facts.get("branch", self.options.branch)
        if name := facts.pop("advisor", None):
            person, remark = self.directory.colleague(name, branch, on)
            _note(row, "advisor", ADVISOR_TITLE, name, person, remark)
        if name := facts.pop("owner", None):
            person, remark = self.directory.colleague(name, branch, on)
            _note(row, "owner", OWNER_TITLE, name, person, "" if person else "unknown_owner")

    def _find_place(self, row: Row) -> None:
        """Settle branch and department: the row's own, else the file's, else the advisor's (DECISIONS 3)."""
        facts, on = row.facts, date.fromisoformat(row.facts["happened_on"])
        post = self.directory.workforce.post(facts.get("advisor", 0), on=on)
        branch = facts.get("branch") or self.options.branch or post.branch
        if branch:
            facts["branch"] = branch
        if text := facts.pop("department", None):
            try:
                facts["department"] = self.directory.department(text, branch)
            except NotFound as missing:
                row.wrong.append(["unknown_department", missed(missing)])
        elif post.department and branch in (post.branch, None):
            facts["department"] = post.department


def _note(row: Row, key: str, title: str, name: str, person: int | None, remark: str) -> None:
    """Keep who was found; keep the words as a further column where nobody was."""
    if person:
        row.facts[key] = person
    else:
        row.facts.setdefault(OTHERS, {})[title] = name
    if remark:
        row.doubts.append([remark, {"value": name[:60]}])


def encoded(facts: dict[str, Any]) -> str:
    """Add to the facts the fingerprint that tells whether anything about the event has changed; return all as JSON."""
    text = encode(facts)
    facts["fingerprint"] = hashlib.sha256(text.encode()).hexdigest()
    return f'{text[:-1]},"fingerprint":"{facts["fingerprint"]}"}}'
