"""What the lists of visits hand to their templates."""

from django.urls import reverse

from staff.views.paging import framed

LISTS = ("tasks", "events", "customers", "follow_ups")


def paged(request, form, page, rows, **options) -> dict:
    """Return the rows in words, the filters, and the addresses of the pages beside this one."""
    return {"at": addresses()} | framed(request, form, page, rows, **options)


def addresses() -> dict[str, str]:
    """Return the addresses of rows short of their number: to resolve a name for each row takes longest of all."""
    return {name: reverse(f"visits:{name.removesuffix('s')}_list") for name in LISTS}
