from pathlib import Path

import pytest
from layouts import found

from kreisheft.core.errors import DataError
from kreisheft.deliveries.readers import flat, flat_wide
from kreisheft.deliveries.readers.table import Table

OFFICIAL = Path(__file__).parents[1] / "official"
TEXT = (OFFICIAL / "flat_wide.csv").read_text(encoding="utf-8")
HEAD = TEXT.split("\n", 1)[0]
MEASURE = "BEVX__Personen__Anzahl"


def read(content: str) -> Table:
    return flat_wide.read(content.encode(), "x.csv")


def germany(measures: str, values: str) -> str:
    """A file of one row with these value columns."""
    head = HEAD.replace(MEASURE, measures)
    return f"{head}\n9;S;JAHR;Jahr;2019;DINSG;D;DG;Deutschland;NAT;N;;Insgesamt;{values}\n"


# --- the file -----------------------------------------------------------------------------------

ENGLISH = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_code;1_variable_code;PREIS__Index__2020=100\n"
    "9;S;JAHR;Year;2019;DINSG;Germany;DG;Germany;99.3\n"
)


@pytest.mark.parametrize("content", [TEXT, "\ufeff" + TEXT, ENGLISH])
def test_it_is_recognised_by_its_columns(content: str) -> None:
    assert flat_wide.recognises(content.encode())
    assert not flat.recognises(content.encode())


def test_the_new_layout_is_not_recognised() -> None:
    assert not flat_wide.recognises((OFFICIAL / "flat.csv").read_bytes())


def test_both_layouts_give_the_same_cells() -> None:
    new = flat.read((OFFICIAL / "flat.csv").read_bytes(), "x.csv")

    old = read(TEXT)

    assert found(old) == found(new)
    assert (old.classifiers, old.names, old.units, old.statistic) == (
        *(new.classifiers, new.names, new.units),
        new.statistic,
    )


def test_an_english_delivery_has_other_names_and_a_decimal_point() -> None:
    assert found(read(ENGLISH)) == {("DG", "2019", "PREIS"): "99,3"}


# --- measures -----------------------------------------------------------------------------------


def test_code_and_unit_come_from_the_name_of_the_column() -> None:
    table = read(
        germany("FLC006__Gebiets_flaeche__qkm;EKM1__Einkommen_(netto)__Mill._EUR", "5,1;6")
    )

    assert table.headers == ("FLC006", "EKM1")
    assert table.units == {"FLC006": "qkm", "EKM1": "Mill._EUR"}
    assert table.heads[0].name == "FLC006__Gebiets_flaeche__qkm"


def test_a_name_may_be_indented() -> None:
    assert read(germany("    FLC006__Flaeche__qkm", "5,1")).headers == ("FLC006",)


def test_a_share_bears_the_sign_of_percent() -> None:
    assert read(germany("PRS__Personen__Anzahl;PRS__Personen__%", "5;6")).headers == (
        "PRS",
        "PRS %",
    )


def test_a_computed_rate_without_code_is_known_by_its_name() -> None:
    table = read(germany("PREIS__Index__2020=100;Index__CH0004", "99,3;1,4"))

    assert table.headers == ("PREIS", "Index__CH0004")
    assert table.units == {"PREIS": "2020=100"}


def test_quality_marks_are_written_to_their_figures() -> None:
    content = germany("PREIS__Index__2020=100;PREIS__Index__q;Index__CH4;Index__CH4__q", "9,3;p;.;")

    table = read(content)

    assert table.headers == ("PREIS", "Index__CH4")
    assert table.texts.iloc[0].tolist() == ["9,3p", "."]


# --- rows ---------------------------------------------------------------------------------------


def test_days_and_years_become_iso() -> None:
    assert set(read(TEXT).rows["period"]) == {"2024-12-31"}
    assert set(read(germany(MEASURE, "1")).rows["period"]) == {"2019"}


def test_names_lose_their_indentation() -> None:
    assert read(TEXT).names["05562"] == "Recklinghausen, Kreis"


def test_rows_have_the_line_numbers_of_the_file() -> None:
    assert list(read(TEXT).rows["line"]) == list(range(2, 11))


# --- what is refused ----------------------------------------------------------------------------

ROW = TEXT.split("\n")[4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEAD + "\n", "no data rows"),
        (TEXT[:-2], "row 10: ends within a row"),
        (TEXT.replace(MEASURE, "Personen"), "has an unknown column 'Personen'"),
        (TEXT.replace(f";{MEASURE}", ""), "no column of a measure"),
        (germany("A1__B__C;A1__B__C", "1;1"), "has an unknown column 'A1__B__C'"),
        (germany("A1__B__C;D__q", "1;e"), "has an unknown column 'D__q'"),
        (germany("A1__B__C;A1__B__q", "1;y"), "row 2: 'y' is no quality mark"),
        (TEXT.replace("2_Merkmal_Label;", "", 1), "has the slots 1, 1, 1, 1, 2, 2, 2"),
        (TEXT.replace("Zeit_Code;Zeit_Label", "Zeit_Label;Zeit_Code", 1), "begins with"),
        (TEXT.replace(ROW, f"{ROW}\n{ROW}"), "row 6: is a second row for the attributes of row 5"),
        (TEXT.replace(ROW, f"{ROW};7"), "row 5: has 15 fields, expected 14"),
        (TEXT.replace("31.12.2024", "31.12.24"), "row 2: '31.12.24' is no time"),
        (TEXT.replace("KREISE", "KREISX"), "no regional variable among KREISX, NAT"),
    ],
)
def test_a_broken_file_says_where_and_what(content: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as error:
        read(content)

    assert all(problem.next for problem in error.value.problems)
