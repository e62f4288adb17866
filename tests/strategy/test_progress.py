"""A goal held against figures: every state and every reason with numbers to check by hand."""

import math
from dataclasses import replace

import pytest
from frames import ROOT, indicator, protected, source
from hypothesis import given, settings
from hypothesis import strategies as st

from kreisheft.catalogue import thresholds
from kreisheft.strategy import progress
from kreisheft.strategy.parts import Goal
from kreisheft.strategy.progress import Progress

RULES = thresholds.load(ROOT)
QUOTE = indicator(source(), direction="lower")
#: From 30 in 2020 to 20 in 2030: one point a year.
GOAL = Goal(
    id="ziel",
    aim="leitziel",
    field="arbeit",
    title="Ziel",
    target_group="gesamt",
    indicator="quote",
    group="auslaender",
    base_year=2020,
    base_value=30.0,
    target_year=2030,
    target_value=20.0,
    comment="",
    belege=(),
)


def judged(figures: dict[int, float | None], goal=GOAL, entry=QUOTE, year=2025, **more) -> Progress:
    rows = [{"group": "auslaender", "year": y, "value": v, **more} for y, v in figures.items()]
    return progress.judge(protected(*rows), goal, entry, year, RULES)


@pytest.mark.parametrize(
    ("now", "state", "tone", "attainment"),
    [
        (20.0, "reached", "good", 100),
        (19.0, "reached", "good", 110),
        (25.0, "on_path", "good", 50),  # 5 of 5 points that are due
        (24.0, "on_path", "good", 60),
        (26.0, "near_path", "even", 40),  # 4 of 5: 80 %
        (26.1, "off_path", "bad", 39),
        (30.0, "off_path", "bad", 0),
        (30.9, "off_path", "bad", -9),  # within the noise of 5 % of 30
        (32.0, "away", "bad", -20),
    ],
)
def test_the_state_is_the_part_of_the_way_that_is_due(now, state, tone, attainment) -> None:
    found = judged({2020: 30.0, 2025: now})

    assert (found.state, found.tone) == (state, tone)
    assert found.attainment == pytest.approx(attainment)
    assert found.due == 50


def test_in_the_target_year_a_goal_is_reached_or_missed() -> None:
    found = judged({2020: 30.0, 2030: 20.5}, year=2030)

    assert (found.state, found.due) == ("missed", 100)


def test_without_a_written_base_the_figure_of_the_base_year_counts() -> None:
    goal = replace(GOAL, base_value=None)

    assert judged({2020: 28.0, 2025: 24.0}, goal).attainment == 50  # 4 of 8


def test_a_written_base_counts_and_the_figure_of_today_stands_beside_it() -> None:
    found = judged({2020: 29.0, 2025: 25.0})

    assert (found.base, found.base_now, found.attainment) == (30, 29, 50)


@pytest.mark.parametrize(
    ("figures", "more", "reason"),
    [
        ({}, {}, "nothing"),
        ({2020: 30.0}, {}, "not_started"),
        ({2015: 33.0, 2019: 31.0}, {}, "not_started"),
        ({2020: 30.0, 2025: None}, {}, "hidden"),
        ({2020: None, 2025: 25.0}, {}, "base_hidden"),
        ({2021: 30.0, 2025: 25.0}, {}, "base"),
    ],
)
def test_what_cannot_be_judged_says_why(figures, more, reason) -> None:
    rows = figures or {2024: math.nan}
    found = judged(rows, **({} if figures else {"status": "missing"}))

    assert (found.state, found.reason, found.tone) == ("open", reason, "")
    assert math.isnan(found.attainment)


def test_an_indicator_without_a_source_is_not_measurable() -> None:
    found = judged({2020: 30.0, 2025: 25.0}, entry=indicator())

    assert (found.state, found.reason) == ("unmeasured", "sources")


def test_a_figure_too_old_for_the_report_is_not_judged() -> None:
    assert judged({2020: 30.0, 2021: 29.0}, year=2027).reason == "old"


def test_no_goal_is_judged_across_a_break() -> None:
    before = {"group": "auslaender", "year": 2020, "value": 30.0, "segment": "t1#0"}
    after = {"group": "auslaender", "year": 2025, "value": 25.0, "segment": "t1#1"}

    found = progress.judge(protected(before, after), GOAL, QUOTE, 2025, RULES)

    assert (found.state, found.reason) == ("open", "break")


def test_an_uncertain_figure_is_not_judged() -> None:
    assert judged({2020: 30.0, 2025: None}, status="unreliable").reason == "unreliable"


def test_a_base_as_good_as_the_target_has_no_way() -> None:
    goal = replace(GOAL, base_value=None)

    assert judged({2020: 19.0, 2025: 18.0}, goal).reason == "wrong_way"


def test_with_too_few_cases_no_way_is_told_from_chance() -> None:
    # 1.96 · 6 is more than the ten points of the whole way.
    assert judged({2020: 30.0, 2025: 27.0}, error=6.0).reason == "too_few"


def test_near_the_path_chance_is_named() -> None:
    assert judged({2020: 30.0, 2025: 26.0}, error=1.0).uncertain
    assert not judged({2020: 30.0, 2025: 26.0}, error=0.1).uncertain


def test_a_hidden_base_gives_nothing_away() -> None:
    """What was written into the file must not stand where the figure is hidden."""
    found = judged({2020: None, 2025: 25.0})

    assert math.isnan(found.base)
    assert math.isnan(found.base_now)
    assert progress.path(GOAL, found.base) == []


def test_the_path_is_a_straight_line() -> None:
    line = progress.path(GOAL, 30.0)

    assert line[0] == (2020, 30)
    assert line[5] == (2025, 25)
    assert line[-1] == (2030, 20)


@settings(max_examples=40)
@given(st.floats(1, 99), st.floats(1, 99), st.integers(2021, 2029))
def test_on_the_path_the_attainment_is_what_is_due(base: float, target: float, year: int) -> None:
    goal = replace(GOAL, base_value=base, target_value=target)
    entry = replace(QUOTE, direction="context")
    if abs(target - base) < 1:
        return
    due = dict(progress.path(goal, base))[year]

    found = judged({2020: base, year: due}, goal, entry, year=year)

    assert found.attainment == pytest.approx(found.due)
    assert found.state == "on_path"


@settings(max_examples=40)
@given(st.integers(0, 100), st.integers(0, 100))
def test_turning_all_figures_round_changes_no_state(now: float, base: float) -> None:
    goal = replace(GOAL, base_value=base)
    turned = replace(GOAL, base_value=100 - base, target_value=80.0)
    other = replace(QUOTE, direction="higher")
    rules = replace(RULES, relative=0.0)

    def state(goal: Goal, entry, first: float, last: float) -> tuple[str, str]:
        rows = [
            {"group": "auslaender", "year": y, "value": v} for y, v in ((2020, first), (2025, last))
        ]
        made = progress.judge(protected(*rows), goal, entry, 2025, rules)
        return made.state, made.reason

    assert state(goal, QUOTE, base, now) == state(turned, other, 100 - base, 100 - now)
