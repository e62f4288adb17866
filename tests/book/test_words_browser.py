"""Search and explained terms as readers use them, in a book of six short pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bound import build_html
from browsing import Watched, served, watched
from frames import ROOT
from playwright.sync_api import Browser
from small_books import notebook

from kreisheft.book.edition_pages import Edition, Page
from kreisheft.book.staging import stage
from kreisheft.catalogue import glossary

pytestmark = pytest.mark.browser

TEXTS = {
    "start": "# Kreis B\n\nEin Satz.",
    "quellen": "# Quellen\n\nKindertageseinrichtungen und Ausländeranteile nach Straßen.",
    "arbeit/gesamt": "# Arbeit\n\nDie Arbeitslosigkeit der Ausländer. Kindertagesbetreuung fehlt.",
    "arbeit/ukraine": "# Ukraine\n\nWer Grundsicherung für Arbeitsuchende erhält.",
    "recht/gesamt": "# Recht\n\nEinbürgerungen im Jahr. Leistungen nach SGB II.",
    "recht/x": "# `<b>` Q & A\n\nNur Text.",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    pages = tuple(
        Page(address, notebook(folder / f"{address}.ipynb", text), address)
        for address, text in TEXTS.items()
    )
    known = {"same": glossary.synonyms(ROOT), "terms": glossary.explanations(ROOT)}
    words = {"glossar": glossary.format_glossary(ROOT)}
    edition = Edition("b", "Kreis B", 2024, 1, pages, words, **known)  # type: ignore[arg-type]
    stage(edition, ROOT, folder / "staged")
    build_html(folder / "staged", folder / "html")
    return folder / "html"


@pytest.fixture(scope="module")
def asked(browser: Browser, built: Path) -> Iterator[Watched]:
    with watched(browser) as seen:
        yield seen


def hits(seen: Watched, start: str, query: str) -> set[str]:
    """Pages of ours that are found, without written ones."""
    seen.page.goto(f"{start}/search.html?q={query}")
    seen.page.locator("#search-results .search-summary:not(:empty)").wait_for()
    links = seen.page.locator("#search-results li > a").evaluate_all(
        "(found) => found.map((a) => a.getAttribute('href').split(/[?#]/)[0])"
    )
    return {link.removesuffix(".html") for link in links} & set(TEXTS)


# --- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        # spelling
        ("Einbürgerung", {"recht/gesamt"}),
        ("Einbuergerung", {"recht/gesamt"}),
        ("einburgerungen", {"recht/gesamt"}),
        ("Strasse", {"quellen"}),
        ("Auslaenderanteil", {"quellen"}),
        ("Leistungen fuer SGB II", {"recht/gesamt"}),
        # compounds
        ("Betreuung", {"arbeit/gesamt"}),
        ("Ausländerarbeitslosigkeit", {"arbeit/gesamt"}),
        # other words for the same
        ("Kita", {"quellen"}),
        ("KiTas", {"quellen"}),
        ("Kindergaerten", {"quellen"}),
        ("Hartz IV", {"arbeit/ukraine", "recht/gesamt"}),
        ("Buergergeld", {"arbeit/ukraine", "recht/gesamt"}),
        # all words of a query
        ("Arbeitslosigkeit Einbürgerung", set()),
        ("Xylophon", set()),
    ],
)
def test_a_query_finds(asked: Watched, built: Path, query: str, pages: set[str]) -> None:
    assert hits(asked, built.as_uri(), query) == pages
    assert (asked.errors, asked.foreign) == ([], [])


def test_the_reader_is_told_what_else_was_looked_for(asked: Watched, built: Path) -> None:
    hits(asked, built.as_uri(), "Hartz IV")

    told = asked.page.get_by_text("Auch gesucht:").inner_text()
    assert "Grundsicherung für Arbeitsuchende" in told
    assert "ALG II" not in told  # no page has it


def test_from_a_server_a_hit_shows_its_place_in_the_text(browser: Browser, built: Path) -> None:
    with served(built) as start, watched(browser) as seen:
        assert hits(seen, start, "einbuergerung") == {"recht/gesamt"}
        shown = seen.page.locator("#search-results li:has(a[href^='recht/gesamt']) .context")
        shown.wait_for()
        assert "Einbürgerungen im Jahr" in shown.inner_text()
        assert (seen.errors, seen.foreign) == ([], [])


def test_a_title_in_the_list_of_hits_stays_text(asked: Watched, built: Path) -> None:
    assert hits(asked, built.as_uri(), "Q & A".replace("&", "%26")) <= {"recht/x"}
    assert asked.page.locator("#search-results li b").count() == 0


# --- terms --------------------------------------------------------------------------------------

TERM = "Einbürgerungen"


def test_a_term_is_explained_on_focus_and_put_away_by_escape(asked: Watched, built: Path) -> None:
    page = asked.page
    page.goto(f"{built.as_uri()}/recht/gesamt.html")
    link, note = page.get_by_role("link", name=TERM), page.locator("#e-begriff-einbuergerung")
    assert link.count() == 1
    assert not note.is_visible()

    page.set_viewport_size({"width": 800, "height": 200})  # focus has to scroll
    link.focus()
    page.wait_for_timeout(200)
    assert note.is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert note.inner_text() == glossary.load(ROOT).terms["einbuergerung"].sentence
    page.keyboard.press("Escape")
    assert not note.is_visible()
    assert link.evaluate("(link) => link === document.activeElement")


def test_an_explanation_stays_while_it_is_pointed_at(asked: Watched, built: Path) -> None:
    page = asked.page
    page.goto(f"{built.as_uri()}/recht/gesamt.html")
    note = page.locator("#e-begriff-einbuergerung")

    page.get_by_role("link", name=TERM).hover()
    assert note.is_visible()
    note.hover()
    page.wait_for_timeout(400)
    assert note.is_visible()
    page.mouse.move(1, 1)
    note.wait_for(state="hidden")


def test_without_scripts_a_term_leads_to_its_definition(browser: Browser, built: Path) -> None:
    with watched(browser, script=False) as seen:
        seen.page.goto(f"{built.as_uri()}/recht/gesamt.html")
        seen.page.get_by_role("link", name=TERM).click()
        assert seen.page.url.endswith("begriffe.html#begriff-einbuergerung")
        assert seen.page.locator("#begriff-einbuergerung").is_visible()


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_axe_finds_nothing_in_an_explanation(browser: Browser, built: Path, look: str) -> None:
    more = {"forced_colors": "active"} if look == "forced" else {}
    scheme = "dark" if look == "dark" else "light"
    with watched(browser, width=320, scheme=scheme, **more) as seen:
        seen.page.goto(f"{built.as_uri()}/recht/gesamt.html")
        seen.page.get_by_role("link", name=TERM).focus()
        box = seen.page.locator("#e-begriff-einbuergerung").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        found = Axe().run(seen.page).response["violations"]
        assert [(f["id"], [n["html"][:120] for n in f["nodes"]]) for f in found] == []
