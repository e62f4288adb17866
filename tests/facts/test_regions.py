"""The regions, what became of others, and the borders: the project's files, and broken ones."""

import csv
import gzip
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kreisheft.core.errors import UsageError
from kreisheft.facts import region_changes, regions

CHECKOUT = Path(__file__).parents[2]
OFFICIAL = Path(__file__).parents[1] / "official"
RAW = CHECKOUT.parent / "shared" / "raw"
LAENDER = [f"{n:02}" for n in range(1, 17)]
BORDERS = ("gemeinden_nrw.geojson", "kreise_nrw.geojson", "kreise_de.geojson")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of three Kreise and two municipalities."""
    shutil.copytree(OFFICIAL / "project", tmp_path, dirs_exist_ok=True)
    return tmp_path


def swap(root: Path, file: str, old: str, new: str) -> None:
    path = root / "data/regions" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def area(ring: list[list[float]]) -> float:
    """Return the doubled area of a closed ring; negative if it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def polygons(feature: dict[str, Any]) -> list[list[list[list[float]]]]:
    geometry = feature["geometry"]
    return (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )


def borders(file: str) -> list[dict[str, Any]]:
    if file == "gemeinden_nrw.geojson":
        return list(regions.boundaries(CHECKOUT, "05")["features"])
    land = "05" if file == "kreise_nrw.geojson" else None
    return list(regions.kreis_boundaries(CHECKOUT, land)["features"])


# --- the project's regions ----------------------------------------------------------------------


def test_the_region_files_of_the_project_are_sound() -> None:
    assert regions.check(CHECKOUT) == []


@pytest.mark.parametrize(
    ("land", "number"),
    list(zip(LAENDER, (15, 1, 45, 2, 53, 26, 36, 44, 96, 6, 1, 18, 8, 13, 14, 22), strict=True)),
)
def test_every_land_has_its_kreise(land: str, number: int) -> None:
    assert len(regions.kreise(CHECKOUT, land)) == number


def test_germany_has_400_kreise_and_106_of_them_are_cities() -> None:
    kinds = [regions.kind(CHECKOUT, ags) for ags in regions.kreise(CHECKOUT)]

    assert len(kinds) == 400
    assert len(kinds) - kinds.count("kreis") == 106


def test_hamburg_and_berlin_are_kreise_under_the_key_of_their_land() -> None:
    short = [ags for ags in regions.kreise(CHECKOUT) if len(ags) == 2]

    assert short == ["02", "11"]


def test_nordrhein_westfalen_has_396_municipalities() -> None:
    numbers = [len(regions.municipalities(CHECKOUT, k)) for k in regions.kreise(CHECKOUT, "05")]

    assert sum(numbers) == 396


@pytest.mark.parametrize(("kreis", "number"), [("05562", 10), ("05754", 13), ("05158", 10)])
def test_the_three_kreise_have_their_municipalities(kreis: str, number: int) -> None:
    assert len(regions.municipalities(CHECKOUT, kreis)) == number


@pytest.mark.parametrize(
    ("ags", "name"),
    [
        ("05562", "Recklinghausen"),
        ("05562014", "Gladbeck"),
        ("05", "Nordrhein-Westfalen"),
        ("13073", "Vorpommern-Rügen"),
        ("10041", "Regionalverband Saarbrücken"),
        ("034", "Weser-Ems"),
    ],
)
def test_names_are_official_and_have_no_byname(ags: str, name: str) -> None:
    assert regions.name(CHECKOUT, ags) == name


@pytest.mark.parametrize(
    ("ags", "kind"),
    [
        ("DG", "staat"),
        ("04", "land"),
        ("02", "land_und_kreis"),
        ("064", "regierungsbezirk"),
        ("031", "statistische_region"),
        ("05334", "kreis"),
        ("09162", "kreisfreie_stadt"),
        ("05562014", "gemeinde"),
    ],
)
def test_a_region_has_its_kind(ags: str, kind: str) -> None:
    assert regions.kind(CHECKOUT, ags) == kind


@pytest.mark.parametrize(
    ("ags", "around"),
    [
        ("05562014", ["05562", "055", "05", "DG"]),
        ("03159", ["031", "03", "DG"]),
        ("01001", ["01", "DG"]),
        ("11", ["DG"]),
        ("DG", []),
    ],
)
def test_parents_come_nearest_first(ags: str, around: list[str]) -> None:
    assert regions.parents(CHECKOUT, ags) == around


