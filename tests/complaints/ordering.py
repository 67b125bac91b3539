"""Work orders for the tests: a shop whose regulation asks much of them, a case, an order at each stage of its way."""

from dataclasses import replace

from complaints.choices import Mode, Source, WorkOrderKind
from complaints.domain.orders import checking, dispatching, opening, reporting
from complaints.domain.orders.checking import Found
from complaints.domain.orders.dispatching import Given
from complaints.domain.orders.opening import Asked
from complaints.domain.orders.reporting import Report
from complaints.domain.registering import Told, register
from complaints.models import Case, WorkOrder
from tests.visits.calls import MORNING, Shop, at

PACK = """
[complaints]
arrival_tolerance = "15min"

[[complaint_level]]
code = "general"
handler = "role:service_advisor"

[[form]]
code = "request"
of = "work_order"
at = "request"
when = [{ field = "kind", op = "==", value = "return_exchange" }]
requires = ["model", "purchase_date", "problem"]

[[form]]
code = "diagnosis"
of = "work_order"
at = "dispatch"
when = [{ field = "kind", op = "==", value = "repair" }]
requires = ["fault_nature"]

[[form]]
code = "report"
of = "work_order"
at = "report"
when = [{ field = "kind", op = "==", value = "repair" }]
requires = ["fault", "solution", "process", "time", "materials", "result"]

[[obligation]]
code = "issue"
on = "complaint_registered"
deed = "work_order"
by = "handler"
within = "1h"

[[obligation]]
code = "reply"
on = "work_order_opened"
when = [{ field = "kind", op = "==", value = "contact_sheet" }]
deed = "department_reply"
by = "role:department_manager"
within = "1d"

[[obligation]]
code = "mend"
on = "work_order_opened"
when = [{ field = "kind", op = "==", value = "repair" }]
deed = "resolve"
by = "assignee"
within = "1d"
"""
WHOLE = Report(
    result="制冷恢复", fault="不制冷", solution="更换压缩机", process="拆机更换", minutes=90,
    materials=({"name": "压缩机", "quantity": "1"}, {"name": "冷媒", "quantity": "2"}),
)  # fmt: skip
COOLING = Found(fault_nature="制冷")
SLOT = (at("2026-03-03 10:00"), at("2026-03-03 11:00"))


def told_case(shop: Shop) -> Case:
    """Return a case of a customer of the shop, which 王芳 handles."""
    told = Told(
        summary="空调不凉", source=Source.PHONE, opened_at=at("09:00"), branch=shop.branch, handler=shop.wang,
        customer=shop.customer(),
    )  # fmt: skip
    return register(told, by=shop.wang, now=MORNING)


def opened(case, shop, kind=WorkOrderKind.REPAIR, *, now=MORNING, **facts) -> WorkOrder:
    asked = Asked(kind=kind, instruction="上门检修空调", branch=shop.branch)
    return opening.open_order(case, replace(asked, **facts), by=shop.wang, now=now)


def on_its_way(case, shop, *, now=MORNING, mode=Mode.ONSITE, found=COOLING, **facts) -> WorkOrder:
    order = checking.check(opened(case, shop, now=now, **facts), found, by=shop.wang, now=now)
    return dispatching.dispatch(order, Given(to=shop.li, mode=mode), by=shop.wang, now=now)


def reported(case, shop, *, now=MORNING, **facts) -> WorkOrder:
    return reporting.report(on_its_way(case, shop, now=now, **facts), WHOLE, by=shop.li, now=now)
