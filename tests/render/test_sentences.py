"""German numbers, and sentences whose words follow the numbers."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from frames import MARL, RE, ROOT, a_break, book, indicator, protected
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import thresholds
from kreisheft.facts.stages import Protected
from kreisheft.findings.comparison_ring import build_ring
from kreisheft.render import sentences

BOOK = book()
QUOTE = indicator(title="Arbeitslosenquote")
NARROW = "\N{NO-BREAK SPACE}"
RULES = thresholds.load(ROOT)


def sentence(*rows: dict, year: int = 2024, words=BOOK, entry=QUOTE) -> str:
    """What is said of these figures, with plain spaces."""
    return sentences.trend(protected(*rows), entry, year, words, RULES).replace(NARROW, " ")


def foreigners(**row: object) -> dict:
    return {"group": "auslaender", **row}


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (14.26, "prozent", "14,3 %"),
        (14.0, "prozent", "14,0 %"),
        (621305.0, "personen", "621.305"),
        (999.0, "personen", "999"),
        (1234567.89, "je_1000", "1.234.567,9 je 1.000"),
        (7.456, "euro_je_qm", "7,46 €/m²"),
        (0.0, "prozent", "0,0 %"),
        (-3.2, "prozent", "−3,2 %"),
    ],
)
def test_numbers_are_written_the_german_way(value: float, unit: str, written: str) -> None:
    assert sentences.number(value, unit, BOOK).replace(NARROW, " ") == written


def test_minus_is_the_minus_sign_and_not_a_hyphen() -> None:
    assert sentences.number(-1.0, "personen", BOOK) == "\u22121"


def test_number_and_unit_stay_on_one_line() -> None:
    assert sentences.number(14.3, "prozent", BOOK) == f"14,3{NARROW}%"


@pytest.mark.parametrize(
    ("value", "written"), [(8.65, "8,7"), (14.25, "14,3"), (0.05, "0,1"), (-3.25, "−3,3")]
)
def test_a_five_is_rounded_up_as_official_tables_do(value: float, written: str) -> None:
    assert sentences.number(value, "prozent", BOOK, suffix=False) == written


@pytest.mark.parametrize("value", [-0.04, -0.0])
def test_nought_has_no_sign(value: float) -> None:
    assert sentences.number(value, "prozent", BOOK, suffix=False) == "0,0"


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["personen", "prozent"]))
def test_a_number_is_written_as_babel_writes_it_in_german(value: Decimal, unit: str) -> None:
    decimals = BOOK.texts["units"][unit]["decimals"]
    exact = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written = format_decimal(exact, format=pattern, locale="de_DE")

    found = sentences.number(float(value), unit, BOOK, suffix=False)

    assert found == written.replace("-", "\N{MINUS SIGN}")


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_written_number_reads_back_within_half_a_digit(value: float) -> None:
    written = sentences.number(value, "prozent", BOOK, suffix=False)
    read = float(written.replace(".", "").replace(",", ".").replace("−", "-"))

    assert abs(read - value) <= 0.05 + 1e-6


@pytest.mark.parametrize(
    ("value", "status", "written"),
    [
        (5.0, "value", "5,0"),
        (0.0, "zero", "0,0"),
        (float("nan"), "hidden", "geheim"),
        (float("nan"), "hidden_below_3", "geheim (1 oder 2)"),
        (float("nan"), "unreliable", "unsicher"),
        (float("nan"), "value", "–"),
    ],
)
def test_a_cell_holds_a_number_or_the_word_for_why_not(value, status, written) -> None:
    assert sentences.cell(value, status, "prozent", BOOK) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024-12-31", "31.12.2024"),
        ("2024", "2024"),
        ("2023-08P12M", "August 2023 bis Juli 2024"),
        ("2023-10P6M", "Oktober 2023 bis März 2024"),
        ("2024-04P6M", "April bis September 2024"),
        ("2024-10P3M", "Oktober bis Dezember 2024"),
        ("2024-01P12M", "Januar bis Dezember 2024"),
        ("2024-03P1M", "März 2024"),
        ("2021-01P36M", "Januar 2021 bis Dezember 2023"),
    ],
)
def test_each_kind_of_period_is_written_the_german_way(text: str, written: str) -> None:
    assert sentences.period(text, BOOK) == written


# --- the course ---------------------------------------------------------------------------------


def course(*figures: float, segment: str = "t1#0", first: int = 2020) -> list[dict]:
    """Foreigners' figures of the years from `first` on."""
    return [foreigners(year=first + i, value=v, segment=segment) for i, v in enumerate(figures)]


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (20.0, 23.5, "gestiegen von 20,0 % (2022)"),
        (29.6, 23.5, "gesunken von 29,6 % (2022)"),
        (23.0, 23.5, "im Rahmen der Unsicherheit unverändert gegenüber 23,0 % (2022)"),
    ],
)
def test_the_word_follows_the_judgement(before: float, now: float, word: str) -> None:
    """A change counts from one point and from a twentieth of the earlier figure on."""
    said = sentence(*course(before, before, now, first=2022))

    assert said == f"Arbeitslosenquote, Ausländerinnen und Ausländer: 23,5 % (2024), {word}."


