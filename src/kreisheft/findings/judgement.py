"""Judgements of a group: level, development, gap and place, each by itself and never added up.

In: `Protected` rows of one indicator, one target group and one region; `thresholds.Rules`.
Out: one `Judgement` per kind.

level:        the group against its reference group in the newest period, by gap and by ratio
development:  the group itself over the years: risen, fallen, unchanged
gap:          the distance between the two over the same years, and why it narrows
place:        the quarter between quartiles of the comparison ring (`comparison_ring.Ring`)

A judgement never compares across a break in series: earlier figures count only if they belong to
the segment of the newest one. If nothing can be judged, the verdict is `OPEN` and the reason says
why. Sources: Wilson 1927 and Newcombe 1998 for the standard error that `disclosure` attaches;
thresholds are declared in ``data/rules``, as no public source prescribes any. Monitoring observes:
no verdict names a cause.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts.stages import Protected
from kreisheft.findings import group_points
from kreisheft.findings.comparison_ring import Ring
from kreisheft.findings.group_points import Point
from kreisheft.values import measures

OPEN = "open"


@dataclass(frozen=True)
class Judgement:
    """One verdict with the figures it rests on.

    kind:    level, development, gap or place
    verdict: its id, `OPEN` if nothing can be said
    reason:  id of why nothing can be said, or of a caution (``reference_worse``)
    tone:    good, bad or even; empty for indicators without a direction and for `OPEN`
    numbers: name → figure, in the unit of the indicator; years as numbers
    """

    kind: str
    verdict: str
    reason: str = ""
    tone: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


def judge_level(
    figures: Protected, indicator: Indicator, group: str, year: int, rules: Rules
) -> Judgement:
    """Judge the group against its reference group in the newest period.

    year: the report year, which decides whether the newest figure is too old. Verdicts: ``even`` if
    gap and ratio are both small, or the gap is within its standard error; ``far_ahead``,
    ``far_behind`` if both are large; else ``ahead`` or ``behind``. If the catalogue declares no
    direction: ``even``, ``above``, ``below``.

    >>> figures = protected(
    ...     {"group": "auslaender", "year": 2024, "value": 29.6},
    ...     {"group": "insgesamt", "year": 2024, "value": 10.4},
    ... )
    >>> found = judge_level(figures, indicator(direction="lower"), "auslaender", 2024, rules)
    >>> found.verdict, found.tone, round(found.numbers["gap"], 1), round(found.numbers["ratio"], 2)
    ('far_behind', 'bad', 19.2, 2.85)
    """
    own_points, pairs, reason = group_points.pair_with_reference(
        figures, indicator, group, year, rules
    )
    if reason:
        return Judgement("level", OPEN, reason)
    base_point, gap = pairs[-1]
    if gap.year != own_points[-1].year:
        return Judgement("level", OPEN, "reference")
    scale, value, reference = rules.units[indicator.unit], own_points[-1].value, base_point.value
    ratio = measures.contrast(value, reference).ratio
    numbers = {"value": value, "reference": reference, "gap": gap.value, "year": gap.year}
    numbers["ratio"] = ratio
    # A rate of zero on either side is as far apart as can be.
    ratio_distance = max(ratio, 1 / ratio) if ratio > 0 else math.inf
    distance = abs(gap.value)
    within_error = distance <= rules.z * gap.error
    if (
        (distance <= scale.even and ratio_distance <= rules.ratio_even)
        or within_error
        or not distance
    ):
        tone = "" if indicator.direction == "context" else "good"
        return Judgement("level", "even", "", tone, numbers)
    if indicator.direction == "context":
        return Judgement("level", "above" if gap.value > 0 else "below", "", "", numbers)
    ahead = (gap.value > 0) == (indicator.direction == "higher")
    far = "far_" if distance >= scale.far and ratio_distance >= rules.ratio_far else ""
    verdict = far + ("ahead" if ahead else "behind")
    return Judgement("level", verdict, "", "good" if ahead else "bad", numbers)


def judge_development(
    figures: Protected,
    indicator: Indicator,
    group: str,
    year: int,
    rules: Rules,
    span: int | None = None,
) -> Judgement:
    """Judge how the group's own figure changed over `span` years (default: the long window).

    Compared are the newest figure and the oldest of the window. Verdicts: ``risen``, ``fallen``,
    ``unchanged``.

    >>> figures = protected(
    ...     *({"group": "auslaender", "year": y, "value": v} for y, v in [
    ...         (2020, 30.0), (2021, 29.0), (2022, 27.0), (2023, 26.0), (2024, 24.0)])
    ... )
    >>> found = judge_development(figures, indicator(direction="lower"), "auslaender", 2024, rules)
    >>> found.verdict, found.tone, found.numbers["change"]
    ('fallen', 'good', -6.0)
    """
    own_points = group_points.list_points(figures, group, rules)
    reason = group_points.why_newest_unfit(
        own_points, indicator, year, rules
    ) or group_points.why_too_few(own_points, rules)
    if reason:
        return Judgement("development", OPEN, reason)
    series = group_points.select_comparable(own_points, rules)
    first = group_points.find_oldest(series, span or rules.long)
    if first is None:
        return Judgement(
            "development", OPEN, group_points.why_no_start(own_points, series, span or rules.long)
        )
    last = series[-1]
    direction = _direction(
        first.value, last.value, group_points.combine_errors(first, last), rules, indicator.unit
    )
    verdict = "unchanged" if not direction else "risen" if direction > 0 else "fallen"
    numbers = {
        "value": last.value,
        "year": last.year,
        "first": first.value,
        "first_year": first.year,
        "change": last.value - first.value,
    }
    return Judgement("development", verdict, "", _tone_of(indicator, direction), numbers)


def judge_gap(
    figures: Protected,
    indicator: Indicator,
    group: str,
    year: int,
    rules: Rules,
    span: int | None = None,
) -> Judgement:
    """Judge the distance to the reference group: ``converging``, ``diverging``, ``unchanged``.

    The reason ``reference_worse`` is a caution: the group is behind and its distance fell although
    the group itself did not improve, so the reference group got worse.

    >>> years = range(2020, 2025)
    >>> figures = protected(
    ...     *({"group": "auslaender", "year": y, "value": 30.0} for y in years),
    ...     *({"group": "insgesamt", "year": y, "value": 10.0 + y - 2020} for y in years),
    ... )
    >>> found = judge_gap(figures, indicator(direction="lower"), "auslaender", 2024, rules)
    >>> found.verdict, found.reason
    ('converging', 'reference_worse')
    """
    own_points, pairs, reason = group_points.pair_with_reference(
        figures, indicator, group, year, rules
    )
    gaps = [distance for _, distance in pairs]
    reason = reason or group_points.why_too_few(gaps, rules)
    if reason:
        return Judgement("gap", OPEN, reason)
    series = group_points.select_comparable(gaps, rules)
    first = group_points.find_oldest(series, span or rules.long)
    if first is None:
        return Judgement("gap", OPEN, group_points.why_no_start(gaps, series, span or rules.long))
    last, before = series[-1], abs(first.value)
    direction = _direction(
        before, abs(last.value), group_points.combine_errors(first, last), rules, indicator.unit
    )
    numbers = {"gap": last.value, "year": last.year, "first": first.value, "first_year": first.year}
    if not direction:
        return Judgement("gap", "unchanged", "", _tone_of(indicator, 0), numbers)
    if indicator.direction == "context":
        return Judgement("gap", "converging" if direction < 0 else "diverging", "", "", numbers)
    better = 1 if indicator.direction == "higher" else -1
    behind = first.value * better < 0
    if direction > 0:
        fallen_back = last.value * better < 0
        return Judgement("gap", "diverging", "", "bad" if fallen_back else "even", numbers)
    if behind and not _has_improved(own_points, first.year, last.year, indicator, rules):
        return Judgement("gap", "converging", "reference_worse", "even", numbers)
    return Judgement("gap", "converging", "", "good" if behind else "even", numbers)


def _has_improved(
    points: Sequence[Point], first_year: int, last_year: int, indicator: Indicator, rules: Rules
) -> bool:
    """Say whether the group's own figure moved in the direction that the catalogue wants."""
    by_year = {p.year: p for p in points}
    start, end = by_year[first_year], by_year[last_year]
    error = group_points.combine_errors(start, end)
    change = _direction(start.value, end.value, error, rules, indicator.unit)
    return change > 0 if indicator.direction == "higher" else change < 0


