"""The manual on inspections: what is drawn, how it is scored, what the inspected can say, which visits are in doubt."""

from django.utils.translation import gettext_lazy as _

from staff.guidance.topic import Topic

INSPECTING = {
    "reports:inspection_list": Topic(
        _("Inspections"),
        _("Visits of a period that were drawn at random, scored by the scorecard of the regulation, and the results."),
        (
            (
                _("How is something drawn?"),
                _(
                    "By itself when its period has ended, by a seed that is kept: all of newcomers and few of the "
                    "trusted where the regulation says so, visits in doubt more often. You can draw by hand as well."
                ),
            ),
            (
                _("When does an assessment of people or units begin?"),
                _(
                    "When its period is over. One that people alone judge can be begun before: score each round when "
                    "it has ended, and assess once more for the next; the month joins the rounds."
                ),
            ),
            (
                _("Which keys are there on the scorecard?"),
                _(
                    "1 passed, 0 failed, - does not apply; J and K go from item to item, space plays the recording, "
                    "Ctrl+Enter saves and opens the next one."
                ),
            ),
            (
                _("What does a failed item cost?"),
                _("What the regulation says of findings: it is proposed in the ledger, where somebody confirms it."),
            ),
            (
                _("I do not agree with my result."),
                _(
                    "Reply or appeal beside it until the results are final. Somebody else than who scored decides; "
                    "what is taken back costs nothing."
                ),
            ),
            (
                _("What is a blind second scoring?"),
                _(
                    "Somebody else scores the same visit without seeing the first scores. It shows how far two people "
                    "judge alike, and changes no result."
                ),
            ),
        ),
    ),
    "reports:doubt_list": Topic(
        _("Visits in doubt"),
        _("What the nightly checks find hard to believe. It raises the chance to be drawn, and costs nobody anything."),
        (
            (
                _("What is looked at?"),
                _(
                    "Five visits saved within five minutes, the same words about three customers, two calls at once or "
                    "too short for their answers, one recording or picture for two visits."
                ),
            ),
            (
                _("What shall I do with one?"),
                _("Inspect it: listen, compare, score. If all is well, that stands written down."),
            ),
        ),
    ),
}