def test_an_unknown_region_is_an_error() -> None:
    with pytest.raises(UsageError):
        regions.name(CHECKOUT, "99999")


def test_the_gebietsstand_is_the_last_day_before_hanau_left_its_kreis() -> None:
    assert regions.gebietsstand(CHECKOUT) == "2025-12-31"


# --- what became of others ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ags", "today"),
    [
        ("05354", ["05334"]),
        ("05313", ["05334"]),
        ("05354004", ["05334004"]),
        ("16056", ["16063"]),
        ("03152", ["03159"]),
        ("03156", ["03159"]),
        ("13052", ["13071", "13075"]),
        ("14375", ["14522"]),
        ("143", ["145", "147"]),
        ("15151", ["15001", "15082", "15086", "15091"]),
        ("151", ["15"]),
        ("02000", ["02"]),
        ("110", ["11"]),
        ("11003", ["11"]),
        ("06415", ["06435"]),
        ("05999998", []),
        ("05562", ["05562"]),
    ],
)
def test_successors_hold_the_territory_today(ags: str, today: list[str]) -> None:
    assert regions.successors(CHECKOUT, ags) == today


def test_an_unknown_key_has_no_successors() -> None:
    with pytest.raises(UsageError):
        regions.successors(CHECKOUT, "99999")


def test_a_kreis_that_is_a_land_has_second_keys() -> None:
    second = regions.aliases(CHECKOUT)

    assert [a for a, key in second.items() if key in ("02", "11")] == [
        "020",
        "02000",
        "110",
        "11000",
    ]


def test_anhalt_zerbst_was_split_by_its_population_of_2006() -> None:
    """68 086 people: 13 849 to Dessau-Roßlau, 24 913, 5 170 and 24 154 to three Kreise."""
    rows = regions.former(CHECKOUT)
    shares = rows[rows["ags"] == "15151"].set_index("successor")["share"]

    assert shares.to_dict() == {
        "15001": f"{13849 / 68086:.4f}",
        "15082": f"{24913 / 68086:.4f}",
        "15086": f"{5170 / 68086:.4f}",
        "15091": f"{24154 / 68086:.4f}",
    }


def test_only_the_end_of_the_regierungsbezirke_of_sachsen_anhalt_is_unverified() -> None:
    rows = regions.former(CHECKOUT)

    assert rows.loc[rows["citation"].str.startswith("unverified"), "ags"].tolist() == [
        "151",
        "152",
        "153",
    ]


STEPS = st.integers(2, 12).flatmap(
    lambda n: st.fixed_dictionaries(
        {str(i): st.lists(st.integers(i + 1, n).map(str), min_size=1, max_size=3) for i in range(n)}
    )
)


@given(STEPS)
def test_every_chain_of_successors_ends_where_nothing_follows(steps: dict[str, list[str]]) -> None:
    """Keys 0 … n-1 are followed by larger ones, so n is the end of every chain."""
    last = str(len(steps))

    assert all(last in region_changes.follow_successors(key, steps) for key in steps)
    assert all(key not in region_changes.follow_successors(key, steps) for key in steps)


@given(STEPS, st.data())
def test_a_circle_of_successors_is_seen(steps: dict[str, list[str]], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(steps)))
    back = {**steps, str(len(steps)): [start]}

    assert start in region_changes.follow_successors(start, back)


# --- borders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("file", "number"), list(zip(BORDERS, (396, 53, 400), strict=True)))
def test_every_region_of_a_map_has_its_border(file: str, number: int) -> None:
    assert len(borders(file)) == number


@pytest.mark.parametrize("file", BORDERS)
def test_every_ring_is_closed(file: str) -> None:
    rings = [ring for f in borders(file) for p in polygons(f) for ring in p]

    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)


@pytest.mark.parametrize("file", BORDERS)
def test_outer_rings_run_clockwise_and_holes_the_other_way(file: str) -> None:
    found = [polygon for f in borders(file) for polygon in polygons(f)]

    assert all(area(polygon[0]) < 0 for polygon in found)
    assert all(area(hole) > 0 for polygon in found for hole in polygon[1:])


@pytest.mark.parametrize("file", BORDERS)
def test_borders_name_licence_and_source(file: str) -> None:
    text = (CHECKOUT / "data/regions" / file).read_text("utf-8").split("\n")[0]

    assert '"licence":"dl-de/by-2-0"' in text
    assert "© GeoBasis-DE / BKG" in text
    assert "Daten verändert" in text


