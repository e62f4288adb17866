"""The figures of one group over the years, and which of them can be compared.

In: `Protected` rows of one indicator, one target group and one region; `thresholds.Rules`.
Out: `Point`s, oldest first; their distance to the reference group; and reasons: ids of
``data/catalogue/texts.yml`` that say why figures cannot be judged.

Figures are comparable only within the segment of the newest one: never across a break in series.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kreisheft.catalogue.catalogue import Indicator
from kreisheft.catalogue.thresholds import Rules
from kreisheft.facts.stages import Protected
from kreisheft.values import measures

#: Statuses of a figure that exists and is not shown.
WITHHELD = ("hidden", "hidden_below_3")


@dataclass(frozen=True)
class Point:
    """A figure of one year; `value` is NaN where there is none. For a gap: group − reference."""

    year: int
    value: float
    error: float
    segment: str
    status: str


def list_points(figures: Protected, group: str, rules: Rules) -> list[Point]:
    """List the figures of a group, oldest first.

    Withheld figures are listed with NaN; years that the source has not filled yet are left out.
    The error is the row's standard error, or the error class of its status if that is larger.

    >>> figures = protected(
    ...     {"group": "auslaender", "year": 2024, "value": 12.0},
    ...     {"group": "auslaender", "year": 2023, "value": None, "status": "hidden"},
    ...     {"group": "insgesamt", "year": 2024, "value": 9.0},
    ... )
    >>> [(point.year, point.value) for point in list_points(figures, "auslaender", rules)]
    [(2023, nan), (2024, 12.0)]
    """
    columns = ("group", "year", "value", "error", "segment", "status")
    result = []
    for row_group, year, value, error, segment, status in figures.rows(*columns):
        if row_group != group:
            continue
        standard_error = 0.0 if math.isnan(error) else float(error)
        standard_error = max(standard_error, rules.error_classes.get(str(status), 0.0) * abs(value))
        if not math.isnan(value) or status in (*WITHHELD, "unreliable"):
            result.append(Point(int(year), float(value), standard_error, str(segment), str(status)))
    return sorted(result, key=lambda point: point.year)


def pair_with_reference(
    figures: Protected, indicator: Indicator, group: str, year: int, rules: Rules
) -> tuple[list[Point], list[tuple[Point, Point]], str]:
    """Pair the group's figures with those of the reference group, by year and segment.

    Returns the group's figures, (reference, gap) of every year that has both, and the reason why
    nothing can be judged; the reason is empty if it can.

    >>> figures = protected(
    ...     {"group": "auslaender", "year": 2024, "value": 12.0},
    ...     {"group": "insgesamt", "year": 2024, "value": 9.0},
    ... )
    >>> own, pairs, reason = pair_with_reference(figures, indicator(), "auslaender", 2024, rules)
    >>> [(reference.value, gap.value) for reference, gap in pairs], reason
    ([(9.0, 3.0)], '')
    """
    points = list_points(figures, group, rules)
    reason = why_newest_unfit(points, indicator, year, rules)
    if not reason and not rules.units[indicator.unit].far:
        reason = "unit"
    if not reason and indicator.reference in ("", group):
        reason = "alone"
    if reason:
        return points, [], reason
    reference_points = {p.year: p for p in list_points(figures, indicator.reference, rules)}
    pairs = []
    for point in points:
        reference = reference_points.get(point.year)
        if reference and reference.segment == point.segment:
            # NaN if one of them is withheld.
            distance = measures.contrast(point.value, reference.value).gap
            error = combine_errors(point, reference)
            state = point.status if math.isnan(point.value) else reference.status
            pairs.append((reference, Point(point.year, distance, error, point.segment, state)))
    if not pairs:
        return points, [], "reference"
    return points, pairs, _why_withheld(pairs[-1][1])


def why_newest_unfit(points: Sequence[Point], indicator: Indicator, year: int, rules: Rules) -> str:
    """Return the reason why the newest figure cannot be judged; empty if it can.

    >>> why_newest_unfit([], indicator(), 2024, rules)
    'nothing'
    >>> why_newest_unfit([Point(2010, 12.0, 0.0, "t1#0", "value")], indicator(), 2024, rules)
    'old'
    """
    if indicator.unit not in rules.units:
        return "unit"
    if not points:
        return "nothing"
    if rules.is_old(points[-1].year, year):
        return "old"
    return _why_withheld(points[-1])


def _why_withheld(point: Point) -> str:
    if not math.isnan(point.value):
        return ""
    return "unreliable" if point.status == "unreliable" else "hidden"


def select_comparable(points: Sequence[Point], rules: Rules) -> list[Point]:
    """Select the figures of the long window and of the newest one's segment, without withheld ones.

    >>> old, new = (Point(y, 12.0, 0.0, s, "value") for y, s in [(2023, "t1#0"), (2024, "t1#1")])
    >>> select_comparable([old, new], rules) == [new]
    True
    """
    last = points[-1]
    near = [p for p in points if last.year - p.year <= rules.long and p.segment == last.segment]
    return [p for p in near if not math.isnan(p.value)]


def why_too_few(points: Sequence[Point], rules: Rules) -> str:
    """Return the reason why too few figures can be compared: break, hidden, points; or empty.

    >>> old, new = (Point(y, 12.0, 0.0, s, "value") for y, s in [(2023, "t1#0"), (2024, "t1#1")])
    >>> why_too_few([old, new], rules)
    'break'
    """
    if len(select_comparable(points, rules)) >= rules.points:
        return ""
    last = points[-1]
    near = [p for p in points if last.year - p.year <= rules.long]
    if any(p.segment != last.segment for p in near):
        return "break"
    return "hidden" if any(p.status in WITHHELD for p in near) else "points"


def find_oldest(line: Sequence[Point], span: int) -> Point | None:
    """Return the oldest figure at most `span` years before the newest; None if there is none.

    >>> line = [Point(year, 12.0, 0.0, "t1#0", "value") for year in (2015, 2021, 2024)]
    >>> find_oldest(line, 5).year
    2021
    """
    early = [p for p in line[:-1] if line[-1].year - p.year <= span]
    return early[0] if early else None


def why_no_start(points: Sequence[Point], line: Sequence[Point], span: int) -> str:
    """Return the reason why no figure is `span` years before the newest: break, hidden, points.

    points: all figures of the group. line: the comparable ones among them.

    >>> point = Point(2024, 12.0, 0.0, "t1#0", "value")
    >>> why_no_start([point], [point], 5)
    'points'
    """
    near = [p for p in points if 0 < line[-1].year - p.year <= span]
    if any(p.segment != line[-1].segment for p in near):
        return "break"
    return "hidden" if near else "points"


def combine_errors(first: Point, last: Point) -> float:
    """Return the standard error of the difference of two independent figures.

    >>> combine_errors(Point(2023, 1.0, 3.0, "", "value"), Point(2024, 2.0, 4.0, "", "value"))
    5.0
    """
    return math.hypot(first.error, last.error)
