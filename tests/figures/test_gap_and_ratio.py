"""The smallest distance and the largest ratio in one Kreis."""

from dataclasses import replace

import pytest
from frames import GT, ME, RE, ROOT, book, indicator, protected

from kreisheft.catalogue import thresholds
from kreisheft.chapters.chapter import Chapter
from kreisheft.figures import gap_and_ratio

NAMES = {GT: "Gütersloh", ME: "Mettmann", RE: "Recklinghausen"}
#: Unemployment 2016: foreigners, everyone.
REAL = {RE: (29.6, 10.4), GT: (14.0, 4.8), ME: (17.8, 6.5)}
RULES = thresholds.load(ROOT)
QUOTE = indicator(direction="lower")


def rows(pairs: dict[str, tuple[float | None, float]]):
    found = []
    for ags, (own, base) in pairs.items():
        found.append({"ags": ags, "group": "auslaender", "value": own, "year": 2016})
        found.append({"ags": ags, "group": "insgesamt", "value": base, "year": 2016})
    return protected(*found)


def told(pairs: dict, entry=QUOTE, rules=RULES) -> str:
    return gap_and_ratio.describe_extreme(rows(pairs), entry, "auslaender", NAMES, book(), rules)


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


def test_a_distance_of_less_than_one_is_a_distance() -> None:
    """Half a point in Gütersloh, where the rate is twice that of all; 1 and 2 points elsewhere."""
    said = told({GT: (1.0, 0.5), ME: (3.0, 2.0), RE: (6.0, 4.0)})

    assert "0,5 Prozentpunkte, das 2,00-Fache" in said


def test_without_a_reference_group_it_says_nothing() -> None:
    assert told(REAL, indicator(reference="")) == ""


def test_two_quarters_between_gap_and_ratio_are_told() -> None:
    """The lowest rates of five: the least distance, the largest ratio."""
    ring = {"05111": (2, 1), "05112": (30, 20), "05113": (33, 22), "05114": (36, 24), RE: (45, 30)}
    said = gap_and_ratio.describe_quarters(
        rows(ring), QUOTE, "auslaender", "05111", "Düsseldorf", book(), RULES
    )

    assert "liegt Düsseldorf im ersten, gemessen am Verhältnis im vierten Viertel" in said


#: The third by distance (10, 15, 20, 25, 30 points), the last by ratio (2; 2.5; 3; 1.71; 1.75).
THIRD = {RE: (30, 10), "05111": (20, 10), "05112": (25, 10), "05113": (60, 35), "05114": (70, 40)}


def apart(pairs: dict, rules=RULES) -> str:
    return gap_and_ratio.describe_quarters(
        rows(pairs), QUOTE, "auslaender", RE, "Recklinghausen", book(), rules
    )


@pytest.mark.parametrize("scale", [1, 0.01])
def test_exactly_two_quarters_apart_are_told(scale: float) -> None:
    """With rates a hundred times smaller the distances are below one, and as telling."""
    said = apart({ags: (own * scale, base * scale) for ags, (own, base) in THIRD.items()})

    assert "liegt Recklinghausen im zweiten, gemessen am Verhältnis im vierten Viertel" in said


def test_where_a_group_is_level_with_its_reference_quarters_are_not_told() -> None:
    assert apart({**THIRD, "05111": (10, 10)}) == ""


def test_one_quarter_apart_is_not_told() -> None:
    """18 points instead of 25: now Recklinghausen is the fourth by distance."""
    assert apart({**THIRD, "05113": (28, 10)}) == ""


def test_how_many_quarters_are_told_is_a_rule() -> None:
    near = {**THIRD, "05113": (28, 10)}

    assert "im dritten, gemessen am Verhältnis im vierten" in apart(
        near, replace(RULES, contrast_quarters=1)
    )
    assert apart(THIRD, replace(RULES, contrast_quarters=3)) == ""


def test_four_peers_lie_in_no_quarters() -> None:
    four = {ags: pair for ags, pair in THIRD.items() if ags != "05114"}

    assert apart(four) == ""
    assert apart(THIRD, replace(RULES, peers=6)) == ""


@pytest.mark.parametrize("kreis", ["guetersloh", "mettmann", "recklinghausen"])
def test_the_comparison_of_each_of_the_three_says_it(kreis: str) -> None:
    made = Chapter("arbeit", kreis, 2016, root=ROOT).comparison("arbeitslosenquote")

    assert "hat Gütersloh (2016) den kleinsten Abstand" in made.sentence
