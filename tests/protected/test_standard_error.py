"""The coarse standard error of a counted rate."""

import math

import pandas as pd
import published_measures
import pytest
from frames import values
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.protected import standard_error
from kreisheft.protected.disclosure import Rules, protect


def coarse(persons: float, base: float, value: float | None = None) -> float:
    row = {"numerator": persons, "denominator": base}
    rate = 100 * persons / base if value is None else value
    return float(standard_error.coarse_error(values({**row, "value": rate}).frame).iloc[0])


def test_ten_of_a_hundred_have_an_error_of_about_three_points() -> None:
    """Wilson 5.52 to 17.44: half of it is 5.96, by 1.96 is 3.04; rounded up to 2 to the 2."""
    assert standard_error.half_width(10, 100) == pytest.approx(0.0596, abs=1e-4)
    assert coarse(10, 100) == 4.0


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_the_half_width_is_that_of_the_interval(persons: int, more: int) -> None:
    """The interval of `measures` is written in another form."""
    base = persons + more
    low, high = published_measures.wilson_interval(persons, base)

    width = 100 * standard_error.half_width(persons, base)
    assert width == pytest.approx((high - low) / 2, abs=0.01)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_an_error_is_never_told_too_small(persons: int, more: int) -> None:
    base = persons + more
    exact = 100 * standard_error.half_width(persons, base) / standard_error.Z

    assert exact * (1 - 1e-9) <= coarse(persons, base) <= exact * math.sqrt(2) * (1 + 1e-9)


def test_the_error_leaves_the_base_open() -> None:
    """20 percent of 50, of 60 and of 70 persons have the same error."""
    assert coarse(10, 50) == coarse(12, 60) == coarse(14, 70)


@pytest.mark.parametrize(
    ("persons", "base", "value"), [(10, 100, 12.0), (300, 100, 300.0), (5, math.nan, 5.0)]
)
def test_what_is_no_part_of_a_whole_has_no_error(persons, base, value) -> None:
    assert math.isnan(coarse(persons, base, value))


def test_a_hidden_figure_has_no_error() -> None:
    row = {"value": 2.0, "numerator": 2, "denominator": 100}
    shown = protect(values(row), Rules(3, {})).frame

    assert pd.isna(shown["error"].iloc[0])
