"""A real book whose every text of data is hostile and in another language.

What an analyst, a delivery or a provider can write runs nowhere and breaks no markup; and what the
package writes comes from the catalogue: what stands outside the brackets comes from elsewhere.
"""

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from browsing import watched
from frames import ROOT
from playwright.sync_api import Browser
from projects import copy_of_project

from kreisheft.book import content_policy, site
from kreisheft.editions import make_edition, publish

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.site,
    pytest.mark.browser,
]

EVIL = (
    "</script></table><img src=x onerror=\"window.ran=1\"><svg onload='window.ran=1'>"
    "[x](javascript:window.ran=1) {{ kreis_name }} `${window.ran=1}` <!--"
)
#: Keys under which people write text, by file.
WRITTEN = {
    "data/catalogue/arbeit.yml": ("title", "definition", "numerator", "denominator", "caveats"),
    "data/catalogue/fields.yml": ("title", "question"),
    "data/catalogue/groups.yml": ("title", "description"),
    "data/catalogue/concepts.yml": ("title", "definition"),
    "data/catalogue/breaks.yml": ("label", "text"),
    "data/sources/sources.yml": ("name",),
    "data/konzept/recklinghausen/gute_praxis.yml": ("what", "who"),
}
#: Parts of beteiligung.yml that are shown; the others are read from exports.
SAID = ("page", "channels", "recruitment", "languages", "kinds", "sentences", "columns")
OFFERS = "data/angebote/recklinghausen/beispiele.csv"


def changed(node: Any, change: Callable[[str], str], keys: tuple[str, ...] = ()) -> Any:
    """The same content with every text at one of `keys` changed; without keys every text."""
    if isinstance(node, dict):
        return {k: changed(v, change, () if _text(k, v, keys) else keys) for k, v in node.items()}
    if isinstance(node, list):
        return [changed(one, change, keys) for one in node]
    return change(node) if isinstance(node, str) and not keys else node


def _text(key: str, value: Any, keys: tuple[str, ...]) -> bool:
    return not keys or (key in keys and not isinstance(value, dict))


def evil(text: str) -> str:
    return f"⟦{text}⟧{EVIL}"


def bracketed(text: str) -> str:
    return f"⟦{text}⟧"


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(change(content), allow_unicode=True, sort_keys=False), "utf-8")


