import pandas as pd
import pytest

from kreisheft.facts import cells
from kreisheft.facts.stages import STATUSES, WITH_NUMBER


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("12", 12.0, "value"),
        ("-0.5", -0.5, "value"),
        ("-", 0.0, "zero"),
        ("(12)", 12.0, "limited"),
        ("12p", 12.0, "provisional"),
        ("12.5r", 12.5, "revised"),
        ("12s", 12.0, "estimated"),
    ],
)
def test_a_cell_with_a_number(cell: str, value: float, status: str) -> None:
    [row] = cells.split(pd.Series([cell])).itertuples(index=False, name=None)

    assert row == (value, status)


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        (".", "hidden"),
        ("*", "hidden_below_3"),
        ("x", "not_applicable"),
        ("/", "unreliable"),
        ("...", "pending"),
        ("–", "missing"),
        ("?", "not_loaded"),
    ],
)
def test_a_sign_carries_no_number(cell: str, status: str) -> None:
    frame = cells.split(pd.Series([cell, "1"]))

    assert (frame["status"].iloc[0], frame["value"].isna().tolist()) == (status, [True, False])


def test_every_sign_has_a_status_of_the_model() -> None:
    assert set(cells.SIGNS.values()) | set(cells.MARKS.values()) <= set(STATUSES)


def test_marked_numbers_count_as_numbers() -> None:
    assert {*cells.MARKS.values(), "limited", "zero"} <= set(WITH_NUMBER)


@pytest.mark.parametrize("text", ["", "1,5", "12 p", "nan", "inf", "1e5", "(.)", "12q", "--"])
def test_other_text_is_no_cell(text: str) -> None:
    assert not cells.is_cell(text)
