"""Tables as finished text, and their accessible HTML."""

import pytest
from frames import DATTELN, GT, MARL, ME, RE, a_break, book, indicator, protected

from kreisheft.findings.comparison_ring import build_ring
from kreisheft.render import tables
from kreisheft.render.tables import Table, html

BOOK = book()
QUOTE = indicator(title="Quote")
EVIL = "<script>alert('x')</script> & \"y\""


# --- HTML ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["caption", "head", "row head", "cell", "further head"])
def test_markup_in_any_text_is_shown_and_not_run(place: str) -> None:
    def at(name: str) -> str:
        return EVIL if name == place else "x"

    heads, rows = (at("head"), at("further head")), ((at("row head"), at("cell")),)
    made = html(Table(at("caption"), heads, rows))

    assert "<script" not in made
    assert '"y"' not in made
    assert "&lt;script&gt;" in made


def test_heads_and_row_heads_have_their_scope() -> None:
    made = html(Table("c", ("Jahr", "Wert"), (("2023", "1"), ("2024", "2"))))

    assert made.count('<th scope="col"') == 2
    assert made.count('<th scope="row"') == 2
    assert made.count("<td") == 2


def test_numbers_are_right_aligned_and_words_are_not() -> None:
    made = html(Table("c", ("Jahr", "Wert", "Tabelle"), (("2024", "2", "t1"),), words=("Tabelle",)))

    assert '<td class="kh-zahl">2</td><td>t1</td>' in made
    assert '<th scope="col">Tabelle</th>' in made


def test_a_table_scrolls_by_keyboard_and_has_a_name() -> None:
    made = html(Table("Quote im Zeitverlauf", ("Jahr",), (("2024",),)))

    assert made.startswith('<div class="kh-scroll" tabindex="0" role="region"')
    assert 'aria-label="Quote im Zeitverlauf"' in made
    assert "<caption>Quote im Zeitverlauf</caption>" in made


def test_a_row_of_another_length_is_an_error_and_no_shifted_table() -> None:
    with pytest.raises(ValueError, match="zip"):
        html(Table("c", ("Jahr", "Wert"), (("2024",),)))


# --- periods × groups ---------------------------------------------------------------------------


def series(*rows: dict, words=BOOK) -> Table:
    return tables.series(protected(*rows), QUOTE, "c", words)


def test_periods_go_down_and_groups_across() -> None:
    made = series(
        {"year": 2024, "value": 11},
        {"year": 2023, "value": 10},
        {"year": 2024, "value": 22, "group": "auslaender"},
    )

    assert made.heads == (
        "Jahr",
        "insgesamt (Prozent)",
        "Ausländerinnen und Ausländer (Prozent)",
        "Tabelle",
    )
    assert made.rows == (("2023", "10,0", "–", "t1"), ("2024", "11,0", "22,0", "t1"))


def test_a_hidden_figure_is_a_word() -> None:
    made = series({"year": 2023, "value": 10}, {"year": 2024, "value": None})

    assert [row[1] for row in made.rows] == ["10,0", "geheim"]


def test_a_break_is_a_row_of_its_own_before_the_first_year_after_it() -> None:
    words = book(breaks=(a_break(2022, label="Zensus 2022"),))
    made = series(
        {"year": 2021, "value": 10},
        {"year": 2022, "value": 9},
        {"year": 2023, "value": 9},
        words=words,
    )

    assert [row[0] for row in made.rows] == ["2021", "Bruch: Zensus 2022", "2022", "2023"]
    assert set(made.rows[1][1:]) == {""}


def test_a_break_that_the_series_does_not_cross_is_no_row() -> None:
    words = book(breaks=(a_break(2022),))
    made = series({"year": 2022, "value": 9}, {"year": 2023, "value": 9}, words=words)

    assert [row[0] for row in made.rows] == ["2022", "2023"]


def test_a_break_of_another_table_is_no_row() -> None:
    words = book(breaks=(a_break(2022, "t2"),))
    made = series({"year": 2021, "value": 9}, {"year": 2023, "value": 9}, words=words)

    assert [row[0] for row in made.rows] == ["2021", "2023"]


def test_every_row_names_the_table_it_is_from() -> None:
    made = series({"year": 2021, "value": 9, "table": "t2"}, {"year": 2023, "value": 9})

    assert [row[-1] for row in made.rows] == ["t2", "t1"]


# --- groups and regions -------------------------------------------------------------------------


def test_groups_stand_in_the_order_of_the_catalogue_and_not_of_their_values() -> None:
    shown = protected(
        {"group": "maenner", "value": 1},
        {"group": "auslaender", "value": 3},
        {"group": "insgesamt", "value": 2},
    )

    rows = tables.by_group(shown, QUOTE, "c", BOOK).rows

    assert rows == (
        ("insgesamt", "2,0"),
        ("Ausländerinnen und Ausländer", "3,0"),
        ("Männer", "1,0"),
    )


def test_regions_stand_in_the_alphabet_and_not_by_value() -> None:
    names = {RE: "Recklinghausen", GT: "Gütersloh", ME: "Mettmann"}
    shown = protected({"ags": RE, "value": 1}, {"ags": ME, "value": 2}, {"ags": GT, "value": 3})

    rows = tables.by_region(shown, QUOTE, "c", names, "kreis", BOOK).rows

    assert rows == (("Gütersloh", "3,0"), ("Mettmann", "2,0"), ("Recklinghausen", "1,0"))


