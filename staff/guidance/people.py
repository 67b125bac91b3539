"""The manual on people: one's own account, notifications, who is away and who does what."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

PEOPLE = {
    "staff:account": Topic(
        _("My account"),
        _("Who you are here, your password, two-step sign-in, language, colours, and where you are signed in."),
        (
            (
                _("What is two-step sign-in?"),
                _(
                    "After the password you type six digits that an app on your phone shows. Whoever learns your "
                    "password still cannot sign in. Keep the recovery codes: they help when the phone is lost."
                ),
            ),
            (
                _("I do not know one of the devices."),
                _("Sign it out, change your password, and tell your administrator."),
            ),
        ),
    ),
    "staff:notification_list": Topic(
        _("Notifications"),
        _("What happened that concerns you: promised call-backs, work handed over to you, answers to what you asked."),
        ((_("What is marked urgent?"), _("What cannot wait also stands above every page until you have seen it.")),),
    ),
}
