"""What figures say of a group: level, development, gap and place, judged apart and never added up.

In: `Protected` rows of one indicator, one target group and one region; `thresholds.Rules`.
Out: one `Judgement` per kind.

level:        the group against the reference group in the newest period, by gap and by ratio
development:  the group itself over some years: risen, fallen, unchanged
gap:          the distance between the two over the same years, and why it narrows
place:        the quarter among the Kreise of the comparison (`comparison.Ring`)

A judgement never looks across a break: earlier figures count only if they are of the newest one's
segment. Where there is no judgement, its verdict is `OPEN` and its reason says why.
Sources: Wilson 1927 and Newcombe 1998 for the standard error that `disclosure` attaches; thresholds
are declared, as no public source prescribes any. Monitoring observes: no verdict tells a cause.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts.stages import Protected
from kreisheft.findings.comparison_ring import Ring
from kreisheft.values import measures

OPEN = "open"
#: Statuses of a figure that exists and is not shown.
WITHHELD = ("hidden", "hidden_below_3")


@dataclass(frozen=True)
class Judgement:
    """One verdict and what it rests on.

    kind:    level, development, gap or place
    verdict: its id, `OPEN` if nothing can be said
    reason:  id of why nothing can be said, or of a caution (``reference_worse``)
    tone:    good, bad or even; empty for indicators without a direction and for `OPEN`
    numbers: the figures behind it
    """

    kind: str
    verdict: str
    reason: str = ""
    tone: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """A figure of one year; `value` is NaN where there is none. For a gap: group − reference."""

    year: int
    value: float
    error: float
    segment: str
    status: str


def level(shown: Protected, indicator: Indicator, group: str, year: int, rules: Rules) -> Judgement:
    """Judge group against reference in the newest period, in report year `year`.

    Even if gap and ratio are both small, or the gap is within its error; far (``far_ahead``,
    ``far_behind``) if both are large; else ``ahead`` or ``behind``. Without a direction in the
    catalogue: even, ``above``, ``below``.
    """
    own, pairs, reason = _pairs(shown, indicator, group, year, rules)
    if reason:
        return Judgement("level", OPEN, reason)
    base, gap = pairs[-1]
    if gap.year != own[-1].year:
        return Judgement("level", OPEN, "reference")
    scale, value, reference = rules.units[indicator.unit], own[-1].value, base.value
    ratio = measures.contrast(value, reference).ratio
    numbers = {"value": value, "reference": reference, "gap": gap.value, "year": gap.year}
    numbers["ratio"] = ratio
    # Nothing of the one, or nothing to compare it with, is as far apart as can be.
    spread = max(ratio, 1 / ratio) if ratio > 0 else math.inf
    distance = abs(gap.value)
    within_error = distance <= rules.z * gap.error
    if (distance <= scale.even and spread <= rules.ratio_even) or within_error or not distance:
        tone = "" if indicator.direction == "context" else "good"
        return Judgement("level", "even", "", tone, numbers)
    if indicator.direction == "context":
        return Judgement("level", "above" if gap.value > 0 else "below", "", "", numbers)
    ahead = (gap.value > 0) == (indicator.direction == "higher")
    far = "far_" if distance >= scale.far and spread >= rules.ratio_far else ""
    verdict = far + ("ahead" if ahead else "behind")
    return Judgement("level", verdict, "", "good" if ahead else "bad", numbers)


def development(
    shown: Protected,
    indicator: Indicator,
    group: str,
    year: int,
    rules: Rules,
    span: int | None = None,
) -> Judgement:
    """Judge the group's own course over `span` years (default: the long window).

    Verdicts ``risen``, ``fallen``, ``unchanged``; the earlier figure is the oldest of the window.
    """
    own = points(shown, group, rules)
    reason = _unfit(own, indicator, year, rules) or _short(own, rules)
    if reason:
        return Judgement("development", OPEN, reason)
    line = _line(own, rules)
    first = _first(line, span or rules.long)
    if first is None:
        return Judgement("development", OPEN, _gone(own, line, span or rules.long))
    last = line[-1]
    moved = _moved(first.value, last.value, _both(first, last), rules, indicator.unit)
    verdict = "unchanged" if not moved else "risen" if moved > 0 else "fallen"
    numbers = {
        "value": last.value,
        "year": last.year,
        "first": first.value,
        "first_year": first.year,
        "change": last.value - first.value,
    }
    return Judgement("development", verdict, "", _tone(indicator, moved), numbers)


def gap(
    shown: Protected,
    indicator: Indicator,
    group: str,
    year: int,
    rules: Rules,
    span: int | None = None,
) -> Judgement:
    """Judge the distance to the reference group: ``converging``, ``diverging``, ``unchanged``.

    Caution ``reference_worse``: the distance of a group that is behind fell although the group
    itself did not improve, so the reference group got worse.
    """
    own, pairs, reason = _pairs(shown, indicator, group, year, rules)
    line = [distance for _, distance in pairs]
    reason = reason or _short(line, rules)
    if reason:
        return Judgement("gap", OPEN, reason)
    course = _line(line, rules)
    first = _first(course, span or rules.long)
    if first is None:
        return Judgement("gap", OPEN, _gone(line, course, span or rules.long))
    last, before = course[-1], abs(first.value)
    moved = _moved(before, abs(last.value), _both(first, last), rules, indicator.unit)
    numbers = {"gap": last.value, "year": last.year, "first": first.value, "first_year": first.year}
    if not moved:
        return Judgement("gap", "unchanged", "", _tone(indicator, 0), numbers)
    if indicator.direction == "context":
        return Judgement("gap", "converging" if moved < 0 else "diverging", "", "", numbers)
    better = 1 if indicator.direction == "higher" else -1
    behind = first.value * better < 0
    if moved > 0:
        fallen_back = last.value * better < 0
        return Judgement("gap", "diverging", "", "bad" if fallen_back else "even", numbers)
    by_year = {p.year: p for p in own}
    start, end = by_year[first.year], by_year[last.year]
    change = _moved(start.value, end.value, _both(start, end), rules, indicator.unit)
    if behind and change * better <= 0:
        return Judgement("gap", "converging", "reference_worse", "even", numbers)
    return Judgement("gap", "converging", "", "good" if behind else "even", numbers)


def place(
    shown: Protected, ring: Ring | None, indicator: Indicator, year: int, rules: Rules
) -> Judgement:
    """Tell the quarter among the peers, ``quarter_1`` the lowest values; no rank.

    shown: the Kreis's own rows, as for the other kinds.
    """
    own = points(shown, ring.group, rules) if ring else []
    reason = _unfit(own, indicator, year, rules)
    if ring is None or reason:
        return Judgement("place", OPEN, reason)
    if not rules.units[indicator.unit].far:
        return Judgement("place", OPEN, "unit")
    if ring.n < rules.peers:
        return Judgement("place", OPEN, "peers")
    numbers = {"value": ring.own, "n": ring.n, "p25": ring.p25, "p50": ring.median, "p75": ring.p75}
    side = {0: -1.0, 3: 1.0}.get(ring.quarter, 0.0)
    tone = _tone(indicator, side)
    return Judgement("place", f"quarter_{ring.quarter + 1}", "", tone, numbers)


def points(shown: Protected, group: str, rules: Rules) -> list[Point]:
    """Figures of a group, oldest first; a year that its source has not yet filled is left out."""
    columns = ("group", "year", "value", "error", "segment", "status")
    found = []
    for own, year, value, error, segment, status in shown.rows(*columns):
        if own != group:
            continue
        known = 0.0 if math.isnan(error) else float(error)
        known = max(known, rules.error_classes.get(str(status), 0.0) * abs(value))
        if not math.isnan(value) or status in (*WITHHELD, "unreliable"):
            found.append(Point(int(year), float(value), known, str(segment), str(status)))
    return sorted(found, key=lambda point: point.year)


def _pairs(
    shown: Protected, indicator: Indicator, group: str, year: int, rules: Rules
) -> tuple[list[Point], list[tuple[Point, Point]], str]:
    """The group's figures, (reference, gap) of every year that has both, and why there are none."""
    own = points(shown, group, rules)
    reason = _unfit(own, indicator, year, rules)
    if not reason and not rules.units[indicator.unit].far:
        reason = "unit"
    if not reason and indicator.reference in ("", group):
        reason = "alone"
    if reason:
        return own, [], reason
    others = {p.year: p for p in points(shown, indicator.reference, rules)}
    pairs = []
    for mine in own:
        base = others.get(mine.year)
        if base and base.segment == mine.segment:
            # NaN where one is withheld.
            distance = measures.contrast(mine.value, base.value).gap
            error = math.hypot(mine.error, base.error)
            state = mine.status if math.isnan(mine.value) else base.status
            pairs.append((base, Point(mine.year, distance, error, mine.segment, state)))
    if not pairs:
        return own, [], "reference"
    return own, pairs, _withheld(pairs[-1][1])


