"""Who works and who is served in the demo company. Every name and number is made up."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from config.workbooks.rows import Row
from staff.domain.demo import BRANCH, CARE, SERVICE
from visits.domain.demonstrating.names import GIVEN, MODELS, PREFIXES, SURNAMES, VIN_SIGNS

WEST: Final = "城西店"
SHOPS: Final = (BRANCH, WEST)
# Beside the people who may sign in: user name, name, role, branch, department, superior.
COLLEAGUES: Final = (
    ("hejun", "何军", "department_manager", WEST, SERVICE, "zhoujie"),
    ("sunli", "孙丽", "cs_supervisor", WEST, CARE, "wangfang"),
    ("wanglei", "王磊", "service_advisor", BRANCH, SERVICE, "zhangwei"),
    ("guoting", "郭婷", "service_advisor", BRANCH, SERVICE, "zhangwei"),
    ("luchao", "陆超", "service_advisor", BRANCH, SERVICE, "zhangwei"),
    ("xuyan", "许燕", "service_advisor", BRANCH, SERVICE, "zhangwei"),
    ("huangli", "黄丽", "service_advisor", WEST, SERVICE, "hejun"),
    ("dengkai", "邓凯", "service_advisor", WEST, SERVICE, "hejun"),
    ("songyu", "宋宇", "service_advisor", WEST, SERVICE, "hejun"),
    ("fanxue", "范雪", "service_advisor", WEST, SERVICE, "hejun"),
    ("taoran", "陶然", "service_advisor", WEST, SERVICE, "hejun"),
    ("machao", "马超", "service_advisor", BRANCH, SERVICE, "zhangwei"),
)
GONE: Final = "machao"  # leaves while the company is lived
NEWCOMER: Final = "taoran"  # has signed nothing yet and sat no test
SIGNED_IN: Final = ("liuyang", "chenjing", "zhaomin")  # the advisors a visitor signs in as: they have most to do
LEFT_OVER: Final = (*SIGNED_IN, "lina", "wangfang", "zhangwei")  # whose calls of the last days are left to a visitor
ADVISORS: Final = {
    BRANCH: (*SIGNED_IN, "wanglei", "guoting", "luchao", "xuyan"),
    WEST: ("huangli", "dengkai", "songyu", "fanxue", "taoran"),
}
OFFICE_CALLERS: Final = ("lina", "sunli", "wangfang", "zhangwei", "hejun")  # verification, samples, visits on site
COMPANIES: Final = ("顺达物流有限公司", "瓯江建设集团", "南浦电气有限公司")
REGIONS: Final = ("鹿城区", "鹿城区", "瓯海区", "龙湾区", "乐清市", "瑞安市", "永嘉县")
HOURS: Final = ("", "", "", "", "", "", "09:00-11:30", "14:00-17:00", "18:00-20:00")


@dataclass(frozen=True)
class Client:
    """A customer with a car: what every order of theirs says again."""

    number: str
    name: str
    branch: str
    advisor: str
    plate: str
    vin: str
    model: str
    mileage: int
    company: str
    hours: str
    region: str


def staff_rows(joined_on: date) -> list[Row]:
    """Return the rest of the staff as rows of a staff list."""
    keys = ("username", "name", "roles", "branch", "department", "manager")
    return [
        Row(number, [], {**dict(zip(keys, person, strict=True)), "from_on": joined_on.isoformat()})
        for number, person in enumerate(COLLEAGUES, 2)
    ]


def clients(dice: random.Random, count: int) -> list[Client]:
    """Return that many customers; the advisors whom a visitor signs in as have more of them than others."""
    return [_client(dice, number) for number in range(count)]


def _client(dice: random.Random, number: int) -> Client:
    branch = dice.choices(SHOPS, (3, 1))[0]
    advisors = ADVISORS[branch]
    weights = [3 if name in SIGNED_IN else 1 for name in advisors]
    return Client(
        number=f"{dice.choice(PREFIXES)}{number:04d}{dice.randint(0, 9999):04d}",
        name=dice.choice(SURNAMES) + dice.choice(GIVEN),
        branch=branch,
        advisor=dice.choices(advisors, weights)[0],
        plate=f"浙C{dice.choice('ABDFGH')}{number:04d}",
        vin="LSV" + "".join(dice.choice(VIN_SIGNS) for _ in range(8)) + f"{number:06d}",
        model=dice.choice(MODELS),
        mileage=dice.randint(2_000, 160_000),
        company=dice.choice(COMPANIES) if number % 23 == 0 else "",
        hours=dice.choice(HOURS),
        region=dice.choice(REGIONS),
    )


def order_facts(client: Client, kind: str, **facts: Any) -> dict[str, Any]:
    """Return what one order of a customer says, as a file that was read would."""
    told = {
        "kind": kind, "name": client.name, "numbers": [client.number], "plate": client.plate, "vin": client.vin,
        "model": client.model, "branch": client.branch, "advisor": client.advisor, "company": client.company,
        "preferred_time": client.hours, "region": client.region, "type": "单位" if client.company else "个人",
    }  # fmt: skip
    return {key: value for key, value in (told | facts).items() if value not in ("", None)}


def joined_on(today: date) -> date:
    """Return since when the staff has been there."""
    return today - timedelta(400)