def test_two_figures_are_no_course() -> None:
    said = sentence(foreigners(year=2023, value=20), foreigners(year=2024, value=30))

    assert said.endswith("nicht bewertbar: es gibt zu wenige Zahlen im Zeitraum.")


def test_a_single_figure_is_compared_with_nothing() -> None:
    assert sentence(foreigners(value=23.5)).endswith(": 23,5 % (2024).")


@given(st.floats(0.1, 99.9), st.floats(0.1, 99.9))
def test_rose_means_more_and_fell_means_less(before: float, now: float) -> None:
    said = sentence(*course(before, before, now, first=2022))
    rose, fell = "gestiegen" in said, "gesunken" in said

    assert now >= before + 0.99 or not rose
    assert now <= before - 0.99 or not fell
    assert rose + fell + ("unverändert" in said) == 1


def test_nothing_is_compared_across_a_break() -> None:
    """30 before the break, 20, 20 and 22 after it: risen from 20, not fallen from 30."""
    words = book(breaks=(a_break(2022, label="Zensus 2022"),))
    said = sentence(
        foreigners(year=2021, value=30, segment="t1#0"),
        *course(20, 20, 22, segment="t1#1", first=2022),
        words=words,
    )

    assert "22,0 % (2024), gestiegen von 20,0 % (2022)." in said
    assert said.endswith(" Mit Werten vor dem Bruch Zensus 2022 wird nicht verglichen.")
    assert "30,0" not in said


def test_nothing_is_compared_across_two_tables() -> None:
    said = sentence(
        foreigners(year=2023, value=30, table="inkar", segment="inkar#0"),
        foreigners(year=2024, value=21),
    )

    assert "nicht bewertbar: ein Bruch oder ein Wechsel der Tabelle" in said
    assert "30,0" not in said


def test_a_hidden_figure_is_not_the_newest() -> None:
    said = sentence(foreigners(year=2023, value=21), foreigners(year=2024, value=None))

    assert ": 21,0 % (2023)." in said


def test_a_number_of_persons_has_a_course() -> None:
    said = sentence(*course(100, 100, 200, first=2022), entry=indicator(unit="personen"))

    assert "200 (2024), gestiegen von 100 (2022)." in said


def test_a_figure_older_than_five_years_says_its_age() -> None:
    row = foreigners(year=2016, value=21)

    assert "8 Jahre älter" in sentence(row, year=2024)
    assert "älter" not in sentence(row, year=2021)


def test_without_the_focus_group_the_sentence_names_the_group_it_speaks_of() -> None:
    assert sentence({"group": "frauen", "value": 7}) == "Arbeitslosenquote, Frauen: 7,0 % (2024)."


# --- gap and ratio ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("focus", "everyone", "gap", "ratio"),
    [
        (29.6, 10.4, "19,2", "2,85"),
        (14.0, 4.8, "9,2", "2,92"),
        (17.8, 6.5, "11,3", "2,74"),
    ],
    ids=["Recklinghausen 2016", "Gütersloh 2016", "Mettmann 2016"],
)
def test_gap_and_ratio_come_together(focus, everyone, gap, ratio) -> None:
    said = sentence(foreigners(value=focus), {"value": everyone})
    base = str(everyone).replace(".", ",")

    assert said.endswith(
        f" Das sind {gap} Prozentpunkte mehr als insgesamt ({base} %), das {ratio}-Fache."
    )


def test_less_is_called_less() -> None:
    """10 of 40: 30 points less, a quarter."""
    said = sentence(foreigners(value=10), {"value": 40})

    assert "30,0 Prozentpunkte weniger als insgesamt (40,0 %), das 0,25-Fache." in said


def test_no_gap_is_no_gap_and_no_ratio() -> None:
    said = sentence(foreigners(value=10.01), {"value": 10.0})

    assert said.endswith(" Das ist derselbe Wert wie insgesamt.")


