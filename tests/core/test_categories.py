"""Columns of categories: short ways that must do what pandas does."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core import categories

CODES = st.lists(st.integers(-1, 4), max_size=20)


def column(codes: list[int]) -> "pd.Series[str]":
    return pd.Series(categories.of_codes(codes, ["e", "d", "c", "b", "a"]))


def test_names_that_no_row_has_leave_and_the_others_keep_their_order() -> None:
    found = categories.drop_unused(column([4, -1, 0]))

    assert found.categories.tolist() == ["e", "a"]
    assert found.codes.tolist() == [1, -1, 0]


@given(CODES)
def test_used_is_what_pandas_says(codes: list[int]) -> None:
    found = pd.Series(categories.drop_unused(column(codes)))

    pd.testing.assert_series_equal(found, column(codes).cat.remove_unused_categories())
