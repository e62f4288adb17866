"""Make the region files of `data/regions` from official deliveries.

    python -m kreisheft.sources.territory BORDERS.geojson KREISE.csv

BORDERS: municipalities of Nordrhein-Westfalen with the properties AGS and GEN. KREISE: any classic
table of the current Gebietsstand that lists Germany, Länder, Regierungsbezirke and Kreise; regions
with `-` in every cell are dissolved and left out.
"""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from kreisheft import facts, regions
from kreisheft.sources import classic

_STADT = re.compile(r"kreisfreie Stadt|krfr\. Stadt|Stadtkreis", re.IGNORECASE)
_TAIL = re.compile(r", .*|\s*\(einschl\. [^)]*\)$")
_NRW = "05"


def make(root: Path, borders: Path, kreise: Path) -> None:
    """Write regions.csv and gemeinden_nrw.geojson; see the module."""
    shapes = json.loads(borders.read_text(encoding="utf-8"))["features"]
    table = classic.read(kreise)
    number = table.cells.assign(n=table.cells["text"].str.fullmatch(r"-?\d+(,\d+)?"))
    living = number.groupby("ags")["n"].any()
    rows = [_region(ags, table.names[ags]) for ags in sorted(living.index[living]) if len(ags) <= 5]
    rows += [
        (
            s["properties"]["AGS"],
            clean(s["properties"]["GEN"]),
            "gemeinde",
            s["properties"]["AGS"][:5],
        )
        for s in shapes
    ]
    kept = [r for r in rows if len(r[0]) != 3 or r[0].startswith(_NRW)]
    frame = pd.DataFrame(sorted(kept), columns=list(regions.COLUMNS))
    buffer = io.StringIO()
    frame.to_csv(buffer, index=False, lineterminator="\n")
    folder = regions.folder(root)
    facts.write(
        {
            folder / "regions.csv": buffer.getvalue(),
            folder / "gemeinden_nrw.geojson": _borders(shapes),
        }
    )


def clean(name: str) -> str:
    """Return a name without its byname: ``Gladbeck, Stadt`` → ``Gladbeck``."""
    return _TAIL.sub("", name)


def _region(ags: str, name: str) -> tuple[str, str, str, str]:
    if ags == "DG":
        return ags, clean(name), "staat", ""
    if len(ags) == 2:
        return ags, clean(name), "land", "DG"
    if len(ags) == 3:
        return ags, clean(name), "regierungsbezirk", ags[:2]
    kind = "kreisfreie_stadt" if _STADT.search(name) else "kreis"
    return ags, clean(name), kind, ags[:3] if ags.startswith(_NRW) else ags[:2]


def _borders(shapes: list[dict[str, Any]]) -> str:
    """Return the GeoJSON text: 4 decimals, one feature per line, sorted by key."""
    lines = []
    for shape in sorted(shapes, key=lambda s: str(s["properties"]["AGS"])):
        geometry = shape["geometry"]
        single = geometry["type"] == "Polygon"
        polygons = [geometry["coordinates"]] if single else geometry["coordinates"]
        wound = [[_ring(r, clockwise=i == 0) for i, r in enumerate(p)] for p in polygons]
        feature = {
            "type": "Feature",
            "properties": {"ags": shape["properties"]["AGS"]},
            "geometry": {"type": geometry["type"], "coordinates": wound[0] if single else wound},
        }
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    head = {
        "type": "FeatureCollection",
        "licence": "dl-de/by-2-0",
        "attribution": "© GeoBasis-DE / BKG, Daten verändert (vereinfacht)",
    }
    start = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1]
    return start + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"


def _ring(points: list[list[float]], *, clockwise: bool) -> list[list[float]]:
    """Return a ring with 4 decimals and the wanted direction.

    Vega follows d3: exterior rings clockwise, holes counter-clockwise, the opposite of RFC 7946;
    the other way round it would fill the rest of the globe.
    """
    short = [[round(x, 4), round(y, 4)] for x, y, *_ in points]
    ring = [p for i, p in enumerate(short) if i == 0 or p != short[i - 1]]
    doubled = sum(
        (b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
    return ring if (doubled > 0) == clockwise else ring[::-1]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(Path.cwd(), Path(sys.argv[1]), Path(sys.argv[2]))
