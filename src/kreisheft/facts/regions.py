"""Regions: keys, names, kinds, former keys and borders.

``data/regions/regions.csv``        ags, name, kind, parent: the regions of one Gebietsstand
``data/regions/changes.csv``        keys in deliveries that are no region of it
``data/regions/gebietsstand.yml``   its day
``data/regions/*.geojson``          borders: municipalities and Kreise of Nordrhein-Westfalen
                                    (VG250), Kreise of Germany (VG2500)

Kept are Germany, Länder, Regierungsbezirke, all Kreise, and the municipalities of
Nordrhein-Westfalen: ``DG``, 2, 3 or 5 digits, or 8 digits that begin with ``05``. Keys of 7, 10 or
11 digits, and all others of 8, belong to levels that are not kept and need no row anywhere. Hamburg
and Berlin are Land and Kreis at once and have one key each, ``02`` and ``11``.

docs/regions.md explains the files; `deliveries.make_regions` makes all but changes and
Gebietsstand.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from kreisheft.core import yaml_files
from kreisheft.core.errors import DataError, Problem, unknown
from kreisheft.core.project import keep_newest
from kreisheft.facts import region_changes

COLUMNS = ("ags", "name", "kind", "parent")
KINDS = (
    "staat",
    "land",
    "land_und_kreis",
    "regierungsbezirk",
    "statistische_region",
    "kreis",
    "kreisfreie_stadt",
    "gemeinde",
)
KREISE = ("kreis", "kreisfreie_stadt", "land_und_kreis")
LAND_AND_KREIS = ("02", "11")
MUNICIPALITIES = "gemeinden_nrw.geojson"
KREISE_FINE = "kreise_nrw.geojson"
KREISE_COARSE = "kreise_de.geojson"
_FINE_LAND = "05"


class Region(NamedTuple):
    """A region; `parent` is the key of the region around it."""

    name: str
    kind: str
    parent: str


def folder(root: Path) -> Path:
    """Return the folder with the region files."""
    return root / "data" / "regions"


def gebietsstand(root: Path) -> str:
    """Return the reference date of the regions, e.g. ``2025-12-31``."""
    path = folder(root) / "gebietsstand.yml"
    return str(yaml_files.load(path, "gebietsstand", root).content["gebietsstand"])


def load(root: Path) -> pd.DataFrame:
    """Load ags, name, kind, parent as text, sorted by ags.

    The frame is shared: do not modify it.
    """
    return _read(folder(root) / "regions.csv", COLUMNS)


def by_key(root: Path) -> Mapping[str, Region]:
    """Load the regions as a mapping by key, for fast lookups. Shared: do not modify it."""
    return _regions(folder(root) / "regions.csv", stamp(root))


def stamp(root: Path) -> int:
    """Return the mtime of regions.csv in nanoseconds, as a key for caches of derived data."""
    return _mtime(folder(root) / "regions.csv")


def former(root: Path) -> pd.DataFrame:
    """Return the keys that are no region of the Gebietsstand; columns: see `region_changes`.

    They are dissolved regions, second keys of a region, and regions younger than the Gebietsstand.
    One row per successor; the frame is shared: do not modify it.
    """
    return _read(folder(root) / "changes.csv", region_changes.COLUMNS)


def aliases(root: Path) -> dict[str, str]:
    """Map second keys to the key of the same region today, e.g. ``02000`` → ``02``."""
    rows = former(root)
    rows = rows[rows["kind"] == "zweiter_schluessel"]
    return dict(zip(rows["ags"], rows["successor"], strict=True))


def successors(root: Path, ags: str) -> list[str]:
    """Return the regions of the Gebietsstand in which the territory of a key lies, sorted.

    A region is its own successor; a key without territory has none. Raises UsageError for an
    unknown key.
    """
    current = set(load(root)["ags"])
    if ags in current:
        return [ags]
    steps = region_changes.successors_by_key(former(root))
    if ags not in steps:
        raise unknown("region", ags, [])
    return sorted(region_changes.follow_successors(ags, steps) & current)


def name(root: Path, ags: str) -> str:
    """Return the name of a region, e.g. ``Recklinghausen`` for ``05562``."""
    return _region(root, ags).name


def names(root: Path, ags: Iterable[str]) -> dict[str, str]:
    """Map region keys to names, in the given order. Raises UsageError for an unknown key."""
    regions = by_key(root)
    return {a: regions[a].name if a in regions else name(root, a) for a in ags}


def kind(root: Path, ags: str) -> str:
    """Return the kind of a region, one of `KINDS`."""
    return _region(root, ags).kind


def parents(root: Path, ags: str) -> list[str]:
    """Return the regions around a region, nearest first: ``05562`` → ``055``, ``05``, ``DG``."""
    around: list[str] = []
    while (ags := _region(root, ags).parent) and ags not in around:
        around.append(ags)
    return around


def kreise(root: Path, land: str | None = None) -> list[str]:
    """Return the keys of all Kreise and kreisfreie Städte of a Land (None: of Germany), sorted."""
    regions = by_key(root).items()
    return [a for a, r in regions if r.kind in KREISE and (land is None or a[:2] == land)]


def municipalities(root: Path, kreis: str) -> list[str]:
    """Return the 8-digit keys of the municipalities of a Kreis, sorted.

    A kreisfreie Stadt is its own municipality: ``05111`` → ``05111000``. Empty outside
    Nordrhein-Westfalen.
    """
    return [a for a, r in by_key(root).items() if r.parent == kreis and len(a) == 8]


def keys_around(root: Path, kreis: str, also: Iterable[str] = ()) -> set[str]:
    """Return the keys that a report on `kreis` needs.

    These are the Kreis, its municipalities, the regions around it, all Kreise of its Land, and
    `also`: a Land or peers elsewhere.
    """
    near = {kreis, *municipalities(root, kreis), *parents(root, kreis), *kreise(root, kreis[:2])}
    return near | set(also)


def boundaries(root: Path, kreis: str) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of the municipalities of `kreis`.

    Property of a feature: ``ags``. Exterior rings run clockwise, as Vega fills them. Empty outside
    Nordrhein-Westfalen.
    """
    return _select_features(folder(root) / MUNICIPALITIES, kreis)