def test_a_municipality_without_a_figure_keeps_its_row() -> None:
    shown = protected({"ags": MARL, "value": 1}, {"ags": DATTELN, "value": None})
    names = {MARL: "Marl", DATTELN: "Datteln"}

    made = tables.by_region(shown, QUOTE, "c", names, "municipality", BOOK)

    assert made.rows == (("Datteln", "geheim"), ("Marl", "1,0"))


def test_a_ring_is_own_value_number_and_quartiles() -> None:
    rows = [{"ags": f"0511{i}", "value": i} for i in (1, 2, 4, 10)]
    found = build_ring(protected({"ags": RE, "value": 3}, *rows), RE)
    assert found is not None

    made = tables.rings([(QUOTE, found)], "c", "Recklinghausen", BOOK)

    assert made.heads[2] == "Recklinghausen"
    assert [cell.replace("\N{NO-BREAK SPACE}", " ") for cell in made.rows[0]] == [
        "Quote",
        "2024",
        "3,0 %",
        "zweites",
        "5",
        "1,0 %",
        "2,0 %",
        "3,0 %",
        "4,0 %",
        "10,0 %",
    ]


def test_a_title_names_its_group_unless_that_is_everyone() -> None:
    assert tables.title_of_group(QUOTE, "insgesamt", BOOK) == "Quote"
    assert tables.title_of_group(QUOTE, "frauen", BOOK) == "Quote: Frauen"


def test_a_ring_of_another_table_than_the_row_above_says_so() -> None:
    one = build_ring(protected({"ags": RE, "value": 3}), RE)
    other = build_ring(protected({"ags": RE, "value": 3, "year": 2025, "table": "t2"}), RE)
    assert one is not None
    assert other is not None

    made = tables.rings([(QUOTE, one), (QUOTE, other)], "c", "Recklinghausen", BOOK)

    assert [row[1] for row in made.rows] == ["2024", "2025 (andere Tabelle oder Zählung)"]


def test_members_are_listed_by_name_and_one_without_a_figure_says_so() -> None:
    shown = protected({"ags": RE, "value": 3}, {"ags": GT, "value": 9})
    names = {RE: "Recklinghausen", GT: "Gütersloh", ME: "Mettmann"}

    made = tables.by_member(shown, QUOTE, "c", names, BOOK)

    assert made.rows == (("Gütersloh", "9,0"), ("Mettmann", "–"), ("Recklinghausen", "3,0"))


def test_two_years_of_a_member_stand_side_by_side() -> None:
    shown = protected({"year": 2021, "value": 4}, {"year": 2020, "value": 3})

    made = tables.by_member(shown, QUOTE, "c", {RE: "Recklinghausen"}, BOOK)

    assert made.heads[1:] == ("2020 (Prozent)", "2021 (Prozent)")
    assert made.rows == (("Recklinghausen", "3,0", "4,0"),)


def test_the_structure_of_members_names_the_period_of_each_trait() -> None:
    declared = {"dichte": {"title": "Dichte", "unit": "qm"}}
    shown = protected({"indicator": "dichte", "value": 25, "period": "2015-12-31"})

    made = tables.members(shown, declared, "c", {RE: "Recklinghausen"}, BOOK)

    assert made.heads[1].startswith("Dichte, 31.12.2015 (")
    assert made.rows == (("Recklinghausen", "25,0"),)


def test_a_head_says_what_a_reader_may_choose_by_it() -> None:
    made = tables.html(
        Table(
            "Quote",
            ("Jahr", "Frauen (Prozent)", "Tabelle"),
            (("2024", "1,0", "t1"),),
            words=("Tabelle",),
            axes={"Jahr": "jahr"},
            across="gruppe",
            values={"Frauen (Prozent)": "Frauen"},
        )
    )

    assert '<table class="kh-table" data-quer="gruppe">' in made
    assert '<th scope="col" data-achse="jahr">Jahr</th>' in made
    assert '<th scope="col" class="kh-zahl" data-wert="Frauen">Frauen (Prozent)</th>' in made
    assert '<th scope="col">Tabelle</th>' in made


def test_a_table_without_choices_has_no_mark_of_any() -> None:
    assert "data-" not in tables.html(Table("Quote", ("Jahr", "Wert"), (("2024", "1,0"),)))


@pytest.mark.parametrize("place", ["axes", "values", "across"])
def test_markup_in_a_choice_is_no_markup(place: str) -> None:
    evil = '"><script>'
    given = {"across": evil} if place == "across" else {place: {"Jahr": evil}}

    assert "<script" not in tables.html(Table("Quote", ("Jahr", "Wert"), (), **given))


def test_years_and_groups_of_a_series_can_be_chosen() -> None:
    made = tables.series(protected({"value": 1}), indicator(), "Quote", book())

    assert made.axes == {"Jahr": "jahr"}
    assert (made.across, list(made.values.values())) == ("gruppe", ["insgesamt"])


def test_places_groups_and_periods_of_a_table_of_places_can_be_chosen() -> None:
    made = tables.by_place(protected({"value": 1}), indicator(), "Quote", {RE: "Kreis"}, book())

    assert list(made.axes.values()) == ["ort", "gruppe"]
    assert (made.across, list(made.values.values())) == ("jahr", ["2024"])
