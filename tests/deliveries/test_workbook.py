"""Excel workbooks as sheets of text."""

import datetime
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import changed, damaged, workbook

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import workbook as workbooks

RAW = Path(__file__).parents[3] / "shared" / "raw"
ORIGINALS = sorted(RAW.glob("*/**/*.xlsx")) if RAW.is_dir() else []
SHEET = "xl/worksheets/sheet1.xml"


def texts(*cells: object) -> list[str]:
    return workbooks.texts(workbooks.sheets(workbook({"A": [cells]}), "f.xlsx")[0].rows)[0]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (3914, "3914"),
        (3914.0, "3914"),
        (0.1, "0,1"),
        (-1.5, "-1,5"),
        (0.00000001, "0,00000001"),
        (123456789012.5, "123456789012,5"),
        ("  Kreis\nX ", "  Kreis\nX "),
        ("05562", "05562"),
        ("-", "-"),
        (datetime.date(2025, 6, 30), "2025-06-30"),
        (datetime.datetime(2025, 6, 30, 12, 30), "2025-06-30T12:30:00"),
        (True, "TRUE"),
    ],
)
def test_a_cell_is_printed_as_in_the_other_formats(cell: object, text: str) -> None:
    assert texts(cell) == [text]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_the_text_of_a_number_is_that_number(number: float) -> None:
    assert Decimal(workbooks.text(number).replace(",", ".")) == Decimal(repr(number))


def test_rows_begin_in_a1_though_cells_above_are_empty() -> None:
    data = workbook({"A": [[None, None], [None, "x"]]})
    assert workbooks.sheets(data, "f.xlsx")[0].rows == [["", ""], ["", "x"]]


def test_a_merged_label_is_spread_to_the_right_and_not_downwards() -> None:
    data = workbook({"A": [["a", None, "b"], [None, None, "c"]]}, {"A": ["A1:B2"]})
    sheet = workbooks.sheets(data, "f.xlsx")[0]
    assert workbooks.spread_labels(sheet, workbooks.texts(sheet.rows)) == [
        ["a", "a", "b"],
        ["", "", "c"],
    ]


def test_only_cells_that_begin_a_row_are_filled_down() -> None:
    rows = [["05", "NRW", "x"], ["", "", "y"], ["06", "", "z"]]
    filled = list(workbooks.fill_down(rows, 2))
    assert filled == [["05", "NRW", "x"], ["05", "NRW", "y"], ["06", "", "z"]]


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_named_as_in_excel(column: int, letters: str) -> None:
    assert workbooks.letter(column) == letters


def test_a_formula_without_a_result_is_refused() -> None:
    data = workbook({"Tafel": [["x", "=1+1"]]})
    with pytest.raises(DataError, match="sheet 'Tafel', cell B1: holds a formula without a result"):
        workbooks.sheets(data, "f.xlsx")


def test_a_formula_with_a_result_is_its_result() -> None:
    # openpyxl writes an empty element in one of two ways, with lxml or without.
    data = changed(
        workbook({"A": [["=1+1"]]}), SHEET, lambda xml: re.sub(rb"<v ?/>|<v></v>", b"<v>2</v>", xml)
    )
    assert workbooks.sheets(data, "f.xlsx")[0].rows == [[2.0]]


def test_an_error_of_excel_is_refused() -> None:
    with pytest.raises(DataError, match="cell B2: holds Excel's error #N/A"):
        workbooks.sheets(workbook({"A": [["x", 1], ["y", "#N/A"]]}), "f.xlsx")


def test_an_error_on_a_sheet_that_is_not_wanted_does_no_harm() -> None:
    data = workbook({"A": [["#N/A"]], "B": [["x"]]})
    assert [s.name for s in workbooks.sheets(data, "f.xlsx", lambda name: name == "B")] == ["B"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"an old \(.xls\) or an encrypted"),
        (workbook({"A": [["x"]]})[:-30], "broken workbook"),
        (changed(workbook({"A": [["x"]]}), SHEET, lambda xml: xml[:300]), "broken"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        workbooks.sheets(data, "f.xlsx")


def test_damage_never_changes_a_cell_and_never_gives_a_traceback() -> None:
    data = workbook({"A": [["05562", "Kreis X", 1.5, "-"]] * 20}, {"A": ["A1:B1"]})
    whole = workbooks.sheets(data, "f.xlsx")
    for broken in damaged(data):
        try:
            found = workbooks.sheets(broken, "f.xlsx")
        except DataError:
            continue
        assert found == whole


def test_a_workbook_of_no_known_kind_lists_its_sheets() -> None:
    error = workbooks.unknown_workbook(workbook({"Haushalt": [["x"]], "Notiz": [["y"]]}), "f.xlsx")
    assert "its sheets are 'Haushalt', 'Notiz'" in str(error)


def plain(cell: object) -> object:
    """Make the two libraries alike: openpyxl gives a link's address where the cell is empty."""
    return "" if cell is None or str(cell).startswith("http") else cell


@pytest.mark.skipif(not ORIGINALS, reason="the official deliveries are not here")
@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.stem)
def test_two_libraries_agree_on_every_cell_of_an_original(path: Path) -> None:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)

    for sheet in workbooks.sheets(path.read_bytes(), path.name):
        rows = book[sheet.name].iter_rows(max_row=len(sheet.rows), values_only=True)
        for ours, theirs in zip(sheet.rows, rows, strict=True):
            assert [plain(c) for c in ours] == [plain(c) for c in theirs[: len(ours)]]
