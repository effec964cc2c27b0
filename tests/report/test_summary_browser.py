"""summary.html in a real browser: nothing leaves it, everybody can read it."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser

from parityhub.report.summary_page import render_summary_page
from tests.browser import LOOKS, Visit, start_chromium
from tests.conftest import copy_plan
from tests.report.page_sample import make_page_sample
from tests.report.test_summary_page import HOSTILE, make_hostile

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with all that a page can show."""
    made = make_page_sample()
    file = tmp_path_factory.mktemp("sample") / "summary.html"
    file.write_text(render_summary_page(made.view(), made.arrays, None), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub that was really run, by two small programs."""
    repository = copy_plan("tiny", tmp_path_factory.mktemp("hub") / "repo")
    told = repository.call("run-phase", "FIT")
    assert told.code == 0, told.err
    assert f"page     {repository.hub().relative_to(repository.root)}/summary.html" in told.out
    return repository.hub() / "summary.html"


@pytest.fixture(params=["sample", "hub"])
def file(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def check_page(browser: Browser, file: Path, look: str, name: str) -> None:
    """Open a page and see that it is quiet, whole and readable; keep a screenshot."""
    visit = Visit(browser, file, look)
    assert visit.list_faults() == []
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert visit.list_faults() == []
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= LOOKS[look]["viewport"]["width"]
    visit.keep(name)
    assert (visit.said, visit.left()) == ([], [])
    visit.context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_is_quiet_and_readable(browser: Browser, file: Path, look: str) -> None:
    check_page(browser, file, look, file.parent.name.rstrip("0123456789"))


def test_each_link_leads_to_a_file_of_the_hub(browser: Browser, hub: Path) -> None:
    check_links(browser, hub)


def check_links(browser: Browser, file: Path) -> None:
    """See that each link of a page leads to a file of its hub or to a place of the page."""
    visit = Visit(browser, file, "light")
    links = visit.page.evaluate("[...document.links].map(link => link.href)")
    assert len(links) > 20
    for link in links:
        parts = urlsplit(link)
        path = Path(unquote(parts.path))
        assert parts.scheme == "file"
        assert path.is_relative_to(file.parent)
        assert path.is_file(), link
        if path == file:
            assert visit.page.locator(f"[id='{parts.fragment}']").count() == 1, link
    visit.context.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, sample: Path) -> None:
    means = {}
    for look in ("light", "dark"):
        visit = Visit(browser, sample, look)
        pixels = imread(io.BytesIO(visit.page.screenshot()), format="png")
        means[look] = float(np.asarray(pixels)[..., :3].mean())
        visit.context.close()
    assert means["dark"] < 0.3 < 0.7 < means["light"]


def test_a_keyboard_reaches_what_a_pointer_does(browser: Browser, sample: Path) -> None:
    visit = Visit(browser, sample, "light")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.activeElement.textContent") == "To the phases"
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "phases"
    summary = visit.page.locator("summary").first
    summary.focus()
    visit.page.keyboard.press("Enter")
    assert summary.evaluate("node => node.parentElement.open")
    number = visit.page.locator("table a.n:visible").first
    number.focus()
    told = number.evaluate("node => getComputedStyle(node, '::after').content")
    assert number.get_attribute("title") in told
    visit.context.close()


def test_the_sides_take_each_others_place(browser: Browser, sample: Path) -> None:
    visit = Visit(browser, sample, "light")
    figure = visit.page.locator("figure.pair").first
    button, image = figure.locator("button"), figure.locator("img").first
    before = image.get_attribute("src")
    button.focus()
    visit.page.keyboard.press("Space")
    assert button.get_attribute("aria-pressed") == "true"
    assert image.get_attribute("src") == figure.locator("img").nth(1).get_attribute("src") != before
    button.click()
    assert (image.get_attribute("src"), button.get_attribute("aria-pressed")) == (before, "false")
    assert visit.said == []
    visit.context.close()


def test_a_printer_gets_what_is_folded(browser: Browser, sample: Path) -> None:
    visit = Visit(browser, sample, "light")
    visit.page.emulate_media(media="print", color_scheme="dark")
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator("details:not([open]):not(.long)").count() == 0
    assert not visit.page.locator("button").first.is_visible()
    ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    assert visit.page.pdf()[:5] == b"%PDF-"
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visit.page.locator("details:not([open])").count() > 5
    visit.context.close()


def test_hostile_words_do_nothing(browser: Browser, tmp_path: Path) -> None:
    made = make_page_sample()
    view = made.view(**make_hostile(made, HOSTILE))
    file = tmp_path / "summary.html"
    file.write_text(render_summary_page(view, made.arrays, None), encoding="utf-8")
    check_page(browser, file, "phone", "hostile")
    visit = Visit(browser, file, "light")
    assert visit.page.title() == "FAIL – FORWARD-PARITY"
    visit.context.close()


def test_a_page_without_script_is_whole(browser: Browser, sample: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample.as_uri())
    assert page.locator("header.answer .badge").is_visible()
    assert page.locator("figure img").first.is_visible()
    context.close()


@pytest.mark.slow
def test_the_demo(browser: Browser, tmp_path: Path) -> None:
    """Phase C1 of the reference plan: what `make demo` shows."""
    command = [sys.executable, "-m", "parityhub", "run-phase", "C1", "--quiet", "--new-hub"]
    done = subprocess.run(
        [*command, "--reports", str(tmp_path / "reports")],
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    file = next(tmp_path.glob("reports/*/*/summary.html"))
    assert file.stat().st_size < 3_000_000
    for look in LOOKS:
        check_page(browser, file, look, "demo")
    check_links(browser, file)
