"""What figures say of a group: each verdict with numbers that can be checked by hand."""

import math
from dataclasses import replace

import pytest
from frames import RE, ROOT, indicator, protected
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.catalogue import thresholds
from kreisheft.facts.stages import Protected
from kreisheft.findings import judgement
from kreisheft.findings.comparison_ring import build_ring
from kreisheft.findings.judgement import Judgement

RULES = thresholds.load(ROOT)
#: Unemployment: lower is better.
QUOTE = indicator(direction="lower")


def rows(group: str, figures: dict[int, float | None], **more: object) -> list[dict]:
    return [{"group": group, "year": y, "value": v, **more} for y, v in figures.items()]


def foreigners(figures: dict[int, float | None], **more: object) -> list[dict]:
    return rows("auslaender", figures, **more)


def everyone(figures: dict[int, float | None], **more: object) -> list[dict]:
    return rows("insgesamt", figures, **more)


def judged(kind: str, *found: dict, entry=QUOTE, year: int = 2024, **more: object) -> Judgement:
    return getattr(judgement, f"judge_{kind}")(
        protected(*found), entry, "auslaender", year, RULES, **more
    )


def level(own: float | None, base: float | None, direction: str = "lower", **more) -> Judgement:
    found = [*foreigners({2024: own}, **more), *everyone({2024: base})]
    return judged("level", *found, entry=indicator(direction=direction))


# --- level --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "base", "direction", "verdict", "tone"),
    [
        (29.6, 10.4, "lower", "far_behind", "bad"),  # 19.2 points, 2.85 times
        (14.0, 11.0, "lower", "behind", "bad"),  # 3 points, 1.27 times
        (90.0, 75.0, "lower", "behind", "bad"),  # 15 points, but only 1.2 times
        (3.0, 1.0, "lower", "behind", "bad"),  # three times, but only 2 points
        (10.5, 10.0, "lower", "even", "good"),  # half a point, 1.05 times
        (1.5, 1.0, "lower", "behind", "bad"),  # half a point, but 1.5 times
        (1.5, 1.0, "higher", "ahead", "good"),
        (1.0, 1.5, "lower", "ahead", "good"),  # ahead by less than one
        (1.0, 1.5, "higher", "behind", "bad"),
        (1.5, 1.0, "context", "above", ""),
        (1.0, 1.5, "context", "below", ""),
        (5.0, 11.0, "lower", "far_ahead", "good"),  # 6 points, 0.45 times
        (9.7, 26.8, "higher", "far_behind", "bad"),
        (29.6, 10.4, "context", "above", ""),
        (9.7, 26.8, "context", "below", ""),
        (10.5, 10.0, "context", "even", ""),
    ],
)
def test_the_level_needs_gap_and_ratio(own, base, direction, verdict, tone) -> None:
    found = level(own, base, direction)

    assert (found.verdict, found.tone) == (verdict, tone)


@pytest.mark.parametrize(
    ("own", "base", "gap", "ratio"),
    [(29.6, 10.4, 19.2, 2.85), (14.0, 4.8, 9.2, 2.92), (17.8, 6.5, 11.3, 2.74)],
    ids=["Recklinghausen 2016", "Gütersloh 2016", "Mettmann 2016"],
)
def test_gap_and_ratio_stand_behind_the_level(own, base, gap, ratio) -> None:
    numbers = level(own, base).numbers

    assert (round(numbers["gap"], 1), round(numbers["ratio"], 2)) == (gap, ratio)


def test_there_is_no_ratio_to_nothing_and_the_level_is_far() -> None:
    found = level(16.0, 0.0, "lower")

    assert found.verdict == "far_behind"
    assert math.isnan(found.numbers["ratio"])


def test_a_gap_within_its_error_is_none() -> None:
    """6 points, but the error of 4 times 1.96 is 7.84."""
    assert level(16.0, 10.0, error=4.0).verdict == "even"


