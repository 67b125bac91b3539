"""The manual on the program's own works: its health."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

WORKS = {
    "staff:health": Topic(
        _("System health"),
        _("Whether the program does its work: what is wrong and how to mend it, the jobs, what waits, room, backups."),
        (
            (
                _("Who hears of an alarm?"),
                _("Every administrator, once, in the bell above each page; it goes by itself when it is settled."),
            ),
            (
                _("What is quarantine?"),
                _(
                    "A row that makes a job fail is kept apart after five tries, so that all others go on. Read the "
                    "reason, mend the rule or the order, and press “Try again”. Only order numbers are shown."
                ),
            ),
            (
                _("The program was switched off. What now?"),
                _(
                    "Nothing: what became due is made up in order when it runs again. The span is written down as an "
                    "outage, and nobody is held to a time that fell into it."
                ),
            ),
            (
                _("How does a monitor watch the program?"),
                _(
                    "It asks /healthz, which answers 200 or 503, and reads figures from /metrics. What each of them "
                    "says stands in docs/health.md."
                ),
            ),
        ),
    ),
    "staff:backup_list": Topic(
        _("Backups"),
        _("Which backups there are, whether each was restored on trial, where they lie, and one more by hand."),
        (
            (
                _("What does “restored on trial” mean?"),
                _(
                    "The backup was opened, its database built beside the living one, and every row and every file "
                    "compared. A backup that fails this is thrown away, and every administrator hears of it."
                ),
            ),
            (
                _("Why does it say “not encrypted”?"),
                _(
                    "No passphrase is set. Such a backup stays on this machine, for whoever gets it can read it. Set "
                    "BACKUP_PASSPHRASE_FILE, and keep the passphrase in another house as well."
                ),
            ),
            (
                _("What is lost when one is put back?"),
                _(
                    "What was done since it was made: a day at worst. Orders are imported again, calls entered again. "
                    "Nobody is held to a time that fell between. docs/backup.md tells more."
                ),
            ),
        ),
    ),
    "visits:outage_list": Topic(
        _("Outages"),
        _("When the program stood still, which visits came up late by it, and what was made up afterwards."),
        (
            (
                _("Is anybody blamed?"),
                _(
                    "No. Time that fell into an outage counts for nobody; the visit itself says so under “Why this "
                    "visit?”."
                ),
            ),
        ),
    ),
}
