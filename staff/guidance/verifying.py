"""The manual on what confirms and files cases: public letters, the register and the file of a case on paper."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

VERIFYING = {
    "complaints:letter_list": Topic(
        _("Public letters"),
        _("One letter that answers many who told of the same matter; it stays in the archive with its cases."),
        (
            (
                _("What does publishing do?"),
                _(
                    "Every case under the letter is solved by it and closed, what was owed for it ends, and the visits "
                    "that were still to be made because of it end as answered by public letter. It cannot be taken "
                    "back, and the letter stays as it is."
                ),
            ),
            (
                _("How do I find the letter that answered a customer?"),
                _("Search the list by the number of the case or the name, or open the case: its file names it."),
            ),
        ),
    ),
    "complaints:register_print": Topic(
        _("Register on paper"),
        _("What came in on the days that you choose, one line for each case, for paper or as a workbook."),
        (
            (
                _("Which cases stand in it?"),
                _(
                    "Those that you may see, of every way and kind. A duplicate stands in the line of the case that it "
                    "was merged into; what was withdrawn is left out."
                ),
            ),
            (
                _("What is in the file of one case?"),
                _(
                    "Three parts: the complaint form with cause, demand, course, result and the customer's opinion; "
                    "the records of visits and deeds; the solution of every round. Print two copies where the "
                    "regulation wants one for the department and one for customer service."
                ),
            ),
        ),
    ),
}
