"""The metric dictionary: what each figure of the catalogue means, in one place for pages, hover texts and exports.

A definition says what is counted over what, what is left out, whose it is, which day places it in a period, and what a
regulation may choose. `tests/reports/test_dictionary.py` holds it to the catalogue.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from reports.domain.figures.definition import Definition

VISITS, CUSTOMERS = _("what visits came to"), _("what customers say")
DUTIES, CASES = _("duties, reports and inspections"), _("complaints, problems and repairs")
CONDUCT = _("conduct and merit")
GROUPS: Final = (VISITS, CUSTOMERS, CASES, DUTIES, CONDUCT)

RULES = (_("visit rules and their steps"), _("kinds of events"), _("channels"))
OF_CASES = (_("types of cases"), _("levels"), _("categories"))
OF_SCORECARDS = (_("scorecards"),)

AT_BOUND = _("whoever had the visit at its bound; a visit handed on later stays with that person")
CLOSING = _("the closing date of the visit's window")
NOT_OWED = _(
    "visits that were cancelled, that no draw took, and that were taken in after their window had closed; while the "
    "period lasts, visits that are still open before their bound"
)
DUE = _("visits that fell due")
MAKER = _("whoever made the visit")
SAVED = _("the moment at which the visit was saved, which no correction moves")
UNREACHED = _("contacts in which nobody was reached, and those taken back or corrected since")
HANDLER = _("whoever handles the case; one that nobody handles counts for its branch alone")
TOLD = _("the day on which the customer told of it")
NO_CASE = _("withdrawn cases and those exempt by the regulation; a case merged into another counts once")
ADVISOR = _("the advisor of the event")
HAPPENED = _("the day of the event")
INSPECTED_ONE = _("whoever was inspected")
SCORED_ON = _("the day on which the visit was saved; of anything but records the period of the inspection")
UNSCORED = _("what was drawn and not scored yet, and second scores that only test the first")
OWES = _("whoever owed it")
CUT_OFF = _("the last moment that is in time: what is owed by the end of a day falls due on that day")

VISITED_RATED: Final = {
    "rated": _("over visits with a rating; visits without one are left out"),
    "visited": _("over all visits in which the customer was reached, rated or not"),
}


def _due(metric: str, meaning: Any, numerator: Any) -> Definition:
    return Definition(
        metric, VISITS, meaning, numerator, DUE, NOT_OWED, AT_BOUND, CLOSING, counts=True, of=RULES
    )  # fmt: skip


def _made(metric: str, group: Any, meaning: Any, numerator: Any, denominator: Any, **rest: Any) -> Definition:
    more: dict[str, Any] = {"of": RULES, "excluded": UNREACHED} | rest
    return Definition(metric, group, meaning, numerator, denominator, whose=MAKER, placed=SAVED, **more)


def _case(metric: str, meaning: Any, numerator: Any, denominator: Any, **rest: Any) -> Definition:
    more: dict[str, Any] = {"excluded": NO_CASE, "whose": HANDLER, "placed": TOLD, "of": OF_CASES} | rest
    return Definition(metric, CASES, meaning, numerator, denominator, **more)


DEFINITIONS: Final = (
    _due(
        "worked_rate", _("How many of the visits that fell due were tried at all."),
        _("visits with at least one attempt by the end of the period, reached or not"),
    ),
    _due(
        "completion_rate", _("How many of the visits that fell due reached their customer."),
        _("visits that were done by the end of the period: the customer was reached"),
    ),
    _due(
        "success_rate",
        _("How many of the visits that fell due reached their customer and have every required answer."),
        _("visits that were done by the end of the period with every required answer"),
    ),
    _due(
        "timely_rate", _("How many of the visits that fell due were done inside their window."),
        _("visits that were done inside their window; one before the opening, or after the bound, is not"),
    ),
    Definition(
        "coverage_rate", VISITS, _("How many of the events had a visit inside its window, drawn for it or not."),
        _("events with a visit done inside its window; of visits aligned to calendar periods, and of rules on each "
          "customer, customers"),
        _("events of the period that call for a visit, those that no draw took included; of visits aligned to calendar "
          "periods, and of rules on each customer, customers"),
        _("events that call for nobody any more (cancelled, exempt, merged), events taken over as history that no draw "
          "took, and visits taken in too late"),
        _("the advisor of the event, else whoever has the visit; where customers are counted, whoever has the visit"),
        _("the day of the event; where customers are counted, the closing date of the window"),
        of=RULES,
    ),
    _made(
        "visit_count", VISITS, _("How many visits reached their customer."), _("visits"), "", counts=True,
    ),
    _made(
        "duration_rate", VISITS, _("How many calls were neither too short nor too long for their step."),
        _("calls within the shortest and the longest length of their step"),
        _("calls of steps with such bounds whose length is known"),
        excluded=_("contacts in which nobody was reached, calls of steps without bounds, and calls without an end; one "
                   "that raised a complaint has no longest length"),
    ),
    Definition(
        "ring_rate", VISITS, _("How many incoming calls were answered soon enough."),
        _("calls answered within so many rings as the limit says"), _("calls whose rings were written down"),
        _("entries without a number of rings; a corrected entry counts as it stood at the end of the period"),
        _("whoever wrote the call down first"), _("the moment of the call that the entry tells"),
        limit=_("the most rings that are still in time; without a limit there is no figure"), of=(_("own books"),),
    ),
    Definition(
        "workload", VISITS, _("How much work of the period each person had."),
        _("visits that fell due, cases told of and work orders opened, of the people counted"),
        _("people who had any of it"),
        _("what nobody holds, visits that were cancelled, not drawn or taken in too late, withdrawn, exempt and merged "
          "cases, and cancelled work orders"),
        _("whoever had the visit at its bound, handles the case, or has the work order"),
        _("the closing date of the visit's window, the day on which the customer told of the case, the day on which "
          "the work order was opened"),
        of=RULES,
    ),
    _made(
        "satisfaction_rate", CUSTOMERS, _("How many of the customers who were visited are satisfied."),
        _("visits with a rating that the regulation calls good"), _("visits with a rating"), bases=VISITED_RATED,
        counts=True,
    ),
    _made(
        "css_average", CUSTOMERS, _("The average of the scores."), _("sum of the scores"), _("number of scores"),
        bases={"visits": _("scores that customers gave in visits, of whoever made the visit"),
               "events": _("scores of the events themselves, as they were taken in, of the event's advisor and by "
                           "the day of the event")},
    ),
    _made(
        "nps", CUSTOMERS, _("How many more customers would recommend us than advise against us."),
        _("answers of 9 or 10 less answers of 0 to 6, times 100"), _("answers from 0 to 10"),
    ),
    _made(
        "answer_average", CUSTOMERS, _("The average of the answers in numbers to the questions named."),
        _("sum of the answers"), _("answers in numbers"), of=(_("questions"), *RULES),
    ),
    Definition(
        "evaluation_rate", CUSTOMERS, _("How many of the questionnaires that were sent came back."),
        _("visits whose questionnaire was answered in writing by the end of the period"),
        _("visits with a questionnaire about which the customer was written to"),
        _("contacts by telephone and on site, and visits without a questionnaire; of several messages about one visit "
          "the first counts"),
        _("whoever wrote first"), _("the moment at which the first message was saved"), of=RULES,
    ),
    _case(
        "resolution_rate", _("How many of the problems that were reported are settled."),
        _("problems that were settled, and complaints, problems and repairs of the book that were closed, by the end "
          "of the period"),
        _("problems told in visits or outside of any, and complaints, problems and repairs of the book"),
        excluded=_("problems taken back, withdrawn cases and those exempt by the regulation; a case merged into "
                   "another, and a problem that stands in the book too, count once"),
        whose=_("whoever answers for the problem, or handles the case"), placed=_("the day of the report"),
        of=(RULES[0], *OF_CASES),
    ),
    _case("complaint_count", _("How many complaints there were."), _("complaints"), ""),
    _case("reply_rate", _("How many of the complaints were answered."),
          _("complaints with a first reply by the end of the period"), _("complaints")),
    _case("reopen_rate", _("How many of the complaints had to be opened again."),
          _("complaints that were opened again by the end of the period"), _("complaints")),
    _case("response_time", _("How long customers waited for the first reply, on average."),
          _("hours from the customer's word to the first reply"),
          _("cases that were answered by the end of the period")),
    _case(
        "solve_time", _("How long it took to a solution that held, on average."),
        _("hours from the customer's word to the last solution that was not opened again, less the stops of the clock"),
        _("cases that were solved by the end of the period"),
        excluded=_("withdrawn cases and those exempt by the regulation, the time as a duplicate of another case, and "
                   "cases that are not solved yet"),
    ),
    _case(
        "compensation_sum", _("What making good cost."), _("yuan approved to make good"), "",
        excluded=_("what was refused or is not decided; money that was given counts whatever became of the case"),
        whose=_("whoever proposed it"), placed=_("the moment of the approval"), of=(),
    ),
    Definition(
        "obligation_rate", DUTIES, _("How many of the deeds that were owed were done in time."),
        _("deeds done within their bound"), _("deeds that fell due"),
        _("deeds that were dropped, and those whose clock stands still"), OWES, CUT_OFF, of=(_("obligations"),),
    ),
    Definition(
        "report_rate", DUTIES, _("How many of the reports that were owed came in time."),
        _("reports handed in before their cut-off; the first submission decides"), _("reports owed"),
        _("reports that leave excused"), OWES, CUT_OFF, of=(_("reports"),),
    ),
    Definition(
        "accuracy_rate", DUTIES, _("How many records were found accurate at inspections."),
        _("records found accurate"), _("records inspected for it"), UNSCORED, INSPECTED_ONE, SCORED_ON,
        bases={"inspected": _("over the records that were inspected, once for each inspection"),
               "all": _("over all visits in which the customer was reached, inspected or not; accurate is a visit "
                        "that an inspection found so, and none found otherwise")},
        of=OF_SCORECARDS,
    ),
    Definition(
        "quality_score", DUTIES, _("How many of the possible points were reached at inspections."),
        _("results of the inspections"), _("full results, each inspection with the same weight"), UNSCORED,
        INSPECTED_ONE, SCORED_ON, of=OF_SCORECARDS,
    ),
    Definition(
        "qualification_rate", DUTIES, _("How many of the trainings and papers that are demanded are held."),
        _("qualifications held"), _("qualifications demanded of the roles that people have"),
        _("people who have left, and people without a role"), _("everybody with a role"),
        _("the last day of the period; today while it lasts"), of=(_("qualifications"),),
    ),
    Definition(
        "roster_rate", DUTIES, _("How much of the time that must be staffed was staffed."),
        _("minutes staffed, of each person who must be there"),
        _("minutes to staff, of each person who must be there"),
        _("hours that are still to come, and days before the regulation was put in force; somebody on leave is not "
          "there, but their substitute is; one person counts once at a desk"),
        _("nobody's: the desk is its branch's"), _("the day of the hours"), of=(_("duty rosters"),),
    ),
    Definition(
        "violation_count", CONDUCT, _("How many confirmed violations there are."), _("violations"), "",
        _("what is proposed, waived or reversed, and what somebody only answers for"), _("whoever committed it"),
        _("the day on which it took place"), of=(_("violations"), _("penalties")),
    ),
    Definition(
        "award_count", CONDUCT, _("How many confirmed rewards and awards there are."), _("rewards and awards"), "",
        _("what is proposed, waived or reversed"), _("whoever earned it"),
        _("the day for which it was earned"), of=(_("rewards"),),
    ),
    Definition(
        "votes", CONDUCT, _("How many votes somebody has in an election."), _("votes"), "",
        _("votes of an election that still lasts, of which nothing is told; nobody votes twice or for himself"),
        _("whom the vote is for"), _("the period of the election"), of=(_("rewards"),),
    ),
    Definition(
        "opportunity_sum", CONDUCT, _("What chances to sell that came out of visits are worth."),
        _("yuan of the chances"), "",
        _("entries without a worth; a corrected entry counts as it stood at the end of the period"),
        _("whoever wrote the entry first"), _("the moment that the entry tells"), of=(_("own books"),),
    ),
)  # fmt: skip
BY_METRIC: Final[Mapping[str, Definition]] = {one.metric: one for one in DEFINITIONS}
SCORECARD: Final = Definition(
    "scorecard", DUTIES, _("What an assessment by a scorecard came to."),
    _("sum of weight × points ÷ most points of each item, times 100"), _("sum of the weights"),
    _("items that do not apply or have no figure; whoever has none at all has no result"), INSPECTED_ONE,
    _("the period that the scorecard assesses"), of=OF_SCORECARDS,
)  # fmt: skip


def definition_of(metric: str) -> Definition:
    """Return the definition of a metric of the catalogue, or of the result of a scorecard (`scorecard:<code>`).

    Raises KeyError for what is neither.
    """
    return SCORECARD if metric.partition(":")[0] == "scorecard" else BY_METRIC[metric]
