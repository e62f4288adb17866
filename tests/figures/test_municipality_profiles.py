"""Profiles of municipalities: every figure there is, in the alphabet, beside the Kreis's."""

import re
from copy import copy
from dataclasses import replace
from functools import cache, lru_cache

import pytest
from frames import MARL, RE, ROOT, protected
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft.catalogue import catalogue
from kreisheft.chapters.chapter import Chapter
from kreisheft.facts import regions
from kreisheft.facts.stages import Protected
from kreisheft.figures import municipality_profiles
from kreisheft.protected import disclosure
from kreisheft.protected.field_values import FieldValues
from kreisheft.render.figure import Figure

GLADBECK, STADT = "05562014", "05562032"
QUOTA, PEOPLE = "mindestsicherungsquote", "bevoelkerung"


def plain(text: str) -> str:
    """Text with plain blanks."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@lru_cache(maxsize=1)
def rows_of(chapter: Chapter) -> list[municipality_profiles.Row]:
    """The rows of every profile of a chapter."""
    return municipality_profiles.rows(chapter, regions.municipalities(ROOT, chapter.params.ags))


def figure_of(chapter: Chapter, ags: str) -> Figure:
    """The profile of one municipality."""
    return municipality_profiles.profile(chapter, ags, regions.name(ROOT, ags), rows_of(chapter))


def row_of(chapter: Chapter, ags: str, title: str) -> list[str]:
    """Period, value and the Kreis's value in the row that begins with `title`."""
    rows = figure_of(chapter, ags).table.rows
    return [plain(cell) for row in rows if row[0] == title for cell in row[1:]]


def told(chapter: Chapter, ags: str) -> str:
    """The sentence of one municipality."""
    return plain(figure_of(chapter, ags).sentence)


@cache
def empty(kreis: str) -> Chapter:
    """The chapter of 2025 before it has read a figure."""
    chapter = Chapter("kommunen", kreis, 2025, root=ROOT)
    assert chapter.passports  # read once for all copies
    return chapter


def with_figures(shown: Protected, kreis: str = "recklinghausen") -> Chapter:
    """The chapter of 2025 with these figures instead of the project's."""
    chapter = copy(empty(kreis))
    figures = Protected(shown.frame.astype({"table": "category"}))
    chapter._read = dict.fromkeys(chapter.book.fields, FieldValues(figures, None, None))
    return chapter


def quota(ags: str, value: float, **changes: object) -> dict[str, object]:
    """A row of the quota of minimum income benefits."""
    row = {"indicator": QUOTA, "ags": ags, "value": value, "table": "22811-05i"}
    return {**row, "concept": "GESAMT", **changes}


# --- the project's own figures ------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return Chapter("kommunen", "recklinghausen", 2025, root=ROOT)


@pytest.mark.parametrize(
    ("ags", "title", "cells"),
    [
        (GLADBECK, "Bevölkerung", ["31.12.2024", "75.499", "621.305"]),
        (STADT, "Bevölkerung", ["31.12.2024", "115.344", "621.305"]),
        (GLADBECK, "Ausländeranteil", ["15.05.2022", "16,7 %", "–"]),
        (STADT, "Ausländeranteil", ["15.05.2022", "14,0 %", "–"]),
        (GLADBECK, "Anteil mit Migrationshintergrund", ["15.05.2022", "24,0 %", "–"]),
        (STADT, "Anteil mit Migrationshintergrund", ["15.05.2022", "23,3 %", "–"]),
    ],
)
def test_known_figures_stand_in_their_profile(
    chapter: Chapter, ags: str, title: str, cells: list[str]
) -> None:
    assert row_of(chapter, ags, title) == cells


def test_the_quota_of_2023_stands_where_nothing_newer_is_known(chapter: Chapter) -> None:
    figures = chapter.values("soziales").protected
    earlier = disclosure.select_rows(figures, figures.frame["year"] <= 2023)

    found = row_of(with_figures(earlier), GLADBECK, "Mindestsicherungsquote")

    assert found[:2] == ["2023", "17,6 %"]


def test_the_sentence_tells_the_leading_figures_with_the_kreis_where_it_may(
    chapter: Chapter,
) -> None:
    text = told(chapter, GLADBECK)

    assert text.startswith(
        "Gladbeck: 75.499 Einwohnerinnen und Einwohner "
        "(31.12.2024; Kreis Recklinghausen: 621.305); Ausländeranteil 16,7 % (15.05.2022); "
    )


def test_the_municipalities_add_up_to_the_kreis_beside_them(chapter: Chapter) -> None:
    """Figures of two tables stand side by side; this is why they may."""
    keys = regions.municipalities(ROOT, RE)
    rows = [row_of(chapter, ags, "Bevölkerung") for ags in keys]

    own = sum(int(value.replace(".", "")) for _, value, _ in rows)

    assert {beside for _, _, beside in rows} == {f"{own:,}".replace(",", ".")}


def test_every_profile_has_the_same_rows(chapter: Chapter) -> None:
    keys = regions.municipalities(ROOT, RE)

    rows = {tuple(row[:2] for row in figure_of(chapter, ags).table.rows) for ags in keys}

    assert len(rows) == 1


