"""Who has a task and why: the words of its step, and whom they passed over before."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from staff.models import Activity, Employee, Role
from visits.domain.assigning.choosing import PassedOver
from visits.models import VisitTask

BY_THE_STEP = ("assigned", "moved", "pooled")
BY_HAND = ("reassigned", "taken")


def who(task: VisitTask) -> str:
    """Return who has the task and why, as one sentence."""
    lines = Activity.objects.filter(subject_type="visittask", subject_id=task.pk, verb__in=BY_THE_STEP + BY_HAND)
    last = lines.select_related("actor").order_by("-id").first()
    told: dict[str, Any] = last.data if last else {}
    reason = _by_hand(last) if last and last.verb in BY_HAND else _by_the_step(task, told)
    passed = passed_text(told.get("passed", []))
    text = _in_pool(task) if task.assignee is None else _held(task, reason)
    return _("%(who)s; passed over: %(passed)s") % {"who": text, "passed": passed} if passed else text


def _held(task: VisitTask, reason: str) -> str:
    name = str(task.assignee)
    told = {"name": name, "reason": reason}
    if not task.settled:
        return _("Provisionally with %(name)s: %(reason)s; decided when it opens") % told
    return _("With %(name)s: %(reason)s") % told if reason else _("With %s") % name


def _in_pool(task: VisitTask) -> str:
    if task.role:
        return _("In the pool of %s, for whoever takes it") % role_title(task.role)
    if task.pooled_at is None and not task.settled:
        return _("Not assigned yet")
    return _("To be assigned by a supervisor")


def _by_hand(line: Activity) -> str:
    if line.verb == "taken":
        return _("took it out of the pool")
    given = _("given by %s") % line.actor
    return f"{given} ({line.data['reason']})" if line.data.get("reason") else given


def _by_the_step(task: VisitTask, told: dict[str, Any]) -> str:
    return words(told["by"]) if told.get("by") else _guessed(task)


def _guessed(task: VisitTask) -> str:
    """Return by which words planning itself gave the task to its person."""
    if task.assignee_id == task.event.advisor_id:
        return words("advisor")
    if task.assignee_id == task.customer.owner_id:
        return words("owner")
    return _("stands in for who was named") if task.assignee_id else ""


def words(person: str) -> str:
    """Return how a pack names a person, in words."""
    named = {
        "advisor": _("the advisor of the event"),
        "owner": _("the owner of the customer"),
        "assignee": _("who had the task"),
        "handler": _("who handled the case"),
        "level": _("who answers for the level of the case"),
        "coordinator": _("the coordinator of the case"),
        "recorder": _("who recorded it"),
        "line_manager": _("the line manager"),
        "named": _("named by a supervisor"),
        "staff": _("any of the staff"),
        "holder": _("stands in for who had it"),
    }
    if person in named:
        return named[person]
    kind, _colon, code = person.partition(":")
    code, at, _area = code.partition("@")
    title = role_title(code)
    if kind == "pool":
        return _("the pool of %s") % title
    return (
        _("a holder of the role %s in the area of the customer") % title if at else _("a holder of the role %s") % title
    )


def role_title(code: str) -> str:
    """Return what a role is called here."""
    found = Role.objects.filter(code=code).values_list("title", flat=True).first()
    return found or code


def passed_text(passed: list[list[Any]]) -> str:
    """Return whom the list passed over, and why: "王芳 (away)"."""
    names = dict(
        Employee.objects.filter(pk__in=[employee for _p, employee, _w in passed if employee]).values_list("pk", "name")
    )
    told = [f"{names.get(employee) or words(person)} ({hindrance(why)})" for person, employee, why in passed]
    return pgettext("list", ", ").join(dict.fromkeys(told))


def hindrance(why: str) -> str:
    """Return in words what kept a person from a task."""
    reasons = {
        PassedOver.UNKNOWN: _("nobody is named"),
        PassedOver.LEFT: _("has left"),
        PassedOver.AWAY: _("is away"),
        PassedOver.EXCLUDED: _("did the work"),
        PassedOver.UNQUALIFIED: _("lacks a qualification"),
        PassedOver.NO_HOLDER: _("nobody holds the role"),
        PassedOver.TO_BE_NAMED: _("a supervisor picks"),
    }
    return reasons.get(PassedOver(why), why)