def test_a_bracketed_figure_of_a_survey_has_the_error_of_its_class() -> None:
    """15 percent of 20 is 3, times 1.96 is 5.88: 5.5 points are none."""
    assert level(20.0, 14.5, status="limited").verdict == "even"
    assert level(20.0, 14.5).verdict == "behind"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([*foreigners({2024: None}), *everyone({2024: 10})], "hidden"),
        ([*foreigners({2024: 20}), *everyone({2024: None})], "hidden"),
        ([*foreigners({2024: None}, status="unreliable"), *everyone({2024: 1})], "unreliable"),
        ([*foreigners({2018: 20}), *everyone({2018: 10})], "old"),
        ([*foreigners({2024: 20}), *everyone({2023: 10})], "reference"),
        ([*foreigners({2024: 20}), *everyone({2024: 10}, segment="t2#0")], "reference"),
        ([], "nothing"),
    ],
)
def test_without_two_fit_figures_there_is_no_level(found: list[dict], reason: str) -> None:
    found = found or everyone({2024: 10})
    made = judged("level", *found)

    assert (made.verdict, made.reason, made.tone) == ("open", reason, "")


def test_a_figure_of_five_years_ago_is_judged() -> None:
    found = [*foreigners({2019: 20}), *everyone({2019: 10})]

    assert judged("level", *found).verdict == "far_behind"


def test_a_group_without_reference_has_no_level() -> None:
    made = judged("level", *foreigners({2024: 20}), entry=indicator(reference=""))

    assert made.reason == "alone"


def test_numbers_of_persons_have_no_level() -> None:
    found = [*foreigners({2024: 20}), *everyone({2024: 10})]

    assert judged("level", *found, entry=indicator(unit="personen")).reason == "unit"


# --- development --------------------------------------------------------------------------------


def developed(*figures: float, entry=QUOTE, **more: object) -> Judgement:
    """The last figure is that of 2024."""
    years = range(2025 - len(figures), 2025)
    found = foreigners(dict(zip(years, figures, strict=True)), **more)
    return judged("development", *found, entry=entry)


@pytest.mark.parametrize(
    ("figures", "verdict", "tone"),
    [
        ((10, 10, 11), "risen", "bad"),  # exactly one point
        ((10, 10, 10.9), "unchanged", "even"),
        ((11, 10, 10), "fallen", "good"),
        ((40, 40, 41.5), "unchanged", "even"),  # 1.5 points, but less than 5 percent of 40
        ((40, 40, 42), "risen", "bad"),
        ((10, 50, 10), "unchanged", "even"),  # what lies between is not asked
    ],
)
def test_a_change_is_one_from_the_noise_on(figures, verdict, tone) -> None:
    made = developed(*figures)

    assert (made.verdict, made.tone) == (verdict, tone)


def test_a_change_within_its_error_is_none() -> None:
    """Both figures have an error of 1: 1.96 times 1.41 is 2.77."""
    assert developed(10, 10, 12.7, error=1.0).verdict == "unchanged"
    assert developed(10, 10, 12.8, error=1.0).verdict == "risen"


def test_the_window_is_five_years() -> None:
    """The 50 of six years ago is not asked."""
    made = developed(50, 10, 10, 10, 10, 10, 20)

    assert (made.numbers["first"], made.numbers["first_year"]) == (10, 2019)


def test_the_short_window_is_one_year() -> None:
    found = foreigners({2022: 30, 2023: 20, 2024: 10})
    made = judged("development", *found, span=RULES.short)

    assert made.numbers["first"] == 20


@pytest.mark.parametrize("kind", ["development", "gap"])
def test_without_a_figure_in_the_short_window_nothing_is_judged(kind: str) -> None:
    """Three figures in five years, and none of the year before."""
    found = [
        *foreigners({2020: 30, 2021: 20, 2024: 10}),
        *everyone({2020: 5, 2021: 5, 2024: 5}),
    ]
    lately = judged(kind, *found, span=RULES.short)

    assert (lately.verdict, lately.reason, lately.numbers) == ("open", "points", {})
    assert judged(kind, *found).verdict != "open"


@pytest.mark.parametrize(
    ("year_before", "reason"),
    [
        (foreigners({2023: None}, segment="t1#1"), "hidden"),
        (foreigners({2023: 20}, segment="t1#0"), "break"),
    ],
)
def test_a_short_window_without_a_fit_figure_says_why(year_before: list, reason: str) -> None:
    later = foreigners({2020: 30, 2021: 20, 2022: 20, 2024: 10}, segment="t1#1")
    made = judged("development", *later, *year_before, span=RULES.short)

    assert (made.verdict, made.reason) == ("open", reason)


