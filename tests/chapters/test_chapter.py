"""One chapter in hand, on the project's own figures."""

import html
import re
from types import SimpleNamespace

import pytest
from frames import MARL, RE, ROOT, book, indicator

from kreisheft.catalogue.catalogue import Template
from kreisheft.chapters.chapter import Chapter
from kreisheft.core.errors import UsageError
from kreisheft.figures import comparison, overview_figures
from kreisheft.render import sentences
from kreisheft.render.figure import Block, Figure

NARROW = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def work() -> Chapter:
    return Chapter("arbeit", "recklinghausen", 2025, root=ROOT)


@pytest.fixture(scope="module")
def people() -> Chapter:
    return Chapter("bevoelkerung", "recklinghausen", 2024, root=ROOT)


# --- wrong names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("arbeiten", "recklinghausen", 2024),
            r"field 'arbeiten'\. Did you mean 'arbeit'\? Valid: bevoelkerung, recht",
        ),
        (
            ("arbeit", "reklinghausen", 2024),
            r"Kreis 'reklinghausen'\. Did you mean 'recklinghausen'\? Valid: ",
        ),
        (("arbeit", "recklinghausen", 2023), r"2023\. Valid: 2016, 2020, 2024, 2025"),
        (("arbeit", "recklinghausen", 2024, "alle"), r"group 'alle'\. Valid: gesamt, eing"),
        (("arbeit", "recklinghausen", "2024"), r"year must be a whole number, not '2024'"),
        (("arbeit", "recklinghausen", True), r"year must be a whole number, not True"),
    ],
    ids=["field", "Kreis", "year", "target group", "year as text", "year as bool"],
)
def test_a_wrong_name_lists_the_valid_ones(arguments, said) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        Chapter(*arguments, root=ROOT)

    assert caught.value.exit_code == 2


def test_an_unknown_indicator_lists_the_valid_ones(work: Chapter) -> None:
    with pytest.raises(UsageError, match=r"'quote'\. Valid: .*arbeitslosenquote"):
        work.trend("quote")


# --- figures ------------------------------------------------------------------------------------


def test_the_trend_of_unemployment_says_the_official_figures(work: Chapter) -> None:
    """23.5 by 8.7: 14.8 points, 2.70 times."""
    made = work.trend("arbeitslosenquote")
    said = made.sentence.replace(NARROW, " ")

    assert (
        "Ausländerinnen und Ausländer: 23,5 % (2025). Die Entwicklung ist nicht bewertbar" in said
    )
    assert "14,8 Prozentpunkte mehr als insgesamt (8,7 %), das 2,70-Fache" in said


def test_the_table_of_a_trend_has_the_same_figures_as_its_chart(work: Chapter) -> None:
    made = work.trend("arbeitslosenquote")
    assert made.spec is not None
    drawn = {
        (str(row["j"]), sentences.number(row["w"], "prozent", work.book, suffix=False))
        for rows in made.spec["datasets"].values()
        for row in rows
        if row.get("g") == "insgesamt"
    }
    column = made.table.heads.index("insgesamt (Prozent)")
    words = {"–", "", *work.book.texts["status"].values()}
    printed = {(row[0], row[column]) for row in made.table.rows if row[column] not in words}

    assert drawn == printed


def test_groups_name_everyone_and_the_newest_year(people: Chapter) -> None:
    made = people.groups("auslaenderanteil")

    assert isinstance(made, Figure)
    assert "14,3" in made.sentence
    assert "31.12.2024" in made.sentence


def test_the_map_has_the_ten_municipalities(people: Chapter) -> None:
    made = people.municipalities("auslaenderanteil")

    assert len(made.table.rows) == 10
    assert [row[0] for row in made.table.rows] == sorted(row[0] for row in made.table.rows)


def test_the_comparison_is_of_all_kreise_of_the_land(work: Chapter) -> None:
    made = work.comparison("arbeitslosenquote")

    assert len(made.table.rows) == 53
    assert "Median der 53 Kreise und kreisfreien Städte in Nordrhein-Westfalen" in made.sentence


def test_every_figure_names_its_source_with_table_and_stand(work: Chapter) -> None:
    made = work.trend("arbeitslosenquote")

    assert made.source.startswith("Quelle: ")
    assert "13211-02-05-4, Stand 26.02.2026" in made.source


def test_a_computed_figure_says_that_it_is_computed(people: Chapter) -> None:
    assert "eigene Berechnung" in people.trend("anteil_minderjaehrige").source


