"""Charts as Vega-Lite specifications: what filling them has in common, whatever their kind.

Only what a chart encodes is in it. `chart_kinds` has the kinds.

Out: the specification as a plain dict, with the German sentence as description.
"""

from collections.abc import Iterator, Sequence
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


def runs(rows: Sequence[tuple[str, int, str, float]]) -> Iterator[int]:
    """Number the lines from one: rows of a group, one segment and years without a gap."""
    run, due = 0, None
    for group, year, segment, _ in rows:
        run += due != (group, year, segment)
        due = (group, year + 1, segment)
        yield run


def words(indicator: Indicator, book: Catalogue) -> dict[str, Any]:
    """What every chart of an indicator says: unit, format of numbers, names of the columns."""
    unit, columns = book.texts["units"][indicator.unit], book.texts["columns"]
    heads = {"year": columns["year"], "group": columns["group"]}
    return {"axis": str(unit["axis"]), "format": f",.{unit['decimals']}f", **heads}


def finish(drawn: Spec, places: dict[str, Any], data: dict[str, Any], sentence: str) -> Spec:
    """Fill the places; size, description and looks are the same for all."""
    spec: Spec = _filled(drawn, places)
    size = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {**spec, **size, "datasets": data, "description": sentence, "config": CONFIG}


def stepped(spec: Spec, choice: str, step: int, rows: int) -> Spec:
    """So high that every row has `step`; book/assets/charts.js keeps that for those chosen.

    Vega-Lite's own height by step would warn in every browser that it cannot fit it.
    """
    return {**spec, "height": step * rows, "usermeta": {"stufe": {choice: step}}}


def _filled(node: Any, places: dict[str, Any]) -> Any:
    """A copy with the value of each place; a list of one place becomes a list that stands there."""
    if isinstance(node, dict):
        return {key: _filled(value, places) for key, value in node.items()}
    if isinstance(node, list):
        filled = [_filled(value, places) for value in node]
        return filled[0] if len(filled) == 1 and isinstance(filled[0], list) else filled
    if isinstance(node, str) and node.startswith("@"):
        return places[node[1:]]
    return node
