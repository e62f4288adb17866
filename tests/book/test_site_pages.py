"""The finished site as it lies there: what every page says, names, links and hides.

`built_site` (conftest.py) is the folder of a site that `kreisheft build` made.
"""

import gzip
import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from foreign_words import FORBIDDEN_NAMES, FORBIDDEN_TEXT, NAMING

from kreisheft.book import content_policy, search_index

pytestmark = pytest.mark.site


class Reader(HTMLParser):
    """Takes a page apart: texts a reader sees, names of controls, links, ids, fetched files."""

    def __init__(self, page: str):
        super().__init__()
        self.texts: list[str] = []
        self.names: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.lang: str | None = None
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._silent += tag in ("script", "style")
        self.lang = given.get("lang") if tag == "html" else self.lang
        self.names += [given[name] for name in NAMING if name in given]
        if "id" in given:
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and "href" in given:
            self.loads.append(given["href"])
        if "src" in given:
            self.loads.append(given["src"])

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data)


@pytest.fixture(scope="module")
def read(site_pages: list[Path]) -> dict[Path, Reader]:
    return {page: Reader(page.read_text(encoding="utf-8")) for page in site_pages}


def test_every_page_is_german(read: dict[Path, Reader]) -> None:
    assert {page.as_posix(): r.lang for page, r in read.items() if r.lang != "de"} == {}


def test_no_page_shows_an_english_or_machine_made_sentence(read: dict[Path, Reader]) -> None:
    found = {
        (page.name, bad)
        for page, reader in read.items()
        for bad in [
            *FORBIDDEN_TEXT.findall("\n".join(reader.texts + reader.names)),
            *FORBIDDEN_NAMES.intersection(name.strip() for name in reader.names),
        ]
    }
    assert found == set()


def test_every_edition_says_what_monitoring_is_not(read: dict[Path, Reader]) -> None:
    sentence = "Monitoring beobachtet; es misst nicht die Wirkung von Maßnahmen."
    silent = [
        page.as_posix() for page, reader in read.items() if sentence not in "".join(reader.texts)
    ]
    assert silent == []


def test_every_link_leads_to_a_page_and_a_place_on_it(read: dict[Path, Reader]) -> None:
    broken = []
    for page, reader in read.items():
        for href in reader.links + reader.loads:
            parts = urlsplit(href)
            if parts.scheme in ("http", "https", "mailto", "tel", "data"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            place = unquote(parts.fragment)
            known = read[target].ids | {"", "druck"} if target in read else {place}
            if not target.is_file() or place not in known:
                broken.append((page.as_posix(), href))
    assert broken == []


def test_no_page_names_a_file_of_another_host(read: dict[Path, Reader]) -> None:
    foreign = {href for reader in read.values() for href in reader.loads if urlsplit(href).netloc}
    assert foreign == set()


def test_no_source_of_a_page_is_published(built_site: Path) -> None:
    leaked = [p for p in built_site.rglob("*") if p.suffix in (".ipynb", ".md", ".csv", ".pickle")]
    leaked += list(built_site.rglob("_sources"))
    # The released values are meant to be there; nothing else of these kinds is.
    assert [p for p in leaked if p.parent.name != "daten"] == []


def test_every_page_of_an_edition_lists_the_editions(built_site: Path) -> None:
    pages = list(built_site.glob("*/*.*/**/*.html"))
    assert pages
    lost = [p for p in pages if 'class="kh-ausgaben"' not in p.read_text("utf-8")]
    assert lost == []


def test_every_word_of_the_search_is_shown_on_a_page(read: dict[Path, Reader]) -> None:
    """The index is a published file: nothing may be in it that no page shows."""
    for index in {page.parent / "searchindex.js" for page in read if page.name == "search.html"}:
        text = index.read_text(encoding="utf-8")
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
        pages = [reader for page, reader in read.items() if index.parent in page.parents]
        shown = {
            search_index.stem(word)
            for reader in pages
            for word in set(search_index.WORD.findall(" ".join(reader.texts)))
        }
        assert {*found["terms"], *found["titleterms"]} - shown == set()


def test_every_page_has_the_policy_and_nothing_it_forbids(site_pages: list[Path]) -> None:
    found = {
        p.as_posix(): content_policy.find_faults(p.read_text(encoding="utf-8")) for p in site_pages
    }
    assert {page: faults for page, faults in found.items() if faults} == {}


def test_a_page_is_small_enough(site_pages: list[Path]) -> None:
    heavy = {p.as_posix() for p in site_pages if len(gzip.compress(p.read_bytes(), 6)) > 150_000}
    assert heavy == set()
