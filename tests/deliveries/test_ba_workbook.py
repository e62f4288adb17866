"""Workbooks of the Bundesagentur; all are built from what programs expect of them, unverified."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import Rows, damaged, workbook

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import ba_workbook
from kreisheft.deliveries.readers.table import Table

OWNER = ["© Statistik der Bundesagentur für Arbeit"]
TITLE = [
    ["Beschäftigte nach Berufen"],
    ["Auswahl von Kreisen, Stichtag: 30. Juni 2024"],
    [],
    ["Erstellungsdatum: 12.01.2025, Auftragsnummer 1"],
    [],
]
#: A special evaluation: dates, measures and "darunter" above one another, a row of numbers below.
DAY, LATER = datetime.date(2023, 6, 30), datetime.date(2024, 6, 30)
BLOCKS = [
    *TITLE,
    ["Region", "Tätigkeit", DAY, None, LATER, None],
    [None, None, "Beschäftigte", "darunter", "Beschäftigte", "darunter"],
    [None, None, None, "Ausländer", None, "Ausländer"],
    [1, 2, 3, 4, 5, 6],
    ["05562 Recklinghausen", "Insgesamt", 150, 20, 160, 30],
    [None, "111 Landwirtschaft", 7, "*", 8.5, "-"],
    ["05754 Gütersloh", "Insgesamt", 90, 10, 95, "x"],
    [None, "111 Landwirtschaft", None, "*", 4, 3],
    OWNER,
]
MERGED = ["C6:D6", "E6:F6", "A6:A8", "B6:B8", "C7:C8", "E7:E8"]
#: Gemeindedaten: key and name in two columns.
TOWNS = [
    ["Gemeindedaten, Stichtag: 30.06.2024"],
    [],
    ["Schlüssel", "Name", "Wohnort", None],
    [None, None, "Insgesamt", "Frauen"],
    ["DE", "Deutschland", 34, 16],
    ["05562", "Recklinghausen", 20, 10],
    ["05562032", "Recklinghausen, Stadt", 4, "*"],
    OWNER,
]


def made(rows: Rows = BLOCKS, merged: list[str] = MERGED, **more: Rows) -> bytes:
    sheets = {"Impressum": [["Bundesagentur für Arbeit"], OWNER], "Tabelle 1": rows, **more}
    return workbook(sheets, {"Tabelle 1": merged})


def read(data: bytes) -> Table:
    return ba_workbook.read(data, "f.xlsx")


def test_a_workbook_that_names_the_bundesagentur_is_recognised() -> None:
    assert ba_workbook.recognises(made())


def test_a_workbook_that_does_not_is_not() -> None:
    assert not ba_workbook.recognises(workbook({"Tabelle 1": BLOCKS[:-1]}))


def test_a_region_holds_until_the_next() -> None:
    table = read(made())

    assert table.rows["ags"].tolist() == ["05562", "05562", "05754", "05754"]
    assert table.names == {"05562": "Recklinghausen", "05754": "Gütersloh"}


def test_further_columns_of_words_are_classifiers_named_after_their_header() -> None:
    table = read(made())

    assert table.classifiers == ("Tätigkeit",)
    assert table.rows["Tätigkeit"].tolist() == ["Insgesamt", "111 Landwirtschaft"] * 2


def test_a_column_of_darunter_is_part_of_the_one_on_its_left() -> None:
    headers = [head.header for head in read(made()).heads]

    assert headers == ["Beschäftigte", "Beschäftigte / Ausländer"] * 2


def test_a_date_above_a_column_is_its_period() -> None:
    periods = [head.period for head in read(made()).heads]

    assert periods == ["2023-06-30", "2023-06-30", "2024-06-30", "2024-06-30"]


def test_a_date_that_lost_its_format_is_a_date() -> None:
    rows = [[45473 if cell == LATER else cell for cell in row] for row in BLOCKS]

    assert read(made(rows)).heads[2].period == "2024-06-30"


def test_cells_are_text_and_an_empty_one_is_kept() -> None:
    texts = read(made()).texts

    assert texts[0].tolist() == ["150", "7", "90", ""]
    assert texts[2].tolist() == ["160", "8,5", "95", "4"]
    assert texts[3].tolist() == ["30", "-", "x", "3"]


def test_a_header_without_merged_cells_is_filled_to_the_right() -> None:
    rows = [*BLOCKS[:6], [None, None, "Beschäftigte", None, "Beschäftigte", None], *BLOCKS[7:]]

    headers = [head.header for head in read(made(rows, merged=[])).heads]

    assert headers == ["Beschäftigte", "Beschäftigte / Ausländer"] * 2


def test_title_and_day_of_making_come_from_the_top() -> None:
    table = read(made())

    assert (table.title, table.stand) == ("Beschäftigte nach Berufen", "2025-01-12")


def test_key_and_name_may_stand_in_two_columns() -> None:
    table = read(made(TOWNS, ["C3:D3"]))

    assert table.rows["ags"].tolist() == ["DG", "05562", "05562032"]
    assert table.names["05562032"] == "Recklinghausen, Stadt"
    assert table.classifiers == ()


@pytest.mark.parametrize("day", ["30.06.2024", "30. Juni 2024"])
def test_the_day_in_the_title_is_the_period_where_columns_have_none(day: str) -> None:
    rows = [[f"Gemeindedaten, Stichtag: {day}"], *TOWNS[1:]]

    assert set(read(made(rows, ["C3:D3"])).rows["period"]) == {"2024-06-30"}


@pytest.mark.parametrize(
    ("cell", "ags"),
    [(5562, "05562"), ("5562 Recklinghausen", "05562"), (5562032, "05562032"), ("5", "05")],
)
def test_a_key_gets_back_its_zero(cell: object, ags: str) -> None:
    rows = [["Region", "Zahl"], ["05754 Gütersloh", 1], [cell, 2], OWNER]

    assert read(made(rows, [])).rows["ags"].tolist() == ["05754", ags]


def test_a_total_above_the_first_region_is_kept_as_printed() -> None:
    rows = [*BLOCKS[:9], ["Insgesamt", "Insgesamt", 240, 30, 255, 31], *BLOCKS[9:]]

    assert read(made(rows)).rows["ags"].tolist()[:2] == ["Insgesamt", "05562"]


def test_sheets_with_the_same_columns_are_stacked() -> None:
    table = read(made(TOWNS, ["C3:D3"], Länder=[*TOWNS[:3], TOWNS[3], ["05", "NRW", 9, 5]]))

    assert table.classifiers == ("sheet",)
    assert table.rows["sheet"].tolist() == ["Tabelle 1"] * 3 + ["Länder"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (workbook({"Eckwerte": [["Arbeitslose", 12], OWNER]}), "no sheet with region keys at the"),
        (workbook({"Eckwerte": [["2024", 12], OWNER]}), "no sheet with region keys at the"),
        (made([["Region", "Zahl"], ["05754 Gütersloh", 1, 7], OWNER], []), "column 'C': has figu"),
        (made([["05754 Gütersloh", 1], OWNER], []), "column 'B': has figures but no header"),
        (made(TOWNS, ["C3:D3"], Zwei=BLOCKS), "sheet 'Zwei': has other columns than sheet"),
        (made([*BLOCKS[:-2], [None, None, "Summe"], *BLOCKS[-2:]]), "row 13: holds words where"),
        (made([*BLOCKS[:-1], ["05158 Mettmann", "Insgesamt", "#N/A", 1, 1, 1]]), "error #N/A"),
        (made()[:2000], "broken workbook"),
    ],
)
def test_what_cannot_be_understood_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(data)


def test_damage_never_changes_a_figure_and_never_gives_a_traceback() -> None:
    whole = read(made())

    for broken in damaged(made()):
        try:
            found = read(broken)
        except DataError:
            continue
        assert found.texts.equals(whole.texts)


@settings(max_examples=40)
@given(
    keys=st.lists(
        st.integers(1001, 16077).map("{:05}".format), min_size=1, max_size=4, unique=True
    ),
    jobs=st.integers(1, 3),
    data=st.data(),
)
def test_a_table_that_is_written_is_read_back(
    keys: list[str], jobs: int, data: st.DataObject
) -> None:
    sign = st.sampled_from(["*", "-", "x", "."])
    row = st.tuples(st.integers(0, 10**6), st.one_of(st.integers(0, 10**6), sign))
    figures = [data.draw(row) for _ in range(len(keys) * jobs)]
    lead = [
        [f"{key} Kreis {key[0]}x" if not n else None, f"{n}1 Beruf"]
        for key in keys
        for n in range(jobs)
    ]
    head = [["Region", "Beruf", "Männer", "Frauen"]]
    body = [[*left, *cells] for left, cells in zip(lead, figures, strict=True)]

    table = read(made([*TITLE, *head, *body, OWNER], []))

    assert table.rows["ags"].tolist() == [key for key in keys for _ in range(jobs)]
    assert table.headers == ("Männer", "Frauen")
    assert table.texts.to_numpy().tolist() == [[str(f) for f in cells] for cells in figures]
