"""The list of visits that nothing proves, or whose proof is doubtful, until somebody mends or judges them (A-18)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from staff.domain.calendar import day_end, day_start
from staff.domain.pages import Page, cut
from staff.models import Employee
from visits.choices import EvidenceKind, ProofWanted
from visits.models import Evidence, EvidenceDoubt, RecordCheck, RecordTask, VisitRecord

ORDERS: Final = {"oldest": ("started_at", "id"), "latest": ("-started_at", "-id")}


def lacking() -> Q:
    """Return the condition of a record whose step wanted a proof that is not there."""
    here = Evidence.objects.filter(record=OuterRef("pk"))
    some = here.exclude(kind=EvidenceKind.SIGNATURE)
    this = here.filter(kind=OuterRef("proof_wanted"))
    certain = Q(proof_wanted__in=(ProofWanted.RECORDING, ProofWanted.SIGNATURE))
    return Q(~Exists(some), proof_wanted=ProofWanted.ANY) | (certain & Q(~Exists(this)))


def doubtful() -> Q:
    """Return the condition of a record with evidence that is doubted."""
    return Q(Exists(EvidenceDoubt.objects.filter(evidence__record=OuterRef("pk"))))


def judged() -> Q:
    """Return the condition of a record that somebody has judged."""
    return Q(Exists(RecordCheck.objects.filter(record=OuterRef("pk"))))


def found(employee: Employee, wanted: Mapping[str, Any], *, on: date, own: bool) -> QuerySet[VisitRecord]:
    """Return the records of the list in the employee's scope. `wanted`: what, first, last, who; `own`: one's own only.

    `what`: open (lacking or doubtful and not judged), missing, doubtful, judged.
    """
    records = VisitRecord.objects.visible_to(employee, on=on).current()
    if own:
        records = records.filter(advisor=employee)
    zone = ZoneInfo(settings.TIME_ZONE)
    if wanted["first"]:
        records = records.filter(started_at__gte=day_start(wanted["first"], zone))
    if wanted["last"]:
        records = records.filter(started_at__lt=day_end(wanted["last"], zone))
    if wanted["who"]:
        records = records.filter(advisor__username=wanted["who"])
    return records.filter(_what(wanted["what"]))


def page_of(employee: Employee, wanted: Mapping[str, Any], *, on: date, own: bool) -> Page:
    """Return one page of the list as plain values; `wanted` as for `found`, and sort, page."""
    steps = RecordTask.objects.filter(record=OuterRef("pk")).order_by("pk")
    checks = RecordCheck.objects.filter(record=OuterRef("pk")).order_by("-pk")
    files = Evidence.objects.filter(record=OuterRef("pk")).order_by().values("record").annotate(n=Count("pk"))
    rows = found(employee, wanted, on=on, own=own).annotate(
        files=Subquery(files.values("n")),
        step_title=Subquery(steps.values("task__step__title")[:1]),
        rule_title=Subquery(steps.values("task__step__rule__title")[:1]),
        holds=Subquery(checks.values("holds")[:1]),
        is_lacking=lacking(),
    )
    told = rows.order_by(*ORDERS[wanted["sort"]]).values(
        "id", "customer_id", "started_at", "outcome", "channel", "proof_wanted", "files", "step_title", "rule_title",
        "holds", "is_lacking", customer_name=F("customer__name"), advisor_name=F("advisor__name"),
    )  # fmt: skip
    return cut(told, wanted["page"], told=_with_doubts)


def counts(employee: Employee, *, on: date, own: bool) -> dict[str, int]:
    """Return how many records wait for proof, and how many of doubtful proof wait for a judgement."""
    wanted = {"first": None, "last": None, "who": ""}
    return {what: found(employee, {**wanted, "what": what}, on=on, own=own).count() for what in ("missing", "doubtful")}


def advisors(employee: Employee, *, on: date) -> list[tuple[str, str]]:
    """Return whose records lack proof or are doubtful in the employee's scope: user name and name."""
    wanted = {"first": None, "last": None, "who": "", "what": "open"}
    rows = found(employee, wanted, on=on, own=False).order_by("advisor__name").distinct()
    return [(username, name) for username, name in rows.values_list("advisor__username", "advisor__name")]


def _what(what: str) -> Q:
    match what:
        case "missing":
            return lacking() & ~judged()
        case "doubtful":
            return doubtful() & ~judged()
        case "judged":
            return judged()
    return (lacking() | doubtful()) & ~judged()


def _with_doubts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add to each row the kinds of its doubts, by one query for all."""
    rows = list(rows)
    doubts = EvidenceDoubt.objects.filter(evidence__record__in=[row["id"] for row in rows])
    kinds: dict[int, list[str]] = {}
    for record, kind in doubts.values_list("evidence__record", "kind").distinct():
        kinds.setdefault(record, []).append(kind)
    return [{**row, "doubts": sorted(kinds.get(row["id"], []))} for row in rows]