def spoil(root: Path) -> None:
    for name, keys in WRITTEN.items():
        rewrite(root / name, lambda content, keys=keys: changed(content, evil, keys))
    title = f"title: {json.dumps(evil('T'))}"
    for path in sorted((root / "data/sources").glob("*/*.yml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^title: .*", lambda _: title, text, flags=re.M), "utf-8")
    regions = root / "data/regions/regions.csv"
    rows = list(csv.reader(io.StringIO(regions.read_text(encoding="utf-8"))))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(
        [rows[0]]
        + [
            [ags, (evil if ags.startswith("05562") and len(ags) == 8 else bracketed)(name), *more]
            for ags, name, *more in rows[1:]
        ]
    )
    regions.write_text(written.getvalue(), encoding="utf-8")
    rewrite(
        root / "data/catalogue/texts.yml",
        lambda texts: {k: v if k == "kinds" else changed(v, bracketed) for k, v in texts.items()},
    )
    rewrite(
        root / "data/catalogue/groups.yml",
        lambda content: content | {"groups": changed(content["groups"], bracketed)},
    )
    rewrite(
        root / "data/catalogue/beteiligung.yml",
        lambda words: {k: changed(v, bracketed) if k in SAID else v for k, v in words.items()},
    )
    offers = root / OFFERS
    table = list(csv.DictReader(io.StringIO(offers.read_text(encoding="utf-8-sig"))))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(table[0]), lineterminator="\n")
    writer.writeheader()
    spoilt = ("description",)
    writer.writerows({k: evil(v) if k in spoilt and v else v for k, v in r.items()} for r in table)
    offers.write_text(written.getvalue(), encoding="utf-8")

    def settings(content: dict[str, Any]) -> dict[str, Any]:
        publisher = {
            "name": evil("Stelle"),
            "address": [evil("Weg 1")],
            "responsible": evil("Amt"),
            "feedback": "post@beispiel.example",
        }
        own = {"fields": ["arbeit"], "target_groups": ["gesamt"], "report_years": [2024]}
        return {**content, **own, "name": evil("Kreis X"), "publisher": publisher}

    rewrite(root / "params/recklinghausen.yml", settings)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the edition."""
    root = copy_of_project(tmp_path_factory.mktemp("foreign") / "project")
    spoil(root)
    made = make_edition.make(root, "recklinghausen", [(2024, 1)], root / "build")
    site.assemble(root / "site", [(publish.make_card(made[0]), made[0].html)], root)
    return root / "site/recklinghausen/2024.1"


INJECTED = """() => [window.ran, document.querySelectorAll(
  '[onerror], [onload], img[src=x], a[href^="javascript" i], article script:not([type])').length]"""


def test_nothing_of_a_hostile_text_runs_or_becomes_markup(browser: Browser, spoilt: Path) -> None:
    faults = []
    with watched(browser) as seen:
        for page in [*sorted(spoilt.rglob("*.html")), *sorted(spoilt.parents[1].glob("*.html"))]:
            query = "?q=Weg" if page.name == "search.html" else "#druck"
            seen.page.goto(page.as_uri() + query, wait_until="load")
            if seen.page.evaluate(INJECTED) != [None, 0] or seen.errors:
                faults.append((page.name, seen.page.evaluate(INJECTED), seen.errors[:2]))
            seen.errors.clear()
    assert faults == []


def test_the_policy_finds_nothing_and_hostile_texts_stand_there_as_typed(spoilt: Path) -> None:
    pages = {p.relative_to(spoilt).as_posix(): p.read_text("utf-8") for p in spoilt.rglob("*.html")}

    assert {name for name, page in pages.items() if content_policy.find_faults(page)} == set()
    for name in (
        "arbeit/gesamt",
        "kennzahl/arbeitslosenquote",
        "kommunen",
        "angebote",
        "impressum",
    ):
        shown = unescape(re.sub(r"<[^>]*>", "", pages[f"{name}.html"]))
        assert 'onerror="window.ran=1"' in shown, name
        assert "{{ kreis_name }}" in shown, name


#: In brackets, one level of them inside another; data stands in brackets, too, or is hostile.
BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
#: What a figure shows that is no text of the catalogue, as docs/words.md says.
OTHER = re.compile(r"dl-de/by-2-0|[\w.-]*\d[\w.-]*|\b[a-z]+(?:-[a-z]+)+\b")
#: Figures that show what the Kreis itself wrote or asked.
OWN = re.compile(r'id="f-(?:\w+-konzept|stimmen-[\w-]+)"')
WORDS = re.compile(r"[^\W\d_]{3,}")


def test_what_figures_say_comes_from_the_catalogue(spoilt: Path) -> None:
    """A second language of the catalogue reaches every sentence, caption, head and source."""
    page = (spoilt / "arbeit/gesamt.html").read_text("utf-8")
    folders = ("data/konzept/recklinghausen", "data/beteiligung/recklinghausen")
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.yml"))]
    own = {word for file in files for word in WORDS.findall(file.read_text("utf-8"))}
    left = {}
    for figure in re.findall(r'<figure class="kh-figure".*?</figure>', page, re.DOTALL):
        plain = re.sub(
            r'<script.*?</script>|<p class="kh-hinweis-post.*?</p>', " ", figure, flags=re.S
        )
        text = unescape(re.sub(r"<[^>]*>", " ", plain)).replace(EVIL, " ")
        while BRACKETS.search(text):
            text = BRACKETS.sub(" ", text)
        name = figure[: figure.index(">")]
        found = set(WORDS.findall(OTHER.sub(" ", text)))
        left[name] = found - own if OWN.search(name) else found
    assert left
    assert {name: words for name, words in left.items() if words} == {}
