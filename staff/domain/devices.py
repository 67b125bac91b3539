"""How an open session is told to the person whose it is: from what kind of device, where from, since when."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession

# What a browser calls itself -> its name; the first that fits, for each names those it descends from as well.
BROWSERS = (
    ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("OPR", "Opera"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
HANDHELD = frozenset({"iPhone", "iPad", "Android", "HarmonyOS"})


@dataclass(frozen=True)
class Device:
    """One open session in words; `icon` is a symbol of the sprite, `name` is empty where nothing is known."""

    pk: int
    name: str
    address: str
    since: datetime
    icon: str
    here: bool


def told(session: UserSession) -> Device:
    """Return the words for one open session."""
    system = _first(SYSTEMS, session.user_agent)
    browser = _first(BROWSERS, session.user_agent)
    return Device(
        pk=session.pk,
        name=" · ".join(part for part in (browser, system) if part),
        address=session.ip,
        since=session.created_at,
        icon="device-mobile" if system in HANDHELD else "device-desktop",
        here=session.is_current(),
    )


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in names if mark in agent), "")
