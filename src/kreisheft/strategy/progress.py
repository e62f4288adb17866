"""A goal held against the figures: where it stands on the way from its base to its target.

In: `Protected` rows of the goal's indicator, target group and Kreis; `thresholds.Rules`.
Out: `Progress`. Degree of attainment: 100 · (q − b) / (z − b), the progress made in relation to the
progress needed, with the figure q, the base b and the target z; that is the Current Status Index of
ESCAP, without its scale (Bidarbakht Nia, Tracking progress towards the SDGs, ESCAP Statistics
Division, Working Paper SD/WP/05, May 2017). What is due by then follows from a straight line from
base to target. Not defined, and not judged: no source, no or a hidden figure of base year or now,
a break between them, no figure after the base year, a base that is as good as the target.
Monitoring observes: no state tells what a measure has done.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts.stages import Protected
from kreisheft.findings import group_points
from kreisheft.findings.group_points import Point
from kreisheft.findings.judgement import OPEN
from kreisheft.strategy.parts import Goal

UNMEASURED = "unmeasured"
TONES = {
    "reached": "good",
    "on_path": "good",
    "near_path": "even",
    "off_path": "bad",
    "away": "bad",
    "missed": "bad",
}


@dataclass(frozen=True)
class Progress:
    """State of a goal; a number is NaN where there is none or where it may not be seen.

    state:      reached, on_path, near_path, off_path, away, missed; `OPEN`; `UNMEASURED`
    reason:     id of why it cannot be judged
    year, value: the newest figure
    base:       what is counted from; base_now: the figure of the base year
    attainment: degree of attainment in percent; due: what the straight line asks for in that year
    uncertain:  figure and path cannot be told apart
    """

    state: str
    reason: str = ""
    year: int = 0
    value: float = math.nan
    base: float = math.nan
    base_now: float = math.nan
    attainment: float = math.nan
    due: float = math.nan
    uncertain: bool = False

    @property
    def tone(self) -> str:
        """``good``, ``even``, ``bad``; empty where nothing is judged."""
        return TONES.get(self.state, "")


def judge(
    protected: Protected, goal: Goal, indicator: Indicator, year: int, rules: Rules
) -> Progress:
    """State of a goal in a report year; protected: rows of the goal's target group."""
    if not indicator.sources:
        return Progress(UNMEASURED, "sources")
    points = group_points.list_points(protected, goal.group, rules)
    if not points:
        return Progress(OPEN, "nothing")
    last, base, now = points[-1], *_base(points, goal)
    seen = Progress(OPEN, "", last.year, last.value, base, now)
    reason = _reason_unfit(points, goal, base, year, rules)
    if reason:
        return replace(seen, reason=reason)
    way, progressed = goal.target_value - base, last.value - base
    wanted = {"higher": 1, "lower": -1}.get(indicator.direction, math.copysign(1, way))
    if way * wanted <= 0:
        return replace(seen, reason="wrong_way")
    margin = rules.z * last.error
    if margin >= abs(way):
        return replace(seen, reason="too_few")
    due = _due(goal, last.year)
    attained = round(100 * progressed / way, 9)
    state = _state(goal, last, attained, due, rules)
    if state == "off_path" and attained < 0:
        scale = rules.units.get(indicator.unit)
        least = max(scale.noise if scale else 0.0, rules.relative * abs(base), margin)
        state = "away" if round(abs(progressed), 9) >= round(least, 9) else state
    apart = abs(last.value - (base + way * due))
    uncertain = state in ("near_path", "off_path") and apart <= margin
    return replace(seen, state=state, attainment=attained, due=100 * due, uncertain=uncertain)


def path(goal: Goal, base: float) -> list[tuple[int, float]]:
    """The straight line from base to target, one value per year; empty if there is no base."""
    if math.isnan(base):
        return []
    way = goal.target_value - base
    years = range(goal.base_year, goal.target_year + 1)
    return [(year, base + way * _due(goal, year)) for year in years]


def _due(goal: Goal, year: int) -> float:
    """Share of the way due by a year, 0 to 1: 0 in the base year, 1 from the target year on."""
    part = (year - goal.base_year) / (goal.target_year - goal.base_year)
    return min(max(part, 0.0), 1.0)


def _base(points: Sequence[Point], goal: Goal) -> tuple[float, float]:
    """Base value, and figure of the base year; both NaN if that figure is hidden."""
    at = [p for p in points if p.year == goal.base_year]
    if at and math.isnan(at[-1].value):
        return math.nan, math.nan
    now = at[-1].value if at else math.nan
    return (now if goal.base_value is None else goal.base_value), now


def _reason_unfit(points: Sequence[Point], goal: Goal, base: float, year: int, rules: Rules) -> str:
    """Why base and newest figure cannot be compared; empty if they can."""
    last, at = points[-1], [p for p in points if p.year == goal.base_year]
    if last.year <= goal.base_year:
        return "not_started"
    if rules.is_old(last.year, year):
        return "old"
    if math.isnan(last.value):
        return "unreliable" if last.status == "unreliable" else "hidden"
    if at and math.isnan(at[-1].value):
        return "unreliable" if at[-1].status == "unreliable" else "base_hidden"
    if math.isnan(base):
        return "base"
    # A base that was written down belongs to the count of the figures around it.
    earlier = at or [p for p in points if p.year < goal.base_year]
    if not earlier:
        return "base"
    return "break" if earlier[-1].segment != last.segment else ""


def _state(goal: Goal, last: Point, attained: float, due: float, rules: Rules) -> str:
    if attained >= 100:
        return "reached"
    if last.year >= goal.target_year:
        return "missed"
    # A hair below is on it: a path in halves and tenths has no exact floats.
    asked, hair = 100 * due, 1e-6
    if attained >= asked * rules.path_full - hair:
        return "on_path"
    return "near_path" if attained >= asked * rules.path_near - hair else "off_path"
