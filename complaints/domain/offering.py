"""What a form about a case lets one choose: units, categories in two levels, levels, codes, cars and orders."""

from typing import Any, Final

from django.utils.translation import gettext as _

from complaints.domain.ruling import categories_of, levels_of, rules_of
from config.packs.cases import CategorySpec, ComplaintLevelSpec, ExemptionSpec
from staff.models import Branch, Department, Release
from visits.models import Customer, ServiceEvent, Vehicle

Choices = list[tuple[Any, Any]]
BRANCH, DEPARTMENT = "b", "d"
ORDERS: Final = 12  # the latest orders of a customer that a form offers


def units() -> Choices:
    """Return branches with their departments as ``d:<id>``; a branch as a whole is ``b:<id>``."""
    found: dict[str, Choices] = {
        branch.name: [(f"{BRANCH}:{branch.pk}", _("%s as a whole") % branch.name)]
        for branch in Branch.objects.order_by("name")
    }
    for one in Department.objects.select_related("branch").order_by("branch__name", "name"):
        above = one.branch.name if one.branch else _("Whole company")
        found.setdefault(above, []).append((f"{DEPARTMENT}:{one.pk}", one.name))
    return list(found.items())


def departments() -> Choices:
    """Return all departments by their ids, with the branch where a name stands for several."""
    found = list(Department.objects.select_related("branch").order_by("branch__name", "name"))
    names = [one.name for one in found]
    return [
        (one.pk, f"{one.branch} {one.name}" if one.branch and names.count(one.name) > 1 else one.name) for one in found
    ]  # fmt: skip


def unit_of(chosen: str) -> tuple[Branch | None, Department | None]:
    """Return branch and department that stand for a choice of `units`; nothing for anything else."""
    kind, _colon, key = chosen.partition(":")
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None, None
    if kind == DEPARTMENT:
        found = Department.objects.select_related("branch").filter(pk=key).first()
        return (found.branch, found) if found else (None, None)
    return (Branch.objects.filter(pk=key).first(), None) if kind == BRANCH else (None, None)


def chosen_unit(branch: int | None, department: int | None) -> str:
    """Return the choice that stands for a unit."""
    return f"{DEPARTMENT}:{department}" if department else f"{BRANCH}:{branch}" if branch else ""


def categories(release: Release | None) -> Choices:
    """Return the categories of both levels: those above with what stands below them; one without any stands alone."""
    found: Choices = []
    all_of_them = categories_of(release)
    for above in (one for one in all_of_them if not one.parent):
        below = [(one.code, words(one)) for one in all_of_them if one.parent == above.code]
        own = (above.code, _("%s in general") % words(above) if below else words(above))
        found += [(words(above), [own, *below])] if below else [own]
    return found


def levels(release: Release | None) -> Choices:
    """Return the levels, the lowest first."""
    return [(one.code, words(one)) for one in levels_of(release)]


def exemptions(release: Release | None) -> Choices:
    """Return the codes for cases without a customer to be visited (K-15)."""
    return [(one.code, words(one)) for one in rules_of(release).exempt]


def words(spec: CategorySpec | ComplaintLevelSpec | ExemptionSpec) -> str:
    """Return what an entry of a regulation is called."""
    return str(spec.title or spec.code)


def cars(customer: Customer | None) -> Choices:
    """Return the cars that a customer owns."""
    if customer is None:
        return []
    owned = Vehicle.objects.filter(ownerships__customer=customer, ownerships__until_at=None).distinct().order_by("pk")
    return [(str(car.pk), f"{car} {car.model}".strip()) for car in owned]


def orders(customer: Customer | None) -> Choices:
    """Return the latest orders of a customer; what the program itself announces is none."""
    if customer is None:
        return []
    found = ServiceEvent.objects.orders().filter(customer=customer)
    rows = found.select_related("kind").order_by("-happened_at", "-pk")[:ORDERS]
    return [(str(one.pk), order_words(one)) for one in rows]


def order_words(order: ServiceEvent) -> str:
    """Return an order in words: its day, its kind, its number."""
    return f"{order.happened_on:%Y-%m-%d} {order.kind} {order.order_no}"


def flat(choices: Choices) -> list[str]:
    """Return the values of choices that may stand in groups."""
    return [
        str(value)
        for first, second in choices
        for value, _words in (second if isinstance(second, list) else [(first, second)])
    ]
