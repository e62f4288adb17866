"""The page of offers as HTML, its files, and offers beside needs."""

import gzip
import json
import re
from datetime import date
from html import unescape

import pytest
from directories import DAY, KREIS, REPOSITORY, made, many, words

from kreisheft import Chapter
from kreisheft.offers import directory_figures, needs_figures, search_files, vocabulary

LIMIT = 1_000_000


def html(*rows: dict[str, str], day: date = DAY) -> str:
    return directory_figures.build_block(made(*rows), day, KREIS, "recklinghausen").markup


def section(markup: str, ags: str) -> str:
    found = re.search(rf'<section class="kh-ort" id="liste-{ags}">.*?</section>', markup, re.DOTALL)
    assert found
    return found[0]


def test_every_offer_stands_in_the_list_of_its_places() -> None:
    markup = html({"name": "Überall", "ags": "05562"}, {"name": "Hier", "ags": "Marl; Herten"})

    assert "<h4>Überall</h4>" in section(markup, "05562")
    assert "<h4>Hier</h4>" in section(markup, "05562024")
    assert "<h4>Hier</h4>" in section(markup, "05562020")
    assert "<h4>" not in section(markup, "05562032")
    assert markup.count('id="angebot-angebot-1"') == 1


def test_places_stand_in_the_alphabet_behind_the_whole_kreis() -> None:
    found = re.findall(r'<h3 id="ort-\d+">([^<]+)', html({}))

    assert found[0] == "Im ganzen Kreis"
    assert found[1:] == sorted(found[1:])
    assert len(found) == 11


def test_age_is_told_in_words() -> None:
    markup = html(
        {"name": "A", "assured_date": "2026-03-01"}, {"name": "B", "assured_date": "2025-06-01"}
    )

    assert "geprüft am 01.03.2026</p>" in markup
    assert "geprüft am 01.06.2025, bitte vorher nachfragen" in markup


def test_what_was_not_checked_for_a_year_lies_closed_at_the_end() -> None:
    markup = html({"name": "Neu"}, {"name": "Alt", "assured_date": "2025-01-01"})
    _, closed = markup.split('<details class="kh-tabelle kh-alt">')

    assert "<h4>Alt</h4>" in closed
    assert "Seit über einem Jahr nicht geprüft (1)" in closed
    assert "<h4>Neu</h4>" not in closed


def test_nothing_an_offer_says_becomes_markup() -> None:
    evil = '<img src=x onerror=alert(1)> "&'
    markup = html({"name": evil, "description": evil, "organization": evil, "schedule": evil})

    assert "<img" not in markup
    assert unescape(markup).count(evil) >= 4


def test_the_page_says_how_to_add_offers_where_there_are_none() -> None:
    markup = directory_figures.build_block(made(), DAY, KREIS, "recklinghausen").markup

    assert "keine Angebote eingetragen" in markup
    assert "data/angebote/recklinghausen" in markup
    assert 'id="kh-angebote"' not in markup


def test_examples_are_called_invented() -> None:
    told = "sind erfunden"

    assert told in html({"name": "Beispiel", "example": "yes"})
    assert told not in html({"name": "Echt"})


def test_the_form_offers_only_values_that_are_found() -> None:
    markup = html({"languages": "de; uk"})

    assert '<option value="uk">Ukrainisch</option>' in markup
    assert "Türkisch" not in markup


def test_a_translation_stands_in_its_own_language() -> None:
    markup = html({"name_uk": "Приклад"})

    assert '<p lang="uk" dir="auto">Приклад</p>' in markup


def test_the_index_of_5000_offers_is_small() -> None:
    own = many(5000)

    assert len(gzip.compress(search_files.write_script(own.offers, DAY, own), 6)) < LIMIT


