"""Which fields conditions may name, and where each one's value is kept (POLICY_PACK, Standard codes).

`matching` reads a field in SQL, `facts` in Python; a test holds both to the same answers. In the SQL of a field, ``e``
is the event, ``c`` its customer, ``v`` its vehicle; ``{on}`` is the day as of which the field is asked, ``{until}`` the
end of that day, ``{order_interval}`` what each database spells its own way. What is not listed here is a further column
of the import, by its header.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.packs import codes


class Kind(StrEnum):
    """How the values of a field are stored, which says how they compare."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One standard field. `sql` has the value; where `rows` is given there are several: one per row and expression.

    `counted` makes a day or a moment a number of days: ``since`` it, or ``until`` it. `scale` is what a number is
    multiplied by in `sql`. `attribute`: a further column of that name counts ``before`` this value or ``instead`` of
    a missing one.
    """

    title: str | Promise
    sql: tuple[str, ...]
    kind: Kind = Kind.TEXT
    rows: str = ""
    counted: str = ""
    scale: int = 1
    attribute: str = ""


NO_ORDERS = (codes.CUSTOMER, *codes.PROGRAM_KINDS, "list_received", "first_contact", "joined")
SALES = ("purchase", "deal")  # orders by which nothing was serviced


def quoted(words: tuple[str, ...]) -> str:
    """Return fixed words of this module as an SQL list; never what a user or a pack wrote."""
    return ", ".join(f"'{word}'" for word in words)


def orders(figure: str, without: tuple[str, ...] = NO_ORDERS) -> str:
    """Return the SQL of a figure over the customer's orders ``o`` up to the day."""
    return (
        f"(SELECT {figure} FROM visits_serviceevent o WHERE o.customer_id = c.id AND o.happened_on <= '{{on}}'"
        " AND o.kind_id IN (SELECT k.id FROM visits_eventkind k WHERE NOT k.many"
        f" AND k.code NOT IN ({quoted(without)})))"
    )


SERVICES = (*NO_ORDERS, *SALES)
# Whole days, rounded down; lacking below two orders.
ORDER_INTERVAL = {
    "postgresql": orders("(MAX(o.happened_on) - MIN(o.happened_on)) / NULLIF(COUNT(*) - 1, 0)"),
    "sqlite": orders(
        "CAST(julianday(MAX(o.happened_on)) - julianday(MIN(o.happened_on)) AS INTEGER) / NULLIF(COUNT(*) - 1, 0)"
    ),
}
LAST_VISIT = (
    "(SELECT MAX(r.started_at) FROM visits_visitrecord r WHERE r.customer_id = c.id AND r.outcome = 'reached'"
    " AND r.kind <> 'void' AND r.started_at < '{until}'"
    " AND NOT EXISTS (SELECT 1 FROM visits_visitrecord w WHERE w.supersedes_id = r.id))"
)
# The source of an event is the system it came from; one that stands for the customer himself tells his own.
SOURCE = (
    "CASE WHEN e.id IS NULL OR EXISTS (SELECT 1 FROM visits_eventkind k WHERE k.id = e.kind_id"
    f" AND k.code = '{codes.CUSTOMER}') THEN c.source ELSE e.source END"
)
# What the book of complaints counts (`config.wiring.OPEN_COMPLAINTS`), asked here in one statement with the rest.
OPEN_COMPLAINTS = (
    "(SELECT COUNT(*) FROM complaints_case cc WHERE cc.customer_id = c.id AND cc.type = 'complaint'"
    " AND cc.state NOT IN ('merged', 'withdrawn') AND cc.opened_at < '{until}'"
    " AND (cc.closed_at IS NULL OR cc.closed_at >= '{until}'))"
)


def person(column: str) -> dict[str, object]:
    """Return how a person is read: by user name and by name, and either one equals."""
    return {"sql": ("p.username", "p.name"), "rows": f"staff_employee p WHERE p.id = {column}"}


def named(table: str, column: str) -> dict[str, object]:
    """Return how what a foreign key points at is read: by its name."""
    return {"sql": ("n.name",), "rows": f"{table} n WHERE n.id = {column}"}


def column(*names: str, **more: object) -> dict[str, object]:
    """Return how plain columns are read; of several, each is a value of the field."""
    return {"sql": names, **more}


def field(title: str | Promise, how: dict[str, object]) -> Field:
    """Make a field from its title and how it is read."""
    return Field(title=title, **how)  # type: ignore[arg-type]  # the builders above give the right keys


NUMBER = {"kind": Kind.NUMBER}

