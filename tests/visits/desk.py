"""An advisor's browser without a screen: signed in, and sending what the call form sends."""

from uuid import uuid4

from django.test import Client

HTMX = {"HX-Request": "true"}


def signed_in(employee) -> Client:
    client = Client()
    client.force_login(employee)
    client.get("/")  # the first request of a session notes when it began
    return client


def toasts(client, answer) -> list[str]:
    """Return what the page that the answer leads to tells at its edge."""
    return [str(message) for message in client.get(answer["Location"]).context["messages"]]


def sent(task, **typed):
    """Return what the form sends for a task: an unanswered call unless said otherwise."""
    return {
        "token": str(uuid4()), "seen_attempts": str(task.attempts), "outcome": "no_answer", "channel": "desk_phone",
        "started_at": "2026-03-02T09:29:00", **typed,
    }  # fmt: skip
