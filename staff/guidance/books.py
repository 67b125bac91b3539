"""The manual on own books and the knowledge base."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

BOOKS = {
    "complaints:book_list": Topic(
        _("Books"),
        _("The registers that the regulations want kept: each with its own fields, open entries, and every version."),
        (
            (
                _("Which books are there?"),
                _("Those that the regulations of your department declare as forms of a register, with their fields."),
            ),
            (
                _("What happens after an entry?"),
                _(
                    "What the regulation asks for: a reply within half an hour, a word to the manager. The clock runs "
                    "from the moment of the call that you enter, and stands on the page of the entry."
                ),
            ),
            (
                _("I made a mistake. Can I change an entry?"),
                _("Correct it: a new version is written, the old one stays below it with its writer and moment."),
            ),
            (
                _("How do I get a book onto paper?"),
                _(
                    "Print beside its entries: the filters hold on paper as well, and as a workbook it holds all of "
                    "them."
                ),
            ),
            (
                _("The matter turns out to be a complaint."),
                _("Make a case of the entry: it takes over the words, and the entry is closed with the case's number."),
            ),
        ),
    ),
    "complaints:article_list": Topic(
        _("Knowledge"),
        _("What was learned from solved cases, found by words and category."),
        (
            (
                _("Who writes articles?"),
                _("Whoever has solved a case: its page has a button that brings problem and solution along."),
            ),
            (
                _("What must not stand in one?"),
                _("Names and telephone numbers: everybody in the company reads articles."),
            ),
        ),
    ),
}