FIELDS: dict[str, Field] = {
    "order_no": field(_("order number"), column("e.order_no")),
    "kind": field(
        _("kind of event"), {"sql": ("k.code", "k.title"), "rows": "visits_eventkind k WHERE k.id = e.kind_id"}
    ),
    "at": field(_("happened at"), column("e.happened_at", kind=Kind.MOMENT)),
    "due": field(_("due at"), column("e.due_at", kind=Kind.MOMENT)),
    "department": field(_("department"), named("staff_department", "e.department_id")),
    "branch": field(_("branch"), named("staff_branch", "e.branch_id")),
    "advisor": field(_("advisor"), person("e.advisor_id")),
    "amount": field(_("amount"), column("e.amount", attribute="instead", **NUMBER)),
    "css": field(_("CSS score"), column("e.css", attribute="instead", **NUMBER)),
    "rating": field(_("rating"), column("e.rating", attribute="instead")),
    "source": field(_("source"), column(SOURCE, attribute="before")),
    "product": field(_("product"), column("e.product", attribute="instead")),
    "name": field(_("customer name"), column("c.name")),
    "contact": field(_("contact person"), column("c.contact")),
    "segment": field(
        _("segment"),
        column(
            "s.code",
            "s.title",
            rows="visits_customersegment m JOIN visits_segment s ON s.id = m.segment_id WHERE m.customer_id = c.id",
        ),
    ),
    "lifecycle": field(_("stage"), column("c.lifecycle", attribute="instead")),
    "type": field(_("type"), column("c.type", attribute="before")),
    "company": field(_("company"), column("c.company", attribute="instead")),
    "region": field(_("region"), column("c.region", attribute="instead")),
    "area": field(_("area"), column("c.area", attribute="instead")),
    "owner": field(_("owner"), person("c.owner_id")),
    "influence": field(_("influence"), column("c.influence", attribute="instead")),
    "first_service_days": field(
        _("days since the first service"),
        column(orders("MIN(o.happened_on)", SERVICES), kind=Kind.DAY, counted="since"),
    ),
    "last_order_days": field(
        _("days since the last order"), column(orders("MAX(o.happened_on)"), kind=Kind.DAY, counted="since")
    ),
    "last_visit_days": field(_("days since the last visit"), column(LAST_VISIT, kind=Kind.MOMENT, counted="since")),
    "order_interval_days": field(_("days between orders on average"), column("{order_interval}", **NUMBER)),
    "order_count": field(_("number of orders"), column(orders("COUNT(*)"), **NUMBER)),
    "order_total": field(
        _("sum of orders"),
        column(orders("COALESCE(SUM(CAST(ROUND(o.amount * 100) AS BIGINT)), 0)"), scale=100, **NUMBER),
    ),
    "service_count": field(_("number of services"), column(orders("COUNT(*)", SERVICES), **NUMBER)),
    "open_complaints": field(_("open complaints"), column(OPEN_COMPLAINTS, **NUMBER)),
    "model": field(_("model"), column("v.model", attribute="instead")),
    "plate": field(_("plate"), column("v.plate", attribute="instead")),
    "mileage": field(_("mileage (km)"), column("v.mileage", attribute="instead", **NUMBER)),
    "age_days": field(
        _("age in days"), column("v.first_registered_on", kind=Kind.DAY, counted="since", attribute="instead")
    ),
    "warranty_left_days": field(
        _("days of warranty left"), column("v.warranty_until", kind=Kind.DAY, counted="until", attribute="instead")
    ),
    "high_tech": field(_("high-tech product"), column("v.high_tech", kind=Kind.FLAG, attribute="instead")),
}


# The headers of the usual export name the same fields: who writes a condition reads them there.
HEADERS: dict[str, str] = {
    "工单号": "order_no", "业务类型": "kind", "完工时间": "at", "截止时间": "due", "部门": "department",
    "分公司": "branch", "服务顾问": "advisor", "金额": "amount", "内部CSS得分": "css", "满意度评价": "rating",
    "产品": "product", "客户姓名": "name", "联系人": "contact", "客户级别": "segment", "客户阶段": "lifecycle",
    "客户类型": "type", "单位": "company", "地区": "region", "区域": "area", "客户归属": "owner", "影响力": "influence",
    "车型": "model", "车牌号": "plate", "行驶里程": "mileage", "高科技产品": "high_tech",
}  # fmt: skip
BY_HEADER: dict[str, Field] = {
    **{header: replace(FIELDS[name], title=header, attribute="before") for header, name in HEADERS.items()},
    "备注": field("备注", column("e.remark", attribute="before")),
    "VIN": field("VIN", column("v.vin", attribute="before")),
    "客户来源": field("客户来源", column("c.source", attribute="before")),
}


def field_of(name: str) -> Field | None:
    """Return the standard field of that name or usual header; None for a further column of the import."""
    return FIELDS.get(name) or BY_HEADER.get(name)


def title_of(name: str) -> str:
    """Return a field as people call it; a further column is called by its own header."""
    found = field_of(name)
    return str(found.title) if found else name
