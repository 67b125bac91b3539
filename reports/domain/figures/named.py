"""The figures that regulations name with a formula or a target of their own, and the metric that each is here.

The clauses are those of the shipped regulations; "proposed" says that the regulation names a target and no formula.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Named:
    """One figure that a regulation names: its formula, the clauses, and the metrics or scorecard that carry it out.

    `proposed`: the regulation gives no formula; this one is the program's, and a regulation may set another.
    """

    name: Any
    formula: Any
    clauses: tuple[str, ...]
    metrics: tuple[str, ...]
    target: str = ""
    proposed: bool = True


CARD: Final = ("scorecard",)
NAMED: Final = (
    Named(_("completion rate of visits"), _("users visited ÷ users due, each user once"), ("AK-28",),
          ("completion_rate",), proposed=False),
    Named(_("user satisfaction"), _("(satisfied + fairly satisfied users) ÷ all users visited"), ("AK-29",),
          ("satisfaction_rate",), proposed=False),
    Named(_("resolution of problems"), _("problems solved ÷ problems reported"), ("AK-30",), ("resolution_rate",),
          proposed=False),
    Named(_("accuracy of records"), _("accurate records ÷ records inspected, or all visits"), ("AK-31",),
          ("accuracy_rate",), proposed=False),
    Named(_("internal CSS average of a month"), _("sum of the scores ÷ scores, of each advisor"), ("A-19",),
          ("css_average",), "≥ 115"),
    Named(_("success rate of visits"), _("visits reached with every answer ÷ visits due"), ("A-20",),
          ("success_rate",), "> 80 %"),
    Named(_("daily reports in time"), _("reports in time ÷ reports owed"), ("A-11",), ("report_rate",), "09:00"),
    Named(_("coverage of the list"), _("listed customers visited ÷ listed customers"), ("A-08",), ("coverage_rate",),
          "100 %"),
    Named(_("visits after complaints"),
          _("complaints visited within 3 days ÷ complaints handled, exempt ones left out"),
          ("K-02", "K-03", "K-15"), ("coverage_rate",), "≥ 50 %"),
    Named(_("visits after repairs"), _("repairs visited within a month ÷ repairs finished"), ("K-05",),
          ("coverage_rate",), "≥ 30 %"),
    Named(_("visits after activities"), _("participants visited within a month ÷ participants"), ("K-06",),
          ("coverage_rate",), "≥ 10 %"),
    Named(_("handling of visits"), _("issues raised in visits and settled ÷ issues raised"), ("K-13",),
          ("resolution_rate",), "100 %"),
    Named(_("coverage of key customers"), _("key customers visited ÷ key customers due"), ("U-06",),
          ("coverage_rate",), "100 %"),
    Named(_("length of calls"), _("calls within their bounds ÷ calls with bounds"), ("U-07", "T-02", "T-05"),
          ("duration_rate",), "≤ 3 min; ≥ 10 min; ≥ 15 min"),
    Named(_("visits of a month"), _("number of visits, by telephone and on site apart"), ("G-03", "G-04"),
          ("visit_count",), "≥ 3; ≥ 1"),
    Named(_("calls answered within three rings"), _("calls answered within 3 rings ÷ calls"), ("AE-03",),
          ("ring_rate",), "≤ 3"),
    Named(_("first replies in time"), _("replies in time ÷ requests"), ("AE-05", "AE-06"), ("obligation_rate",),
          "30 min; 1 h"),
    Named(_("complaints of the branches"), _("number of complaints of each branch, verified and all"), ("AE-13",),
          ("complaint_count",)),
    Named(_("best of the month"), _("weighted score of records and satisfaction, ranked"), ("L-01",), CARD, "10 %"),
    Named(_("number, quality and records of visits"), _("weighted sum of the three"), ("Q-06",), CARD),
    Named(_("quality of service"), _("average hours to the solution; share of satisfied customers"), ("AA-06",),
          ("solve_time", "satisfaction_rate")),
    Named(_("quality in five dimensions"), _("weighted sum of the five scores"), ("E-06",), CARD, proposed=False),
    Named(_("monthly assessment"), _("average or sum of the scores of the rounds"), ("N-08",), CARD),
    Named(_("coverage of the quarter"), _("customers with a visit in the quarter ÷ customers due"), ("C-06", "T-04"),
          ("coverage_rate",), "≥ 1"),
    Named(_("evaluations returned"), _("answers ÷ invitations"), ("AB-03", "AK-07"), ("evaluation_rate",)),
)  # fmt: skip
