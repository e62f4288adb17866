"""Figures with a place, of real figures: which regions, in which order, with which sources."""

import pytest
from frames import ROOT

from kreisheft.chapters.chapter import Chapter
from kreisheft.render.figure import Block, Figure


@pytest.fixture(scope="module")
def people() -> Chapter:
    return Chapter("bevoelkerung", "recklinghausen", 2024, "gesamt", root=ROOT)


@pytest.fixture(scope="module")
def work() -> Chapter:
    return Chapter("arbeit", "recklinghausen", 2024, "gesamt", root=ROOT)


def test_a_map_of_municipalities_leads_to_their_profiles(people: Chapter) -> None:
    made = people.municipalities("auslaenderanteil")

    assert isinstance(made, Figure)
    assert made.drawing.count('href="../kommunen.html#gemeinde-05562') == 10
    assert "BKG" in made.source


def test_a_map_of_kreise_has_all_of_the_land_and_marks_the_own_one(work: Chapter) -> None:
    made = work.kreise("arbeitslosenquote")

    assert isinstance(made, Figure)
    assert len(made.table.rows) == 53
    assert made.drawing.count("<path class=") == 53
    assert made.drawing.count("kh-eigen") == 1
    assert [row[0] for row in made.table.rows] == sorted(row[0] for row in made.table.rows)


def test_a_map_without_figures_is_a_sentence() -> None:
    early = Chapter("arbeit", "recklinghausen", 2016, "ukraine", root=ROOT)

    assert isinstance(early.kreise("arbeitslosenquote"), Block)


def test_small_multiples_show_the_municipalities_in_the_alphabet(people: Chapter) -> None:
    made = people.side_by_side("bevoelkerung")

    assert isinstance(made, Figure)
    assert made.drawing.count('role="img"') == 10
    assert made.drawing.index("Castrop-Rauxel") < made.drawing.index("Waltrop")
    assert "Gestrichelt" in made.sentence


def test_small_multiples_of_groups_are_those_of_the_kreis(work: Chapter) -> None:
    made = work.side_by_side("arbeitslosenquote", groups=True)

    assert isinstance(made, Figure)
    assert made.id == "f-arbeitslosenquote-tafeln-gruppen"
    assert "Ausländerinnen und Ausländer" in made.drawing


def test_one_series_alone_is_no_comparison(people: Chapter) -> None:
    assert isinstance(people.side_by_side("anteil_migrationshintergrund"), Block)


def test_no_script_is_needed_for_a_map(people: Chapter) -> None:
    html = people.municipalities("auslaenderanteil").html()

    assert 'class="kh-chart kh-fest"' in html
    assert "<script" not in html