def judge_place(
    figures: Protected, ring: Ring | None, indicator: Indicator, year: int, rules: Rules
) -> Judgement:
    """Judge in which quarter of the peers the Kreis lies; ``quarter_1`` has the lowest values.

    figures: rows of the Kreis itself, as for the other kinds. No rank is given.

    >>> from kreisheft.findings.comparison_ring import build_ring
    >>> peers = protected(*({"ags": f"050{n:02}", "value": 1.0 * n} for n in range(1, 13)))
    >>> own = protected({"ags": "05012", "value": 12.0})
    >>> ring = build_ring(peers, "05012")
    >>> judge_place(own, ring, indicator(direction="lower"), 2024, rules).verdict
    'quarter_4'
    """
    own_points = group_points.list_points(figures, ring.group, rules) if ring else []
    reason = group_points.why_newest_unfit(own_points, indicator, year, rules)
    if ring is None or reason:
        return Judgement("place", OPEN, reason)
    if not rules.units[indicator.unit].far:
        return Judgement("place", OPEN, "unit")
    if ring.n < rules.peers:
        return Judgement("place", OPEN, "peers")
    numbers = {"value": ring.own, "n": ring.n, "p25": ring.p25, "p50": ring.median, "p75": ring.p75}
    side = {0: -1.0, 3: 1.0}.get(ring.quarter, 0.0)
    tone = _tone_of(indicator, side)
    return Judgement("place", f"quarter_{ring.quarter + 1}", "", tone, numbers)


def _direction(before: float, now: float, error: float, rules: Rules, unit: str) -> int:
    """Return 1 for risen, -1 for fallen, 0 if the change is within threshold or error."""
    least = max(rules.units[unit].noise, rules.relative * abs(before), rules.z * error)
    change = round(now - before, 9)
    return 0 if abs(change) < round(least, 9) else 1 if change > 0 else -1


def _tone_of(indicator: Indicator, side: float) -> str:
    """Return good if `side` has the sign that the catalogue wants, empty if it wants none."""
    if indicator.direction == "context":
        return ""
    if not side:
        return "even"
    return "good" if (side > 0) == (indicator.direction == "higher") else "bad"
