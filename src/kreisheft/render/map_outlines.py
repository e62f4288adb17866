"""Borders as the paths of a picture, simplified to what a reader can see, with room for labels.

In: GeoJSON features with ``ags``, from `regions`. Out: `Ground`: paths in whole units of a picture
of fixed size. Every point is moved to the nearest whole unit; neighbours share their points, so
they still meet after it. Mercator, as for maps of a Land or less north and south hardly differ.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Point = tuple[int, int]
#: Largest width and height of a picture in units; a border keeps no detail below one of them.
WIDTH, HEIGHT = 640, 680
MARGIN = 4
#: Lines across a region on which the widest room for a label is looked for.
LINES = 9


@dataclass(frozen=True)
class Area:
    """One region: its path, the place of a label in it, and how wide that may be there."""

    ags: str
    path: str
    at: Point
    room: int


@dataclass(frozen=True)
class Ground:
    """Regions of one picture, in the order of their keys."""

    width: int
    height: int
    areas: tuple[Area, ...]


def ground(features: Iterable[Mapping[str, Any]]) -> Ground:
    """Scale the regions to the size of a picture.

    features: at least one, GeoJSON with `ags` in its properties, in degrees.
    """
    shapes = {str(f["properties"]["ags"]): _rings(f["geometry"]) for f in features}
    points = [p for rings in shapes.values() for ring in rings for p in ring]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    sides = ((WIDTH, right - left), (HEIGHT, top - bottom))
    scale = min((size - 2 * MARGIN) / length for size, length in sides)
    areas = []
    for ags, rings in sorted(shapes.items()):
        scaled = [
            [(MARGIN + round((x - left) * scale), MARGIN + round((top - y) * scale)) for x, y in r]
            for r in rings
        ]
        visible = [ring for ring in map(_simplify, scaled) if len(ring) > 2]
        # An island below one unit goes; a region that is all below it stays as its first ring.
        visible = visible or [scaled[0]]
        at, room = _widest_stretch(visible)
        areas.append(Area(ags, "".join(map(_path, visible)), at, room))
    width, height = (2 * MARGIN + round(length * scale) for _, length in sides)
    return Ground(width, height, tuple(areas))


def _rings(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    return [[(x, _mercator(y)) for x, y in ring[:-1]] for polygon in polygons for ring in polygon]


def _mercator(latitude: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def _simplify(ring: Sequence[Point]) -> list[Point]:
    """Drop repeated points and points on a straight line between their neighbours."""
    points: list[Point] = []
    for point in ring:
        if points and point == points[-1]:
            continue
        while len(points) > 1 and _is_straight(points[-2], points[-1], point):
            points.pop()
        if not points or point != points[-1]:
            points.append(point)
    while len(points) > 2 and (
        points[0] == points[-1] or _is_straight(points[-2], points[-1], points[0])
    ):
        points.pop()
    return points


def _is_straight(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


def _path(ring: Sequence[Point]) -> str:
    """Write ``M4 4l3 0 0 3z``: relative steps are the shortest."""
    steps = (f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l{' '.join(steps)}z"


def _widest_stretch(rings: Sequence[Sequence[Point]]) -> tuple[Point, int]:
    """Middle and length of the longest horizontal stretch inside the region, on `LINES` lines."""
    edges = [e for r in rings for e in zip(r, [*r[1:], r[0]], strict=True) if e[0][1] != e[1][1]]
    heights = [y for ring in rings for _, y in ring]
    low, high = min(heights), max(heights)
    best: tuple[int, int, Point] = (-1, 0, rings[0][0])
    for line in range(1, LINES + 1):
        # Half a unit off, so that no line goes through a point.
        y = math.floor(low + (high - low) * line / (LINES + 1)) + 0.5
        cuts = sorted(
            a + (y - b) * (c - a) / (d - b) for (a, b), (c, d) in edges if min(b, d) < y < max(b, d)
        )
        for start, end in zip(cuts[::2], cuts[1::2], strict=True):
            middle = (round((start + end) / 2), round(y))
            # Of stretches as long, the one nearest to the middle line.
            stretch = (round(end - start), -abs(2 * line - LINES - 1), middle)
            best = max(best, stretch)
    return best[2], max(best[0], 0)
