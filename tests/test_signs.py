import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.model import STATUSES
from kreisheft.sources import signs


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("14,0", "14.0", "value"),
        ("-14,6", "-14.6", "value"),
        ("0", "0", "value"),
        ("-", "0", "zero"),
        (".", "", "hidden"),
        ("x", "", "not_applicable"),
        ("/", "", "unreliable"),
        ("...", "", "pending"),
        ("*", "", "hidden_below_3"),
        ("–", "", "missing"),
        ("(12)", "", "unreliable"),
    ],
)
def test_each_official_sign_has_its_status(text: str, value: str, status: str) -> None:
    assert signs.read(text) == (value, status)


@pytest.mark.parametrize("text", ["n/a", "1.234,5", "1,2,3", "", "--", "12a"])
def test_unknown_text_is_no_number_and_no_sign(text: str) -> None:
    assert signs.read(text) == ("", "")


def test_a_thousands_point_is_never_read_as_a_decimal_point() -> None:
    assert signs.read("1.234") == ("", "")


def test_an_empty_cell_has_the_status_that_the_format_declares() -> None:
    assert signs.read("", empty="missing") == ("", "missing")


def test_translate_keeps_order_and_index() -> None:
    texts = pd.Series(["5", "-", "5"], index=[7, 3, 9])
    assert signs.translate(texts)["value"].to_dict() == {7: "5", 3: "0", 9: "5"}


def test_every_status_is_a_status_of_the_model() -> None:
    assert set(signs.SIGNS.values()) <= set(STATUSES)


@given(st.integers(-(10**9), 10**9), st.integers(0, 99999))
def test_digits_are_never_reformatted(whole: int, part: int) -> None:
    text = f"{whole},{part:05}"
    assert signs.read(text) == (text.replace(",", "."), "value")
