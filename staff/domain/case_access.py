"""Who may open which page of the book of complaints: URL name -> method -> roles by their rights.

What somebody may do with one case, the domain says: its handler, its level, its department.
"""

Rights = frozenset[str]


def case_pages(readers: Rights, callers: Rights, managers: Rights) -> dict[str, dict[str, Rights]]:
    """Return the part of the access table that the complaints app brings."""
    return {
        "complaints:board": {"GET": readers},
        "complaints:case_list": {"GET": readers},
        "complaints:case_new": {"GET": readers, "POST": readers},
        "complaints:case": {"GET": readers},
        "complaints:case_deed": {"POST": readers},
        "complaints:case_contact": {"POST": callers},  # as `visits:number_reveal`
        "complaints:case_edit": {"GET": readers, "POST": readers},
        "complaints:case_merge": {"GET": readers, "POST": readers},
        "complaints:case_print": {"GET": readers},
        "complaints:case_file": {"GET": readers},
        "complaints:case_clock": {"GET": readers},
        "complaints:register_print": {"GET": readers},
        "complaints:branch_report": {"GET": managers},
        "complaints:letter_list": {"GET": readers},
        "complaints:letter_new": {"GET": managers, "POST": managers},
        "complaints:letter": {"GET": readers, "POST": managers},
        "complaints:order_list": {"GET": readers},
        "complaints:order_new": {"GET": readers, "POST": readers},
        "complaints:order": {"GET": readers},
        "complaints:order_deed": {"POST": readers},
        "complaints:order_print": {"GET": readers},
        "complaints:case_penalty": {"GET": managers, "POST": managers},
        "complaints:compensation_list": {"GET": readers},
        "complaints:compensation_deed": {"POST": readers},  # who may approve, the domain says
        "complaints:article_list": {"GET": readers},
        "complaints:article_new": {"GET": readers, "POST": readers},
        "complaints:article": {"GET": readers, "POST": readers},
        "complaints:book_list": {"GET": readers},
        "complaints:book": {"GET": readers},
        "complaints:book_print": {"GET": readers},
        "complaints:entry_new": {"GET": callers, "POST": callers},
        "complaints:entry": {"GET": readers, "POST": callers},
        "complaints:link_list": {"GET": managers, "POST": managers},
    }