def test_a_context_indicator_moves_without_a_tone() -> None:
    assert developed(10, 10, 20, entry=indicator(direction="context")).tone == ""


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (foreigners({2023: 10, 2024: 20}), "points"),
        (foreigners({2016: 10, 2017: 10, 2024: 20}), "points"),
        (foreigners({2022: 10, 2023: None, 2024: 20}), "hidden"),
        (foreigners({2022: 10, 2023: 10, 2024: None}), "hidden"),
        (
            [
                *foreigners({2022: 9, 2023: 9}, segment="t1#0"),
                *foreigners({2024: 2}, segment="t1#1"),
            ],
            "break",
        ),
        (foreigners({2016: 10, 2017: 10, 2018: 20}), "old"),
    ],
)
def test_a_course_that_cannot_be_judged_says_why(found: list[dict], reason: str) -> None:
    made = judged("development", *found)

    assert (made.verdict, made.reason) == ("open", reason)


def test_after_a_break_only_its_own_years_are_judged() -> None:
    """20 before; 8, 9 and 10 after it: risen from 8."""
    found = [
        *foreigners({2021: 20}, segment="t1#0"),
        *foreigners({2022: 8, 2023: 9, 2024: 10}, segment="t1#1"),
    ]
    made = judged("development", *found)

    assert (made.verdict, made.numbers["first"]) == ("risen", 8)


def test_the_share_of_foreigners_does_not_fall_with_the_census() -> None:
    """Recklinghausen, 8.7 in 2010 and 7.8 in 2011: another count, no fall."""
    found = [
        *foreigners({2008: 8.6, 2009: 8.6, 2010: 8.7}, segment="AI002-1#0"),
        *foreigners({2011: 7.8}, segment="AI002-1#1"),
    ]
    made = judged("development", *found, year=2011, entry=indicator(direction="context"))

    assert (made.verdict, made.reason) == ("open", "break")


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0, 100))
def test_figures_before_a_break_change_no_verdict(before: list[float], other: float) -> None:
    def made(first: float) -> Judgement:
        old = dict(zip(range(2012, 2012 + len(before)), [first, *before[1:]], strict=True))
        new = foreigners({2022: 8, 2023: 9, 2024: 10}, segment="t1#1")
        return judged("development", *foreigners(old), *new)

    assert made(before[0]) == made(other)


@given(st.lists(st.floats(0, 100), min_size=3, max_size=6))
def test_turning_the_direction_turns_the_tone_and_nothing_else(figures: list[float]) -> None:
    lower = developed(*figures)
    higher = developed(*figures, entry=indicator(direction="higher"))
    turned = {"good": "bad", "bad": "good", "even": "even"}

    assert replace(lower, tone=turned[lower.tone]) == higher


# --- gap ----------------------------------------------------------------------------------------


def gap(own: tuple[float, ...], base: tuple[float, ...], direction: str = "lower") -> Judgement:
    years = range(2025 - len(own), 2025)
    found = [
        *foreigners(dict(zip(years, own, strict=True))),
        *everyone(dict(zip(years, base, strict=True))),
    ]
    return judged("gap", *found, entry=indicator(direction=direction))


@pytest.mark.parametrize(
    ("own", "base", "verdict", "reason", "tone"),
    [
        ((30, 28, 25), (10, 10, 10), "converging", "", "good"),  # 20 → 15
        ((20, 22, 25), (10, 10, 10), "diverging", "", "bad"),  # 10 → 15
        ((20, 20, 20.5), (10, 10, 10), "unchanged", "", "even"),
        ((20, 20, 20), (10, 12, 15), "converging", "reference_worse", "even"),  # 10 → 5
        ((20, 20, 22), (10, 12, 15), "converging", "reference_worse", "even"),  # both worse
        ((20, 20, 18), (10, 10, 12), "converging", "", "good"),  # the group improved, too
        ((5, 5, 5), (20, 20, 10), "converging", "", "even"),  # ahead: no catching up
        ((5, 5, 2), (10, 10, 10), "diverging", "", "even"),  # further ahead
    ],
)
def test_the_gap_is_judged_by_its_size_and_by_who_moved(own, base, verdict, reason, tone) -> None:
    made = gap(own, base)

    assert (made.verdict, made.reason, made.tone) == (verdict, reason, tone)


