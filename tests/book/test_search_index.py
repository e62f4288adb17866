"""The index of the search: one spelling, every visible word, nothing that is not shown."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kreisheft.book import search_index

PAGE = """<nav><a>Seitenleiste</a></nav><article class="bd-article">
<nav class="kh-gruppen">Gruppenwahl</nav><section><h1>Frühe Bildung<a class="headerlink">#</a></h1>
<p>Ein <em>Kinder</em>garten.</p>
<table><tr><td>Krippe</td><td>Hort</td><td>1.234</td></tr></table>
<script type="application/json" data-for="chart-0">{"a":"Verborgenes"}</script>
</section></article><p>Fusszeile</p>"""


def indexed(*pages: str) -> dict[str, object]:
    made = {
        "docnames": [f"s{i}" for i in range(len(pages))],
        "alltitles": {"A <b> & C": [[0, None]]},
        "terms": {"alt": 0},
        "titleterms": {},
        "indexentries": {"x": [0]},
    }
    text = f"Search.setIndex({json.dumps(made)})"
    known = {f"s{i}": page for i, page in enumerate(pages)}
    found = search_index.index(
        text, {name: search_index.words(page) for name, page in known.items()}
    )
    return dict(json.loads(found[len("Search.setIndex(") : -1]))


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        (("Einbürgerung", "Einbuergerung", "EINBURGERUNGEN", "Einbu\u0308rgerung"), "einburger"),
        (("Straße", "Strasse", "strassen"), "strass"),
        (("Ausländerin", "Auslaenderin"), "auslanderin"),
        (("Öffnung", "Oeffnung", "offnung"), "offnung"),
    ],
)
def test_all_spellings_have_one_stem(words: tuple[str, ...], stem: str) -> None:
    assert {search_index.stem(word) for word in words} == {search_index.stem(words[0])}
    assert search_index.fold(words[0]).startswith(stem[:5])


@given(st.text(max_size=20))
@example("ÜE")
def test_what_is_folded_stays_as_it_is_when_umlauts_are_spelled_out(word: str) -> None:
    spelled = word.lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(umlaut, letters)

    assert search_index.fold(spelled) == search_index.fold(word)


def test_headings_and_other_words_are_apart() -> None:
    titles, others = search_index.words(PAGE)

    assert titles == {search_index.stem("frühe"), search_index.stem("bildung")}
    assert others == {search_index.stem(word) for word in ("Kindergarten", "Krippe", "Hort")}


def test_a_word_of_the_index_leads_to_its_pages_in_order() -> None:
    found = indexed(PAGE, '<article class="bd-article"><p>Krippe</p></article>')

    assert found["terms"][search_index.stem("Krippe")] == [0, 1]  # type: ignore[index]
    assert found["terms"][search_index.stem("Hort")] == 0  # type: ignore[index]


def test_nothing_that_is_not_shown_is_in_the_index() -> None:
    found = indexed(PAGE)
    words = {*found["terms"], *found["titleterms"]}  # type: ignore[misc]

    hidden = ("Verborgenes", "Seitenleiste", "Gruppenwahl", "Fusszeile", "alt", "x")
    assert words.isdisjoint(search_index.stem(word) for word in hidden)
    assert not [word for word in words if word.isdigit()]
    assert found["indexentries"] == {}


def test_a_title_goes_into_the_list_of_hits_as_text() -> None:
    assert indexed(PAGE)["alltitles"] == {"A &lt;b&gt; &amp; C": [[0, None]]}


def test_threads_stem_without_disturbing_each_other() -> None:
    # Past the memory of words that were stemmed before.
    stem = search_index.stem.__wrapped__
    words = ["Einbürgerungen", "Zuwanderungen", "Beschäftigungsquoten", "Schulabschlüsse"] * 500
    alone = [stem(word) for word in words]

    with ThreadPoolExecutor(4) as pool:
        found = [list(part) for part in pool.map(lambda _: [stem(w) for w in words], range(8))]

    assert found == [alone] * 8