def test_the_index_is_one_assignment_and_names_no_internal_mailbox() -> None:
    own = made({"assurer_email": "intern@example.org", "description": "</script>"})
    text = search_files.write_script(own.offers, DAY, own).decode()

    assert text.startswith("window.kreisheftAngebote={")
    assert "intern@" not in text + search_files.write_csv(own.offers, own).decode()
    assert "</script" not in text
    read = json.loads(text.removeprefix("window.kreisheftAngebote=").rstrip(";\n"))
    assert read["data"]["description"] == ["</script>"]


def test_an_edition_has_the_files_of_its_page() -> None:
    from kreisheft.catalogue import params

    settings = params.load(REPOSITORY, "recklinghausen")
    found = search_files.files(REPOSITORY, settings, 2025)

    assert sorted(found) == ["daten/angebote.csv", "daten/angebote.js", "daten/angebote.json"]
    assert len(json.loads(found["daten/angebote.json"])["services"]) == 18
    assert search_files.files(REPOSITORY, params.load(REPOSITORY, "mettmann"), 2025) == {}


def test_every_word_of_the_file_is_used_or_a_column() -> None:
    """A sentence nobody shows would be translated and kept for nothing."""
    own = words().words
    sources = "".join(
        p.read_text("utf-8") for p in (REPOSITORY / "src/kreisheft/offers").rglob("*.py")
    )

    # These are chosen by state or age.
    chosen = {"stale", "amber", "fresh", "age_both", "age_from", "age_to"}

    for part in ("page", "needs", "mail"):
        used = set(re.findall(r"""["'](\w+)["']""", sources)) | chosen
        assert set(own[part]) - used == set()


def test_synonyms_are_single_words_that_stand_in_one_line_only_once() -> None:
    for group in words().words["synonyms"]:
        folded = [vocabulary.fold(w) for w in group]
        assert len(set(folded)) == len(folded)
        assert all(" " not in w for w in group)


# --- beside needs --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return Chapter("angebote", "recklinghausen", 2025, root=REPOSITORY)


def test_the_group_table_has_size_and_offers_of_every_target_group(chapter: Chapter) -> None:
    found, own = needs_figures._select_counted(chapter)
    table = needs_figures.groups(chapter, found, own["needs"]).table

    assert [r[0] for r in table.rows] == [
        chapter.book.target_groups[g]["title"] for g in chapter.params.target_groups
    ]
    ukraine = table.rows[-1]
    assert ukraine[2] == "8.035"
    assert ukraine[4] == "1"


def test_a_field_has_a_row_for_the_kreis_and_each_place(chapter: Chapter) -> None:
    found, own = needs_figures._select_counted(chapter)
    table = needs_figures.by_place(chapter, "arbeit", found, own["needs"]).table

    assert len(table.rows) == 11
    assert "Arbeitslosenquote" in table.heads[1]
    counted = {row[0]: row[table.heads.index("Angebote")] for row in table.rows}
    # The second offer of this field was not checked for more than a year.
    assert {name: n for name, n in counted.items() if n != "0"} == {"Recklinghausen": "1"}


def test_gaps_are_told_field_by_field(chapter: Chapter) -> None:
    offers = made({"field": "sprache", "ags": "Marl"}, {"field": "recht", "ags": "05562"}).offers
    told = needs_figures.describe_gaps(chapter, offers, words().words["needs"])

    assert "Bevölkerung und Zuwanderung: im ganzen Kreis kein Angebot." in told
    (places,) = [t for t in told if t.startswith("Sprache: kein Angebot in")]
    assert "Marl" not in places
    assert "Herten" in places
    assert not [
        t for t in told if t.startswith("Rechtliche Integration") and "kein Angebot in" in t
    ]


def test_the_count_is_never_read_as_quality(chapter: Chapter) -> None:
    assert "sagt nichts über ihre Qualität" in chapter.gaps().markup


def test_without_offers_nothing_is_put_beside_needs() -> None:
    chapter = Chapter("angebote", "mettmann", 2025, root=REPOSITORY)

    assert "keine Angebote eingetragen" in chapter.offers().markup
    assert "nichts gegenüberstellen" in chapter.needs().markup
    assert "nichts gegenüberstellen" in chapter.gaps().markup