def test_a_border_of_a_kreis_has_only_vertices_of_its_municipalities() -> None:
    def vertices(feature: dict[str, Any]) -> set[tuple[float, float]]:
        return {(x, y) for p in polygons(feature) for ring in p for x, y in ring}

    foreign = [
        kreis["properties"]["ags"]
        for kreis in borders("kreise_nrw.geojson")
        if vertices(kreis)
        - set().union(
            *map(vertices, regions.boundaries(CHECKOUT, kreis["properties"]["ags"])["features"])
        )
    ]

    assert foreign == []


def test_a_kreis_is_as_large_as_its_municipalities() -> None:
    def size(feature: dict[str, Any]) -> float:
        return sum(area(ring) for p in polygons(feature) for ring in p)

    for kreis in borders("kreise_nrw.geojson"):
        parts = regions.boundaries(CHECKOUT, kreis["properties"]["ags"])["features"]

        assert size(kreis) == pytest.approx(sum(map(size, parts)), rel=1e-9)


@pytest.mark.parametrize("kreis", ["05562", "05754", "05158"])
def test_borders_are_those_of_the_municipalities(kreis: str) -> None:
    found = [f["properties"]["ags"] for f in regions.boundaries(CHECKOUT, kreis)["features"]]

    assert found == regions.municipalities(CHECKOUT, kreis)


def test_two_scales_are_never_in_one_map() -> None:
    """Germany has Nordrhein-Westfalen in its own scale, not in the finer one."""
    germany = regions.kreis_boundaries(CHECKOUT)
    bayern = regions.kreis_boundaries(CHECKOUT, "09")
    home = regions.kreis_boundaries(CHECKOUT, "05")

    assert (germany["source"], bayern["source"], home["source"]) == ("VG2500", "VG2500", "VG250")
    assert [f["properties"]["ags"] for f in bayern["features"]] == regions.kreise(CHECKOUT, "09")


def test_the_map_of_germany_is_small() -> None:
    assert (CHECKOUT / "data/regions/kreise_de.geojson").stat().st_size < 1_000_000


# --- what is wrong is reported, all at once -----------------------------------------------------


def test_the_region_files_of_the_small_project_are_sound(root: Path) -> None:
    assert regions.check(root) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("kreis,057", "kreis,999", "row 10, column 'parent'"),
        ("kreis,057", "kreis,055", "row 10, column 'parent'"),
        ("Gütersloh,kreis", "Gütersloh,stadt", "row 10, column 'kind'"),
        ("05754,Gütersloh", "05754,", "row 10, column 'name'"),
        ("057,Detmold", "055,Detmold", "regions.csv"),
    ],
)
def test_a_mistake_in_the_regions_is_reported(root: Path, old: str, new: str, place: str) -> None:
    swap(root, "regions.csv", old, new)

    assert any(place in problem.where for problem in regions.check(root))


ROW = "05354,Aachen,2009-10-20,05158,1,eingliederung,erfunden"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("05562,Aachen,2009-10-20,05158,1,eingliederung,erfunden", "is a region of"),
        ("05354,,2009-10-20,05158,1,eingliederung,erfunden", "'name'"),
        ("05354,Aachen,21.10.2009,05158,1,eingliederung,erfunden", "no day before"),
        ("05354,Aachen,2009-02-30,05158,1,eingliederung,erfunden", "no day before"),
        ("05354,Aachen,2026-01-01,05158,1,eingliederung,erfunden", "no day before"),
        ("05354,Aachen,2009-10-20,05158,1,bezirk,erfunden", "leave it empty"),
        ("05354,Aachen,2009-10-20,05999,1,eingliederung,erfunden", "unknown region"),
        ("05354,Aachen,2009-10-20,,1,eingliederung,erfunden", "name the successor"),
        ("05354,Aachen,2009-10-20,05354,1,eingliederung,erfunden", "its own successor"),
        ("05354,Aachen,2009-10-20,05158,viel,eingliederung,erfunden", "no share"),
        ("05354,Aachen,2009-10-20,05158,0.5,eingliederung,erfunden", "add up to 1"),
        ("05354,Aachen,2009-10-20,05158,1,fort,erfunden", "unknown kind"),
        ("05354,Aachen,2009-10-20,05158,1,teilung,erfunden", "has 1 successors"),
        ("05354,Aachen,2009-10-20,05158,1,eingliederung,", "'citation'"),
        (f"{ROW}\n{ROW}", "one successor twice"),
        (f"{ROW}\n{ROW.replace('05158', '05562')}", "has 2 successors"),
        (f"{ROW}\n{ROW.replace('05158,1', '05562,').replace('Aachen', 'A')}", "disagree"),
    ],
)
def test_a_mistake_in_the_changes_is_reported(root: Path, row: str, what: str) -> None:
    swap(root, "changes.csv", ROW, row)

    assert any(what in f"{p.where} {p}" for p in regions.check(root))


