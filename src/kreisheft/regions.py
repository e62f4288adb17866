"""Which regions exist, what they are called, and where their borders run.

``data/regions/regions.csv``   ags, name, kind, parent: one Gebietsstand, the current one
``data/regions/ignored.csv``   ags, name, reason: keys of official tables that are no region now
``data/regions/gemeinden_nrw.geojson``   borders of the municipalities of Nordrhein-Westfalen

`kind` is staat, land, regierungsbezirk, kreis, kreisfreie_stadt or gemeinde. `sources.territory`
makes the files from official deliveries.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from kreisheft.errors import DataError, Problem, unknown

COLUMNS = ("ags", "name", "kind", "parent")
KINDS = ("staat", "land", "regierungsbezirk", "kreis", "kreisfreie_stadt", "gemeinde")
KREISE = ("kreis", "kreisfreie_stadt")


def folder(root: Path) -> Path:
    """Return the folder with the region files."""
    return root / "data" / "regions"


def load(root: Path) -> pd.DataFrame:
    """Return ags, name, kind, parent as text, sorted by ags. The frame is shared: do not write."""
    return _read(folder(root) / "regions.csv", COLUMNS)


def ignored(root: Path) -> pd.DataFrame:
    """Return ags, name, reason of keys that an import leaves out."""
    return _read(folder(root) / "ignored.csv", ("ags", "name", "reason"))


def name(root: Path, ags: str) -> str:
    """Return the name of a region, e.g. ``Recklinghausen`` for ``05562``."""
    names = _names(folder(root) / "regions.csv", _changed(folder(root) / "regions.csv"))
    if ags not in names:
        raise unknown("region", ags, [])
    return names[ags]


def kreise(root: Path, land: str) -> list[str]:
    """Return the keys of all Kreise and kreisfreie Städte of a Land (two digits), sorted."""
    frame = load(root)
    return [str(a) for a in frame.loc[frame["kind"].isin(KREISE), "ags"] if str(a)[:2] == land]


def municipalities(root: Path, kreis: str) -> list[str]:
    """Return the 8-digit keys of the municipalities of a Kreis, sorted.

    A kreisfreie Stadt is its own municipality: ``05111`` → ``05111000``.
    """
    frame = load(root)
    return [str(a) for a in frame.loc[frame["parent"] == kreis, "ags"] if len(str(a)) == 8]


def boundaries(root: Path, kreis: str) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of the municipalities of `kreis`.

    Property of a feature: ``ags``. Exterior rings run clockwise, as Vega fills them. Empty outside
    Nordrhein-Westfalen.
    """
    path = folder(root) / "gemeinden_nrw.geojson"
    content = _geojson(path, _changed(path))
    mine = [f for f in content["features"] if str(f["properties"]["ags"]).startswith(kreis)]
    return {**content, "features": mine}


def check(root: Path) -> list[Problem]:
    """Return everything that is wrong in the region files."""
    try:
        frame, border = load(root), folder(root) / "gemeinden_nrw.geojson"
        shapes = {f["properties"]["ags"] for f in _geojson(border, _changed(border))["features"]}
        ignored(root)
    except DataError as error:
        return error.problems
    where = "data/regions/regions.csv"
    known = set(frame["ags"])
    problems = []
    for number, row in enumerate(frame.itertuples(index=False), start=2):
        at = f"{where}, row {number}"
        if row.kind not in KINDS:
            problems.append(
                Problem(f"{at}, column 'kind'", f"unknown kind {row.kind!r}", f"use {KINDS}")
            )
        if row.parent and row.parent not in known:
            problems.append(
                Problem(f"{at}, column 'parent'", f"unknown region {row.parent!r}", "add its row")
            )
    for ags in frame.loc[frame["ags"].duplicated(), "ags"]:
        problems.append(Problem(where, f"region {ags} is listed twice", "delete one row"))
    for ags in sorted(shapes - known):
        problems.append(Problem(border.name, f"region {ags} is unknown", f"add it to {where}"))
    return problems


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        raise DataError([Problem(str(path), "file is missing", "restore it from git")]) from None


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    return _csv(path, columns, _changed(path))


@lru_cache(maxsize=32)
def _csv(path: Path, columns: tuple[str, ...], _stamp: int) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)
    if tuple(frame.columns) != columns:
        what = f"has the columns {', '.join(frame.columns)}"
        raise DataError([Problem(f"{path}, row 1", what, f"expected {', '.join(columns)}")])
    return frame


@lru_cache(maxsize=8)
def _names(path: Path, stamp: int) -> dict[str, str]:
    frame = _csv(path, COLUMNS, stamp)
    return dict(zip(frame["ags"], frame["name"], strict=True))


@lru_cache(maxsize=8)
def _geojson(path: Path, _stamp: int) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
