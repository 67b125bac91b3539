"""The manual on setting an installation up, and on the staff list."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

SET_UP = {
    "setup:overview": Topic(
        _("Set-up"),
        _("What a new company needs before the first call: seven steps, each of which can be gone through again."),
        (
            (_("May I stop half-way?"), _("Yes. What is done stays; sign in again and you are led back here.")),
            (
                _("What changes when it is ended?"),
                _("Only where you land after signing in. The steps stay here, and everything stays changeable."),
            ),
        ),
    ),
    "setup:company": Topic(
        _("Company"),
        _("The name and the logo that stand on every page."),
        ((_("Why does my drawing (SVG) not work?"), _("Drawings can hold scripts. Save it as PNG.")),),
    ),
    "setup:units": Topic(
        _("Branches and departments"),
        _("A branch is a shop or site: most people see the customers of their own branch only."),
        (
            (
                _("We have one shop."),
                _("Then there is one branch. Departments matter where a manager looks after one of them."),
            ),
        ),
    ),
    "setup:administrator": Topic(
        _("First administrator"),
        _("The account that configures everything else. Whoever holds it can make further administrators."),
        (
            (
                _("May one person hold several roles?"),
                _("Yes. An administrator alone sees no customers; with a second role the same person does both."),
            ),
        ),
    ),
    "setup:regulation": Topic(
        _("Regulation"),
        _("The rules by which visits arise: take on those that come with the program, or bring your own."),
        (
            (
                _("Which one fits?"),
                _(
                    "Read the sentences: each says because of what, whom, who calls and until when. Two can rule side "
                    "by side; everything in them can be changed later, and the change rehearsed before it holds."
                ),
            ),
            (
                _("How do I write my own?"),
                _("As a TOML file, described in docs/policy-packs.md. Every fault in it is named with its line."),
            ),
            (
                _("What does “Orders count from” mean?"),
                _("Orders of earlier days start no visits, so that nobody begins with old calls that nobody owes."),
            ),
        ),
    ),
    "setup:calendar": Topic(
        _("Calendar"),
        _("On which days the company works. Working days in rules are counted by it."),
        (
            (
                _("What comes first?"),
                _("Your own days and weekends; then the official calendar with its make-up days; then weekends."),
            ),
            (
                _("Next year is not published yet."),
                _("Statutory holidays count meanwhile, and days that depend on it are marked as provisional."),
            ),
        ),
    ),
    "setup:people": Topic(
        _("People"),
        _("Who works here, in which role and unit. New people get a link by which they choose their password."),
    ),
    "setup:events": Topic(
        _("Orders"),
        _("Where visits come from: the export of your order system, brought in daily or as often as you like."),
        (
            (
                _("Why may I not bring them in as an administrator?"),
                _("Orders hold names and numbers of customers, and whoever configures has no need of them."),
            ),
        ),
    ),
    "staff:people_import": Topic(
        _("Staff list"),
        _("Bring in the people of the company from a workbook, and get a link for each new account."),
        (
            (
                _("The links are gone."),
                _("Make new ones below: each person who has no password yet gets one, and the old ones still work."),
            ),
            (
                _("Somebody leaves."),
                _("Give the last day (“left on”) and who takes over (“hand over to”); the work moves by itself."),
            ),
        ),
    ),
}
