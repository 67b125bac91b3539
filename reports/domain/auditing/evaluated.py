"""How many questionnaires that were sent came back, counted a second time by loops over plain rows."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reports.domain.auditing.regulation import as_list, tables
from visits.models import RecordTask, VisitRecord, VisitTask

if TYPE_CHECKING:
    from reports.domain.auditing.metrics import Asked, Row

WRITTEN: Final = ("sms", "email", "wechat", "im", "letter", "questionnaire")


def returned(asked: "Asked") -> "Iterator[Row]":
    """Visits first written to in the period, by who wrote: those with answers in writing among all with questions."""
    ways = [one for one in as_list(asked.spec.get("of")) if one in WRITTEN] or WRITTEN
    told = _written(asked)
    for task, links in sorted(told.items()):
        one = links[0].task
        sent = [link.record for link in links if link.record.channel in ways]
        if not sent or not asked.since <= sent[0].logged_at < asked.until or not _has_questions(one):
            continue
        if asked.names(one.step.rule.code, one.step.code, one.event.kind.code, sent[0].channel):
            came = [link.record for link in links if link.record.outcome == "reached" and link.record.answers]
            yield sent[0].advisor_id, task, int(any(record.logged_at < asked.until for record in came)), 1


def _written(asked: "Asked") -> dict[int, list[RecordTask]]:
    """Return the contacts in writing of each visit, as they stand, in the order in which they were saved."""
    found: dict[int, list[RecordTask]] = {}
    links = RecordTask.objects.filter(record__channel__in=WRITTEN, task__release__policy=asked.policy)
    rows = links.exclude(record__kind="void").order_by("record__logged_at", "record")
    later = VisitRecord.objects.filter(supersedes__channel__in=WRITTEN).values_list("supersedes", flat=True)
    replaced = set(later)
    for link in rows.select_related("record", "task__step__rule", "task__event__kind", "task__release"):
        if link.record_id not in replaced:
            found.setdefault(link.task_id, []).append(link)
    return found


def _has_questions(task: VisitTask) -> bool:
    step = task.step
    for rule in as_list(tables(task.release.content).get("visit_rule")):
        for one in as_list(rule.get("step")) if rule["code"] == step.rule.code else ():
            if one.get("code", "") == step.code:
                return bool(one.get("questionnaire", rule.get("questionnaire")))
    return False
