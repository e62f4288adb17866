from pathlib import Path

import pytest

from kreisheft.errors import DataError
from kreisheft.sources import classic

OFFICIAL = Path(__file__).parent / "official"
TEXT = (OFFICIAL / "classic.csv").read_text(encoding="utf-8")


def read(text: str, encoding: str = "utf-8") -> classic.Table:
    return classic.read(text.encode(encoding))


def cell(table: classic.Table, ags: str, period: str, header: str) -> str:
    cells = table.cells
    found = cells[(cells.ags == ags) & (cells.period == period) & (cells.header == header)]
    return str(found.text.item())


def test_number_title_stand_and_licence_year_come_from_the_file() -> None:
    table = read(TEXT)
    assert (table.number, table.stand, table.licence_year) == ("99999-01-01-4", "2025-02-26", 2025)
    assert table.title.startswith("Erfundene Tabelle für Tests, - Jahresdurchschnitt -")


def test_a_header_is_its_whole_stack_without_empty_levels() -> None:
    headers = set(read(TEXT).cells.header)
    assert headers == {
        "Arbeitslose / Anzahl",
        "Arbeitslose / ausländisch / Anzahl",
        "Quote; bezogen auf alle / Prozent",
    }


def test_cells_stay_text() -> None:
    assert cell(read(TEXT), "05562", "2024", "Quote; bezogen auf alle / Prozent") == "14,0"


def test_footer_lines_that_look_like_data_are_no_data() -> None:
    assert len(read(TEXT).cells) == 10 * 3


def test_row_numbers_are_those_of_the_file() -> None:
    assert read(TEXT).cells.row.min() == 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encoding_does_not_matter(encoding: str) -> None:
    assert read(TEXT, encoding).cells.equals(read(TEXT).cells)


def test_line_ends_do_not_matter() -> None:
    assert read(TEXT.replace("\n", "\r\n")).cells.equals(read(TEXT).cells)


def test_an_english_delivery_says_created() -> None:
    text = TEXT.replace("Stand: 26.02.2025", "created: 2025-02-26")
    assert read(text).stand == "2025-02-26"


def in_preamble(line: str) -> str:
    return (
        f"Tabelle: 99999-02-01-4\nTitel;;;\n{line};;;\n;;;Personen\n;;;Anzahl\n"
        "05562;Recklinghausen;unter 3 Jahre;1\n05562;Recklinghausen;Insgesamt;2\n"
        "__________\nStand: 01.02.2025 / 10:00:00\n"
    )


@pytest.mark.parametrize(
    ("line", "period"),
    [("2018", "2018"), ("31.12.2015", "2015-12-31"), ("Jahr: 2018", "2018")],
)
def test_time_in_the_preamble(line: str, period: str) -> None:
    assert set(read(in_preamble(line)).cells.period) == {period}


def test_time_in_a_header_row() -> None:
    text = (
        "Tabelle: 1-1\nTitel;;;\n;;31.12.2015;31.12.2014\n;;männlich;männlich\n"
        "DG;Deutschland;4;3\n__________\n"
    )
    table = read(text)
    assert cell(table, "DG", "2014-12-31", "männlich") == "3"


def test_time_in_a_header_pair() -> None:
    text = "Tabelle: 1-1\nQuote (Prozent);;\n;;Jahr\n;;2023\n05;NRW;11,1\n__________\n"
    assert cell(read(text), "05", "2023", "") == "11,1"


def test_further_classifiers_are_columns_without_indentation() -> None:
    table = read(in_preamble("2018").replace("unter 3", "  unter 3"))
    assert table.classifiers == ("k1",)
    assert set(table.cells.k1) == {"unter 3 Jahre", "Insgesamt"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT[: TEXT.index("__________")], "cut off"),
        ("<!DOCTYPE html><html>Fehler</html>", "web page"),
        ("", "empty"),
        ("a;b;c\n1;2;3\n", "expected 'Tabelle: <number>'"),
        ("Tabelle: 1-1\nTitel;;;\n;;;Personen\n__________\n", "no data rows"),
        (TEXT.replace("120;40;14,0", "120;40"), "row 10: has 5 fields, expected 6"),
    ],
)
def test_a_broken_file_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing\.csv: cannot be read"):
        classic.read(tmp_path / "nothing.csv")
