import shutil
from pathlib import Path
from typing import Any

import pytest

from kreisheft import regions
from kreisheft.errors import UsageError
from kreisheft.sources import territory

CHECKOUT = Path(__file__).parents[1]
OFFICIAL = Path(__file__).parent / "official"
THREE = ("05562", "05754", "05158")


def area(ring: list[list[float]]) -> float:
    """Return the doubled area of a ring; positive if it runs counter-clockwise."""
    turned = [*ring[1:], ring[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, turned, strict=True))


def polygons(feature: dict[str, Any]) -> list[list[list[list[float]]]]:
    geometry = feature["geometry"]
    return (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )


def test_the_region_files_of_the_project_are_sound() -> None:
    assert regions.check(CHECKOUT) == []


def test_nordrhein_westfalen_has_53_kreise_and_396_municipalities() -> None:
    frame = regions.load(CHECKOUT)
    assert len(regions.kreise(CHECKOUT, "05")) == 53
    assert (frame.kind == "gemeinde").sum() == 396


@pytest.mark.parametrize(("kreis", "number"), [("05562", 10), ("05754", 13), ("05158", 10)])
def test_the_three_kreise_have_their_municipalities(kreis: str, number: int) -> None:
    assert len(regions.municipalities(CHECKOUT, kreis)) == number


@pytest.mark.parametrize(
    ("ags", "name"),
    [("05562", "Recklinghausen"), ("05562014", "Gladbeck"), ("05", "Nordrhein-Westfalen")],
)
def test_names_have_no_byname(ags: str, name: str) -> None:
    assert regions.name(CHECKOUT, ags) == name


def test_an_unknown_region_is_an_error() -> None:
    with pytest.raises(UsageError):
        regions.name(CHECKOUT, "99999")


@pytest.mark.parametrize("kreis", THREE)
def test_borders_are_those_of_the_municipalities(kreis: str) -> None:
    found = [f["properties"]["ags"] for f in regions.boundaries(CHECKOUT, kreis)["features"]]
    assert found == regions.municipalities(CHECKOUT, kreis)


def test_outer_rings_run_clockwise_and_holes_the_other_way() -> None:
    features = regions.boundaries(CHECKOUT, "05")["features"]
    for polygon in (p for f in features for p in polygons(f)):
        assert area(polygon[0]) < 0
        assert all(area(hole) > 0 for hole in polygon[1:])


def test_borders_name_their_source() -> None:
    assert "GeoBasis-DE / BKG" in regions.boundaries(CHECKOUT, "05562")["attribution"]


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
    assert territory.clean(printed) == name


def test_a_parent_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    path = tmp_path / "data/regions/regions.csv"
    path.write_text(path.read_text("utf-8").replace("kreis,057", "kreis,999"), "utf-8")
    (problem,) = regions.check(tmp_path)
    assert "row 10, column 'parent'" in problem.where
