"""The manual on customers."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

CUSTOMERS = {
    "visits:customer_list": Topic(
        _("Customers"),
        _("The customers you may see: those of your orders and tasks, or of your whole branch, as your role has it."),
        (
            (
                _("What can I search by?"),
                _("Name, pinyin or its initials, plate, VIN, order number, or the last four digits of a number."),
            ),
            (
                _("Why are the numbers hidden?"),
                _(
                    "They are shown on your own open task during calling hours, or with a reason. Each showing is "
                    "written down; there is a limit by hour and day."
                ),
            ),
        ),
    ),
    "visits:customer": Topic(
        _("Customer"),
        _("Everything about one customer, whoever did it: visits to come, history, vehicles, numbers, wishes."),
        (
            (
                _("The number is wrong."),
                _("Put it right under “Numbers”: the old one stays in the history, waiting tasks are called again."),
            ),
            (
                _("Why is there no visit planned?"),
                _("“Show every rule that was tried” names for each rule the condition that failed."),
            ),
        ),
    ),
}
