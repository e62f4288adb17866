"""Charts as Vega-Lite specifications: what filling them has in common, whatever their kind.

Only what a chart encodes is in it. `chart_kinds` has the kinds.

Out: the specification as a plain dict, with the German sentence as description.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kreisheft.catalogue.catalogue import Catalogue, Indicator

Spec = dict[str, Any]
FONT = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"

_WORDS = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
# Vega names axes and marks in English for screen readers; the table beside says it in German.
CONFIG = {
    "font": FONT,
    "background": "transparent",
    "aria": True,
    "axis": {"aria": False, **_WORDS},
    "legend": {"aria": False, **_WORDS},
    "mark": {"aria": False},
    "text": {"font": FONT, "fontSize": 12},
    "view": {"stroke": None},
}


def number_runs(rows: Sequence[tuple[str, int, str, float]]) -> Iterator[int]:
    """Number of the line each row belongs to, from 1.

    A line has one group, one segment and no missing year.
    rows: group, year, segment, value; sorted by group and year.
    """
    run, due = 0, None
    for group, year, segment, _ in rows:
        run += due != (group, year, segment)
        due = (group, year + 1, segment)
        yield run


def words(indicator: Indicator, book: Catalogue) -> dict[str, str]:
    """Places every chart of an indicator fills: `axis` (unit), `format`, `year` and `group`."""
    unit, columns = book.texts["units"][indicator.unit], book.texts["columns"]
    heads = {"year": columns["year"], "group": columns["group"]}
    return {"axis": str(unit["axis"]), "format": f",.{unit['decimals']}f", **heads}


def finish(
    template: Spec, places: Mapping[str, object], data: Mapping[str, object], sentence: str
) -> Spec:
    """Specification of a chart: `template` with places filled, data, size and description."""
    spec: Spec = _fill_places(template, places)
    size = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {**spec, **size, "datasets": data, "description": sentence, "config": CONFIG}


def set_step(spec: Spec, choice: str, step: int, rows: int) -> Spec:
    """Give a chart `step` pixels of height per row; book/assets/charts.js does so for a choice too.

    Vega-Lite's own height by step would warn in every browser that it cannot fit it.
    """
    return {**spec, "height": step * rows, "usermeta": {"stufe": {choice: step}}}


def _fill_places(node: Any, places: Mapping[str, object]) -> Any:
    """Copy of `node` with each ``@name`` replaced; ``["@name"]`` becomes the list of that name."""
    if isinstance(node, dict):
        return {key: _fill_places(value, places) for key, value in node.items()}
    if isinstance(node, list):
        filled = [_fill_places(value, places) for value in node]
        return filled[0] if len(filled) == 1 and isinstance(filled[0], list) else filled
    if isinstance(node, str) and node.startswith("@"):
        return places[node[1:]]
    return node
