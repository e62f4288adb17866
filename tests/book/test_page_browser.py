"""One small edition in the browser, from a server and from files: policy, switch, sorting, hostile
texts. Its figures are examples (miniature.py), with every text as hostile as can be typed.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bound import build_html
from browsing import Watched, served, watched
from miniature import HEADS, HOSTILE, ROOT, ROWS, notebook
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from kreisheft.book.edition_pages import Edition, Page
from kreisheft.book.staging import stage
from kreisheft.core.errors import DataError

pytestmark = pytest.mark.browser


@pytest.fixture(params=["file", "http"])
def start(request: pytest.FixtureRequest, small: Path) -> Iterator[str]:
    """The site's address, from files and from a server."""
    if request.param == "file":
        yield small.as_uri()
        return
    with served(small) as address:
        yield address


DRAWN = """() => [...document.querySelectorAll('.kh-chart:not(.kh-fest)')].every(
  (chart) => chart.matches('.kh-gezeichnet'))"""
CHAPTER = "beispiel/2024.1/arbeit/gesamt.html"
PAGES = (
    CHAPTER,
    "beispiel/2024.1/index.html",
    "beispiel/2024.1/search.html",
    "beispiel/index.html",
    "index.html",
)


def drawn(seen: Watched, start: str) -> Tab:
    seen.page.goto(f"{start}/{CHAPTER}#druck")
    seen.page.wait_for_function(DRAWN)
    return seen.page


