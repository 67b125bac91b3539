"""The manual on bringing data in."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

IMPORTS = {
    "visits:import_list": Topic(
        _("Imports"),
        _("Brings customers, vehicles and orders in from the export of your system, and shows what came of each file."),
        (
            (
                _("Which files can be read?"),
                _("All .xlsx, .xls and .csv up to 50 MB. They need order number, time of completion and telephone."),
            ),
            (
                _("What do the columns have to be called?"),
                _("Usual words are understood. What is not, you choose once; it is remembered for the source system."),
            ),
            (
                _("Some rows were refused."),
                _("The others are taken in. Download the refused ones, mend them in the workbook and bring it again."),
            ),
            (
                _("The file was taken in before."),
                _("The same file changes nothing. A row that differs changes its order, and visits nobody has made."),
            ),
            (
                _("What does conflicting mean?"),
                _(
                    "The order differs from one already called, stands under another source, or the row would put back "
                    "what somebody here has changed. Left out, such rows come back to you with the reason."
                ),
            ),
            (
                _("Old orders would bring a heap of visits."),
                _(
                    "Take them in as history, or choose a day: visits whose time ends before it are nobody's work, "
                    "later ones are made as the regulation says."
                ),
            ),
            (
                _("It was the wrong file."),
                _(
                    "Take it back on its page. New orders that nobody has worked on go, with their customers; changed "
                    "ones get their former values back; the rest stays and is listed."
                ),
            ),
            (
                _("How long does it take?"),
                _("Some seconds for a thousand rows. It goes on when you leave the page, and after a restart."),
            ),
        ),
    ),
}