def kreis_boundaries(root: Path, land: str | None = None) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of the Kreise of a Land (None: of Germany).

    As `boundaries`. Those of Nordrhein-Westfalen fit its municipalities (VG250). Germany and the
    other Länder come from the coarser VG2500: the two never fit each other in one map.
    """
    file = KREISE_FINE if land == _FINE_LAND else KREISE_COARSE
    return _select_features(folder(root) / file, land or "")


def check(root: Path) -> list[Problem]:
    """Report every mistake in the region files."""
    files = (MUNICIPALITIES, KREISE_FINE, KREISE_COARSE)
    parts: list[Callable[[Path], Iterator[Problem]]] = [_check_regions, _check_changes]
    parts += [partial(_check_borders, file=file) for file in files]
    problems: list[Problem] = []
    for part in parts:
        try:
            problems += list(part(root))
        except DataError as error:
            problems += error.problems
    return sorted(set(problems))


def _check_regions(root: Path) -> Iterator[Problem]:
    where, frame = "data/regions/regions.csv", load(root)
    keys = set(frame["ags"])
    for number, row in enumerate(frame.itertuples(index=False), start=2):
        at = f"{where}, row {number}, column"
        if row.kind not in KINDS:
            yield Problem(f"{at} 'kind'", f"unknown kind {row.kind!r}", f"use {', '.join(KINDS)}")
        if row.parent and row.parent not in keys:
            yield Problem(f"{at} 'parent'", f"unknown region {row.parent!r}", "add its row")
        elif row.parent not in ("", "DG") and not str(row.ags).startswith(str(row.parent)):
            what = f"{row.ags} does not lie in {row.parent}"
            yield Problem(f"{at} 'parent'", what, "name the region it lies in")
        if not row.name:
            yield Problem(f"{at} 'name'", "is empty", "add the official name")
    for ags in frame.loc[frame["ags"].duplicated(), "ags"]:
        yield Problem(where, f"region {ags} is listed twice", "delete one row")


def _check_changes(root: Path) -> Iterator[Problem]:
    yield from region_changes.find_mistakes(
        former(root), set(load(root)["ags"]), gebietsstand(root)
    )


def _check_borders(root: Path, file: str) -> Iterator[Problem]:
    content, frame = _select_features(folder(root) / file, ""), load(root)
    if file == MUNICIPALITIES:
        keys = set(frame.loc[frame["kind"] == "gemeinde", "ags"])
    else:
        keys = set(kreise(root, _FINE_LAND if file == KREISE_FINE else None))
    shapes = [str(f["properties"]["ags"]) for f in content["features"]]
    where, next_ = f"data/regions/{file}", "make the files of one Gebietsstand"
    for ags in sorted(set(shapes) - keys):
        yield Problem(where, f"region {ags} is unknown", next_)
    for ags in sorted(keys - set(shapes)):
        yield Problem(where, f"region {ags} has no border", next_)
    if len(set(shapes)) < len(shapes):
        yield Problem(where, "a region has two features", "make one MultiPolygon of them")
    for key in ("licence", "attribution"):
        if not content.get(key):
            yield Problem(where, f"names no {key}", "add it; the licence demands it")


def _region(root: Path, ags: str) -> Region:
    regions = by_key(root)
    if ags not in regions:
        raise unknown("region", ags, [])
    return regions[ags]


def _select_features(path: Path, beginning: str) -> dict[str, Any]:
    content = _geojson(path, _mtime(path))
    mine = [f for f in content["features"] if str(f["properties"]["ags"]).startswith(beginning)]
    return {**content, "features": mine}


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise DataError([Problem(str(path), "file is missing", "restore it from git")]) from None


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    return _csv(path, columns, _mtime(path))


@keep_newest(32)
def _csv(path: Path, columns: tuple[str, ...], _stamp: int) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    except ValueError as error:  # not CSV, empty, or not UTF-8
        raise DataError([Problem(str(path), f"is no CSV ({error})", "restore it")]) from None
    if tuple(frame.columns) != columns:
        what = f"has the columns {', '.join(frame.columns)}"
        raise DataError([Problem(f"{path}, row 1", what, f"expected {', '.join(columns)}")])
    return frame


@keep_newest(8)
def _regions(path: Path, stamp: int) -> Mapping[str, Region]:
    columns = (_csv(path, COLUMNS, stamp)[c].tolist() for c in COLUMNS)
    return {ags: Region(*rest) for ags, *rest in zip(*columns, strict=True)}


@keep_newest(8)
def _geojson(path: Path, _stamp: int) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if all("ags" in f["properties"] and f["geometry"] for f in content["features"]):
            return content
        what = "a feature lacks 'ags' or its geometry"
    except (ValueError, KeyError, TypeError) as error:
        what = f"is no GeoJSON ({error!r})"
    raise DataError([Problem(str(path), what, "restore it from git")])
