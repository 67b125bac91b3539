"""The people of the stories: two branches with their departments, one who has left, one who stands in."""

from datetime import date


def person(username, name, roles, branch=None, department=None, manager=None, **more) -> dict:
    """Return one line of a staff list."""
    return dict(
        username=username, name=name, roles=roles.split(), branch=branch, department=department, manager=manager, **more
    )


STAFF = [
    person("boss", "周总", "general_manager"),
    person("eastboss", "张维", "department_manager", "东店", "服务部", "boss"),
    person("east1", "刘一", "service_advisor", "东店", "服务部", "eastboss", area="城北"),
    person("east2", "陈二", "service_advisor", "东店", "服务部", "eastboss", area="城南"),
    person("sale1", "赵三", "service_advisor", "东店", "销售部", "eastboss"),
    person(
        "gone", "孙强", "service_advisor", "东店", "服务部", "eastboss", left_on=date(2026, 2, 20), hand_over_to="east2"
    ),
    person("lost", "钱失", "service_advisor", "东店", "服务部", "eastboss", left_on=date(2026, 2, 20)),
    person("west1", "黄丽", "service_advisor", "西店", "服务部", "boss"),
    person("care", "李娜", "cs_supervisor", "东店", "客服部", "boss"),
    person("quality", "王芳", "quality_manager", "东店", "客服部", "boss"),
    person("admin", "管理员", "administrator"),
]


def orders(kind: str, *moments, prefix: str = "RO", **facts) -> list[dict]:
    """Return one order for each moment, each of a customer of his own."""
    made = []
    for number, moment in enumerate(moments):
        index = sum(map(ord, prefix)) * 1000 + number
        order = {
            "order_no": f"{prefix}{number:03}", "kind": kind, "at": moment, "name": f"客户{prefix}{number}",
            "phone": f"139{index:08}", "advisor": "east1", "branch": "东店", "department": "服务部",
        }  # fmt: skip
        made.append(order | facts)
    return made
