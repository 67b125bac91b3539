"""The company of this installation: its name, its logo, whether it is a demo."""

import hashlib
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from config.media.examining import examine
from config.media.findings import Refused
from config.uploads import MEGABYTE
from staff.domain.activity import log
from staff.models import Company, Employee
from staff.models.company import ONLY

LOGO_MB: Final = 5
LOGO_BOX: Final = (480, 160)  # pixels; four times what the bar shows, for sharp screens and paper


REMEMBERED_SECONDS: Final = 10.0  # of the machine's own running, whatever the clock of the program says
_remembered: list[Any] = [0.0, None]  # until when, and what


class UnfitLogo(ValueError):
    """The file cannot be a logo; the text says why and how to mend it."""


def the_company() -> Company:
    """Return the company without its picture; before anybody sets it up, one without a name."""
    return Company.objects.defer("logo").filter(pk=ONLY).first() or Company(pk=ONLY)


def shown_company() -> Company:
    """Return the company as pages bear it, at most `REMEMBERED_SECONDS` old: each page would ask for it otherwise."""
    until, company = _remembered
    if company is None or monotonic() > until:
        company = the_company()
        _remembered[:] = [monotonic() + REMEMBERED_SECONDS, company]
    return company


def forget_company() -> None:
    """Ask the database anew: name or logo have changed."""
    _remembered[:] = [0.0, None]


def kept_company() -> Company:
    """Return the row of the company, made where it is missing, locked where a transaction is open."""
    Company.objects.get_or_create(pk=ONLY)
    return Company.objects.select_for_update().defer("logo").get(pk=ONLY)


@transaction.atomic
def name_company(name: str, *, actor: Employee | None, now: datetime, is_demo: bool = False) -> Company:
    """Give the company its name, and say whether it is a demo; only what changes is written down."""
    company = kept_company()
    if (company.name, company.is_demo) != (name, is_demo):
        company.name, company.is_demo = name, is_demo
        company.save(update_fields=["name", "is_demo"])
        transaction.on_commit(forget_company)
        log(now=now, actor=actor, verb="company_named", subject=company, name=name, is_demo=is_demo)
    return company


def change_logo(path: Path, *, actor: Employee | None, now: datetime) -> None:
    """Take the picture in that file for the logo: judged by content, made small, written anew. Raises `UnfitLogo`."""
    picture = drawn(path)
    with transaction.atomic():
        _keep_logo(picture, actor=actor, now=now)


@transaction.atomic
def remove_logo(*, actor: Employee | None, now: datetime) -> None:
    """Show the company by its name alone."""
    _keep_logo(b"", actor=actor, now=now)


def logo() -> bytes:
    """Return the logo as PNG; nothing where there is none."""
    found = Company.objects.filter(pk=ONLY).values_list("logo", flat=True).first()
    return bytes(found or b"")


def drawn(path: Path) -> bytes:
    """Return the picture in that file as a small PNG. Raises `UnfitLogo`."""
    if path.stat().st_size > LOGO_MB * MEGABYTE:
        raise UnfitLogo(_("The picture is larger than %d MB. Save it smaller and choose it again.") % LOGO_MB)
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        clean = Path(folder) / "logo"
        try:
            finding = examine(path, clean)
        except Refused as refusal:
            raise UnfitLogo(REFUSALS.get(refusal.code, _damaged)()) from refusal
        if not finding.media.startswith("image/"):
            raise UnfitLogo(_unknown())
        with Image.open(clean, formats=("PNG", "JPEG")) as picture:
            picture.thumbnail(LOGO_BOX)
            small = io.BytesIO()
            picture.convert("RGB").save(small, "PNG", optimize=True)
    return small.getvalue()


def _keep_logo(picture: bytes, *, actor: Employee | None, now: datetime) -> None:
    company = kept_company()
    digest = hashlib.sha256(picture).hexdigest() if picture else ""
    if company.logo_sha256 != digest:
        company.logo, company.logo_sha256 = picture or None, digest
        company.save(update_fields=["logo", "logo_sha256"])
        transaction.on_commit(forget_company)
        log(now=now, actor=actor, verb="company_logo_changed", subject=company, sha256=digest)


def _damaged() -> str:
    return _("The picture cannot be read. Save it anew as PNG or JPEG and choose it again.")


def _unknown() -> str:
    return _("This is no picture that can be a logo: choose a PNG, JPEG, WebP or GIF.")


REFUSALS: Final[dict[str, Callable[[], str]]] = {
    "empty": lambda: _("The file is empty. Choose the picture again."),
    "unknown": _unknown,
    "heic": _unknown,
    "video": _unknown,
    "too_many_pixels": lambda: _("The picture has too many pixels. Save it smaller and choose it again."),
}