def test_no_page_asks_elsewhere_complains_or_is_blocked(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        for page in PAGES:
            seen.page.goto(f"{start}/{page}")
        drawn(seen, start)
        assert (seen.foreign, seen.errors) == ([], [])


def test_a_script_in_a_page_would_be_blocked(browser: Browser, start: str) -> None:
    """The guard itself works, from files too: nothing put into a page runs."""
    with watched(browser) as seen:
        drawn(seen, start)
        seen.page.evaluate(
            "document.body.append(document.createRange().createContextualFragment("
            "'<script>window.ran = 1</' + 'script><p style=\"color: red\">x</p>"
            '<img src=x onerror="window.ran = 1">\'))'
        )
        seen.page.wait_for_timeout(300)
        assert seen.page.evaluate("window.ran") is None
        told = " ".join(seen.errors)
        assert "script-src-elem inline" in told
        assert "script-src-attr inline" in told
        assert "style-src-attr inline" in told


def test_hostile_texts_are_shown_and_nothing_of_them_runs(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        page = drawn(seen, start)
        page.locator("#f-boese .kh-lebend .mark-symbol path").first.hover()
        page.wait_for_selector("#vg-tooltip-element.visible")
        assert HOSTILE[0] in page.locator("#vg-tooltip-element").inner_text()
        assert HOSTILE[0] in page.locator("#f-boese caption").inner_text()
        for path in PAGES:
            page.goto(f"{start}/{path}")
            assert page.evaluate("window.ran") is None
            assert page.locator("img[src=x], [onload], [onerror]").count() == 0
            assert page.locator("a[href^=javascript]").count() == 0
        assert seen.errors == []


@pytest.mark.parametrize("text", [*HOSTILE[:2], '<svg onload="window.ran = 1">'])
def test_a_hostile_heading_fails_the_build_and_names_its_page(tmp_path: Path, text: str) -> None:
    """Prose is Markdown, which may hold HTML: the build looks at what came out of it."""
    page = Page("arbeit/gesamt", notebook(tmp_path / "a.ipynb", text, []), "Arbeit")
    start = Page("start", notebook(tmp_path / "s.ipynb", "Start", []), "Start")
    stage(Edition("b", "Kreis B", 2024, 1, (start, page)), ROOT, tmp_path / "staged")
    with pytest.raises(DataError) as caught:
        build_html(tmp_path / "staged", tmp_path / "html")
    assert "arbeit/gesamt" in {p.where.removesuffix(".html") for p in caught.value.problems}
    assert not (tmp_path / "html").exists()


def test_without_scripts_tables_and_pictures_are_there(browser: Browser, start: str) -> None:
    with watched(browser, script=False) as seen:
        seen.page.goto(f"{start}/{CHAPTER}")
        dead = "button, input, select, textarea, summary"
        assert seen.page.locator(f".kh-figure :is({dead})").count() == 0
        assert seen.page.locator(".bd-article button:visible").count() == 0
        for id in ("f-gut", "f-boese", "f-tabelle"):
            assert seen.page.locator(f"#{id} table").is_visible()
        for picture in seen.page.locator(".kh-bild").all():
            picture.scroll_into_view_if_needed()
            assert picture.is_visible()
            box = picture.bounding_box()
            assert box
            assert box["height"] > 100
        seen.page.wait_for_load_state("networkidle")
        assert (seen.foreign, seen.errors) == ([], [])


def test_the_first_table_and_picture_are_there_while_scripts_are_still_on_their_way(
    browser: Browser, small: Path
) -> None:
    with served(small) as start, watched(browser) as seen:
        seen.page.route("**/*.js*", lambda route: None)  # never answered
        seen.page.route("**/thema.js", lambda route: route.continue_())
        seen.page.goto(f"{start}/{CHAPTER}", wait_until="commit")
        seen.page.wait_for_selector("#f-gut table", state="visible", timeout=5_000)
        seen.page.wait_for_function(
            "() => document.querySelector('#f-gut .kh-bild').naturalWidth > 0", timeout=5_000
        )


def test_a_chart_that_is_drawn_moves_nothing(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        seen.page.goto(f"{start}/{CHAPTER}", wait_until="domcontentloaded")
        place = "document.querySelector('#f-boese').getBoundingClientRect().top + scrollY"
        before = seen.page.evaluate(place)
        for chart in seen.page.locator(".kh-chart").all():
            chart.scroll_into_view_if_needed()
        seen.page.wait_for_function(DRAWN)
        assert abs(seen.page.evaluate(place) - before) <= 2


def test_the_switch_shows_one_or_both_and_says_so(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        page = drawn(seen, start)
        group = page.get_by_role("group", name="Ansicht: Beispiel im Zeitverlauf")
        table, chart = page.locator("#f-gut table"), page.locator("#f-gut .kh-chart")
        assert table.is_visible()
        assert chart.is_visible()
        group.get_by_role("button", name="Tabelle", exact=True).focus()
        page.keyboard.press("Enter")
        assert not chart.is_visible()
        assert page.get_by_role("status").inner_text() == "Nur die Tabelle ist sichtbar."
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert (table.is_visible(), chart.is_visible()) == (False, True)
        pressed = group.locator("[aria-pressed=true]")
        assert pressed.all_inner_texts() == ["Diagramm"]


def column(page: Tab, at: int) -> list[str]:
    return page.locator("#f-gut tbody tr").evaluate_all(
        f"(rows) => rows.map((row) => row.cells[{at}].textContent)"
    )


def test_a_press_on_a_head_sorts_german_numbers_and_signs(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        page = drawn(seen, start)
        head = page.get_by_role("columnheader", name="Beispiel A").first
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        assert column(page, 1) == ["20,0 (Schätzung)", "999,0", "1.234,5", "–", "–", "–", ""]
        told = page.get_by_role("status").inner_text()
        assert told == "Sortiert nach Beispiel A, aufsteigend."
        head.get_by_role("button").click()
        assert column(page, 1) == ["1.234,5", "999,0", "20,0 (Schätzung)", "–", "–", "–", ""]
        head.get_by_role("button").click()
        assert column(page, 0) == [row[0] for row in ROWS]
        assert head.get_attribute("aria-sort") is None
        page.get_by_role("columnheader", name="Beispiel B").first.get_by_role("button").click()
        days = ["30.06.2015 (Tag)", "2016"]
        assert column(page, 2) == ["−3,2", "+0,4", "12,0", *days, "geheim", ""]


def test_sorting_leaves_heads_and_scopes(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        page = drawn(seen, start)
        page.get_by_role("columnheader", name="Beispiel B").first.get_by_role("button").click()
        assert page.locator("#f-gut thead th[scope=col] > button").count() == len(HEADS)
        assert page.locator("#f-gut tbody th[scope=row]").count() == len(ROWS)


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_axe_finds_nothing_on_a_page_with_figures(browser: Browser, small: Path, look: str) -> None:
    more = {"forced_colors": "active"} if look == "forced" else {}
    scheme = "dark" if look == "dark" else "light"
    with watched(browser, scheme=scheme, **more) as seen:
        page = drawn(seen, small.as_uri())
        page.locator("#f-gut .kh-sortieren").nth(1).click()
        found = Axe().run(page).response["violations"]
        assert [(f["id"], [n["html"][:120] for n in f["nodes"]]) for f in found] == []


def test_paper_shows_the_picture_and_not_the_live_chart(browser: Browser, start: str) -> None:
    with watched(browser) as seen:
        page = drawn(seen, start)
        page.emulate_media(media="print")
        assert page.locator("#f-gut .kh-bild").is_visible()
        assert not page.locator("#f-gut .kh-lebend").is_visible()
        assert not page.locator("#f-gut .kh-ansicht").is_visible()


@pytest.mark.parametrize("width", [320, 768])
def test_a_narrow_window_never_scrolls_sideways(browser: Browser, small: Path, width: int) -> None:
    for script in (True, False):
        with watched(browser, width=width, script=script) as seen:
            seen.page.goto(f"{small.as_uri()}/{CHAPTER}")
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_word_of_the_scripts_comes_from_the_catalogue(browser: Browser, small: Path) -> None:
    text = (ROOT / "book/assets/worte.js").read_text("utf-8")
    other = re.sub(r'(\w+): "[^"]*"', r'\1: "<\1>"', text).replace("<sprache>", "en")
    with watched(browser) as seen:
        seen.page.route("**/worte.js", lambda route: route.fulfill(body=other))
        page = drawn(seen, small.as_uri())
        group = page.locator("#f-gut .kh-ansicht")
        assert group.locator("button").all_inner_texts() == ["<tabelle>", "<diagramm>", "<beides>"]
        assert group.get_attribute("aria-label") == "<ansicht>"
        group.locator("button").first.click()
        assert page.get_by_role("status").inner_text() == "<zeigt_tabelle>"
        page.locator("#f-gut .kh-sortieren").first.click()
        assert page.get_by_role("status").inner_text() == "<sortiert_ascending>"
