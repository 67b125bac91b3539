"""The manual on what people start themselves: visits by hand, customers on file, plans for a list."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

ORIGIN = {
    "visits:customer_new": Topic(
        _("New customer"),
        _("Puts somebody on file who has no order yet; also one who has not bought anything."),
        (
            (
                _("The number is on file already."),
                _("A number is a customer. Open the one it belongs to, and start the visit there."),
            ),
            (
                _("There is no telephone number."),
                _("Leave it empty and write down another contact: the visit then goes by what reaches the customer."),
            ),
        ),
    ),
    "visits:customer_visit": Topic(
        _("Start a visit"),
        _("Makes a visit that no order calls for: assigned by the house, or because the customer asks for it."),
        (
            (
                _("When is it due?"),
                _("By the day and time that you choose; without a time by the end of that day."),
            ),
            (
                _("Who makes it?"),
                _("Whom you choose. Advisors choose themselves or leave it to the regulation; supervisors anyone."),
            ),
        ),
    ),
    "visits:customer_call": Topic(
        _("The customer calls"),
        _("Keeps what a customer says who calls us. A visit that waits can be completed in the same call."),
        (
            (
                _("The customer wants to be called back."),
                _("Tick it and say by when: a visit on request is planned, and its response time is measured."),
            ),
        ),
    ),
    "visits:customer_edit": Topic(
        _("Change the file"),
        _("Changes what is on file of a customer. Every change stays in the history with both values."),
        (
            (
                _("Why does a change wait?"),
                _("A new name, address or interval by an advisor needs a manager's approval; the rest holds at once."),
            ),
        ),
    ),
    "visits:change_list": Topic(
        _("Changes to approve"),
        _("Proposals of advisors about names, addresses and intervals, each with what stands on file now."),
        ((_("May I decide my own?"), _("No. Somebody else with a manager's rights decides it.")),),
    ),
    "visits:customer_merge": Topic(
        _("Merge files"),
        _("Makes one file of two that are the same customer. Everything of the chosen file comes to this one."),
        (
            (
                _("It was a mistake."),
                _("Take it apart on the customer's page: what came with the other file goes back to it."),
            ),
        ),
    ),
    "visits:filter_list": Topic(
        _("Filters of customers"),
        _("Conditions under a name that find customers, for example those without an order for 180 days."),
        (
            (
                _("Whom does a filter find?"),
                _("Customers of your own scope for whom the conditions hold on the day on which it is opened."),
            ),
        ),
    ),
    "visits:campaign_list": Topic(
        _("Campaigns"),
        _("A plan visits every customer of a list: of a filter, or chosen in the list of customers."),
        (
            (_("What is the rate?"), _("Visits in which the customer was reached, of all visits of the plan.")),
            (
                _("Who makes the visits?"),
                _("Whom the regulation names for the event of the plan: as a rule the customer's own advisor."),
            ),
        ),
    ),
    "visits:request_list": Topic(
        _("Requests of customers"),
        _("Visits that customers asked for, and how many hours passed from the request to the visit."),
        (
            (
                _("How does a request get here?"),
                _("By “The customer calls” or “Start a visit” on the customer's page, or by an import."),
            ),
        ),
    ),
}
