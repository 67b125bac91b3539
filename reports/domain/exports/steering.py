"""What happens to an export: asked for, begun, done, failed, cancelled, handed out; each by one conditional
update. How whole numbers are approved stands in `approving`.

Whoever writes holds a lock that its death lets go (`shelf.alone_with`), so an export that says it is being written and
that nobody holds is begun anew; its file appears under its name only when it is whole.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.choices import ExportContacts, ExportFault, ExportState
from reports.domain.exports import approving, shelf
from reports.models import Export
from reports.models.export import TO_DO
from staff.domain import activity
from staff.domain.access import Standing, standing_of
from staff.domain.notifying import notify
from staff.models import Employee

MOST_ATTEMPTS: Final = 5
NOT_BEGUN: Final = (ExportState.ASKED, ExportState.WAITING)
AT_ONCE: Final = timedelta(seconds=10)  # whoever waits no longer than that sees it on the page, without the bell


class CannotAsk(ValueError):
    """Whole numbers that are asked for without a reason, or that nobody could approve."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants written: the page's URL name, its title, path and query, the kind of file, the language.

    `contacts`: telephone numbers masked or whole; whole ones for a `reason`.
    """

    source: str
    title: str
    path: str
    query: str
    form: str
    language: str
    contacts: str = ExportContacts.MASKED
    reason: str = ""


def ask(wish: Wish, *, by: Employee, now: datetime) -> Export:
    """Ask for a masked file; one that waits already for the same is not asked for twice."""
    return _ask(wish, by=by, now=now)


def ask_whole(wish: Wish, *, by: Employee, rows: int, now: datetime, on: date) -> Export:
    """Ask for a file with whole numbers: it is put before those who may approve it. Raises `CannotAsk`.

    `rows`: how many it would have now, for who approves.
    """
    wish = replace(wish, contacts=ExportContacts.WHOLE, reason=approving.clean(wish.reason))
    if not wish.reason:
        raise CannotAsk(_("Say what you need whole telephone numbers for."))
    approvers = approving.approvers_of(by, on=on)
    if not approvers:
        raise CannotAsk(_("There is nobody but you who could approve whole telephone numbers."))
    until = now + timedelta(hours=settings.EXPORT_APPROVAL_HOURS)
    with transaction.atomic():
        made = _ask(wish, by=by, now=now, state=ExportState.ASKED, rows_total=rows, decide_until=until)
        if made.state == ExportState.ASKED:
            approving.put_before(approvers, made, now=now)
    return made


def _ask(wish: Wish, *, by: Employee, now: datetime, **first: Any) -> Export:
    with transaction.atomic():
        same = Export.objects.filter(asked_by=by, state__in=NOT_BEGUN, **vars(wish)).first()
        if same:
            return same
        made = Export.objects.create(asked_by=by, asked_at=now, file=shelf.new_name(), **vars(wish), **first)
        said = {"reason": wish.reason} if wish.reason else {}
        activity.log(
            now=now, actor=by, verb="export_asked", subject=made, source=wish.source, form=wish.form,
            contacts=wish.contacts, **said,
        )  # fmt: skip
    return made


def begin(export: Export, *, now: datetime) -> bool:
    """Note that it is being written; False where it is not to be written any more. Its writer must hold it."""
    begun = Export.objects.filter(pk=export.pk, state__in=TO_DO).update(
        state=ExportState.RUNNING, began_at=now, attempts=F("attempts") + 1
    )
    export.refresh_from_db()
    if begun and export.attempts > MOST_ATTEMPTS:
        fail(export, ExportFault.DIED, now=now)
        return False
    return bool(begun)


def finish(export: Export, *, rows: int, seen: str, now: datetime) -> bool:
    """Note that the file is whole, and tell who asked for it; False where it was cancelled meanwhile.

    `rows`: how many the file has; `seen`: the fingerprint of what its owner might see while it was written.
    """
    path = shelf.path_of(export.file)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        done = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING).update(
            state=ExportState.DONE, done_at=now, rows=rows, rows_total=rows, sha256=digest, size=path.stat().st_size,
            standing=seen, expires_at=now + timedelta(days=settings.EXPORT_DAYS), fault="",
        )  # fmt: skip
        if not done:
            return False
        activity.log(
            now=now, actor=export.asked_by, verb="exported", subject=export, dataset=export.source, rows=rows,
            form=export.form, sha256=digest, **_allowed(export),
        )  # fmt: skip
        words = gettext_noop("The file “%(title)s” with %(rows)s rows is ready")
        _tell_asker(export, words, {"title": export.title, "rows": rows}, now=now)
    return True


def fail(export: Export, fault: ExportFault, *, now: datetime) -> None:
    """Note that it cannot be written, and why."""
    with transaction.atomic():
        failed = Export.objects.filter(pk=export.pk, state__in=TO_DO).update(
            state=ExportState.FAILED, fault=fault, done_at=now
        )
        if failed:
            activity.log(now=now, actor=export.asked_by, verb="export_failed", subject=export, fault=fault)
            words = gettext_noop("The file “%(title)s” could not be made")
            _tell_asker(export, words, {"title": export.title}, now=now)
    shelf.drop(export.file)


def cancel(export: Export, *, by: Employee, now: datetime) -> bool:
    """Give it up; False where it was done before. A writer notices with its next rows, and nothing appears."""
    with transaction.atomic():
        standing = Export.objects.filter(pk=export.pk, state__in=(ExportState.ASKED, *TO_DO))
        given_up = standing.update(state=ExportState.CANCELLED, done_at=now)
        if given_up:
            approving.withdraw_from_approvers(export, now=now)
            activity.log(now=now, actor=by, verb="export_cancelled", subject=export)
    if given_up:
        shelf.tidy(export.file)
    return bool(given_up)


def hand_out(export: Export, *, by: Employee, now: datetime) -> None:
    """Note that the file is taken."""
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
        activity.log(now=now, actor=by, verb="export_taken", subject=export, rows=export.rows, **_allowed(export))


def _tell_asker(export: Export, words: str, facts: dict[str, Any], *, now: datetime) -> None:
    """Tell who asked how it ended, where they waited too long to have watched."""
    if now - export.asked_at > AT_ONCE:
        url, key = f"/exports/{export.pk}/", f"export:{export.pk}"
        notify([export.asked_by], kind="export_done", message=words, facts=facts, url=url, key=key, now=now)


def _allowed(export: Export) -> dict[str, Any]:
    """Return what the log says of a file with whole numbers: who approved it and what for."""
    if export.contacts == ExportContacts.MASKED:
        return {}
    return {"contacts": export.contacts, "approved_by": export.decided_by_id, "reason": export.reason}


def fingerprint(employee: Employee, *, on: date) -> str:
    """Return what stands for everything that the person may see on that day: other rights, another fingerprint."""
    told: Standing = standing_of(employee, on=on)
    scope = told.scope
    parts = (
        told.base_roles, scope.branches, scope.departments, scope.pools, scope.home_branches, scope.home_departments,
    )  # fmt: skip
    text = repr((scope.everything, scope.own, [sorted(map(str, part)) for part in parts]))
    return hashlib.sha256(text.encode()).hexdigest()
