"""Region files made from official deliveries: names, kinds, borders."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kreisheft.core.errors import DataError
from kreisheft.deliveries import make_regions
from kreisheft.facts import regions

TABLE = """Tabelle: 99999-01-01-4
Erfundene Tabelle für Tests;;
Erfundene Statistik;;
2025;;
;;Arbeitslose
;;Anzahl
DG;Deutschland;90
02;  Hamburg;20
03;  Niedersachsen;30
031;    Braunschweig, Stat. Region;30
03101;      Braunschweig, Kreisfreie Stadt;30
03152;      Göttingen, Landkreis;-
05;  Nordrhein-Westfalen;40
055;    Münster, Regierungsbezirk;40
05562;      Recklinghausen, Kreis;40
__________
"© Statistische Ämter des Bundes und der Länder, Deutschland, 2025.
Dieses Werk ist lizensiert unter der Datenlizenz Deutschland
- Namensnennung - Version 2.0."
Stand: 26.02.2025 / 15:28:28
"""
CHANGES = """ags,name,until,successor,share,kind,citation
02000,Hamburg,,02,1,zweiter_schluessel,erfunden
"""
GERMANY = {
    "02000": ("Hamburg", "Kreisfreie Stadt"),
    "03101": ("Braunschweig", "Kreisfreie Stadt"),
    "05562": ("Recklinghausen", "Kreis"),
}
MUNICIPALITIES = {"05562014": "Gladbeck, Stadt", "05562032": "Recklinghausen, Stadt"}


def square(x: float, y: float, size: float = 1) -> list[tuple[float, float]]:
    """A closed ring against the clock, as RFC 7946 has it."""
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]


def collection(shapes: dict[str, dict[str, str]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"AGS": ags, **properties},
            "geometry": {"type": "Polygon", "coordinates": [square(i, 0)]},
        }
        for i, (ags, properties) in enumerate(shapes.items())
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    """A root with what is kept by hand, and the three deliveries."""
    folder = tmp_path / "data/regions"
    folder.mkdir(parents=True)
    (folder / "changes.csv").write_text(CHANGES, "utf-8")
    (folder / "gebietsstand.yml").write_text('gebietsstand: "2025-12-31"\nnote: erfunden\n')
    germany = {ags: {"GEN": gen, "BEZ": bez} for ags, (gen, bez) in GERMANY.items()}
    files = {
        "table": TABLE,
        "germany": collection(germany),
        "municipalities": collection({ags: {"GEN": gen} for ags, gen in MUNICIPALITIES.items()}),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    return {"root": tmp_path, **{name: tmp_path / name for name in files}}


def rows(root: Path) -> list[str]:
    return (root / "data/regions/regions.csv").read_text("utf-8").splitlines()


def test_regions_have_official_names_kinds_and_parents(inputs: dict[str, Path]) -> None:
    make_regions.make_files(**inputs)

    assert rows(inputs["root"]) == [
        "ags,name,kind,parent",
        "02,Hamburg,land_und_kreis,DG",
        "03,Niedersachsen,land,DG",
        "031,Braunschweig,statistische_region,03",
        "03101,Braunschweig,kreisfreie_stadt,031",
        "05,Nordrhein-Westfalen,land,DG",
        "055,Münster,regierungsbezirk,05",
        "05562,Recklinghausen,kreis,055",
        "05562014,Gladbeck,gemeinde,05562",
        "05562032,Recklinghausen,gemeinde,05562",
        "DG,Deutschland,staat,",
    ]


def test_what_is_made_is_sound(inputs: dict[str, Path]) -> None:
    make_regions.make_files(**inputs)

    assert regions.check(inputs["root"]) == []


def test_two_runs_give_the_same_bytes(inputs: dict[str, Path]) -> None:
    folder = inputs["root"] / "data/regions"
    make_regions.make_files(**inputs)
    first = {path.name: path.read_bytes() for path in folder.iterdir()}

    make_regions.make_files(**inputs)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_the_border_of_a_kreis_is_that_of_its_municipalities(inputs: dict[str, Path]) -> None:
    """Two squares side by side become one rectangle; the border between them is gone."""
    make_regions.make_files(**inputs)

    (kreis,) = regions.kreis_boundaries(inputs["root"], "05")["features"]

    assert kreis["geometry"] == {
        "type": "Polygon",
        "coordinates": [[[0, 0], [0, 1], [1, 1], [2, 1], [2, 0], [1, 0], [0, 0]]],
    }


def test_a_table_of_another_gebietsstand_is_refused(inputs: dict[str, Path]) -> None:
    """Göttingen has a number: it lived on in this table, and has no border."""
    inputs["table"].write_text(TABLE.replace("Landkreis;-", "Landkreis;5"), "utf-8")

    with pytest.raises(DataError, match="Kreis 03152 has no border"):
        make_regions.make_files(**inputs)


@pytest.mark.parametrize("content", ["", "[]", '{"features": [{"properties": {"AGS": "05"}}]}'])
def test_what_is_no_geojson_is_refused(inputs: dict[str, Path], content: str) -> None:
    inputs["germany"].write_text(content, "utf-8")

    with pytest.raises(DataError, match="is no GeoJSON with the properties AGS, GEN, BEZ"):
        make_regions.make_files(**inputs)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Gladbeck, Stadt", "Gladbeck"),
        ("Solingen, Klingenstadt", "Solingen"),
        ("Städteregion Aachen (einschl. Stadt Aachen)", "Städteregion Aachen"),
        ("Rhein-Kreis Neuss", "Rhein-Kreis Neuss"),
        ("Langenfeld (Rheinland)", "Langenfeld (Rheinland)"),
    ],
)
def test_clean_cuts_only_the_byname(printed: str, name: str) -> None:
    assert make_regions.clean_name(printed) == name


# --- rings --------------------------------------------------------------------------------------


def test_an_outer_ring_is_turned_clockwise_and_a_hole_against_the_clock() -> None:
    hole = square(1, 1)[::-1]

    ((outer, inner),) = make_regions.round_polygons([[square(0, 0, 3), hole]], 4)

    assert outer == square(0, 0, 3)[::-1]
    assert inner == square(1, 1)


def test_what_rounding_shrinks_to_nothing_is_left_out() -> None:
    island = square(5, 5, 0.0004)

    assert make_regions.round_polygons([[square(0, 0)], [island]], 3) == [[square(0, 0)[::-1]]]


def test_nine_squares_without_the_middle_one_have_a_hole() -> None:
    cells = [(x, y) for x in range(3) for y in range(3) if (x, y) != (1, 1)]

    ((outer, hole),) = make_regions.outline([[square(x, y)[::-1]] for x, y in cells])

    assert (make_regions.area(outer), make_regions.area(hole)) == (18, -2)


def test_squares_that_only_touch_in_a_point_are_refused() -> None:
    with pytest.raises(DataError, match="touch only in a point"):
        make_regions.outline([[square(0, 0)[::-1]], [square(1, 1)[::-1]]])


degrees = st.floats(-80, 80, allow_nan=False)


@given(st.lists(st.tuples(degrees, degrees), min_size=3, max_size=12), st.booleans())
def test_a_rounded_ring_is_closed_and_clockwise(
    points: list[tuple[float, float]], closed: bool
) -> None:
    found = make_regions.round_polygons([[[*points, points[0]] if closed else points]], 3)
    assume(found)
    ring: list[Any] = found[0][0]

    assert ring[0] == ring[-1]
    assert make_regions.area([(round(x * 1000), round(y * 1000)) for x, y in ring]) > 0
    assert all(round(x, 3) == x and round(y, 3) == y for x, y in ring)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_an_outline_holds_the_area_of_its_parts(heights: list[int]) -> None:
    """Columns of unit squares side by side: they share borders, and never only a point."""
    cells = [(x, y) for x, height in enumerate(heights) for y in range(height)]

    ((ring,),) = make_regions.outline([[square(x, y)[::-1]] for x, y in cells])

    assert make_regions.area(ring) == 2 * len(cells)