def _unfit(own: Sequence[Point], indicator: Indicator, year: int, rules: Rules) -> str:
    """Why the newest figure cannot be judged; empty if it can."""
    if indicator.unit not in rules.units:
        return "unit"
    if not own:
        return "nothing"
    if rules.is_old(own[-1].year, year):
        return "old"
    return _withheld(own[-1])


def _withheld(point: Point) -> str:
    if not math.isnan(point.value):
        return ""
    return "unreliable" if point.status == "unreliable" else "hidden"


def _line(points: Sequence[Point], rules: Rules) -> list[Point]:
    """Figures of the newest one's segment within the long window, those withheld left out."""
    last = points[-1]
    near = [p for p in points if last.year - p.year <= rules.long and p.segment == last.segment]
    return [p for p in near if not math.isnan(p.value)]


def _short(points: Sequence[Point], rules: Rules) -> str:
    """Why too few figures can be compared: hidden ones, a break in the window, or just too few."""
    if len(_line(points, rules)) >= rules.points:
        return ""
    last = points[-1]
    near = [p for p in points if last.year - p.year <= rules.long]
    if any(p.segment != last.segment for p in near):
        return "break"
    return "hidden" if any(p.status in WITHHELD for p in near) else "points"


def _first(line: Sequence[Point], span: int) -> Point | None:
    """The oldest figure at most `span` years before the newest."""
    early = [p for p in line[:-1] if line[-1].year - p.year <= span]
    return early[0] if early else None


def _gone(points: Sequence[Point], line: Sequence[Point], span: int) -> str:
    near = [p for p in points if 0 < line[-1].year - p.year <= span]
    if any(p.segment != line[-1].segment for p in near):
        return "break"
    return "hidden" if near else "points"


def _both(first: Point, last: Point) -> float:
    return math.hypot(first.error, last.error)


def _moved(before: float, now: float, error: float, rules: Rules, unit: str) -> int:
    """1 risen, -1 fallen, 0 unchanged within the uncertainty."""
    least = max(rules.units[unit].noise, rules.relative * abs(before), rules.z * error)
    change = round(now - before, 9)
    return 0 if abs(change) < round(least, 9) else 1 if change > 0 else -1


def _tone(indicator: Indicator, side: float) -> str:
    """Good if `side` points where the catalogue wants it, empty where it wants nothing."""
    if indicator.direction == "context":
        return ""
    if not side:
        return "even"
    return "good" if (side > 0) == (indicator.direction == "higher") else "bad"
