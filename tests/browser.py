"""A real Chromium for tests: found, never fetched. Pages are opened from disk."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SCREENSHOTS = Path(__file__).parents[1] / "outputs" / "screenshots"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2},
}


def find_chromium() -> str | None:
    """Return the browser: $CHROMIUM, else the first on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def demand_chromium() -> str:
    """Return the browser; without one the test is skipped, and with CI=true it fails."""
    found = find_chromium()
    if found is None:
        reason = f"no browser: none of {', '.join(NAMES)} is on the path, and CHROMIUM names none"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; with CI=true that is a failure")
        pytest.skip(reason)
    return found


@contextmanager
def start_chromium() -> Iterator[Browser]:
    path = demand_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


class Visit:
    """A page as it was opened, and what it did: said on the console, asked for."""

    def __init__(self, browser: Browser, file: Path, look: str) -> None:
        self.file, self.look = file, look
        self.context = browser.new_context(**LOOKS[look])
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append("a dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def left(self) -> list[str]:
        """Return what was asked for beside the page itself and what it holds."""
        own = self.file.as_uri()
        return [url for url in self.asked if url != own and not url.startswith("data:")]

    def list_faults(self) -> list[str]:
        """Return what axe-core finds, a line each."""
        found = Axe().run(self.page).response["violations"]
        return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in found]

    def keep(self, name: str) -> Path:
        """Keep a screenshot of the whole page, for a person to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}_{self.look}.png"
        self.page.screenshot(path=path, full_page=True)
        return path
