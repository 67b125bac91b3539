"""Which pages of daily and service-quality reports and of improvement actions open for whom (`staff.domain.access`)."""

Roles = frozenset[str]


def report_pages(readers: Roles, managers: Roles) -> dict[str, dict[str, Roles]]:
    """Return the pages by URL name; whose report or deed it is, and whose names stand in it, the domain says."""
    seen = (
        "service_report_list", "service_report_month", "service_report", "service_report_print",
        "service_report_workbook", "service_report_month_print", "service_report_month_workbook",
    )  # fmt: skip
    return {
        "reports:improvement_list": {"GET": readers},
        "reports:improvement_new": {"GET": managers, "POST": managers},
        "reports:improvement": {"GET": readers},
        "reports:improvement_deed": {"POST": readers},
        "reports:daily_list": {"GET": readers},
        "reports:daily_report": {"GET": readers},
        "reports:daily_submit": {"POST": readers},
        "reports:daily_version": {"GET": readers},
        "reports:daily_pass_on": {"POST": managers},
        **{f"reports:{page}": {"GET": readers} for page in seen},
        "reports:service_report_deed": {"POST": managers},
    }
