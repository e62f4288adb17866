"""Picking facts out of a table; the figures are small enough to add in the head."""

import pandas as pd
import pytest
from frames import facts

from kreisheft.selection import SelectionError, is_single, pick, prepared

TABLE = prepared(
    facts(
        "t1",
        {"ags": "1", "period": "2020", "staat": "insgesamt", "value": 100},
        {"ags": "1", "period": "2020", "staat": "121", "value": 10},
        {"ags": "1", "period": "2020", "staat": "122", "value": 20},
        {"ags": "1", "period": "2020", "staat": "166", "value": 40},
        {"ags": "2", "period": "2020", "staat": "insgesamt", "value": 60},
        {"ags": "2", "period": "2020", "staat": "121", "value": 5},
        {"ags": "2", "period": "2020", "staat": "166", "value": None},
    ).frame
)


def picked(**select: list[str]) -> dict[str, float | str]:
    """Region → its figure, or the status that says why it has none."""
    frame = pick(TABLE, {"measure": ["personen"], **select})
    numbers = frame["value"].where(frame["value"].notna(), frame["status"])
    return dict(zip(frame["ags"], numbers, strict=True))


def test_a_dimension_not_named_is_taken_at_its_total() -> None:
    assert picked() == {"1": 100, "2": 60}


def test_one_id_is_one_fact_with_its_own_status() -> None:
    assert picked(staat=["166"]) == {"1": 40, "2": "hidden"}


def test_several_ids_are_added() -> None:
    assert picked(staat=["121", "122"]) == {"1": 30, "2": 5}


def test_a_star_adds_every_id_but_the_total() -> None:
    assert picked(staat=["*"])["1"] == 10 + 20 + 40


def test_an_exclamation_mark_adds_every_other_id_but_the_total() -> None:
    assert picked(staat=["!166"]) == {"1": 30, "2": 5}


def test_two_exclamation_marks_leave_out_both() -> None:
    assert picked(staat=["!166", "!121"]) == {"1": 20}


def test_a_hidden_part_hides_the_sum() -> None:
    assert picked(staat=["*"])["2"] == "hidden"


@pytest.mark.parametrize(
    ("first", "second", "sum_says"),
    [
        ("value", "zero", "value"),
        ("zero", "zero", "value"),
        ("value", "hidden", "hidden"),
        ("zero", "hidden_below_3", "hidden_below_3"),
        ("hidden", "missing", "missing"),
        ("value", "not_loaded", "not_loaded"),
    ],
)
def test_a_sum_takes_the_worst_status_of_its_parts(first: str, second: str, sum_says: str) -> None:
    number = {"value": 7.0, "zero": 0.0}
    table = facts(
        "t1",
        {
            "ags": "1",
            "period": "2020",
            "alter": "jung",
            "value": number.get(first),
            "status": first,
        },
        {
            "ags": "1",
            "period": "2020",
            "alter": "alt",
            "value": number.get(second),
            "status": second,
        },
    )

    [status] = pick(prepared(table.frame), {"measure": ["personen"], "alter": ["*"]})["status"]

    assert status == sum_says


def test_a_sum_is_as_new_as_its_newest_part() -> None:
    table = facts(
        "t1",
        {"ags": "1", "period": "2020", "alter": "jung", "value": 1, "stand": "2020-01-01"},
        {"ags": "1", "period": "2020", "alter": "alt", "value": 2, "stand": "2021-06-30"},
    )

    [stand] = pick(prepared(table.frame), {"measure": ["personen"], "alter": ["*"]})["stand"]

    assert stand == 20210630


def test_the_year_of_a_day_is_its_first_four_digits() -> None:
    table = facts("t1", {"ags": "1", "period": "2015-12-31", "value": 1})

    [year] = pick(prepared(table.frame), {"measure": ["personen"]})["year"]

    assert year == 2015


def test_an_unknown_column_lists_the_columns_of_the_table() -> None:
    with pytest.raises(SelectionError, match=r"no column 'alter'; the table has measure, staat"):
        pick(TABLE, {"measure": ["personen"], "alter": ["jung"]})


def test_a_selection_that_fits_no_row_is_an_error_and_not_an_empty_figure() -> None:
    with pytest.raises(SelectionError, match="fits no row"):
        pick(TABLE, {"measure": ["faelle"]})


@pytest.mark.parametrize(
    ("wanted", "single"),
    [(["121"], True), (["121", "122"], False), (["*"], False), (["!166"], False)],
)
def test_only_one_plain_id_is_a_single_cell(wanted: list[str], single: bool) -> None:
    assert is_single({"measure": ["personen"], "staat": wanted}) is single


def test_selecting_leaves_the_table_as_it_was() -> None:
    before = TABLE.data.copy()
    pick(TABLE, {"measure": ["personen"], "staat": ["*"]})

    pd.testing.assert_frame_equal(TABLE.data, before)
