"""The pages of the ledger in the table of access: open to all who work with customers, each seeing what is theirs.

Whose entries a page shows, and who decides what, the domain says (`staff.domain.conduct.scope`, `rights`): whom a
regulation names as the one who settles may have any role.
"""

from typing import Final

READ: Final = (
    "ledger", "violation", "month_list", "month", "month_personnel", "measure_list", "own_ledger", "statement",
)  # fmt: skip
DEEDS: Final = (
    "ledger_bulk", "violation_deed", "month_close", "month_settle", "measure_deed", "notice_style", "notice_publish",
    "notice_withdraw",
)  # fmt: skip

Roles = frozenset[str]


def ledger_pages(readers: Roles, managers: Roles, everybody: Roles) -> dict[str, dict[str, Roles]]:
    """Return URL name -> method -> roles of the pages of the ledger."""
    return {
        **{f"staff:{page}": {"GET": readers} for page in READ},
        **{f"staff:{deed}": {"POST": readers} for deed in DEEDS},
        "staff:violation_new": {"GET": managers, "POST": managers},
        "staff:notice_list": {"GET": everybody},
        "staff:notice": {"GET": everybody},
    }
