"""What every list page hands to its template."""

from django.urls import reverse

LISTS = ("tasks", "events", "customers", "follow_ups")


def paged(request, form, page, rows) -> dict:
    """Return the rows in words, the filters, and the addresses of the pages beside this one."""
    return {
        "at": addresses(),
        "form": form,
        "rows": rows,
        "narrowed": form.is_narrowed(),
        "number": page.number,
        "before": _address(request, page.number - 1) if page.number > 1 else "",
        "after": _address(request, page.number + 1) if page.more else "",
    }


def addresses() -> dict[str, str]:
    """Return the addresses of rows short of their number: to resolve a name for each row takes longest of all."""
    return {name: reverse(f"visits:{name.removesuffix('s')}_list") for name in LISTS}


def _address(request, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