@pytest.mark.parametrize(
    ("own", "verdict", "tone"),
    [
        ((0.4, 0.6, 0.8), "converging", "good"),  # behind by 0.6, then by 0.2
        ((1.6, 1.4, 1.2), "converging", "even"),  # ahead by 0.6, then by 0.2
        ((0.8, 0.6, 0.4), "diverging", "bad"),  # behind by 0.2, then by 0.6
        ((1.2, 1.4, 1.6), "diverging", "even"),  # ahead by 0.2, then by 0.6
    ],
)
def test_a_gap_below_one_is_judged_like_any_other(own, verdict, tone) -> None:
    """An index, everyone at 1: more is better, and a tenth is a change."""
    found = [
        *foreigners(dict(zip((2022, 2023, 2024), own, strict=True))),
        *everyone(dict.fromkeys((2022, 2023, 2024), 1.0)),
    ]
    made = judged("gap", *found, entry=indicator(direction="higher", unit="index"))

    assert (made.verdict, made.reason, made.tone) == (verdict, "", tone)


def test_a_better_reference_is_no_reason_to_warn() -> None:
    """Higher is better: 40 and 80, then 60 and 80. The group caught up."""
    made = gap((40, 50, 60), (80, 80, 80), "higher")

    assert (made.verdict, made.reason, made.tone) == ("converging", "", "good")


def test_a_context_gap_has_no_tone_and_no_warning() -> None:
    made = gap((20, 20, 20), (10, 12, 15), "context")

    assert (made.verdict, made.reason, made.tone) == ("converging", "", "")


def test_a_year_in_which_one_side_is_hidden_does_not_count() -> None:
    found = [
        *foreigners({2022: 20, 2023: 20, 2024: 20}),
        *everyone({2022: 10, 2023: None, 2024: 10}),
    ]

    assert judged("gap", *found).reason == "hidden"


def test_a_gap_is_never_taken_across_two_tables() -> None:
    found = [
        *foreigners({2022: 20, 2023: 20, 2024: 20}),
        *everyone({2022: 10, 2023: 10, 2024: 10}, segment="t2#0", table="t2"),
    ]

    assert judged("gap", *found).reason == "reference"


# --- place --------------------------------------------------------------------------------------

OTHERS = ("05111", "05112", "05113", "05114", "05116")


def placed(own: float | None, *others: float, direction: str = "lower", year=2024) -> Judgement:
    peers = [
        {"group": "auslaender", "ags": a, "value": v} for a, v in zip(OTHERS, others, strict=False)
    ]
    mine: Protected = protected({"group": "auslaender", "ags": RE, "value": own})
    found = build_ring(protected({"group": "auslaender", "value": own}, *peers), RE)
    return judgement.judge_place(mine, found, indicator(direction=direction), year, RULES)


@pytest.mark.parametrize(
    ("own", "direction", "verdict", "tone"),
    [
        (1, "lower", "quarter_1", "good"),
        (1, "higher", "quarter_1", "bad"),
        (1, "context", "quarter_1", ""),
        (4.5, "lower", "quarter_2", "even"),
        (9, "lower", "quarter_4", "bad"),
        (9, "higher", "quarter_4", "good"),
    ],
)
def test_the_place_is_a_quarter_in_words(own, direction, verdict, tone) -> None:
    made = placed(own, 2, 4, 5, 6, 8, direction=direction)

    assert (made.verdict, made.tone) == (verdict, tone)


def test_under_five_there_is_no_place() -> None:
    assert placed(1, 2, 3, 4).reason == "peers"
    assert placed(1, 2, 3, 4, 5).verdict == "quarter_1"


def test_an_old_or_hidden_figure_has_no_place() -> None:
    assert placed(1, 2, 3, 4, 5, year=2030).reason == "old"
    assert placed(None, 2, 3, 4, 5).reason == "nothing"
