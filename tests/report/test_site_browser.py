"""A site of fifty hubs in a real browser: from disk and from a file server, quiet and readable."""

import functools
import hashlib
import io
import math
import random
import shutil
import struct
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, Page

from parityhub.report.numbers import format_number
from parityhub.report.site_view import encode_value
from tests.browser import LOOKS, Visit, start_chromium
from tests.conftest import Repository
from tests.site_hubs import follow_pointer, keep_json, read_json

WAYS = {"ledger": "#/", "history": "#/history/FIT", "hub": "#/hub/{8}", "pair": "#/hub/{8}/{9}"}
WAYS |= {"find": "#/find/2026-03-1"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def page_file(fifty: Path) -> Path:
    return fifty / "outputs" / "site" / "index.html"


def go(page: Page, way: str) -> None:
    """Go to a view, and wait until its data are there."""
    stamps = page.evaluate("parityhub.index.stamps")
    page.evaluate("way => { location.hash = way; }", way.format(*stamps))
    page.wait_for_selector("#view > h2")
    if "history" in way:
        for _ in range(20):
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            page.wait_for_timeout(50)
            if page.locator("section.group:not(:has(.charts))").count() == 0:
                break
        assert page.locator("section.group:not(:has(.charts))").count() == 0
        page.evaluate("scrollTo(0, 0)")
    if "/hub/" in way:
        page.wait_for_selector(".beside")


def list_left(visit: Visit) -> list[str]:
    """Return what was asked for beyond the site's own folder."""
    own = visit.file.parent.as_uri() + "/"
    return [url for url in visit.asked if not url.startswith((own, "data:"))]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("look", LOOKS)
def test_each_view_is_quiet_and_readable(
    browser: Browser, page_file: Path, look: str, way: str
) -> None:
    visit = Visit(browser, page_file, look)
    go(visit.page, WAYS[way])
    if way == "history":
        visit.page.locator("figure:has(h4:text-is('var_zero_mean')) summary").first.click()
    assert visit.list_faults() == []
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= LOOKS[look]["viewport"]["width"]
    visit.keep(f"site_{way}")
    assert (visit.said, list_left(visit)) == ([], [])
    visit.context.close()


def test_dark_is_dark(browser: Browser, page_file: Path) -> None:
    means = {}
    for look in ("light", "dark"):
        visit = Visit(browser, page_file, look)
        pixels = imread(io.BytesIO(visit.page.screenshot()), format="png")
        means[look] = float(pixels[..., :3].mean())
        visit.context.close()
    assert means["dark"] < 0.3 < 0.7 < means["light"]


def test_each_link_leads_to_a_file_or_a_view(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    found: set[str] = set()
    for way in WAYS.values():
        go(visit.page, way)
        if "pair" in way or "hub" in way:
            box = visit.page.locator("input[type=checkbox]")
            if box.count():
                box.first.uncheck()
        if "history" in way:
            for summary in visit.page.locator("#view summary").all():
                summary.click()
        found |= set(visit.page.evaluate("[...document.links].map(link => link.href)"))
    files = 0
    root = page_file.parents[2]
    for link in found:
        parts = urlsplit(link)
        path = Path(unquote(parts.path))
        assert parts.scheme == "file"
        if path == page_file:
            assert parts.fragment == "view" or parts.fragment.startswith("/"), link
            continue
        files += 1
        assert path.is_relative_to(root / "reports")
        assert path.is_file(), link
        if parts.fragment:
            follow_pointer(read_json(path), unquote(parts.fragment))
    assert files > 100
    visit.context.close()


def test_each_number_on_the_page_is_that_of_its_source(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    for way in ("history", "pair"):
        go(visit.page, WAYS[way])
        if way == "pair":
            visit.page.locator("input[type=checkbox]").uncheck()
        shown = visit.page.evaluate(
            "[...document.querySelectorAll('a.n')].map(a => [a.href, a.textContent])"
        )
        assert len(shown) > 10
        for href, text in shown:
            parts = urlsplit(href)
            document = read_json(Path(unquote(parts.path)))
            value = follow_pointer(document, unquote(parts.fragment))
            assert text in (format_number(value), repr(value), value), href
    visit.context.close()


def list_floats() -> list[float]:
    """List floats of every size, those that lie halfway between nine digits among them."""
    draw = random.Random(3)
    drawn = [struct.unpack("<d", draw.randbytes(8))[0] for _ in range(3000)]
    near = [draw.uniform(-10, 10) * 10 ** draw.uniform(-8, 20) for _ in range(3000)]
    halves = [draw.randrange(10**7, 10**8) + draw.choice((0.25, 0.75, 0.125)) for _ in range(500)]
    edges = [0.0, -0.0, 1e-4, 9.9999e-5, 1e9, 999999999.5, 1e16, 123456789.0, 0.1, 1 / 3, 5e-324]
    return [value for value in (*drawn, *near, *halves, *edges) if math.isfinite(value)]


def test_numbers_are_written_as_in_every_other_report(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    values = list_floats()
    encoded = [encode_value(value) for value in values]
    shown = visit.page.evaluate("values => values.map(value => formatValue(value))", encoded)
    assert shown == [format_number(value) for value in values]
    pairs = [(value, math.nextafter(value, math.inf)) for value in values if abs(value) > 1e-300]
    pairs = [pair for pair in pairs if not pair[0].is_integer() and not pair[1].is_integer()]
    beside = visit.page.evaluate("pairs => pairs.map(pair => formatValue(pair[0], pair))", pairs)
    assert beside == [format_number(pair[0], pair) for pair in pairs]
    visit.context.close()


def test_two_hubs_are_chosen_by_keyboard(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    page = visit.page
    boxes = page.locator("table.ledger input")
    for place in (0, 3):
        boxes.nth(place).focus()
        page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.value") == boxes.nth(3).get_attribute("value")
    page.get_by_role("button", name="Side by side").press("Enter")
    page.wait_for_selector(".beside")
    stamps = page.evaluate("parityhub.index.stamps")
    assert page.evaluate("location.hash") == f"#/hub/{stamps[-4]}/{stamps[-1]}"
    assert page.evaluate("document.activeElement.textContent") == "Two hubs side by side"
    visit.context.close()


def test_what_differs_between_two_hubs(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    go(visit.page, WAYS["pair"])
    rows = visit.page.locator(".compared tbody tr")
    some = rows.count()
    assert visit.page.locator(".compared tr.differs").count() == some
    assert "b" in visit.page.locator("tr:has-text('output.var_zero_mean')").last.inner_text()
    visit.page.locator("input[type=checkbox]").uncheck()
    assert rows.count() > some
    assert visit.page.locator(".compared tr:not(.differs)").count()
    visit.context.close()


def test_when_did_it_change_and_at_which_commit(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    page = visit.page
    page.get_by_role("searchbox").fill("var_zero")
    page.get_by_role("link", name="FIT output.var_zero_mean").click()
    figure = page.locator("figure.marked")
    assert figure.locator("h4").inner_text() == "var_zero_mean"
    rows = figure.locator("tbody tr")
    names = [hashlib.sha1(f"commit {number}".encode()).hexdigest()[:10] for number in (15, 16)]
    # Newest first: the noise of each fourth hub; the copies take another commit every third.
    assert " → ".join(names) in rows.nth(2).inner_text()
    assert "as before" in rows.nth(0).inner_text()
    figure.locator("select").select_option("size")
    stamps = page.evaluate("parityhub.index.stamps")
    # Side b did not train in hubs 32 to 34: from then to it, and back, it moved furthest.
    titles = [rows.nth(n).locator("a").first.get_attribute("title") for n in (0, 1)]
    assert set(titles) == {stamps[32], stamps[35]}
    assert {rows.nth(n).locator("td").first.inner_text() for n in (0, 1)} == {"b"}
    visit.context.close()


def test_arrows_move_along_the_chart(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    page = visit.page
    go(page, WAYS["history"])
    slider = page.get_by_role("slider", name="var_zero_mean over hubs")
    assert slider.get_attribute("aria-valuenow") == "49"
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") == "1"
    assert "2026-03-01 17:30:00: a 0.03264" in (slider.get_attribute("aria-valuetext") or "")
    page.keyboard.press("Enter")
    page.wait_for_selector(".beside")
    assert page.evaluate("location.hash") == "#/hub/2026-03-01T173000Z"
    visit.context.close()


def test_a_series_is_downloaded_as_it_was_recorded(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    go(visit.page, WAYS["history"])
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("button", name="Download var_zero_mean as CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    rows = [line.strip('"').split('","') for line in text.splitlines()]
    assert rows[0] == ["hub", "commit", "a", "b"]
    assert len(rows) == 51
    reports = page_file.parents[2] / "reports"
    for stamp, _, first, _ in rows[1:]:
        path = reports / stamp / "tiny" / "fit/a/analysis/FIT_a_1/attempt.json"
        value = read_json(path)["stats"]["output"]["var_zero_mean"]["value"]
        assert float(first) == value
    assert rows[18][3] == "absent"
    visit.context.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("FIT:FAIL", "Hubs (6)"),
        ("2026-03-02", "Hubs (2)"),
        ("686780", "Commits (1)"),
        ("seconds", "Metrics (2)"),
        ("fitted", "Nothing has fitted."),
        ("the fit", "Phases (1)"),
    ],
)
def test_search(browser: Browser, page_file: Path, query: str, found: str) -> None:
    visit = Visit(browser, page_file, "light")
    visit.page.get_by_role("searchbox").fill(query)
    visit.page.wait_for_selector("#view > h2:text-is('Found')")
    assert found in visit.page.locator("#view").inner_text()
    assert visit.page.evaluate("document.activeElement.id") == "query"
    visit.context.close()


def test_the_ledger_filters(browser: Browser, page_file: Path) -> None:
    visit = Visit(browser, page_file, "light")
    visit.page.get_by_label("Hubs with").select_option("F")
    assert visit.page.locator("table.ledger tbody tr").count() == 6
    why = visit.page.locator("td.why span").first
    why.wait_for()
    assert "close: b output.var_zero_mean" in why.inner_text()
    visit.context.close()


def test_without_script_the_newest_hubs_are_there(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator("header.answer .badge").is_visible()
    assert page.locator("li .badge").count() == 50
    context.close()


def test_from_a_file_server_nothing_else_is_asked_for(browser: Browser, fifty: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=fifty)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            context = browser.new_context()
            page = context.new_page()
            said: list[str] = []
            asked: list[str] = []
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            base = f"http://127.0.0.1:{server.server_port}/outputs/site/"
            page.goto(base)
            for way in WAYS.values():
                go(page, way)
            assert said == []
            assert [url for url in asked if not url.startswith((base, "data:"))] == []
            go(page, WAYS["hub"])
            page.get_by_role("link", name="Its summary").first.click()
            page.wait_for_selector("header.answer")
            assert page.title() == "PASS – TINY"
            context.close()
        finally:
            server.shutdown()
            thread.join()


def test_hostile_words_are_shown_not_run(browser: Browser, fifty: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(fifty, tmp_path / "repo"))
    hub = sorted((root / "reports").iterdir())[-1] / "tiny"
    bad = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e\x1b[31m"
    manifest = read_json(hub / "manifest.json")
    for item in manifest["artifacts"]:
        if item["path"].endswith("phase_FIT_1.json"):
            record = read_json(hub / item["path"]) | {"reason": bad, "verdict": "FAIL"}
            record["checks"][0] |= {"title": bad, "reason": bad, "id": bad}
            item |= keep_json(hub / item["path"], record)
    keep_json(hub / "manifest.json", manifest)
    told = Repository(root).call("report", "--site", "outputs/site")
    assert told.code == 0, told.err
    visit = Visit(browser, root / "outputs" / "site" / "index.html", "phone")
    for way in ("ledger", "history", "find"):
        go(visit.page, WAYS[way])
    go(visit.page, "#/hub/{49}")
    assert "onerror=alert(1)" in visit.page.locator("#view").inner_text()
    assert visit.page.locator("img").count() == 0
    assert visit.list_faults() == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (visit.said, list_left(visit)) == ([], [])
    visit.context.close()
