"""The regulations of the demo company: two that ship, three of its own, and what it added and changed on the way."""

from datetime import datetime
from pathlib import Path
from typing import Final

from config.clock import local_day
from staff.choices import ReleaseState
from staff.domain.loading import Source, load_packs
from staff.domain.policies import approve
from staff.domain.shipped import FOLDER
from staff.models import Employee, Release
from visits.domain.demonstrating.scene import Company

SHIPPED: Final = ("auto-dealer-service", "standard-after-sales")
OWN: Final = ("key-accounts", "customer-care", "customer-complaints")
OWN_FOLDER: Final = Path(__file__).parent / "regulations"
ADDED: Final = {"standard-after-sales": "after-sales-consequences"}  # what it costs there to break a promise
# What the second version says otherwise: the words of the first, and those in their place.
TIGHTENED: Final = (
    ('closes = "10d"', 'closes = "11d"'),
    ("您好，您的爱车服务已有一周。", "您好，打扰您一分钟。您的爱车服务已有一周。"),
    ("目标不低于 90%", "目标不低于 92%"),
    ("target = 0.9\n", "target = 0.92\n"),
)
PROPOSED: Final = (("每月抽 24 位", "每月抽 40 位"), ("count = 24", "count = 40"))


def introduce(company: Company, now: datetime) -> None:
    """Publish all five regulations; the one that wants approval gets it from the general manager."""
    author = company.person("admin")
    packs = [_source(name) for name in (*SHIPPED, *OWN)]
    load_packs(packs, now=now, on=local_day(now), actor=author)
    for release in Release.objects.filter(state=ReleaseState.AWAITING).order_by("pk"):
        approve(release, now=now, on=local_day(now), actor=company.person("zhoujie"))


def tighten(company: Company, now: datetime) -> None:
    """Put a second version of the usual after-sales calls in force: what was made before it stays as it was."""
    _change("standard-after-sales", TIGHTENED, author=company.person("admin"), now=now)


def propose(company: Company, now: datetime) -> None:
    """Publish a second version of the care regulation, which now waits for the general manager."""
    _change("customer-care", PROPOSED, author=company.person("admin"), now=now)


def _change(name: str, words: tuple[tuple[str, str], ...], *, author: Employee, now: datetime) -> None:
    source = _source(name)
    text = source.text
    for before, after in words:
        text = text.replace(before, after)
    load_packs([Source(source.name, text)], now=now, on=local_day(now), actor=author)


def _source(name: str) -> Source:
    folder = FOLDER if name in SHIPPED else OWN_FOLDER
    text = (folder / f"{name}.toml").read_text("utf-8")
    if name in ADDED:
        text += (OWN_FOLDER / f"{ADDED[name]}.toml").read_text("utf-8")
    return Source(name, text)
