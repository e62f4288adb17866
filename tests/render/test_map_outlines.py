"""Borders as paths: to scale, simplified alike on both sides, with a place for a label."""

from typing import Any

from frames import ROOT
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.facts import regions
from kreisheft.render import map_outlines


def feature(ags: str, *rings: list[list[float]]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {"type": "Feature", "geometry": geometry, "properties": {"ags": ags}}


def square(left: float, bottom: float, size: float = 1.0) -> list[list[float]]:
    right, top = left + size, bottom + size
    return [[left, bottom], [left, top], [right, top], [right, bottom], [left, bottom]]


def test_two_squares_side_by_side_fill_the_width() -> None:
    made = map_outlines.ground([feature("2", square(1, 0)), feature("1", square(0, 0))])

    assert (made.width, made.height) == (640, 324)
    assert [area.ags for area in made.areas] == ["1", "2"]
    assert made.areas[0].path == "M4 320l0 -316 316 0 0 316z"
    assert made.areas[1].path == "M320 320l0 -316 316 0 0 316z"


def test_a_tall_country_is_no_higher_than_the_picture() -> None:
    made = map_outlines.ground([feature("1", square(0, 0)), feature("2", square(0, 9))])

    assert made.height == map_outlines.HEIGHT
    assert made.width < 100


def test_the_label_lies_where_the_region_is_widest() -> None:
    thin_below = [[0, 0], [4, 0], [4, 5], [10, 5], [10, 9], [0, 9], [0, 0]]

    (area,) = map_outlines.ground([feature("1", thin_below)]).areas

    assert area.room > 600
    assert area.at[1] < 320


def test_a_hole_is_no_room_for_a_label() -> None:
    hole = [[3, 0.1], [8.9, 0.1], [8.9, 8.9], [3, 8.9], [3, 0.1]]

    made = map_outlines.ground([feature("1", square(0, 0, 9), hole)])

    assert made.areas[0].at[0] < 640 / 3


def test_a_point_on_a_straight_line_says_nothing() -> None:
    bent = [[0, 0], [0, 1], [0.5, 1], [1, 1], [1, 0], [0, 0]]

    straight, with_point = (
        map_outlines.ground([feature("1", ring)]).areas[0].path for ring in (square(0, 0), bent)
    )

    assert straight == with_point


def test_a_region_smaller_than_a_unit_is_still_there() -> None:
    made = map_outlines.ground([feature("1", square(0, 0, 50)), feature("2", square(60, 0, 0.001))])

    assert len(made.areas) == 2
    assert made.areas[1].path


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
def test_no_border_leaves_the_picture(points: list[tuple[int, int]]) -> None:
    ring = [[float(x), float(y)] for x, y in points]
    made = map_outlines.ground([feature("1", square(0, 0, 10)), feature("2", [*ring, ring[0]])])

    for area in made.areas:
        assert 0 <= area.at[0] <= made.width
        assert 0 <= area.at[1] <= made.height


def test_the_kreise_of_the_largest_land_stay_light() -> None:
    made = map_outlines.ground(regions.kreis_boundaries(ROOT, "05")["features"])

    assert len(made.areas) == 53
    assert sum(len(area.path) for area in made.areas) < 20_000
