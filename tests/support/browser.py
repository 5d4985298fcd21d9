"""A real browser, where one is installed, and what axe-core says of a page in it."""

import shutil
from pathlib import Path

import pytest

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed here: apt-get install chromium")


def shoot(page, name, **more):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", **more)


def barriers(page):
    """What axe-core finds that keeps people from reading the page; nothing where it finds nothing."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""
