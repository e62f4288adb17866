"""Make the region files of `data/regions` that come from official deliveries.

    python -m kreisheft.deliveries.make_regions TABLE.csv GERMANY.geojson MUNICIPALITIES.geojson

TABLE:          a classic table of the Gebietsstand with Germany, Länder, Regierungsbezirke and
                Kreise; regions without a number are dissolved and left out
GERMANY:        Kreise of Germany (VG2500) with the properties AGS, GEN and BEZ: official names and
                kinds, for the table's names do not always say what is a kreisfreie Stadt
MUNICIPALITIES: municipalities of Nordrhein-Westfalen (VG250) with the properties AGS and GEN

Written are ``regions.csv``, ``gemeinden_nrw.geojson``, ``kreise_nrw.geojson`` and
``kreise_de.geojson``. ``changes.csv`` and ``gebietsstand.yml`` are kept by hand.
"""

import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd

from kreisheft.core.errors import DataError, KreisheftError, Problem, raise_if
from kreisheft.deliveries.readers import classic, decoding
from kreisheft.facts import fact_files, regions

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]

_STADT = ("Kreisfreie Stadt", "Stadtkreis")
_STATISTICAL = re.compile(r"Stat(istische|\.) Region")
_TAIL = re.compile(r", .*|\s*\(einschl\. [^)]*\)$")
_NUMBER = r"-?\d+(,\d+)?"

#: Decimals of a degree: about 10 m, and about 100 m for the small scale of VG2500.
_FINE, _COARSE = 4, 3
_VG250 = {
    "licence": "dl-de/by-2-0",
    "attribution": "© GeoBasis-DE / BKG, Daten verändert (vereinfacht)",
    "source": "VG250",
}
_VG2500 = {
    "licence": "dl-de/by-2-0",
    "attribution": "© GeoBasis-DE / BKG (2022), Daten verändert (gerundet)",
    "source": "VG2500",
}


def make_files(root: Path, table: Path, germany: Path, municipalities: Path) -> None:
    """Write the files; see the module. Raise DataError if the three do not fit each other."""
    same = regions.aliases(root)
    wide, fine = (
        _read_shapes(germany, "AGS", "GEN", "BEZ"),
        _read_shapes(municipalities, "AGS", "GEN"),
    )
    names = _read_current(table)
    rows = _upper(names) + _kreise(wide, set(names), same)
    rows += [(ags, clean_name(p["GEN"]), "gemeinde", ags[:5]) for ags, p, _ in fine]
    raise_if(_find_misfits(rows, set(names), table.name, germany.name))
    frame = pd.DataFrame(sorted(rows), columns=list(regions.COLUMNS))
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    municipal = {ags: round_polygons(polygons, _FINE) for ags, _, polygons in fine}
    by_kreis: dict[str, list[Polygon]] = defaultdict(list)
    for ags, polygons in municipal.items():
        by_kreis[ags[:5]] += polygons
    kreise = {ags: outline(polygons) for ags, polygons in by_kreis.items()}
    coarse = {same.get(ags, ags): round_polygons(polygons, _COARSE) for ags, _, polygons in wide}
    folder = regions.folder(root)
    fact_files.write(
        {
            folder / "regions.csv": buffer.getvalue(),
            folder / regions.MUNICIPALITIES: geojson(municipal, _VG250),
            folder / regions.KREISE_FINE: geojson(kreise, _VG250),
            folder / regions.KREISE_COARSE: geojson(coarse, _VG2500),
        }
    )


def clean_name(name: str) -> str:
    """Return a name without its byname: ``Gladbeck, Stadt`` → ``Gladbeck``."""
    return _TAIL.sub("", name)


def round_polygons(polygons: Iterable[Polygon], decimals: int) -> list[Polygon]:
    """Return polygons with short coordinates, closed rings, exterior rings clockwise.

    Vega follows d3: exterior rings clockwise, holes counter-clockwise, the opposite of RFC 7946;
    the other way round it would fill the rest of the globe. What rounding shrinks to nothing is
    left out.
    """
    kept = []
    for polygon in polygons:
        rings = [_ring(ring, decimals, clockwise=i == 0) for i, ring in enumerate(polygon)]
        if rings[0]:
            kept.append([ring for ring in rings if ring])
    return kept


def outline(polygons: Iterable[Polygon]) -> list[Polygon]:
    """Return the common outline of polygons that fit each other vertex by vertex.

    An inner border runs once in each direction and falls out, so the outline has no vertex of its
    own. Raises DataError where polygons do not fit, or only touch in a point.
    """
    edges = {edge for polygon in polygons for ring in polygon for edge in pairwise(ring)}
    outer = sorted((a, b) for a, b in edges if (b, a) not in edges)
    following = dict(outer)
    if len(following) < len(outer) or set(following) != set(following.values()):
        what = "borders of neighbours do not fit, or touch only in a point"
        raise DataError([Problem("borders", what, "take shapes simplified with shared borders")])
    rings: list[Ring] = []
    while following:
        ring = [min(following)]
        while (point := following.pop(ring[-1])) != ring[0]:
            ring.append(point)
        rings.append([*ring, point])
    polygons_ = [[ring] for ring in rings if area(ring) > 0]
    for hole in (ring for ring in rings if area(ring) < 0):
        next(p for p in polygons_ if _inside(hole[0], p[0])).append(hole)
    return polygons_


