from pathlib import Path

import pytest
from layouts import found

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import classic
from kreisheft.deliveries.readers.table import Table

OFFICIAL = Path(__file__).parents[1] / "official"
TEXT = (OFFICIAL / "classic.csv").read_text(encoding="utf-8")
FOOTER = "__________\nStand: 01.02.2025 / 10:00:00\n"


def read(text: str, encoding: str = "utf-8") -> Table:
    return classic.read(text.encode(encoding), "x.csv")


def small(*lines: str) -> str:
    """A table with this preamble, header and data."""
    return "\n".join(["Tabelle: 99999-02-01-4", *lines, FOOTER])


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["Tabelle: 1", "GENESIS-Tabelle: 1", "\ufeffTabelle: 1;;;"])
def test_it_is_recognised_by_its_first_line(first: str) -> None:
    assert classic.recognises(first.encode())


@pytest.mark.parametrize("first", ["Table: 1", "statistics_code;", "PK\x03\x04", ""])
def test_other_files_are_not_recognised(first: str) -> None:
    assert not classic.recognises(first.encode())


def test_number_title_stand_and_licence_year_come_from_the_file() -> None:
    table = read(TEXT)

    assert (table.number, table.stand, table.licence_year) == ("99999-01-01-4", "2025-02-26", 2025)
    assert table.title.startswith("Erfundene Tabelle für Tests, - Jahresdurchschnitt -")


def test_the_notes_are_the_text_below_the_line() -> None:
    assert read(TEXT).notes.startswith('"zu ""gesamte Tabelle"":')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_does_not_matter(encoding: str) -> None:
    assert found(read(TEXT, encoding)) == found(read(TEXT))


def test_line_ends_do_not_matter() -> None:
    assert found(read(TEXT.replace("\n", "\r\n"))) == found(read(TEXT))


def test_a_table_that_was_saved_with_equal_widths_is_read() -> None:
    saved = TEXT.replace("99999-01-01-4", "99999-01-01-4;;;;;").replace("_\n", "_;;;;;\n")
    saved = saved.replace("15:28:28", "15:28:28;;;;;")

    assert read(saved).number == "99999-01-01-4"
    assert found(read(saved)) == found(read(TEXT))


def test_an_english_delivery_says_created() -> None:
    assert read(TEXT.replace("Stand: 26.02.2025", "created: 2025-02-26")).stand == "2025-02-26"


def test_an_english_decimal_point_becomes_a_comma() -> None:
    english = TEXT.replace("Stand: 26.02.2025", "created: 2025-02-26").replace("14,0", "14.0")

    assert found(read(english)) == found(read(TEXT))


def test_a_point_in_a_german_delivery_stays() -> None:
    table = read(TEXT.replace("14,0", "1.400"))

    assert "1.400" in found(table).values()


# --- header and values --------------------------------------------------------------------------


def test_a_header_is_its_whole_stack_without_empty_levels() -> None:
    assert read(TEXT).headers == (
        "Arbeitslose / Anzahl",
        "Arbeitslose / ausländisch / Anzahl",
        "Quote; bezogen auf alle / Prozent",
    )


def test_a_column_is_named_by_its_number() -> None:
    assert [head.name for head in read(TEXT).heads] == ["4", "5", "6"]


def test_cells_stay_text() -> None:
    cells = found(read(TEXT))

    assert cells["05562", "2024", "Quote; bezogen auf alle / Prozent"] == "14,0"
    assert cells["05158", "2024", "Quote; bezogen auf alle / Prozent"] == "."


def test_footer_lines_that_look_like_data_are_no_data() -> None:
    assert read(TEXT).cells == 10 * 3


def test_rows_have_the_line_numbers_of_the_file() -> None:
    assert list(read(TEXT).rows["line"]) == list(range(8, 18))


def test_columns_with_the_same_header_are_all_kept() -> None:
    table = read(small("Titel;;;;", "2024;;;;", ";;SGB II;Alle;SGB II", "05;NRW;5;9;5"))

    assert [head.header for head in table.heads] == ["SGB II", "Alle", "SGB II"]
    assert table.texts.iloc[0].tolist() == ["5", "9", "5"]


def test_a_table_of_one_measure_may_have_no_header_but_the_time() -> None:
    table = read(small("Quote (Prozent);;", ";;Jahr", ";;2023", "05;NRW;11,1"))

    assert found(table) == {("05", "2023", ""): "11,1"}


def test_quotes_within_titles_labels_and_names_are_kept() -> None:
    text = small(
        '"""Soziales"" Themenbereich";;;',
        "Zensus 2011;;;",
        '2024;;;;"ohne ""alles"""',
        ';;;"A; B";davon "C"',
        '05;"Land; ""NRW""";Art "x";1;2',
    ).replace("2024;;;;", "2024;;;;\n;;;;")

    table = read(text)

    assert table.title == '"Soziales" Themenbereich Zensus 2011'
    assert table.headers == ("A; B", 'ohne "alles" / davon "C"')
    assert table.names == {"05": 'Land; "NRW"'}
    assert set(table.rows["k1"]) == {'Art "x"'}


