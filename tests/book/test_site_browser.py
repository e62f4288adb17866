"""The finished site as a reader's browser sees it: every page, from the file system.

`built_site` (conftest.py) is the folder of a site that `kreisheft build` made.
"""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Watched, chromium, watched
from foreign_words import FORBIDDEN_NAMES, FORBIDDEN_TEXT, NAMING
from frames import ROOT
from playwright.sync_api import Browser

from kreisheft.book import content_policy
from kreisheft.catalogue import statement

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHARTS = """() => {
  const charts = [...document.querySelectorAll('.kh-chart:not(.kh-fest)')];
  return charts.every((div) => div.matches('.kh-gezeichnet, .kh-fehler'));
}"""
UNDRAWN = """() => [...document.querySelectorAll('.kh-chart')]
  .filter((div) => !div.querySelector('svg[role="img"][aria-label]')).map((div) => div.id)"""
TOO_WIDE = """() => [...document.querySelectorAll('.kh-chart')]
  .filter((d) => d.scrollWidth > d.clientWidth + 1 && d.tabIndex !== 0).map((d) => d.id)"""
SPOKEN = """(names) => [...document.querySelectorAll('*')].flatMap((node) =>
  names.map((name) => node.getAttribute(name)).filter(Boolean))"""
SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
  ? [document.documentElement.scrollWidth] : []"""
#: A chart as it stands in a page: picture and specification.
CHART = re.compile(r'<div class="kh-chart" id="(chart-\w+)">.*?</script>', re.DOTALL)
#: So many charts are drawn on one page of the test.
GALLERY = 30
#: Ways in which readers see a page, as the accessibility statement tells them.
VIEWS = statement.load(ROOT)["views"]
#: axe takes the colour of the page for that of a word in a drawing, and whatever lies over it for
#: its ground; figures/test_gap_and_ratio.py has the colours of charts.
LOOKED_AT = {"exclude": [[".kh-lebend text"]]}
#: What passed is not told, and style sheets are not fetched anew, which files are not allowed.
QUICK = {"preload": False, "resultTypes": ["violations"]}
#: Every so many pages, beside one of each kind.
STEP = 40

Fault = tuple[str, object]


def opened(seen: Watched, page: Path) -> None:
    seen.page.goto(f"{page.as_uri()}#druck", wait_until="domcontentloaded")
    seen.page.wait_for_function(CHARTS, timeout=20_000)


def walked(pages: Sequence[Path], *, draw: bool = False) -> list[Fault]:
    """Open each page in a browser of its own and say what is wrong; charts only if told to."""
    faults: list[Fault] = []
    with chromium() as browser, watched(browser) as seen:
        for page in pages:
            name = page.as_posix()
            if draw:
                opened(seen, page)
                faults += [(name, f"not drawn: {chart}") for chart in seen.page.evaluate(UNDRAWN)]
            else:
                seen.page.goto(page.as_uri(), wait_until="load")
            # What leads on to another page is gone before it can be asked, and must have arrived.
            leads = 'http-equiv="refresh"' in page.read_text(encoding="utf-8")
            if leads:
                address = page.as_uri()
                seen.page.wait_for_url(lambda url, here=address: url != here, wait_until="load")
            spoken = [] if leads else seen.page.evaluate(SPOKEN, list(NAMING))
            faults += [(name, bad) for bad in FORBIDDEN_TEXT.findall("\n".join(spoken))]
            faults += [(name, bad) for bad in FORBIDDEN_NAMES.intersection(spoken)]
            faults += [(name, error) for error in (*seen.errors, *seen.foreign)]
            seen.errors.clear()
            seen.foreign.clear()
    return faults


def in_two_browsers(pages: Sequence[Path], *, draw: bool = False) -> list[Fault]:
    with ThreadPoolExecutor(2) as pool:
        halves = pool.map(lambda half: walked(half, draw=draw), (pages[::2], pages[1::2]))
        return [fault for half in halves for fault in half]


def test_no_page_complains_is_blocked_or_asks_anybody_else(site_pages: list[Path]) -> None:
    """Requests, console, policy and spoken names, in one walk over all pages."""
    assert in_two_browsers(site_pages) == []


def test_every_chart_is_drawn_with_its_name(site_pages: list[Path], tmp_path: Path) -> None:
    """Each once, however many pages show it: on pages of their own, with the site's scripts."""
    charts: dict[str, tuple[str, Path]] = {}
    for page in site_pages:
        for match in CHART.finditer(page.read_text(encoding="utf-8")):
            edition = next(p for p in page.parents if (p / "charts/vega.js").is_file())
            charts.setdefault(match[1], (match[0], edition))
    assert charts
    galleries = []
    for start in range(0, len(charts), GALLERY):
        some = list(charts.values())[start : start + GALLERY]
        base = some[0][1].as_uri()
        parts = [
            re.sub(r'src="(?:\.\./)*charts/', f'src="{e.as_uri()}/charts/', c) for c, e in some
        ]
        galleries.append(tmp_path / f"{start}.html")
        galleries[-1].write_text(
            f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">{content_policy.TAG}'
            f'<link rel="stylesheet" href="{base}/_static/kreisheft.css">'
            f'<script defer src="{base}/_static/worte.js"></script>'
            f'<script defer src="{base}/_static/figuren.js"></script><script defer '
            f'src="{base}/_static/charts.js" data-bundle="{base}/charts/vega.js"></script>'
            f"</head><body>{''.join(parts)}</body></html>",
            encoding="utf-8",
        )
    assert in_two_browsers(galleries, draw=True) == []


