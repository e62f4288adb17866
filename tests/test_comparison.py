"""The Kreis among its peers."""

import pytest
from frames import RE, protected

from kreisheft.comparison import ring

OTHERS = ("05111", "05112", "05113", "05114", "05116")


def among(*figures: float | None, own: float | None) -> object:
    rows = [{"ags": a, "value": v} for a, v in zip(OTHERS, figures, strict=False)]
    return ring(protected({"ags": RE, "value": own}, *rows), RE)


def test_quartiles_are_those_of_type_7() -> None:
    """1, 2, 3, 4, 10: the quarters fall on 2, 3 and 4."""
    found = among(1, 2, 4, 10, own=3)

    assert (found.minimum, found.p25, found.median, found.p75, found.maximum) == (1, 2, 3, 4, 10)


def test_a_quartile_between_two_figures_is_interpolated() -> None:
    """1, 2, 3, 4: a quarter of the way is 1 + 0.75."""
    assert among(2, 3, 4, own=1).p25 == 1.75


@pytest.mark.parametrize(("own", "quarter"), [(1, 0), (2, 0), (3, 1), (4, 2), (9, 3)])
def test_quarters_count_from_the_lowest_value(own: float, quarter: int) -> None:
    """Beside 1, 2, 3, 4, 9 without the own one."""
    rest = [v for v in (1, 2, 3, 4, 9) if v != own]

    assert among(*rest, own=own).quarter == quarter


def test_the_kreis_itself_is_one_of_the_n() -> None:
    assert among(1, 2, own=3).n == 3


def test_hidden_figures_do_not_count() -> None:
    assert among(1, None, None, own=3).n == 2


def test_without_an_own_figure_there_is_no_ring() -> None:
    assert among(1, 2, 3, 4, own=None) is None