# --- time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("2018", "2018"),
        ("31.12.2015", "2015-12-31"),
        ("Jahr: 2018", "2018"),
        ("Stichtag: 09.05.2011", "2011-05-09"),
        ("Reference date: 2024-12-31", "2024-12-31"),
    ],
)
def test_time_in_the_preamble(line: str, period: str) -> None:
    table = read(small("Titel;;", f"{line};;", ";;Personen", "05;NRW;1"))

    assert (set(table.rows["period"]), table.title) == ({period}, "Titel")


@pytest.mark.parametrize(
    ("printed", "period"),
    [("2016", "2016"), ("31.12.2015", "2015-12-31"), ("2024-12-31", "2024-12-31")],
)
def test_time_in_the_first_column(printed: str, period: str) -> None:
    table = read(small("Titel;;;", ";;;Personen", f"{printed};05;NRW;1"))

    assert found(table) == {("05", period, "Personen"): "1"}


def test_years_may_stand_in_any_order() -> None:
    table = read(small("Titel;;;", ";;;Personen", "2016;05;NRW;1", "2015;05;NRW;2"))

    assert found(table)["05", "2015", "Personen"] == "2"


def test_time_in_a_header_row() -> None:
    table = read(
        small("Titel;;;", ";;31.12.2015;31.12.2014", ";;männlich;männlich", "DG;Deutschland;4;3")
    )

    assert found(table)["DG", "2014-12-31", "männlich"] == "3"


def test_a_year_beside_labels_is_a_label() -> None:
    table = read(small("Titel;;;", "2024;;;", ";;2011;danach", "05;NRW;4;3"))

    assert table.headers == ("2011", "danach")


def test_a_year_that_ends_a_title_is_no_time() -> None:
    table = read(small("Ergebnisse des Zensus;;;", "2011;;;", "Zensus;;;", ";;;x", "2015;05;NRW;1"))

    assert set(table.rows["period"]) == {"2015"}


# --- regions and classifiers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "ags"),
    [
        ("DG", "DG"),
        ("051", "051"),
        ("05562014", "05562014"),
        ("0315140", "0315140"),
        ("03151401002", "03151401002"),
        ("055620014014", "05562014"),
        ("JH05158004", "JH05158004"),
    ],
)
def test_keys_of_all_levels(printed: str, ags: str) -> None:
    table = read(small("Titel;;", "2024;;", ";;Personen", f"{printed};    Name, Stadt;1"))

    assert table.names == {ags: "Name, Stadt"}


def test_without_keys_the_name_is_the_key() -> None:
    table = read(
        small("Titel;;", ";;Personen", "2024;  Gladbeck, Stadt;1", "2024;    Marl,  Stadt;2")
    )

    assert found(table) == {
        ("Gladbeck, Stadt", "2024", "Personen"): "1",
        ("Marl, Stadt", "2024", "Personen"): "2",
    }
    assert table.names["Marl, Stadt"] == "Marl, Stadt"


def test_without_keys_there_may_be_classifiers() -> None:
    table = read(small("Titel;;;", "2024;;;", ";;Personen", "Marl;121;7", "Marl;122;8"))

    assert found(table)["Marl", "2024", "Personen", "122"] == "8"


def test_keys_may_stand_without_names() -> None:
    table = read(small("Titel;", "2024;", ";Personen", "05;7"))

    assert found(table) == {("05", "2024", "Personen"): "7"}
    assert table.names == {}


def test_classifiers_are_columns_without_indentation() -> None:
    table = read(
        small(
            "Titel;;;;;",
            ";;;;;Personen",
            "2024;05;NRW;121;  Albanien;1",
            "2024;05;NRW;122;  Bosnien  und Herzegowina;2",
        )
    )

    assert table.classifiers == ("k1", "k2")
    assert list(table.rows["k2"]) == ["Albanien", "Bosnien und Herzegowina"]


# --- what is refused ----------------------------------------------------------------------------

