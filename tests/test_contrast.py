"""The smallest distance and the largest ratio in one Kreis."""

import pytest
from frames import GT, ME, RE, ROOT, book, indicator, protected

from kreisheft.chapters.chapter import Chapter
from kreisheft.figures import gap_and_ratio

NAMES = {GT: "Gütersloh", ME: "Mettmann", RE: "Recklinghausen"}
#: Unemployment 2016: foreigners, everyone.
REAL = {RE: (29.6, 10.4), GT: (14.0, 4.8), ME: (17.8, 6.5)}
QUOTE = indicator(direction="lower")


def rows(pairs: dict[str, tuple[float | None, float]]):
    found = []
    for ags, (own, base) in pairs.items():
        found.append({"ags": ags, "group": "auslaender", "value": own, "year": 2016})
        found.append({"ags": ags, "group": "insgesamt", "value": base, "year": 2016})
    return protected(*found)


def told(pairs: dict, entry=QUOTE) -> str:
    return gap_and_ratio.extreme(rows(pairs), entry, "auslaender", NAMES, book())


def test_the_text_says_smallest_gap_and_largest_ratio() -> None:
    """9.2 points in Gütersloh against 19.2 and 11.3; 2.92 against 2.85 and 2.74."""
    said = told(REAL)

    assert "Von Gütersloh, Mettmann, Recklinghausen hat Gütersloh (2016)" in said
    assert "den kleinsten Abstand zu insgesamt, aber das größte Verhältnis" in said
    assert "9,2 Prozentpunkte, das 2,92-Fache" in said


@pytest.mark.parametrize(
    "pairs",
    [
        {**REAL, GT: (9.6, 4.8)},  # smallest gap, and the smallest ratio, too
        {RE: (29.6, 10.4), GT: (14.0, 4.8)},  # two are no comparison
        {**REAL, GT: (None, 4.8)},  # hidden
        {**REAL, ME: (5.0, 6.5)},  # the group is below its reference somewhere
        {RE: (14.0, 4.8), GT: (14.0, 4.8), ME: (17.8, 6.5)},  # two alike
    ],
)
def test_otherwise_it_says_nothing(pairs: dict) -> None:
    assert told(pairs) == ""


def test_without_a_reference_group_it_says_nothing() -> None:
    assert told(REAL, indicator(reference="")) == ""


def test_two_quarters_between_gap_and_ratio_are_told() -> None:
    """The lowest rates of five: the least distance, the largest ratio."""
    ring = {"05111": (2, 1), "05112": (30, 20), "05113": (33, 22), "05114": (36, 24), RE: (45, 30)}
    said = gap_and_ratio.apart(rows(ring), QUOTE, "auslaender", "05111", "Düsseldorf", book())

    assert "liegt Düsseldorf im ersten, gemessen am Verhältnis im vierten Viertel" in said


@pytest.mark.parametrize("kreis", ["guetersloh", "mettmann", "recklinghausen"])
def test_the_comparison_of_each_of_the_three_says_it(kreis: str) -> None:
    made = Chapter("arbeit", kreis, 2016, root=ROOT).comparison("arbeitslosenquote")

    assert "hat Gütersloh (2016) den kleinsten Abstand" in made.sentence
