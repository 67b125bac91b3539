"""What every list page hands to its template."""


def framed(request, form, page, rows, *, path="") -> dict:
    """Return the rows in words, the filters, and the addresses of the pages beside this one.

    `path` is the address of the list where the request has another one: a deed on its rows that was refused.
    """
    return {
        "form": form,
        "rows": rows,
        "path": path or request.path,
        "narrowed": form.is_narrowed(),
        "number": page.number,
        "before": path + _query(request, page.number - 1) if page.number > 1 else "",
        "after": path + _query(request, page.number + 1) if page.more else "",
    }


def _query(request, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
