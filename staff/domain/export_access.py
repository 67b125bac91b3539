"""The pages of exports in the table of access: open to all, each for the lists whose own pages open for them.

Whose files a page shows, and who takes one, the domain says (`reports.models.export`, `reports.domain.exports`).
"""

from typing import Final

READ: Final = ("export_list", "export_progress", "export_file")
DEEDS: Final = ("export_ask", "export_cancel")

Roles = frozenset[str]


def export_pages(everybody: Roles, approvers: Roles) -> dict[str, dict[str, Roles]]:
    """Return URL name -> method -> roles of the pages of exports; `approvers` decide on whole numbers."""
    return {
        **{f"reports:{page}": {"GET": everybody} for page in READ},
        **{f"reports:{deed}": {"POST": everybody} for deed in DEEDS},
        "reports:export_decide": {"POST": approvers},
    }