@pytest.fixture(scope="session")
def kinds(built_site: Path) -> list[Path]:
    """One page of each kind, from the edition with the most pages."""
    edition = max(
        (p.parent for p in built_site.glob("*/*.*/index.html")),
        key=lambda folder: (len(list(folder.rglob("*.html"))), folder.as_posix()),
    )
    by_size = sorted(edition.glob("*/gesamt.html"), key=lambda p: (p.stat().st_size, p.as_posix()))
    # A field without figures, one with many, an indicator with many, and every page by itself.
    pages = [by_size[0], by_size[-1]]
    pages += sorted(edition.glob("kennzahl/*.html"), key=lambda p: (p.stat().st_size, p))[-1:]
    pages += sorted(edition.glob("*.html"))
    pages += [built_site / "index.html", edition.parent / "index.html"]
    return pages


@pytest.fixture(scope="session")
def sample(site_pages: list[Path], kinds: list[Path]) -> list[Path]:
    """Some of the other pages, always the same."""
    return [page for page in site_pages if page not in kinds][::STEP]


@pytest.mark.parametrize("view", list(VIEWS))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, kinds: list[Path], sample: list[Path], view: str
) -> None:
    """In every view that the accessibility statement names; 200 % is half of the width."""
    look, axe, faults = VIEWS[view], Axe(), []
    more = {"forced_colors": "active"} if look.get("forced") else {}
    width, zoom = look.get("width", 1280), look.get("zoom", 1)
    with watched(browser, width, look["scheme"], device_scale_factor=zoom, **more) as seen:
        for page in [*kinds, *(sample if view == "light" else [])]:
            opened(seen, page)
            found = seen.page.evaluate(SIDEWAYS) + seen.page.evaluate(TOO_WIDE)
            faults += [(page.name, "too wide", what) for what in found]
            for fault in axe.run(seen.page, LOOKED_AT, QUICK).response["violations"]:
                where = [node["html"][:160] for node in fault["nodes"][:3]]
                faults.append((page.name, fault["id"], where))
    assert faults == []


def test_without_script_every_figure_has_its_table_and_its_picture(
    browser: Browser, kinds: list[Path]
) -> None:
    with watched(browser, script=False) as seen:
        for page in kinds:
            seen.page.goto(page.as_uri())
            # A reader unfolds without any script.
            for folded in seen.page.locator("details:has(.kh-figure) > summary").all():
                folded.click()
            for table in seen.page.locator(".kh-figure table").all():
                assert table.is_visible(), page
            for picture in seen.page.locator(".kh-fest svg[role]").all():
                assert picture.is_visible(), page
            for chart in seen.page.locator(".kh-chart:not(.kh-fest)").all():
                picture = chart.locator("img.kh-bild[src]")
                picture.scroll_into_view_if_needed()
                assert picture.is_visible(), page
                assert (page.parent / str(picture.get_attribute("src"))).is_file()
        assert seen.foreign == []
        assert seen.errors == []


def test_the_chart_library_is_loaded_only_where_a_chart_comes_near(
    browser: Browser, kinds: list[Path]
) -> None:
    with watched(browser) as seen:
        loaded: list[str] = []
        seen.page.on("request", lambda request: loaded.append(request.url))
        for page in kinds:
            seen.page.goto(page.as_uri(), wait_until="load")
            if not seen.page.locator(".kh-chart").count():
                assert not [url for url in loaded if "vega" in url or "charts" in url], page
            loaded.clear()


def test_search_answers_in_german(browser: Browser, kinds: list[Path]) -> None:
    with watched(browser) as seen:
        [search] = [page for page in kinds if page.name == "search.html"]
        seen.page.goto(f"{search.as_uri()}?q=Einbürgerung")
        seen.page.locator("#search-results .search-summary:not(:empty)").wait_for()
        assert seen.page.locator("#search-results li a").count()
        text = seen.page.inner_text("#search-results")
        assert "Treffer" in text
        assert not FORBIDDEN_TEXT.findall(text)
        assert seen.foreign == []
