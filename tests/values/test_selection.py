"""Picking facts out of a table; the figures are small enough to add in the head."""

import numpy as np
import pytest
from frames import facts
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.facts.stages import STATUSES, Facts
from kreisheft.values.selection import (
    Picked,
    Prepared,
    SelectionError,
    is_single,
    join_rows,
    number_places,
    pick,
    prepare_table,
    worse_status,
)


def ready(table: Facts) -> Prepared:
    return prepare_table(table.frame, number_places([table.frame]))


FACTS = facts(
    "t1",
    {"ags": "1", "period": "2020", "staat": "insgesamt", "value": 100},
    {"ags": "1", "period": "2020", "staat": "121", "value": 10},
    {"ags": "1", "period": "2020", "staat": "122", "value": 20},
    {"ags": "1", "period": "2020", "staat": "166", "value": 40},
    {"ags": "2", "period": "2020", "staat": "insgesamt", "value": 60},
    {"ags": "2", "period": "2020", "staat": "121", "value": 5},
    {"ags": "2", "period": "2020", "staat": "166", "value": None},
)
TABLE = ready(FACTS)


def picked(**select: list[str]) -> dict[str, float | str]:
    """Region → its figure, or the status that says why it has none."""
    found = pick(TABLE, {"measure": ["personen"], **select})
    names = number_places([FACTS.frame]).ags
    return {
        names[region]: STATUSES[status] if np.isnan(value) else float(value)
        for region, value, status in zip(found.region, found.value, found.status, strict=True)
    }


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

    [status] = pick(ready(table), {"measure": ["personen"], "alter": ["*"]}).status

    assert STATUSES[status] == sum_says


def test_a_sum_is_as_new_as_its_newest_part() -> None:
    table = facts(
        "t1",
        {"ags": "1", "period": "2020", "alter": "jung", "value": 1, "stand": "2020-01-01"},
        {"ags": "1", "period": "2020", "alter": "alt", "value": 2, "stand": "2021-06-30"},
    )

    [stand] = pick(ready(table), {"measure": ["personen"], "alter": ["*"]}).stand

    assert stand == 20210630


def test_the_year_of_a_day_is_its_first_four_digits() -> None:
    table = facts("t1", {"ags": "1", "period": "2015-12-31", "value": 1})

    assert number_places([table.frame]).years.tolist() == [2015]


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
    before = TABLE.facts.value.copy()

    pick(TABLE, {"measure": ["personen"], "staat": ["*"]})

    np.testing.assert_array_equal(TABLE.facts.value, before)


def figures(*regions: int) -> Picked:
    number = np.array(regions, dtype=np.int64)
    return Picked(number, number * 0, number * 1.0, number * 0, number * 0)


def test_only_rows_with_a_partner_are_joined() -> None:
    rows, partners = join_rows(figures(1, 2, 4), figures(2, 3, 4), lambda p: p.region)

    assert (rows.tolist(), partners.tolist()) == ([1, 2], [0, 2])


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_joined_rows_are_those_that_both_have(left: set[int], right: set[int]) -> None:
    mine, theirs = figures(*sorted(left)), figures(*sorted(right))

    rows, partners = join_rows(mine, theirs, lambda p: p.region)

    assert mine.region[rows].tolist() == theirs.region[partners].tolist() == sorted(left & right)


def test_a_figure_of_two_takes_the_status_of_the_one_without_a_number() -> None:
    value, hidden = STATUSES.index("value"), STATUSES.index("hidden")
    first, second = np.array([value, hidden, value]), np.array([value, value, hidden])

    assert worse_status(first, second).tolist() == [value, hidden, hidden]


def test_taking_rows_keeps_all_arrays_together() -> None:
    taken = figures(5, 6, 7).take(np.array([0, 2]))

    assert (taken.region.tolist(), taken.value.tolist()) == ([5, 7], [5.0, 7.0])
