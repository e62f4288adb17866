import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.facts import cells, signs


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("14,0", "14.0"),
        ("-14,6", "-14.6"),
        ("+3", "3"),
        ("0", "0"),
        (" 12 ", "12"),
        ("-", "-"),
        ("X", "x"),
        ("...", "..."),
        ("–", "–"),
        ("(12,5)", "(12.5)"),
        ("( 12 )", "(12)"),
        ("12p", "12p"),
        ("12,5 r", "12.5r"),
        ("7s", "7s"),
    ],
)
def test_a_delivered_cell_becomes_a_cell_of_the_facts(text: str, cell: str) -> None:
    assert signs.read(text) == cell


@pytest.mark.parametrize(
    "text", ["n/a", "1.234,5", "1,2,3", "", "--", "12a", "()", "(-)", "p", "1 234", "١٢", "?"]
)
def test_unknown_text_is_no_number_and_no_sign(text: str) -> None:
    assert signs.read(text) is None


def test_a_thousands_point_is_never_read_as_a_decimal_point() -> None:
    assert signs.read("1.234") is None


def test_an_empty_cell_has_the_status_that_the_format_declares() -> None:
    assert signs.read("", empty="missing") == "–"


def test_a_legend_of_its_own_replaces_the_common_one() -> None:
    legend = {"k.A.": "missing"}

    assert (signs.read("k.A.", legend=legend), signs.read(".", legend=legend)) == ("–", None)


def test_translate_keeps_order_and_index() -> None:
    texts = pd.Series(["5", "-", "5"], index=[7, 3, 9])

    assert signs.translate(texts).to_dict() == {7: "5", 3: "-", 9: "5"}


def test_every_sign_of_the_common_legend_is_a_cell_of_the_facts() -> None:
    assert all(cells.is_cell(str(signs.read(sign))) for sign in signs.LEGEND)


@given(st.integers(-(10**9), 10**9), st.integers(0, 99999))
def test_digits_are_never_reformatted(whole: int, part: int) -> None:
    text = f"{whole},{part:05}"

    assert signs.read(text) == text.replace(",", ".")


@given(st.text(max_size=12))
def test_any_text_is_a_cell_or_unknown(text: str) -> None:
    cell = signs.read(text)

    assert cell is None or cells.is_cell(cell)
