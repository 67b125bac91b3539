"""The manual on what customers are given to make good."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

MAKING_GOOD = {
    "complaints:compensation_list": Topic(
        _("Compensations"),
        _("What customers of complaints are given to make good, who approved it, and what each month came to."),
        (
            (
                _("Who may approve?"),
                _(
                    "A manager of the case's unit, and whom the allowance of the regulation names; above its limit "
                    "those alone whom it names. Nobody approves what they have proposed."
                ),
            ),
            (
                _("What counts towards a limit?"),
                _(
                    "All that was proposed and not refused for the same case, or in the same month, as the allowance "
                    "says. Where it lets nobody exceed it, more cannot even be proposed."
                ),
            ),
            (
                _("Where is it proposed?"),
                _("On the page of the case. Whoever may approve it is told at once; the decision is told to you."),
            ),
        ),
    ),
    "complaints:case_penalty": Topic(
        _("Propose a penalty"),
        _("A penalty of the regulation about one case: neglect, a false report, whatever is not found by itself."),
        (
            (
                _("What does the program find by itself?"),
                _(
                    "A member of staff whom the case names and whose fault was verified, and deeds that were not done "
                    "in time. Both stand in the ledger without anybody proposing them."
                ),
            ),
            (
                _("Who answers with them?"),
                _("Whom the regulation names: the manager of that day, the coordinator whom the case names."),
            ),
        ),
    ),
}
