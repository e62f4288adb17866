"""The short version: up to three figures per field, and what is promised."""

from html import unescape

import pytest
from frames import ROOT

from kreisheft.catalogue import catalogue
from kreisheft.chapters.chapter import Chapter
from kreisheft.figures import management_summary
from kreisheft.figures.management_summary import FieldPromises


@pytest.fixture(scope="module")
def chapter() -> Chapter:
    return Chapter("managementfassung", "guetersloh", 2016, root=ROOT)


def test_every_field_of_the_book_has_its_section_in_order(chapter: Chapter) -> None:
    markup = unescape(management_summary.block(chapter, {}).markup)
    titles = [catalogue.load(ROOT).fields[f]["title"] for f in chapter.params.fields]

    places = [markup.index(f"<h2>{title}</h2>") for title in titles]
    assert places == sorted(places)


def test_headlines_are_at_most_three_and_none_is_old(chapter: Chapter) -> None:
    for field in chapter.params.fields:
        found = management_summary.headlines(chapter, field)
        ages = [chapter.year - max(own.column("year")) for _, own in found]

        assert len(found) <= 3
        assert all(age <= chapter.thresholds.age for age in ages)


def test_what_has_a_desired_direction_comes_first(chapter: Chapter) -> None:
    for field in chapter.params.fields:
        found = [i.direction == "context" for i, _ in management_summary.headlines(chapter, field)]

        assert found == sorted(found)


def test_a_field_without_a_figure_says_so(chapter: Chapter) -> None:
    assert "keine Zahl, die nicht veraltet ist" in management_summary.block(chapter, {}).markup


def test_without_a_konzept_nothing_is_promised(chapter: Chapter) -> None:
    markup = management_summary.block(chapter, {}).markup

    assert "Ziele und ihr Stand" not in markup
    assert "Entscheidungsbedarf" not in markup


def test_what_is_promised_stands_on_the_page_of_its_field(chapter: Chapter) -> None:
    promised = FieldPromises(
        goals=(("Quote <senken>", "◑ auf dem Weg"),),
        measures=(("Sprechstunde", "läuft"),),
        decisions=("Mittel freigeben",),
    )
    markup = management_summary.block(chapter, {"arbeit": promised}).markup
    title = catalogue.load(ROOT).fields["arbeit"]["title"]
    section = markup.partition(f"<h2>{title}</h2>")[2].partition("<h2>")[0]

    assert '<th scope="row">Quote &lt;senken&gt;</th><td>◑ auf dem Weg</td>' in section
    assert '<th scope="row">Sprechstunde</th><td>läuft</td>' in section
    assert "<h3>Entscheidungsbedarf</h3><ul><li>Mittel freigeben</li></ul>" in section
