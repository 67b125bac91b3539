"""How the pages are served: to whom, under which names, encrypted or not, with all their files."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from staff.domain.checking import Finding, Level

OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
FILES: Final = ("css/face.css", "vendor/tabler-icons.svg")


def pages(*, now: datetime) -> Iterator[Finding]:
    """Find out whether the pages are safe to be shown to whom they are shown."""
    del now
    if settings.DEBUG and settings.APP_MODE == "production":
        yield Finding(
            Level.ALARM, "serving.debug", _("DJANGO_DEBUG is on: an error shows the inside of the program."),
            _("Remove DJANGO_DEBUG."),
        )  # fmt: skip
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            Level.ALARM, "serving.hosts", _("ALLOWED_HOSTS is *: links can be made to lead elsewhere."),
            _("List the names by which browsers call the program."),
        )  # fmt: skip
    yield _door()
    yield from _sign_in()


def _door() -> Finding:
    """Say who can reach the pages and whether what they send is encrypted."""
    if _is_loopback(settings.BIND) and not settings.HTTPS:
        return Finding(Level.OK, "serving.door", _("The pages answer on this machine alone."))
    if not settings.HTTPS:
        words = _("The pages answer on %(bind)s without encryption: passwords can be read on the way.")
        mend = _("Put a proxy with a certificate in front and set HTTPS=on (docs/operations.md).")
        return Finding(Level.ALARM, "serving.door", words % {"bind": settings.BIND}, mend)
    if set(settings.ALLOWED_HOSTS) <= OWN_NAMES:
        words = _("No browser of another machine is answered: ALLOWED_HOSTS names this machine alone.")
        return Finding(Level.WARNING, "serving.door", words, _("Set ALLOWED_HOSTS to the name in the address."))
    names = ", ".join(settings.ALLOWED_HOSTS)
    return Finding(Level.OK, "serving.door", _("The pages are encrypted and answer to %(names)s.") % {"names": names})


def _is_loopback(bind: str) -> bool:
    try:
        return ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"


def _sign_in() -> Iterator[Finding]:
    if settings.APP_MODE == "production" and "administrator" not in settings.TWO_STEP_ROLES:
        yield Finding(
            Level.WARNING, "serving.two_step", _("Administrators may sign in by their password alone."),
            _("Set TWO_STEP_ROLES=administrator."),
        )  # fmt: skip


def own_files(*, now: datetime) -> Iterator[Finding]:
    """Find out whether styles, symbols and the Chinese texts are there."""
    del now
    wanted = [Path(settings.BASE_DIR) / "static" / name for name in FILES]
    wanted.append(Path(settings.BASE_DIR) / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo")
    if gone := [str(path) for path in wanted if not path.is_file()]:
        words = _("Files of the program are missing: %(names)s") % {"names": ", ".join(gone)}
        yield Finding(Level.ALARM, "serving.files", words, _("Install this version of the program anew."))
    else:
        yield Finding(Level.OK, "serving.files", _("Styles, symbols and texts are there."))