def test_a_figure_that_a_target_group_does_not_have_is_a_sentence() -> None:
    chapter = Chapter("arbeit", "recklinghausen", 2025, "ukraine", root=ROOT)
    made = chapter.trend("arbeitslosenquote")

    assert isinstance(made, Block)
    assert "Arbeitslosenquote" in made.text
    assert not re.search(r"\d,\d", made.text)


def test_a_report_year_knows_nothing_of_later_years() -> None:
    chapter = Chapter("arbeit", "recklinghausen", 2016, root=ROOT)

    own = [chapter.own(indicator) for indicator in chapter.indicators]
    assert max(one.frame["year"].max() for one in own if len(one.frame)) == 2016
    assert "29,6" in chapter.trend("arbeitslosenquote").sentence


def test_figures_of_a_chapter_are_protected(people: Chapter) -> None:
    for entry in people.indicators:
        frame = people.own(entry).frame

        assert "numerator" not in frame.columns
        assert frame.loc[frame["status"] == "hidden", "value"].isna().all()


def test_ids_within_a_chapter_are_unique(work: Chapter) -> None:
    made = [
        work.trend("arbeitslosenquote"),
        work.groups("arbeitslosenquote"),
        work.comparison("arbeitslosenquote"),
        work.trend("arbeitslose"),
    ]

    assert len({figure.id for figure in made}) == len(made)


def test_two_chapters_of_the_same_book_give_the_same_bytes(
    work: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KREISHEFT_BOOK", "1")
    again = Chapter("arbeit", "recklinghausen", 2025, root=ROOT)

    assert again.trend("arbeitslosenquote").html() == work.trend("arbeitslosenquote").html()


# --- pages --------------------------------------------------------------------------------------


def test_the_box_names_kreis_year_and_target_group(work: Chapter) -> None:
    made = work.intro()

    assert "Kreis Recklinghausen · Berichtsjahr 2025" in made.markup
    assert "Zielgruppe: Gesamtbevölkerung" in made.markup


def test_the_overview_has_gap_and_ratio_together_or_neither(work: Chapter) -> None:
    made = work.overview()
    columns = work.book.texts["columns"]
    gap, ratio = (made.table.heads.index(columns[key]) for key in ("gap", "ratio"))

    assert [row for row in made.table.rows if (row[gap] == "–") != (row[ratio] == "–")] == []
    assert [row[ratio] for row in made.table.rows if row[0].startswith("Arbeitslosenquote")] == [
        "2,70"
    ]


def test_definitions_name_every_indicator_of_the_field(work: Chapter) -> None:
    made = html.unescape(work.about().markup)

    assert [i.title for i in work.indicators if f"{i.title} ({i.code})" not in made] == []


def test_a_field_without_figures_says_who_could_deliver_them() -> None:
    made = Chapter("diskriminierung", "recklinghausen", 2025, root=ROOT).unknown()

    assert "Warum es keine Zahl gibt und wer sie liefern könnte" in made.markup


def test_a_gap_that_has_a_template_is_named_first() -> None:
    """The first entry without a figure names an office that does not deliver; the second does."""
    entries = {
        "a": indicator(id="a", missing="Nur für Länder."),
        "b": indicator(id="b", missing="Der Kreis.", template=Template("arbeit.csv", ("x",))),
    }
    words = book(indicators=entries)

    assert overview_figures._fill_hint(SimpleNamespace(book=words), "arbeit") == "Der Kreis"  # type: ignore[arg-type]
    none = book(indicators={})
    assert "Lieferung" in overview_figures._fill_hint(SimpleNamespace(book=none), "arbeit")  # type: ignore[arg-type]


def test_names_are_those_of_the_region_file(work: Chapter) -> None:
    assert work.names([RE, MARL]) == {RE: "Recklinghausen", MARL: "Marl"}


def test_the_peers_are_of_the_same_table_period_and_group(work: Chapter) -> None:
    frame = comparison.rows(work, work.book.indicator("arbeitslosenquote")).frame

    assert len(frame[["group", "period", "table"]].drop_duplicates()) == 1


def test_an_indicator_of_another_field_is_refused_and_the_own_ones_listed(work: Chapter) -> None:
    with pytest.raises(UsageError, match="unknown indicator of arbeit 'auslaenderanteil'"):
        work.trend("auslaenderanteil")
