"""Charts as Vega-Lite specifications, drawn with Altair once and filled for each figure.

Only what a chart encodes is in it.

In: `Protected`. Out: the specification as a plain dict, with the German sentence as description.
`chart_templates` has the drawings and their colours.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts.stages import Protected
from kreisheft.findings.comparison_ring import Ring
from kreisheft.render import chart_templates
from kreisheft.render.chart_templates import COLOURS, QUARTILES
from kreisheft.render.chart_templates import Spec as Spec
from kreisheft.render.chart_templates import draw as draw
from kreisheft.render.sentences import breaks_within, period
from kreisheft.render.tables import in_order

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


def trend(shown: Protected, indicator: Indicator, sentence: str, book: Catalogue) -> Spec:
    """Lines by group; no line crosses a break, a missing year, or a change of table."""
    rows = shown.rows("group", "year", "segment", "value")
    rows = sorted((r for r in rows if not math.isnan(r[3])), key=lambda r: r[:2])
    labels = [book.label(g) for g in in_order((r[0] for r in rows), indicator, book)]
    years = [year for _, year, _, _ in rows]
    points = [
        {"j": year, "g": book.label(group), "w": round(value, 6), "s": run}
        for (group, year, _, value), run in zip(rows, runs(rows), strict=True)
    ]
    cuts = [{"j": year - 0.5, "t": b.label} for year, b in breaks_within(shown, book)]
    places = {
        **_words(indicator, book),
        "from": min(years) - 0.5,
        "to": max(years) + 0.5,
        "order": labels,
        "colours": COLOURS[: max(len(labels), 1)],
    }
    data = {"d": points, **({"b": cuts} if cuts else {})}
    return finish(chart_templates.trend(bool(cuts)), places, data, sentence)


def path(
    shown: Protected,
    indicator: Indicator,
    labels: tuple[str, str],
    way: Sequence[tuple[int, float]],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """One group's figures beside the way to a target.

    shown: rows of that group. labels: what was observed, and the way. way: a value per year.
    """
    rows = shown.rows("group", "year", "segment", "value")
    rows = sorted((r for r in rows if not math.isnan(r[3])), key=lambda r: r[1])
    seen, asked = labels
    points = [
        {"j": year, "g": seen, "w": round(value, 6), "s": run}
        for (_, year, _, value), run in zip(rows, runs(rows), strict=True)
    ]
    line = [{"j": year, "g": asked, "w": round(value, 6)} for year, value in way]
    years = [point["j"] for point in (*points, *line)]
    cuts = [{"j": year - 0.5, "t": b.label} for year, b in breaks_within(shown, book)]
    places = {
        **_words(indicator, book),
        "from": min(years) - 0.5,
        "to": max(years) + 0.5,
        "order": list(labels),
        "colours": COLOURS[:2],
    }
    ends = [line[0], line[-1]] if len(line) > 1 else line
    data = {"d": points, "p": line, "e": ends, **({"b": cuts} if cuts else {})}
    return finish(chart_templates.path(bool(cuts)), places, data, sentence)


def runs(rows: Sequence[tuple[str, int, str, float]]) -> Iterator[int]:
    """Number the lines from one: rows of a group, one segment and years without a gap."""
    run, due = 0, None
    for group, year, segment, _ in rows:
        run += due != (group, year, segment)
        due = (group, year + 1, segment)
        yield run


def bars(shown: Protected, indicator: Indicator, sentence: str, book: Catalogue) -> Spec:
    """One bar per comparison group, in the catalogue's order, each labelled with its value."""
    found = shown.rows("group", "value")
    rows = [(group, value) for group, value in found if not math.isnan(value)]
    order = [book.label(g) for g in in_order((g for g, _ in rows), indicator, book)]
    if book.counts(indicator) and len(order) > 8:
        order = [book.label(g) for g, _ in sorted(rows, key=lambda r: r[1], reverse=True)]
    # The bars carry their values; room on the right for the longest of them.
    values = [value for _, value in rows]
    room = {"from": min(0.0, *values), "to": max(values) * 1.12}
    data = {"d": [{"g": book.label(g), "w": round(value, 6)} for g, value in rows]}
    places = {**_words(indicator, book), **room, "order": order}
    return _stepped(
        finish(chart_templates.bars(), places, data, sentence), "gruppe", 26, len(order)
    )


def strip(
    peers: Protected,
    indicator: Indicator,
    found: Sequence[Ring],
    names: dict[str, str],
    ags: str,
    sentence: str,
    book: Catalogue,
) -> Spec:
    """One dot per peer over a box from quartile to quartile; one strip per period of `found`.

    The own dot is marked by colour, shape and name; the line in the box is the median.
    """
    rows = peers.rows("period", "ags", "value")
    known = [(at, names[one], one == ags, v) for at, one, v in rows if not math.isnan(v)]
    # By name or code: the order of the data must tell no more than the table does.
    dots = [
        {"k": name, "w": round(value, 6), "e": own, "j": period(at, book)}
        for at, name, own, value in sorted(known, key=lambda r: r[:2])
    ]
    boxes = [
        {
            "j": period(r.period, book),
            **{c: round(getattr(r, f), 6) for c, f in QUARTILES.items()},
        }
        for r in found
    ]
    heads = {name: book.texts["columns"][name] for name in (*QUARTILES.values(), "member")}
    order = [period(r.period, book) for r in found]
    places = {**_words(indicator, book), **heads, "order": order}
    spec = finish(chart_templates.strip(), places, {"d": dots, "q": boxes}, sentence)
    return _stepped(spec, "jahr", 100, len(order))


def _words(indicator: Indicator, book: Catalogue) -> dict[str, Any]:
    """What every chart of an indicator says: unit, format of numbers, names of the columns."""
    unit, columns = book.texts["units"][indicator.unit], book.texts["columns"]
    heads = {"year": columns["year"], "group": columns["group"]}
    return {"axis": str(unit["axis"]), "format": f",.{unit['decimals']}f", **heads}


def finish(drawn: Spec, places: dict[str, Any], data: dict[str, Any], sentence: str) -> Spec:
    """Fill the places; size, description and looks are the same for all."""
    spec: Spec = _filled(drawn, places)
    size = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {**spec, **size, "datasets": data, "description": sentence, "config": CONFIG}


def _stepped(spec: Spec, choice: str, step: int, rows: int) -> Spec:
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
