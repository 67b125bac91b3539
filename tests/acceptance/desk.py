"""The desk as a person meets it: signed in at a moment, the pages as they are sent, the queue as its ids."""

import re
from html import unescape
from uuid import uuid4

from django.test import Client, override_settings

from staff.models import Employee


class Desk:
    """One signed-in person; every request is made at the moment that the desk's clock shows."""

    def __init__(self, username: str, at: str) -> None:
        self.at, self.client = at, Client()
        self.client.force_login(Employee.objects.get(username=username))

    def get(self, address: str):
        """Open a page."""
        with override_settings(APP_CLOCK=f"{self.at}+08:00"):
            return self.client.get(address)

    def post(self, address: str, **typed):
        """Send a form."""
        with override_settings(APP_CLOCK=f"{self.at}+08:00"):
            return self.client.post(address, typed)

    def page(self, address: str) -> str:
        """Return what a page says."""
        answer = self.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return unescape(re.sub(r"\s+", " ", answer.content.decode()))

    def words(self, address: str) -> str:
        """Return what a page says, without its tags."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page(address)))

    def queue(self) -> list[tuple[int, str]]:
        """Return the tasks of the queue in their order, each with the customer's name."""
        rows = re.findall(r'data-row="(\d+)"[^>]*>\s*<span class="row-name">([^<]+)', self.page("/"))
        return [(int(pk), name.strip()) for pk, name in rows]

    def save(self, task: int, **typed):
        """Save a contact about a task by the desk phone."""
        usual = {"token": str(uuid4()), "channel": "desk_phone", "started_at": f"{self.at}:00"}
        return self.post(f"/tasks/{task}/record/", **(usual | typed))