def test_a_circle_among_former_regions_is_reported(root: Path) -> None:
    first = "05354,Aachen,2009-10-20,05313,1,eingliederung,erfunden"
    swap(root, "changes.csv", ROW, first + "\n" + "05313,B,2009-10-20,05354,1,fusion,erfunden")

    found = [p.what for p in regions.check(root)]

    assert found == ["05313 is its own successor", "05354 is its own successor"]


@pytest.mark.parametrize("file", BORDERS)
def test_a_region_without_a_border_is_reported(root: Path, file: str) -> None:
    swap(root, file, '"ags":"05', '"ags":"06')

    found = {p.what.split()[-1] for p in regions.check(root) if file in p.where}

    assert found == {"unknown", "border"}


@pytest.mark.parametrize(
    "file", ["regions.csv", "changes.csv", "gebietsstand.yml", "kreise_de.geojson"]
)
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"[1]", b'{"features": [1]}'])
def test_a_damaged_file_is_a_problem_and_no_traceback(
    root: Path, file: str, content: bytes | None
) -> None:
    path = root / "data/regions" / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert any(file in problem.where for problem in regions.check(root))


def test_problems_of_all_files_come_together(root: Path) -> None:
    swap(root, "regions.csv", "Gütersloh,kreis", "Gütersloh,stadt")
    swap(root, "changes.csv", "erfunden\n", "\n")
    swap(root, "kreise_de.geojson", "erfunden", "")

    found = {re.split("[,:]", problem.where)[0] for problem in regions.check(root)}

    assert found >= {
        "data/regions/regions.csv",
        "data/regions/changes.csv",
        "data/regions/kreise_de.geojson",
    }


# --- official deliveries ------------------------------------------------------------------------

#: Keys of the levels that are kept.
KEY = re.compile(r"DG|\d{2}|\d{3}|\d{5}|05\d{6}")
TIME = re.compile(r"\d{4}|\d\d\.\d\d\.\d{4}|\d{4}-\d\d-\d\d")
REGIONAL = re.compile(r"DINSG|DLAND|REGBEZ|KREISE|GEMEIN|GEO..\d")
COLUMNS = ("region", "code", "county_code", "ags")


def deliveries() -> list[Path]:
    found = [*RAW.rglob("*.csv"), *RAW.rglob("*.csv.gz")]
    # A codebook explains the columns of a delivery and has no regions.
    return sorted(path for path in found if "codebook" not in path.name)


def keys(path: Path) -> set[str]:
    """Region keys of a CSV delivery, found without the project's readers."""
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    lines = text.split("\n__________")[0].splitlines()
    rows = csv.reader(lines, delimiter=";")
    if "Tabelle:" in lines[0]:
        bare = [row[1:] if row and TIME.fullmatch(row[0]) else row for row in rows]
        found = {row[0] for row in bare if len(row) > 1 and row[1].strip()}
    elif lines[0].lower().startswith(("statistics_code", "statistik_code")):
        head = next(rows)
        slots = [i for i, c in enumerate(head) if re.fullmatch(r"\d_(variable|Merkmal)_[Cc]ode", c)]
        found = {row[i + 2] for row in rows for i in slots if row and REGIONAL.fullmatch(row[i])}
    else:
        table = csv.DictReader(lines)
        column = next((c for c in COLUMNS if c in (table.fieldnames or ())), None)
        found = {row[column] for row in table} if column else set()
    return {key for key in found if KEY.fullmatch(key)}


@pytest.mark.skipif(not RAW.is_dir(), reason="no official deliveries at hand")
@pytest.mark.parametrize("path", deliveries(), ids=lambda p: p.name)
def test_every_key_of_a_delivery_is_a_region_or_was_one(path: Path) -> None:
    known = {*regions.load(CHECKOUT)["ags"], *regions.former(CHECKOUT)["ags"]}

    assert keys(path) - known == set()


@pytest.mark.skipif(not RAW.is_dir(), reason="no official deliveries at hand")
def test_no_former_key_is_without_a_delivery_that_shows_it() -> None:
    shown = set().union(*map(keys, deliveries()))

    assert set(regions.former(CHECKOUT)["ags"]) - shown == set()
