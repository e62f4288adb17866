"""Every measure by hand, by a published example, or by what must always hold."""

import math
from typing import Any

import numpy as np
import published_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.values import measures
from kreisheft.values.measures import Contrast

#: Two areas of 1,000: 300 and 100 of a group.
GROUP, PERSONS = np.array([300.0, 100.0]), np.array([1000.0, 1000.0])


def areas() -> st.SearchStrategy[list[tuple[int, int]]]:
    """Areas as (persons of the group, others)."""
    return st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=15)


def counts(found: list[tuple[int, int]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    group = np.array([float(a) for a, _ in found])
    return group, group + np.array([float(b) for _, b in found])


def test_a_share_is_in_percent() -> None:
    assert measures.share(1, 8) == 12.5


def test_a_rate_may_be_a_negative_balance() -> None:
    assert measures.per_1000(-30, 10_000) == -3.0


@pytest.mark.parametrize("measure", [measures.share, measures.per_1000])
@pytest.mark.parametrize("whole", [0, -1, math.nan])
def test_there_is_no_rate_of_nobody(measure: Any, whole: float) -> None:
    assert math.isnan(measure(1, whole))


@pytest.mark.parametrize(
    ("rate", "reference", "gap", "ratio"),
    [
        pytest.param(29.6, 10.4, 19.2, 2.85, id="Recklinghausen 2016"),
        pytest.param(14.0, 4.8, 9.2, 2.92, id="Gütersloh 2016: smallest gap, largest ratio"),
        pytest.param(17.8, 6.5, 11.3, 2.74, id="Mettmann 2016"),
    ],
)
def test_gap_and_ratio_come_together(
    rate: float, reference: float, gap: float, ratio: float
) -> None:
    found = measures.contrast(rate, reference)

    assert (round(found.gap, 1), round(found.ratio, 2)) == (gap, ratio)


def test_equal_rates_are_parity() -> None:
    assert measures.contrast(7.5, 7.5) == Contrast(gap=0.0, ratio=1.0)


def test_there_is_no_ratio_to_nothing() -> None:
    found = measures.contrast(3.0, 0.0)

    assert found.gap == 3.0
    assert math.isnan(found.ratio)


def test_half_as_present_as_in_the_population() -> None:
    # 5 of 100 at the Gymnasium, 10 of 100 among all.
    assert measures.representation(5, 100, 10, 100) == 0.5


def test_rates_of_many_rows_come_together() -> None:
    """5 of 20 is 25 %; nothing is a part of nobody; a missing number gives none."""
    part, whole = np.array([5.0, 0.0, math.nan]), np.array([20.0, 0.0, 20.0])

    found = measures.share(part, whole)

    assert found[0] == 25
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize(
    "numbers", [(0, 0, 10, 100), (5, 100, 0, 100), (5, 100, 10, 0), (math.nan, 100, 10, 100)]
)
def test_without_a_base_there_is_no_representation(numbers: tuple[float, ...]) -> None:
    assert math.isnan(measures.representation(*numbers))


def test_segregation_by_hand() -> None:
    # ½ · (|300/400 − 700/1600| + |100/400 − 900/1600|) = ½ · (0.3125 + 0.3125)
    assert measures.segregation(GROUP, PERSONS) == 31.25


def test_segregation_as_the_bfs_writes_it_by_hand() -> None:
    # (1000 · 0.1 + 1000 · 0.1) / (2 · 2000 · 0.2 · 0.8) = 200 / 640
    assert published_measures.segregation_of_bfs(GROUP, PERSONS) == pytest.approx(31.25)


@given(areas(), st.integers(0, 800))
def test_both_forms_of_the_index_are_equal(found: list[tuple[int, int]], smallest: int) -> None:
    group, persons = counts(found)

    one = measures.segregation(group, persons, smallest)
    other = published_measures.segregation_of_bfs(group, persons, smallest)

    assert one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True)


@given(areas())
def test_an_index_lies_between_0_and_100(found: list[tuple[int, int]]) -> None:
    index = measures.segregation(*counts(found))

    assert math.isnan(index) or 0 <= index <= 100 + 1e-9


@given(st.lists(st.integers(500, 5000), min_size=2, max_size=9), st.integers(1, 99))
def test_an_even_spread_has_no_segregation(persons: list[int], percent: int) -> None:
    everyone = np.array(persons, dtype=float)

    index = measures.segregation(everyone * percent / 100, everyone)

    assert index == pytest.approx(0, abs=1e-9)


def test_two_groups_that_never_meet_are_wholly_segregated() -> None:
    assert measures.segregation(np.array([600.0, 0.0]), np.array([600.0, 900.0])) == 100


@pytest.mark.parametrize("measure", [measures.segregation, published_measures.segregation_of_bfs])
def test_areas_below_500_persons_are_left_out(measure: Any) -> None:
    small = measure(np.append(GROUP, 499.0), np.append(PERSONS, 499.0))
    large = measure(np.append(GROUP, 500.0), np.append(PERSONS, 500.0))

    assert small == pytest.approx(31.25)
    assert large > 50


def test_the_smallest_area_is_a_parameter() -> None:
    group, persons = np.append(GROUP, 499.0), np.append(PERSONS, 499.0)

    assert measures.segregation(group, persons, smallest=499) > 50


@pytest.mark.parametrize("measure", [measures.segregation, published_measures.segregation_of_bfs])
@pytest.mark.parametrize(
    ("group", "persons"),
    [
        pytest.param([math.nan, 100], [1000, 1000], id="a hidden figure"),
        pytest.param([300, 100], [1000, math.nan], id="an area of unknown size"),
        pytest.param([0, 0], [1000, 1000], id="nobody in the group"),
        pytest.param([1000, 1000], [1000, 1000], id="everyone in the group"),
        pytest.param([], [], id="no area"),
        pytest.param([300], [1000], id="one area alone"),
        pytest.param([300, 10], [1000, 40], id="one area that is large enough"),
    ],
)
def test_no_index_is_better_than_a_wrong_one(
    measure: Any, group: list[float], persons: list[float]
) -> None:
    index = measure(np.array(group, dtype=float), np.array(persons, dtype=float))

    assert math.isnan(index)


def test_an_index_for_every_kreis_from_its_municipalities() -> None:
    # Kreis 7 has the two areas from above, Kreis 3 an even spread, in any order.
    kreis = np.array([7, 3, 3, 7])
    group, persons = np.array([300.0, 50, 100, 100]), np.array([1000.0, 500, 1000, 1000])

    kreise, index = measures.measure_by_parent(kreis, measures.segregation, group, persons)

    assert kreise.tolist() == [3, 7]
    assert index.tolist() == [0, 31.25]


def test_dissimilarity_by_hand() -> None:
    # ½ · (|200/650 − 300/750| + |150/650 − 250/750| + |300/650 − 200/750|) = 0.19487
    first, second = np.array([200.0, 150, 300]), np.array([300.0, 250, 200])

    index = measures.dissimilarity(first, second, first + second, smallest=0)

    assert index == pytest.approx(19.487, abs=0.001)


@given(areas())
def test_segregation_is_dissimilarity_to_everyone_else(found: list[tuple[int, int]]) -> None:
    group, persons = counts(found)

    index = measures.dissimilarity(group, persons - group, persons)

    assert index == pytest.approx(measures.segregation(group, persons), nan_ok=True)


@pytest.mark.parametrize(
    ("cases", "total", "lower", "upper"),
    [
        pytest.param(81, 263, 25.53, 36.62, id="Newcombe 1998, 81 of 263"),
        pytest.param(15, 148, 6.24, 16.05, id="Newcombe 1998, 15 of 148"),
        pytest.param(0, 20, 0.00, 16.11, id="Newcombe 1998, 0 of 20"),
        pytest.param(1, 29, 0.61, 17.18, id="Newcombe 1998, 1 of 29"),
    ],
)
def test_the_interval_is_that_of_the_textbook(
    cases: int, total: int, lower: float, upper: float
) -> None:
    found = published_measures.wilson_interval(cases, total)

    assert (round(found.lower, 2), round(found.upper, 2)) == (lower, upper)


@given(st.integers(1, 10**7), st.data())
def test_the_interval_holds_the_rate_and_stays_within_0_and_100(total: int, data: Any) -> None:
    cases = data.draw(st.integers(0, total))

    found = published_measures.wilson_interval(cases, total)

    assert 0 <= found.lower <= measures.share(cases, total) <= found.upper <= 100


@pytest.mark.parametrize(
    ("cases", "total"), [(1, 0), (3, 2), (-1, 5), (math.nan, 5), (1, math.nan)]
)
def test_what_is_no_rate_has_no_interval(cases: float, total: float) -> None:
    assert math.isnan(published_measures.wilson_interval(cases, total).lower)
