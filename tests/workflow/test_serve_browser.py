"""The served site in a real browser: a run as it goes on, its result, and a hidden token."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser import LOOKS, SCREENSHOTS, start_chromium
from tests.conftest import Repository
from tests.serving import start_server
from tests.site_hubs import copy_hubs

pytest.importorskip("starlette", reason="the extra `serve` is not installed")
pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_chromium() as browser:
        yield browser


def open_page(browser: Browser, url: str, look: str = "light") -> tuple[Page, list[str], list[str]]:
    """Open a page, and return it with what it says and asks for."""
    page = browser.new_context(**LOOKS[look]).new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    return page, said, asked


def list_faults(page: Page) -> list[str]:
    return [item["id"] for item in Axe().run(page).response["violations"]]


def test_a_run_is_shown_as_it_goes_and_its_result_without_a_reload(
    browser: Browser, make_repository: Callable[[str], Repository]
) -> None:
    repository = make_repository("sleepy")
    with start_server(repository.root) as server:
        page, said, asked = open_page(browser, server.url)
        live = page.locator("#live")
        expect(live).to_be_hidden()
        assert "there is no hub yet" in page.locator("header").inner_text()
        run = repository.start("run-phase", "P")
        try:
            expect(live.locator("pre")).to_have_text("waiting", timeout=60_000)
            expect(live.locator("h2")).to_have_text("Running: P the phase, run 1")
            expect(live.locator("li")).to_contain_text("train passed")
            # The hub is in the ledger by itself.
            expect(page.locator("table.ledger tbody tr")).to_have_count(1)
            assert list_faults(page) == []
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / "serve_live_light.png", full_page=True)
            page.set_viewport_size({"width": 360, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.screenshot(path=SCREENSHOTS / "serve_live_phone.png", full_page=True)
        finally:
            run.send_signal(signal.SIGINT)
            run.wait()
        expect(live).to_be_hidden(timeout=20_000)
        (repository.root / "go").touch()
        assert repository.call("run-phase", "P", "--resume").code == 0
        expect(page.locator("table.ledger .cell.P")).to_have_count(1, timeout=20_000)
        expect(page.locator("header .badge.PASS")).to_be_visible()
        assert said == []
        assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
        page.context.close()


def test_what_somebody_reads_stays_until_new_results_are_asked_for(
    browser: Browser, ran_hubs: tuple[Path, list[Path]], tmp_path: Path
) -> None:
    shutil.copytree(ran_hubs[0], tmp_path / "repo")
    made = copy_hubs(ran_hubs[1], tmp_path / "all", 3)
    reports = tmp_path / "repo" / "reports"
    for hub in made[:2]:
        shutil.copytree(hub.parent, reports / hub.parent.name)
    with start_server(tmp_path / "repo") as server:
        page, said, _ = open_page(browser, f"{server.url}#/history/FIT")
        expect(page.locator("svg.chart").first).to_be_visible()
        shutil.copytree(made[2].parent, reports / made[2].parent.name)
        button = page.get_by_role("button", name="Show new results")
        expect(button).to_be_visible(timeout=20_000)
        assert "in 2 hubs" in page.locator("#view").inner_text()
        button.click()
        expect(page.locator("#hub-count")).to_have_text("3")
        expect(page.locator("#view")).to_contain_text("in 3 hubs")
        assert said == []
        page.context.close()


def test_the_token_opens_every_page_and_is_seen_on_none(
    browser: Browser, ran_hubs: tuple[Path, list[Path]], tmp_path: Path
) -> None:
    shutil.copytree(ran_hubs[0], tmp_path / "repo")
    copy_hubs(ran_hubs[1], tmp_path / "repo" / "reports", 2)
    with start_server(tmp_path / "repo", "--host", "0.0.0.0") as server:
        page, said, asked = open_page(browser, server.url.replace("0.0.0.0", "127.0.0.1"))
        assert page.url == f"http://127.0.0.1:{server.port}/"
        page.locator("table.ledger tbody th a").first.click()
        page.get_by_role("link", name="Its summary").click()
        expect(page.locator("header.answer .badge").first).to_be_visible()
        answers: list[Response] = []
        page.on("response", lambda response: answers.append(response))
        # The summary has no origin of its own here; its links work all the same.
        page.locator("a[href='summary.md']").last.click()
        page.wait_for_url("**/summary.md")
        assert [answer.status for answer in answers] == [200]
        assert [url for url in asked[2:] if server.token in url] == []
        assert said == []
        page.context.close()
