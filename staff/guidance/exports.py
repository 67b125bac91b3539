"""The manual on files of lists."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

EXPORTS = {
    "reports:export_list": Topic(
        _("Exports"),
        _("Files of lists and figures: every list has a button Export, and every file that you asked for stands here."),
        (
            (
                _("Which rows are in the file?"),
                _(
                    "All that the list shows you with the filters and the order of its address, on all its pages, as "
                    "of the moment at which the file is written. Nothing that the page would not show you."
                ),
            ),
            (
                _("Which kind of file do I take?"),
                _(
                    "The workbook to read and to sort, CSV for other programs that read tables, JSON for programs. "
                    "What does not fit on one sheet of a workbook goes on on the next; there is no limit."
                ),
            ),
            (
                _("How long does it take?"),
                _("Some thousand rows are there at once, a million takes some minutes. You may leave the page."),
            ),
            (
                _("Are telephone numbers in the file?"),
                _("Masked ones, as on the page, unless you ask for whole ones and somebody else approves it."),
            ),
            (
                _("How do I get whole telephone numbers?"),
                _(
                    "In the lists of customers and of complaints tick “With whole telephone numbers” and say what for. "
                    "Who answers for your branch or for the company is told and decides on this page; nobody decides "
                    "on their own. Without a word in time the request ends. Numbers in texts, and of customers who "
                    "want no contact, stay masked."
                ),
            ),
            (
                _("What do I look at before I approve whole numbers?"),
                _(
                    "Who asks, for what, which list with which filters, and how many rows it has. Your name stands in "
                    "the file and in the log. If the reason does not need every one of these numbers, turn it down "
                    "and say so."
                ),
            ),
            (
                _("What does the column Export mean?"),
                _(
                    "The number of the file and who took it, on every row, so that rows which were passed on still say "
                    "where they come from. The workbook says the rest on its last sheet, the name of the file in short."
                ),
            ),
            (
                _("Why can I no longer download it?"),
                _(
                    "Files are deleted after some days. If your role or your unit has changed, ask anew: the file "
                    "would show what you saw before."
                ),
            ),
            (
                _("Who else sees my files?"),
                _("Nobody can take them but you. Who answers for quality sees which lists their people took."),
            ),
        ),
    ),
}
