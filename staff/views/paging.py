"""What every list page hands to its template."""


def framed(request, form, page, rows) -> dict:
    """Return the rows in words, the filters, and the addresses of the pages beside this one."""
    return {
        "form": form,
        "rows": rows,
        "narrowed": form.is_narrowed(),
        "number": page.number,
        "before": _address(request, page.number - 1) if page.number > 1 else "",
        "after": _address(request, page.number + 1) if page.more else "",
    }


def _address(request, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