@pytest.mark.parametrize(
    "other",
    [{"value": None}, {"value": 10.4, "year": 2023}, {"value": 10.4, "group": "frauen"}],
    ids=["hidden", "of another year", "of another group"],
)
def test_without_the_reference_group_there_is_neither_gap_nor_ratio(other: dict) -> None:
    said = sentence(foreigners(value=29.6), other)

    assert "Das sind" not in said
    assert "Fache" not in said


@pytest.mark.parametrize("unit", ["personen", "faelle", "anzahl"])
def test_mere_numbers_have_no_gap(unit: str) -> None:
    entry = indicator(unit=unit)

    assert "Das sind" not in sentence(foreigners(value=88626), {"value": 621305}, entry=entry)


def test_a_gap_to_nothing_has_no_ratio() -> None:
    assert "Fache" not in sentence(foreigners(value=5), {"value": 0})


@pytest.mark.parametrize(
    ("own", "said"),
    [(10.5, "0,5 Prozentpunkte mehr als"), (9.6, "0,4 Prozentpunkte weniger als")],
)
def test_a_gap_of_less_than_one_is_told_with_its_side(own: float, said: str) -> None:
    assert said in sentence(foreigners(value=own), {"value": 10.0})


# --- the other sentences ------------------------------------------------------------------------


def test_the_groups_sentence_names_total_highest_and_lowest() -> None:
    shown = protected(
        {"value": 10.4}, {"group": "frauen", "value": 9.9}, {"group": "auslaender", "value": 29.6}
    )
    said = sentences.groups(shown, QUOTE, BOOK).replace(NARROW, " ")

    assert said == (
        "Arbeitslosenquote (2024): insgesamt 10,4 %; am höchsten Ausländerinnen und Ausländer "
        "(29,6 %), am niedrigsten Frauen (9,9 %)."
    )


def test_the_map_sentence_says_how_many_municipalities_have_a_figure() -> None:
    rows = protected(
        {"ags": MARL, "value": 14.2},
        {"ags": "05562008", "value": None},
        {"ags": "05562012", "value": 9.1},
    )
    names = {MARL: "Marl", "05562008": "Datteln", "05562012": "Gladbeck"}
    said = sentences.municipalities(rows, QUOTE, names, BOOK).replace(NARROW, " ")

    assert said.endswith("von 9,1 % in Gladbeck bis 14,2 % in Marl; 2 von 3 Gemeinden mit Angabe.")


def among(n: int, *missing: str) -> str:
    rows: Protected = protected(
        {"ags": RE, "value": 3}, *({"ags": f"0511{i}", "value": i} for i in range(1, n))
    )
    found = build_ring(rows, RE)
    assert found is not None
    return sentences.place_in_ring(
        found, QUOTE, "Recklinghausen", "Kreise in Hessen", BOOK, RULES, missing
    )


def test_under_five_kreise_the_comparison_is_withheld() -> None:
    said = among(4)

    assert said == (
        "Kein Vergleich: nur 4 Kreise haben eine Angabe; unter fünf wird keiner gezeigt."
    )


def test_from_five_kreise_on_the_kreis_is_placed_in_a_quarter_and_not_ranked() -> None:
    """3 beside 1, 2, 3, 4: median 3, second quarter."""
    said = among(5).replace(NARROW, " ")

    assert "3,0 % in Recklinghausen; Median der 5 Kreise in Hessen 3,0 %" in said
    assert "liegt im zweiten Viertel" in said
    assert "Platz" not in said
    assert "Rang" not in said


def test_peers_without_a_figure_are_named() -> None:
    assert among(5, "Fulda", "Main-Kinzig-Kreis").endswith(
        " Ohne Angabe: Fulda, Main-Kinzig-Kreis."
    )


def test_more_than_three_peers_without_a_figure_are_counted() -> None:
    assert among(5, "a", "b", "c", "d").endswith(" 4 weitere haben keine Angabe.")


def test_a_ring_says_where_the_table_changes_between_two_years() -> None:
    parts = [
        protected({"year": y, "table": t}) for y, t in ((2020, "t1"), (2021, "t1"), (2024, "t2"))
    ]
    found = [one for part in parts if (one := build_ring(part, RE))]

    said = sentences.ring_break(found, BOOK)

    assert said.startswith(" Zwischen 2021 und 2024 wechselt die Tabelle oder die Zählung;")
    assert said.count("Zwischen") == 1
