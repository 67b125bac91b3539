"""Work orders of the demo company: one in each stage, from the request to the customer's word."""

from datetime import datetime, timedelta
from typing import Final

from complaints.choices import Confirmed, Mode, WorkOrderKind, WorkOrderState
from complaints.domain.demonstrating.deeds import Deed
from complaints.domain.orders import checking, dispatching, ending, opening, reporting
from complaints.models import Case, WorkOrder
from visits.domain.demonstrating.scene import Company

# In the order of their way; an order is brought as far as its stage.
WAY: Final = (
    WorkOrderState.OPENED, WorkOrderState.CHECKED, WorkOrderState.DISPATCHED, WorkOrderState.ARRIVED,
    WorkOrderState.REPORTED, WorkOrderState.DONE,
)  # fmt: skip
TECHNICIANS: Final = {"zhangwei": ("luchao", "xuyan"), "hejun": ("fanxue", "songyu")}
SLOT: Final = timedelta(hours=1)


def mend(instruction: str, product: str, stage: WorkOrderState, *, urgent: bool = False) -> Deed:
    """Open a work order of a case and bring it to a stage."""

    def do(company: Company, case: Case, now: datetime) -> None:
        manager = "zhangwei" if case.branch_id == company.person("zhangwei").postings.last().branch_id else "hejun"
        asked = opening.Asked(
            kind=WorkOrderKind.REPAIR, instruction=instruction, department=case.department, branch=case.branch,
            urgent=urgent, product=product,
        )  # fmt: skip
        order = opening.open_order(case, asked, by=company.person(manager), now=now)
        for number, step in enumerate(WAY[1 : WAY.index(stage) + 1], 1):
            _step(company, order, step, manager, now + timedelta(minutes=number))

    return do


def _step(company: Company, order: WorkOrder, step: WorkOrderState, manager: str, now: datetime) -> None:
    by = company.person(manager)
    names = TECHNICIANS[manager]
    technician = company.person(names[order.pk % len(names)])
    match step:
        case WorkOrderState.CHECKED:
            found = checking.Found(product=order.product, fault_nature="电气故障", cause="线路接触不良")
            checking.check(order, found, by=by, now=now, text="已与客户核对地址和车辆")
        case WorkOrderState.DISPATCHED:
            dispatching.dispatch(order, dispatching.Given(to=technician, mode=Mode.ONSITE), by=by, now=now)
            start = now + timedelta(hours=3 + order.pk % 5)
            dispatching.book(order, start, start + SLOT, by=by, now=now)
        case WorkOrderState.ARRIVED:
            dispatching.arrive(order, by=technician, now=now)
        case WorkOrderState.REPORTED:
            told = reporting.Report(
                result="恢复正常，客户试用无误", fault="通电后没有反应", solution="更换模块",
                process="检测、更换、匹配", minutes=40,
                materials=({"name": "接收模块", "quantity": "1"}, {"name": "纽扣电池", "quantity": "2"}),
            )  # fmt: skip
            reporting.report(order, told, by=technician, now=now)
        case WorkOrderState.DONE:
            ending.confirm(order, Confirmed.TELEPHONE, by=company.person("lina"), now=now, text="客户确认修好")


def refuse(instruction: str, product: str) -> Deed:
    """Open a work order that turns out not to be within the service."""

    def do(company: Company, case: Case, now: datetime) -> None:
        mend(instruction, product, WorkOrderState.OPENED)(company, case, now)
        order = case.work_orders.latest("pk")
        checking.refuse(
            order, by=company.person("zhangwei"), now=now + timedelta(minutes=5), reason="改装件不在保修范围",
            notice="已电话告知客户，可自费更换",
        )  # fmt: skip

    return do