DATA = "2024;05562;    Recklinghausen, Kreis;120;40;14,0\n"
HEADER = ";;;;ausländisch;\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT[: TEXT.index("__________")], "ends without a footer"),
        (TEXT[: TEXT.index("Dieses Werk")], "row 18: the footer does not end with 'Stand"),
        (TEXT[:-3], "the footer does not end with 'Stand"),
        (TEXT.replace('__________\n"', "__________\n"), "the footer does not end with"),
        (TEXT.replace("__________", "__________x"), "row 18: '__________x' is no end"),
        (TEXT + TEXT, "row 43: a second footer"),
        ("<!DOCTYPE html><html>Fehler</html>", "web page"),
        ("", "empty"),
        ("a;b;c\n1;2;3\n", "expected 'Tabelle: <number>'"),
        (small("Titel;;", ";;Personen"), "no data rows"),
        (small("Titel;;"), "no data rows"),
        (TEXT.replace(";;;Arbeitslose", "x;y;z;Arbeitslose"), "row 5: is neither a title"),
        (TEXT.replace("- Jahresd", "Tabelle: 1\nx"), "row 3: is neither a title"),
        (TEXT.replace("120;40;14,0", "120;40"), "row 10: has 5 fields, expected 6"),
        (TEXT.replace("120;40;14,0", "120;40;14,0;"), "row 10: has 7 fields, expected 6"),
        (TEXT.replace(HEADER, ";;;;ausländisch\n"), "row 6: has 5 fields, expected 6"),
        (TEXT.replace(DATA, DATA + "\n"), "row 11: has no region: a header row or a blank row"),
        (TEXT.replace(DATA, DATA + HEADER), "row 11: has no region: a header row"),
        (TEXT.replace(HEADER, HEADER * 2), "row 7: repeats the header row 6"),
        (TEXT.replace(DATA, DATA * 2), "row 11: is a second row for '2024 05562', after row 10"),
        (TEXT.replace(DATA, ""), "has 9 rows, but 2 periods × 5 regions .* for 05562 2024"),
        (TEXT.replace("05562", "0556"), "row 10: '0556' is no region key"),
        (TEXT.replace("05562", ""), "row 10: has no region"),
        (TEXT.replace("2024;05562", "2O24;05562"), "row 10: '2O24' is no time"),
        (TEXT.replace("120;40", '12"0;40'), "row 10: is not CSV"),
        (TEXT.replace(";ausländisch", ';"ausländisch'), "row 6: is not CSV"),
        (TEXT.replace("120;40", "12\x000;40"), "row 10: holds the control character"),
        (TEXT.replace("120;40", "12\r0;40"), "row 10: holds the control character"),
        (TEXT.replace("Gütersloh", "GÃ¼tersloh"), "row 11: was read in a wrong encoding"),
        (TEXT.replace("Gütersloh", "G\ufffdtersloh"), "row 11: has lost characters"),
        (small("Titel;;", ";;Personen", "05;NRW;1"), "says no day or year"),
        (small("T;;", "Schuljahr: 2015/16;;", ";;P", "05;NRW;1"), "says no day or year"),
        (small("T;;", "2024;;", ";;2023", ";;P", "05;NRW;1"), "times in several places"),
        (small("T;;", ";;2024", ";;2023", "05;NRW;1"), "two header rows that hold nothing but"),
        (small("T;;", ";;;P", "WS 2023/24;05562;RE;1"), "column 2: region keys stand here"),
    ],
)
def test_a_broken_file_says_where_and_what(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        read(text)

    assert all(problem.next for problem in error.value.problems)


def test_utf_16_is_named() -> None:
    with pytest.raises(DataError, match="is UTF-16 text"):
        classic.read(TEXT.encode("utf-16"), "x.csv")


def test_all_problems_of_a_file_come_together() -> None:
    text = TEXT.replace("2024;05562", "2024;0556").replace("2023;05754", "2o23;05754")

    with pytest.raises(DataError) as error:
        read(text)

    assert [str(p).split("\n")[0] for p in error.value.problems] == [
        "x.csv, row 10: '0556' is no region key",
        "x.csv, row 16: '2o23' is no time",
    ]


# --- a table that is already split --------------------------------------------------------------

ROWS = [
    ["Titel", "", "", ""],
    ["Jahr: 2019", "", "", ""],
    ["", "", "", "Zuzüge"],
    ["05562", "Recklinghausen", "unter 18 Jahre", "3914"],
    ["05562", "Recklinghausen", "Insgesamt", "22965"],
]


def parse(rows: list[list[str]]) -> Table:
    footer = "Hinweis\nVersion 2.0. | Stand: 10.11.2023 / 14:22:24"
    return classic.parse(
        rows,
        range(1, len(rows) + 1),
        "12711-04-02-4",
        "x.xlsx",
        footer,
        format="genesis_workbook",
        places=list("ABCD"),
    )


def test_a_split_table_is_read_like_a_file() -> None:
    table = parse(ROWS)

    assert found(table)["05562", "2019", "Zuzüge", "Insgesamt"] == "22965"
    assert (table.number, table.stand) == ("12711-04-02-4", "2023-11-10")
    assert (table.format, table.heads[0].name) == ("genesis_workbook", "D")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS[:3], "no data rows"),
        (ROWS[:2], "no data rows"),
        ([*ROWS, []], "row 6: has 0 fields, expected 4"),
        ([*ROWS, ["", "", "", ""]], "row 6: has no region"),
        ([["Titel", "x"], *ROWS[1:]], "row 1: is neither a title"),
    ],
)
def test_a_broken_split_table_says_where_and_what(rows: list[list[str]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        parse(rows)
