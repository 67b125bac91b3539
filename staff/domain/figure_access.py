"""The pages of figures in the table of access.

Whose figures a page shows, the domain says: one's own, and of whom one looks after. Who looks after nobody is led from
the dashboards to their own figures.
"""

from typing import Final

FIGURES: Final = ("my_figures", "figure", "figure_list", "vote_list", "figure_behind", "restatement_list")
DASHBOARDS: Final = (
    "dashboard", "dashboard_comparisons", "dashboard_contacts", "dashboard_questions", "dashboard_units",
    "dashboard_spans",
)  # fmt: skip

Roles = frozenset[str]


def figure_pages(readers: Roles) -> dict[str, dict[str, Roles]]:
    """Return URL name -> method -> roles of the pages of figures."""
    return {f"reports:{page}": {"GET": readers} for page in (*FIGURES, *DASHBOARDS)}
