"""What can be done about a case from its page: one table of deeds with their words, form and function.

Another part of the book adds its deeds to `DEEDS` and their rights to `complaints.domain.rights.RIGHTS`; the page shows
them by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints.domain import bounds, clocks, conducting, escalating, exempting, handling, verdicts
from complaints.domain.filing import add_file
from complaints.forms import clocks as clock_forms
from complaints.forms import conduct as of_conduct
from complaints.forms import handling as forms
from complaints.forms import verifying
from complaints.forms.desk import DeedForm, Desk


@dataclass(frozen=True)
class Deed:
    """One deed: `do` takes the case, `by`, `now`, `version` and what its form is told; `said` is what comes after.

    `applies` says whether there is anything to do it about.
    """

    words: Any
    icon: str
    form: type[DeedForm]
    do: Callable[..., Any]
    said: Any
    hint: Any = ""
    applies: Callable[[Desk], object] = bool


DEEDS: dict[str, Deed] = {
    "accept": Deed(_("Take it on"), "check", forms.PlainForm, handling.accept, _("The case is yours now.")),
    "reply": Deed(
        _("First reply to the customer"), "phone-outgoing", forms.ToldForm, handling.reply, _("Written down."),
        applies=lambda desk: desk.case.replied_at is None or "first_reply" in desk.owed,
    ),
    "progress": Deed(_("Note progress"), "message", forms.ProgressForm, handling.progress, _("Written down.")),
    "tell_customer": Deed(
        _("Tell the customer"), "message-2", forms.ToldForm, handling.tell_customer, _("Written down."),
        applies=lambda desk: desk.case.replied_at is not None,
    ),
    "department_reply": Deed(
        _("Answer of a department"), "building", forms.DepartmentReplyForm, handling.department_reply,
        _("The answer stands on the case."), applies=lambda desk: desk.involved,
    ),
    "ask_department": Deed(
        _("Ask a department"), "send", forms.AskForm, handling.ask_department, _("The department was told."),
    ),
    "decide": Deed(_("Decide"), "signature", forms.DecideForm, handling.decide, _("The decision stands.")),
    "meeting": Deed(
        _("Record a meeting"), "users-group", forms.MeetingForm, handling.meeting, _("The meeting stands on the case."),
    ),
    "resolve": Deed(_("It is solved"), "circle-check", forms.ResolveForm, handling.resolve, _("Solved.")),
    "close": Deed(_("Close with the customer's word"), "checks", forms.CloseForm, handling.close, _("Closed.")),
    "exempt": Deed(
        _("Close without a visit"), "circle-x", verifying.ExemptForm, exempting.exempt, _("Closed without a visit."),
    ),
    "reopen": Deed(
        _("The customer says it is not solved"), "rotate", verifying.ReopenForm, verdicts.reopen_by_hand,
        _("The case is open again, in a new round."),
    ),
    "archive": Deed(
        _("Put into the archive"), "archive", forms.PlainForm, exempting.archive, _("The case lies in the archive."),
    ),
    "include": Deed(
        _("Visit it after all"), "phone-outgoing", forms.ReasonForm, exempting.include, _("The customer is asked."),
    ),
    "waiting": Deed(
        _("Stop the clocks"), "clock-pause", clock_forms.PauseForm, clocks.pause, _("The clocks stand still."),
        hint=_("While the customer, a part or another office is waited for. The first reply is owed all the same."),
    ),
    "resume": Deed(
        _("Let the clocks go on"), "clock", clock_forms.ResumeForm, clocks.resume, _("The clocks are running."),
    ),
    "escalate": Deed(
        _("Escalate, with a proposal"), "arrow-up", clock_forms.EscalateForm, escalating.escalate,
        _("It has gone one step up."),
    ),
    "due": Deed(
        _("Set another bound"), "calendar-time", clock_forms.DueForm, bounds.set_due, _("It stands on the timeline."),
        hint=_("Beyond the limit of the regulation it waits for another manager's approval."),
        applies=lambda desk: desk.movable,
    ),
    "due_approve": Deed(
        _("Decide on a later bound"), "calendar-check", clock_forms.DueApproveForm, bounds.approve_due,
        _("Decided."), applies=lambda desk: desk.due_asked and desk.due_asked.by_id != desk.by.pk,
    ),
    "assign": Deed(_("Hand the case on"), "user", forms.AssignForm, handling.assign, _("Given on.")),
    "people": Deed(
        _("Who keeps track, who is involved"), "users", forms.PeopleForm, handling.set_people, _("Written down."),
    ),
    "level": Deed(
        _("Change the level"), "flag", forms.LevelForm, handling.set_level, _("The level is changed."),
        applies=lambda desk: len(desk.levels) > 1,
    ),
    "category": Deed(
        _("Change the category"), "tag", forms.CategoryForm, handling.set_category, _("The category is changed."),
        applies=lambda desk: desk.categories,
    ),
    "file": Deed(
        _("Add a file"), "paperclip", forms.FileForm, add_file, _("The file is kept with the case."),
        hint=_("Photographs of letters, screenshots, recordings; whoever sees the case sees them."),
    ),
    "accuse": Deed(
        _("Name a member of staff"), "user-exclamation", of_conduct.AccuseForm, conducting.accuse,
        _("Written down. Whoever answers for the person was told to find out."),
    ),
    "judge": Deed(
        _("Say whether it was their fault"), "shield-exclamation", of_conduct.JudgeForm, conducting.judge,
        _("Written down. What the regulation says of it stands in the ledger as a proposal."),
        applies=of_conduct.to_judge,
    ),
    "compensate": Deed(
        _("Propose a compensation"), "heart-handshake", of_conduct.CompensateForm, conducting.compensate,
        _("Proposed. Whoever may approve it was told."),
    ),
    "remark": Deed(_("Remark"), "note", forms.RemarkForm, handling.remark, _("Written down.")),
    "withdraw": Deed(_("Withdraw, with a reason"), "trash", forms.ReasonForm, handling.withdraw, _("Withdrawn.")),
    "restore": Deed(_("Take it up again"), "rotate", forms.ReasonForm, handling.restore, _("The case is open again.")),
}  # fmt: skip
