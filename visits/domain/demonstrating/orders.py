"""What the shops of the demo company export each day: completed services, and a list of customers to call."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from visits.domain.demonstrating.cast import Client, order_facts
from visits.domain.demonstrating.names import FEEDBACK, JOBS, RATINGS

Facts = dict[str, Any]

WEIGHTS: Final = (62, 24, 9, 5)
SERVICES_A_DAY: Final = (7, 13)
LISTED_A_DAY: Final = (3, 6)


class Till:
    """The order books of the shops, filled day by day from one kept seed."""

    def __init__(self, dice: random.Random, clients: Sequence[Client], zone: ZoneInfo) -> None:
        self.dice = dice
        self.clients = clients
        self.zone = zone
        self.driven = {client.vin: client.mileage for client in clients}
        self.orders = 0

    def services(self, on: date) -> list[Facts]:
        """Return the services that were completed on a day."""
        found = self.dice.sample(self.clients, self.dice.randint(*SERVICES_A_DAY))
        return [self._service(client, on) for client in found]

    def listed(self, on: date, services: Sequence[Facts], count: int | None = None) -> list[Facts]:
        """Return the list of customers to call that came in on a morning: those who were not satisfied most."""
        poor = [facts for facts in services if facts["rating"] != RATINGS[0][0]]
        chosen = poor[: count or self.dice.randint(*LISTED_A_DAY)]
        at = self._moment(on, time(8, 10))
        return [{**facts, "kind": "list_received", **at} for facts in chosen]

    def unreadable(self, on: date) -> list[Facts]:
        """Return rows that no program can take in, as they come once a week: a word unknown, a shop that is none."""
        if on.toordinal() % 7:
            return []
        client = self.dice.choice(self.clients)
        wrong = ({"kind": "维修完共"}, {"branch": "城南店"})
        return [{**self._service(client, on - timedelta(1)), **facts} for facts in wrong]

    def earlier(self, on: date, count: int) -> list[Facts]:
        """Return one service long past for customers who were there before the regulation was."""
        chosen = self.clients[-count:]
        return [self._service(client, on - timedelta(self.dice.randint(90, 300))) for client in chosen]

    def _service(self, client: Client, on: date) -> Facts:
        dice = self.dice
        self.orders += 1
        self.driven[client.vin] += dice.randint(300, 6_000)
        rating, low, high = dice.choices(RATINGS, WEIGHTS)[0]
        return order_facts(
            client, "service_completed", order_no=f"RO{on:%y%m%d}{self.orders:04d}", mileage=self.driven[client.vin],
            amount=f"{dice.uniform(180, 6_800):.2f}", css=str(dice.randint(low, high)), rating=rating,
            remark=dice.choice(FEEDBACK) if rating in ("一般", "不满意") else "",
            attributes={"维修项目": dice.choice(JOBS)},
            **self._moment(on, time(dice.randint(9, 18), dice.randint(0, 59))),
        )  # fmt: skip

    def _moment(self, on: date, at: time) -> dict[str, str]:
        moment = datetime.combine(on, at, self.zone).astimezone(UTC)
        return {"happened_at": moment.isoformat(), "happened_on": on.isoformat()}