def test_every_municipality_has_heading_caption_scopes_and_source(chapter: Chapter) -> None:
    markup = chapter.profiles().markup

    assert re.findall(r"<h3[^>]*>([^<]+)<", markup) == [
        "Castrop-Rauxel",
        "Datteln",
        "Dorsten",
        "Gladbeck",
        "Haltern am See",
        "Herten",
        "Marl",
        "Oer-Erkenschwick",
        "Recklinghausen",
        "Waltrop",
    ]
    for part in ("<caption>", '<th scope="row">Bevölkerung<', "Quelle: ", "zensus2022-gemeinden"):
        assert markup.count(part) == 10


def test_every_jump_leads_to_a_profile(chapter: Chapter) -> None:
    markup = chapter.profiles().markup

    assert re.findall(r'href="#([^"]+)"', markup) == re.findall(r'<h3 id="([^"]+)"', markup)


# --- rules --------------------------------------------------------------------------------------


def test_an_umlaut_does_not_come_after_z() -> None:
    keys = regions.municipalities(ROOT, "05370")
    one = with_figures(protected(*(quota(ags, 10.0) for ags in keys)), "heinsberg")

    names = re.findall(r"<h3[^>]*>([^<]+)<", one.profiles().markup)

    assert names[5:8] == ["Selfkant", "Übach-Palenberg", "Waldfeucht"]


@given(st.lists(st.floats(0, 99), min_size=10, max_size=10))
@settings(max_examples=5, deadline=None)
def test_values_never_decide_the_order(values: list[float]) -> None:
    keys = regions.municipalities(ROOT, RE)
    shown = protected(*(quota(a, v) for a, v in zip(keys, values, strict=True)))

    names = re.findall(r"<h3[^>]*>([^<]+)<", with_figures(shown).profiles().markup)

    assert names == sorted(names)


def test_a_hidden_figure_says_so_and_is_not_told() -> None:
    hidden = quota(MARL, float("nan"), status="hidden")
    one = with_figures(protected(quota(GLADBECK, 17.0), hidden, quota(RE, 13.0)))

    assert row_of(one, MARL, "Mindestsicherungsquote") == ["2024", "geheim", "13,0 %"]
    assert told(one, MARL) == ""


def test_where_all_are_hidden_the_row_stays() -> None:
    both = [quota(ags, float("nan"), status="hidden") for ags in (MARL, GLADBECK)]
    one = with_figures(protected(*both))

    assert row_of(one, MARL, "Mindestsicherungsquote") == ["2024", "geheim", "–"]


def test_a_municipality_without_a_row_has_a_dash() -> None:
    one = with_figures(protected(quota(GLADBECK, 17.0), quota(RE, 13.0)))

    assert row_of(one, MARL, "Mindestsicherungsquote") == ["2024", "–", "–"]


@pytest.mark.parametrize(
    "changes", [{"year": 2023}, {"concept": "AZR"}], ids=["another period", "another concept"]
)
def test_the_kreis_stands_beside_nothing_that_is_counted_otherwise(
    changes: dict[str, object],
) -> None:
    one = with_figures(protected(quota(MARL, 14.0), quota(RE, 13.0, **changes)))

    assert row_of(one, MARL, "Mindestsicherungsquote") == ["2024", "14,0 %", "–"]


def test_an_old_figure_says_its_age_and_leads_nowhere() -> None:
    one = with_figures(protected(quota(MARL, 14.0, year=2019)))

    assert row_of(one, MARL, "Mindestsicherungsquote")[0] == "2019 (älter als fünf Jahre)"
    assert told(one, MARL) == ""


def test_a_figure_of_limited_reliability_is_marked() -> None:
    one = with_figures(protected(quota(MARL, 14.0, status="limited")))

    assert row_of(one, MARL, "Mindestsicherungsquote")[1] == "14,0 % (unsicher)"


def test_the_source_names_no_table_of_another_municipality() -> None:
    people = {"indicator": PEOPLE, "ags": GLADBECK, "table": "12411-15i", "concept": "GESAMT"}
    one = with_figures(protected(quota(MARL, 14.0), people))

    source = figure_of(one, MARL).source

    assert "22811-05i" in source
    assert "12411-15i" not in source


@pytest.mark.parametrize("kreis", ["kassel", "bochum"])
def test_a_kreis_without_municipalities_gets_a_note(kreis: str) -> None:
    """Outside Nordrhein-Westfalen there are none, and a kreisfreie Stadt is its own."""
    made = with_figures(protected(quota("05911000", 14.0)), kreis).profiles()

    assert made.markup.startswith('<p class="kh-leer">')
    assert "keine Profile von Gemeinden" in made.text


def test_every_leading_figure_is_an_indicator() -> None:
    book = catalogue.load(ROOT)

    assert set(book.texts["municipalities"]["leading"]) <= set(book.indicators)


def test_fields_that_the_book_leaves_out_are_left_out() -> None:
    one = with_figures(protected(quota(MARL, 14.0)))
    one.params = replace(one.params, fields=("bevoelkerung",))

    assert municipality_profiles.rows(one, [MARL]) == []
