"""A tiny project that knows three invented tables, for the tests of stages 1 and 2."""

import shutil
from pathlib import Path

OFFICIAL = Path(__file__).parent / "official"
CHECKOUT = Path(__file__).parents[1]

REGIONS = """ags,name,kind,parent
05,Nordrhein-Westfalen,land,DG
051,Düsseldorf,regierungsbezirk,05
05158,Mettmann,kreis,051
05158004,Erkrath,gemeinde,05158
055,Münster,regierungsbezirk,05
05562,Recklinghausen,kreis,055
05562014,Gladbeck,gemeinde,05562
057,Detmold,regierungsbezirk,05
05754,Gütersloh,kreis,057
DG,Deutschland,staat,
"""
SQUARE = [[7.0, 51.0], [7.0, 51.1], [7.1, 51.1], [7.1, 51.0], [7.0, 51.0]]
SOURCES = """sources:
  erfunden:
    name: Amt für erfundene Zahlen
    attribution: "© Amt für erfundene Zahlen, {year}"
    terms: nur für Tests
"""


def project(root: Path) -> Path:
    """Write a project without facts under `root` and return it."""
    regions, sources = root / "data" / "regions", root / "data" / "sources"
    (sources / "erfunden").mkdir(parents=True)
    regions.mkdir()
    (regions / "regions.csv").write_text(REGIONS, encoding="utf-8")
    (regions / "ignored.csv").write_text("ags,name,reason\n05354,Aachen,aufgelöst\n", "utf-8")
    feature = f'{{"type":"Feature","properties":{{"ags":"05562014"}},"geometry":{{"type":"Polygon","coordinates":[{SQUARE}]}}}}'
    (regions / "gemeinden_nrw.geojson").write_text(
        f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8"
    )
    (sources / "sources.yml").write_text(SOURCES, encoding="utf-8")
    for path in OFFICIAL.glob("*.yml"):
        shutil.copy(path, sources / "erfunden" / path.name)
    return root
