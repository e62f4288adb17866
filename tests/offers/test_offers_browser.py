"""The page of offers as a reader's browser has it: from a folder, by keyboard, without scripts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import watched
from directories import made, many, words, write_page
from playwright.sync_api import Browser, Page, expect

from kreisheft.offers import vocabulary

pytestmark = pytest.mark.browser

OFFERS = (
    {"name": "Frühstück für Mütter", "ags": "Marl", "childcare": "yes", "languages": "de; ar"},
    {"name": "Sprachkurs am Abend", "ags": "Herten", "minimum_age": "18", "free": "yes"},
    {"name": "Lesegruppe", "ags": "05562", "maximum_age": "12", "field": "schule"},
    {"name": "Alter Treff", "ags": "Marl", "assured_date": "2024-01-01"},
    {"name": "Straßenfußball", "ags": "Waltrop", "field": "teilhabe", "target_groups": "alle"},
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = made(*({"organization": "Lichtblick", **row} for row in OFFERS))
    return write_page(tmp_path_factory.mktemp("angebote"), own)


@pytest.fixture
def page(browser: Browser, path: Path) -> Iterator[Page]:
    with watched(browser) as seen:
        seen.page.goto(path.as_uri())
        yield seen.page
        assert seen.errors == []
        assert seen.foreign == []


def titles(page: Page) -> list[str]:
    return page.locator(".kh-angebote-treffer h4").all_text_contents()


def ask(page: Page, text: str) -> list[str]:
    page.fill("#kh-a-q", text)
    return titles(page)


def test_without_scripts_every_offer_is_there_and_no_form(browser: Browser, path: Path) -> None:
    with watched(browser, script=False) as seen:
        seen.page.goto(path.as_uri())

        assert seen.page.locator("h4").count() == len(OFFERS)
        assert not seen.page.locator("form").is_visible()
        assert seen.page.locator("#liste-05562024 h4").all_text_contents() == [
            "Frühstück für Mütter"
        ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mütter", "Frühstück für Mütter"),
        ("MUETTER", "Frühstück für Mütter"),
        ("mutter", "Frühstück für Mütter"),
        ("fruehst", "Frühstück für Mütter"),
        ("strassenfussball", "Straßenfußball"),
        ("fußball", "Straßenfußball"),
        ("deutschkurs", "Sprachkurs am Abend"),
        ("arabisch", "Frühstück für Mütter"),
        ("sprach abend", "Sprachkurs am Abend"),
    ],
)
def test_a_word_is_found_in_every_spelling(page: Page, text: str, first: str) -> None:
    assert ask(page, text)[0] == first


def test_nothing_found_is_said(page: Page) -> None:
    assert ask(page, "quastenflosser") == []
    assert page.inner_text("[role=status]").startswith("Kein Angebot gefunden.")


def test_filters_narrow_and_offers_for_the_whole_kreis_are_in_every_place(page: Page) -> None:
    page.select_option("#kh-a-ort", label="Marl")
    assert titles(page) == ["Frühstück für Mütter", "Lesegruppe"]
    page.fill("#kh-a-alter", "30")
    assert titles(page) == ["Frühstück für Mütter"]
    page.check("input[name=free]")
    assert titles(page) == []


def test_an_age_below_the_lowest_is_left_out(page: Page) -> None:
    page.fill("#kh-a-alter", "17")

    assert "Sprachkurs am Abend" not in titles(page)


def test_stale_entries_come_on_demand_only(page: Page) -> None:
    assert ask(page, "treff") == []
    page.check("input[name=stale]")
    assert titles(page) == ["Alter Treff"]


def test_the_count_is_announced(page: Page) -> None:
    ask(page, "sprachkurs")

    status = page.locator("[role=status]")
    assert status.get_attribute("aria-live") == "polite"
    assert status.inner_text() == "1 Angebot gefunden."


def test_the_address_holds_the_search_and_brings_it_back(page: Page) -> None:
    page.select_option("#kh-a-ort", label="Marl")
    ask(page, "frühstück")
    page.wait_for_url("**/angebote.html#?wort=fr*")
    address = page.url
    assert "wort=fr%C3%BChst%C3%BCck" in address

    page.goto("about:blank")
    page.goto(address)

    assert titles(page) == ["Frühstück für Mütter"]
    assert page.input_value("#kh-a-q") == "frühstück"


def test_an_address_that_somebody_made_up_does_no_harm(page: Page, path: Path) -> None:
    page.goto("about:blank")
    page.goto(f"{path.as_uri()}#?wort=%3Cimg%20src=x%3E&ort=nirgends&x=1&alter=abc")

    assert page.input_value("#kh-a-ort") == ""
    assert page.locator("img").count() == 0


def test_everything_works_by_keyboard(page: Page) -> None:
    page.focus("#kh-a-q")
    page.keyboard.type("sprachkurs")
    assert titles(page) == ["Sprachkurs am Abend"]

    def reach(which: str) -> None:
        for _ in range(30):
            if page.evaluate("which => document.activeElement?.matches(which)", which):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{which} is not reached by Tab")

    reach("button[type=reset]")
    page.keyboard.press("Enter")
    expect(page.locator("#kh-a-q")).to_be_focused()
    assert not page.locator(".kh-angebote-treffer").is_visible()
    assert page.locator(".kh-angebote-orte").is_visible()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_what_is_found_can_be_saved(page: Page, kind: str) -> None:
    ask(page, "lesegruppe")
    with page.expect_download() as waiting:
        page.click(f"[data-tut={kind}]")
    text = Path(waiting.value.path()).read_text("utf-8-sig")

    assert waiting.value.suggested_filename == f"angebote.{kind}"
    assert "Lesegruppe" in text
    assert "Frühstück" not in text
    if kind == "json":
        assert [s["name"] for s in json.loads(text)["services"]] == ["Lesegruppe"]


def test_a_place_in_the_address_is_printed_alone(page: Page, path: Path) -> None:
    page.goto(f"{path.as_uri()}#liste-05562020")
    page.emulate_media(media="print")

    assert page.locator("#liste-05562020 h4").is_visible()
    assert not page.locator("#liste-05562024").is_visible()
    assert not page.locator("h1").is_visible()


def test_more_are_shown_on_demand(browser: Browser, tmp_path: Path) -> None:
    with watched(browser) as seen:
        seen.page.goto(write_page(tmp_path, many(60)).as_uri())
        seen.page.check("input[name=stale]")
        assert len(titles(seen.page)) == 20
        told = seen.page.inner_text("[role=status]")
        assert told == "60 Angebote gefunden, die ersten 20 sind gezeigt."
        seen.page.click("[data-tut=more]")
        assert len(titles(seen.page)) == 40
        assert seen.page.evaluate("document.activeElement.querySelector('h4') !== null")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_the_page_never_scrolls_sideways(browser: Browser, path: Path, width: int) -> None:
    with watched(browser, width=width) as seen:
        seen.page.goto(path.as_uri())
        ask(seen.page, "sprachkurs")

        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("searching", [False, True])
def test_axe_finds_nothing_serious(browser: Browser, path: Path, searching: bool) -> None:
    # The checker is put into the page as a script, which the policy of the page would block.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    if searching:
        ask(page, "sprachkurs")
    found = Axe().run(page).response["violations"]
    context.close()

    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], v["nodes"][0]["html"]) for v in serious] == []


WORDS = [
    "Müller",
    "MUELLER",
    "Straße",
    "Frauen",
    "neue Quelle",
    "ÄÖÜ",
    "Übergrößenträger",
    "Aerzte",
]
WORDS += ["İstanbul", "ñandú", "Приклад й", "مثال", "bru\u0308cke", "ẞ", "ueber", "tueueb", "aeue"]


def test_the_script_folds_as_the_package_does(browser: Browser, path: Path) -> None:
    text = (path.parent / "angebote.js").read_text("utf-8")
    start = text.index("const SIGNS")
    code = text[start : text.index("const words")]
    context = browser.new_context()
    page = context.new_page()

    def fold(word: str) -> str:
        return str(page.evaluate(f"word => {{ {code} return fold(word); }}", word))

    every = [*WORDS, *(w for g in words().words["synonyms"] for w in g)]

    assert [fold(w) for w in every] == [vocabulary.fold(w) for w in every]
    context.close()
