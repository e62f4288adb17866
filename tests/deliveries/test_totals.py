"""Printed totals against the sums of their parts."""

import pandas as pd
import pytest
from small_passports import column, passport

from kreisheft.deliveries import control_totals

COLUMNS = ["ags", "period", "measure", "geschlecht", "cell", "concept", "stand"]


def frame(total: str, *parts: str) -> pd.DataFrame:
    cells = {"insgesamt": total, **{f"teil{n}": part for n, part in enumerate(parts)}}
    rows = [("DG", "2024", "m", sex, cell, "AUSL", "2025-01-31") for sex, cell in cells.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def compared(found: pd.DataFrame, **says: int) -> control_totals.Totals:
    declared = passport(column("A", geschlecht="frauen"), **{"totals": ("geschlecht",), **says})
    return control_totals.compare(found, declared, "f.csv")


def test_an_exact_source_must_add_up_exactly() -> None:
    [problem] = compared(frame("10", "4", "5")).problems

    assert problem.what == "total 10, sum over geschlecht 9"


def test_a_total_that_adds_up_is_counted_as_compared() -> None:
    assert compared(frame("9", "4", "5")) == control_totals.Totals(1, ())


@pytest.mark.parametrize(("total", "off"), [("22", False), ("23", True)])
def test_rounding_to_five_allows_two_and_a_half_for_each_part_and_the_total(
    total: str, off: bool
) -> None:
    assert bool(compared(frame(total, "10", "5"), rounding=5).problems) is off


@pytest.mark.parametrize(("total", "off"), [("21", False), ("22", True)])
def test_noise_allows_as_much_for_each_part_and_the_total(total: str, off: bool) -> None:
    assert bool(compared(frame(total, "10", "5"), noise=2).problems) is off


def test_a_hidden_part_leaves_the_total_uncompared() -> None:
    assert compared(frame("10", "4", ".")).compared == 0


def test_a_zero_is_a_part() -> None:
    assert compared(frame("4", "4", "-")).compared == 1