def area(ring: Ring) -> float:
    """Return the doubled area of a closed ring; positive if it runs clockwise."""
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))


def geojson(shapes: dict[str, list[Polygon]], head: dict[str, str]) -> str:
    """Return the text of a FeatureCollection: sorted by key, one feature per line."""
    lines = []
    for ags, polygons in sorted(shapes.items()):
        single = len(polygons) == 1
        geometry = {
            "type": "Polygon" if single else "MultiPolygon",
            "coordinates": polygons[0] if single else polygons,
        }
        feature = {"type": "Feature", "properties": {"ags": ags}, "geometry": geometry}
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    start = json.dumps(
        {"type": "FeatureCollection", **head}, ensure_ascii=False, separators=(",", ":")
    )
    return start[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"


def _read_current(path: Path) -> dict[str, str]:
    """Return key → printed name of the regions that have a number in the table."""
    table = classic.read(decoding.load(path), str(path))
    numeric = pd.Series(False, index=table.texts.index)
    for column in table.texts:
        numeric |= table.texts[column].astype(str).str.fullmatch(_NUMBER)
    keys = sorted(set(table.rows.loc[numeric, "ags"].astype(str)))
    return {ags: table.names[ags] for ags in keys if len(ags) <= 5}


def _upper(names: dict[str, str]) -> list[tuple[str, str, str, str]]:
    rows = []
    for ags, name in names.items():
        if ags == "DG":
            rows.append((ags, clean_name(name), "staat", ""))
        elif len(ags) == 2:
            kind = "land_und_kreis" if ags in regions.LAND_AND_KREIS else "land"
            rows.append((ags, clean_name(name), kind, "DG"))
        elif len(ags) == 3:
            kind = "statistische_region" if _STATISTICAL.search(name) else "regierungsbezirk"
            rows.append((ags, clean_name(name), kind, ags[:2]))
    return rows


def _kreise(
    shapes: list[tuple[str, dict[str, str], list[Polygon]]], keys: set[str], same: dict[str, str]
) -> list[tuple[str, str, str, str]]:
    return [
        (
            ags,
            p["GEN"],
            "kreisfreie_stadt" if p["BEZ"] in _STADT else "kreis",
            ags[:3] if ags[:3] in keys else ags[:2],
        )
        for ags, p, _ in shapes
        if ags not in same
    ]


def _find_misfits(
    rows: list[tuple[str, str, str, str]], current: set[str], table: str, germany: str
) -> Iterator[Problem]:
    kreise = {ags for ags, *_ in rows if len(ags) == 5}
    in_table = {ags for ags in current if len(ags) == 5}
    next_ = "take a table and borders of one Gebietsstand"
    for ags in sorted(kreise - in_table):
        yield Problem(germany, f"Kreis {ags} has no number in {table}", next_)
    for ags in sorted(in_table - kreise):
        yield Problem(table, f"Kreis {ags} has no border in {germany}", next_)
    for ags, _, kind, kreis in rows:
        if kind == "gemeinde" and kreis not in kreise:
            yield Problem(table, f"municipality {ags} lies in no Kreis of {germany}", next_)


def _read_shapes(path: Path, *properties: str) -> list[tuple[str, dict[str, str], list[Polygon]]]:
    """Return key, properties and polygons of every feature."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = []
        for feature in features:
            values = {p: str(feature["properties"][p]) for p in properties}
            geometry = feature["geometry"]
            single = geometry["type"] == "Polygon"
            polygons = [geometry["coordinates"]] if single else geometry["coordinates"]
            shapes.append((values["AGS"], values, polygons))
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = f"is no GeoJSON with the properties {', '.join(properties)} ({error!r})"
        raise DataError([Problem(str(path), what, "take borders of the BKG")]) from None
    return shapes


def _ring(points: Ring, decimals: int, *, clockwise: bool) -> Ring:
    """Return a closed ring in the wanted direction, empty if rounding leaves no area."""
    short = [(round(x, decimals), round(y, decimals)) for x, y, *_ in points]
    ring = [p for i, p in enumerate(short) if i == 0 or p != short[i - 1]]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    # In whole units, for a sliver's area would drown in the rounding of floats.
    doubled = area([(round(x * 10**decimals), round(y * 10**decimals)) for x, y in ring])
    if not doubled:
        return []
    return ring if (doubled > 0) == clockwise else ring[::-1]


def _inside(point: Point, ring: Ring) -> bool:
    """Say whether a point lies within a ring: a ray from it crosses the ring an odd time."""
    x, y = point
    crossed = [
        (a, b)
        for a, b in pairwise(ring)
        if (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
    ]
    return len(crossed) % 2 == 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        make_files(Path.cwd(), *map(Path, sys.argv[1:]))
    except KreisheftError as error:
        sys.exit(str(error))
