"""Charts as Vega-Lite specifications, drawn with Altair once and filled for each figure.

Only what a chart encodes is in it.

In: `Protected`. Out: the specification as a plain dict, with the German sentence as description.
Colours are those of Okabe and Ito (2008), told apart by people who see red and green alike.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from kreisheft.catalogue import Catalogue, Indicator
from kreisheft.comparison import Ring
from kreisheft.model import Protected
from kreisheft.tables import in_order
from kreisheft.texts import breaks_within, period

Spec = dict[str, Any]
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5a5a5a", "#000000"]
#: Short names of the data of a strip → columns of the texts.
QUARTILES = {"lo": "minimum", "a": "p25", "m": "median", "b": "p75", "hi": "maximum"}
OWN, OTHERS = "#d55e00", "#7a8b99"
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
        for (group, year, _, value), run in zip(rows, _runs(rows), strict=True)
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
    return _finish(_trend(bool(cuts)), places, data, sentence)


def _runs(rows: Sequence[tuple[str, int, str, float]]) -> Iterator[int]:
    """Number the lines from one: rows of a group, one segment and years without a gap."""
    run, due = 0, None
    for group, year, segment, _ in rows:
        run += due != (group, year, segment)
        due = (group, year + 1, segment)
        yield run


@cache
def _trend(cut: bool) -> Spec:
    base = alt.Chart(alt.NamedData("d"))
    x = alt.X(
        "j:Q",
        title=None,
        scale=alt.Scale(domain=["@from", "@to"], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "w:Q",
        title="@axis",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=",~f", tickCount=5),
    )
    colour = alt.Color(
        "g:N",
        title=None,
        sort=["@order"],
        scale=alt.Scale(domain=["@order"], range=["@colours"]),
        legend=alt.Legend(orient="top", labelLimit=300, symbolType="circle"),
    )
    shape = alt.Shape("g:N", sort=["@order"], legend=None)
    year = alt.Tooltip("j:Q", title="@year", format="d")
    layers = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, detail="s:N"),
        base.mark_point(size=45, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=[year, _group(), _value("w:Q")]
        ),
    ]
    if cut:
        rule = alt.Chart(alt.NamedData("b"))
        layers += [
            rule.mark_rule(strokeDash=[4, 3], color="#8a8a8a").encode(x="j:Q"),
            rule.mark_text(
                angle=270, align="right", baseline="bottom", dy=-3, color="#6a6a6a", y=4
            ).encode(x="j:Q", text="t:N"),
        ]
    return _drawn(alt.layer(*layers, height=280))


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
    return {**_finish(_bars(), places, data, sentence), "height": 26 * len(order)}


@cache
def _bars() -> Spec:
    base = alt.Chart(alt.NamedData("d"))
    y = alt.Y("g:N", sort=["@order"], title=None, axis=alt.Axis(labelLimit=260))
    room = alt.Scale(domain=["@from", "@to"])
    axis = alt.Axis(format=",~f", tickCount=4, labelOverlap=True)
    x = alt.X("w:Q", title="@axis", scale=room, axis=axis)
    tooltip = [_group(), _value("w:Q")]
    bar = base.mark_bar(color=COLOURS[0]).encode(x=x, y=y, tooltip=tooltip)
    text = base.mark_text(align="left", dx=4).encode(
        x=x, y=y, text=alt.Text("w:Q", format="@format")
    )
    return _drawn(alt.layer(bar, text))


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
        {"k": name, "w": round(value, 6), "e": own, "j": period(at)}
        for at, name, own, value in sorted(known, key=lambda r: r[:2])
    ]
    boxes = [
        {"j": period(r.period), **{c: round(getattr(r, f), 6) for c, f in QUARTILES.items()}}
        for r in found
    ]
    heads = {name: book.texts["columns"][name] for name in (*QUARTILES.values(), "member")}
    order = [period(r.period) for r in found]
    places = {**_words(indicator, book), **heads, "order": order}
    spec = _finish(_strip(), places, {"d": dots, "q": boxes}, sentence)
    return {**spec, "height": 100 * len(order)}


@cache
def _strip() -> Spec:
    x = alt.X(
        "w:Q",
        title="@axis",
        scale=alt.Scale(zero=False, nice=True, padding=10),
        axis=alt.Axis(format=",~f", tickCount=6, labelOverlap=True),
    )
    y = alt.Y("j:N", title=None, sort=["@order"], axis=alt.Axis(ticks=False, domain=False))
    summary = [
        alt.Tooltip(f"{c}:Q", title=f"@{name}", format="@format") for c, name in QUARTILES.items()
    ]
    base, below = alt.Chart(alt.NamedData("d")), alt.Chart(alt.NamedData("q"))
    tooltip = [alt.Tooltip("k:N", title="@member"), _value("w:Q")]
    span = below.mark_rule(color="#8a8a8a").encode(x=alt.X("lo:Q"), x2="hi:Q", y=y)
    box = below.mark_bar(size=40, color="#c9d3dc", stroke="#8a8a8a").encode(
        x=alt.X("a:Q"), x2="b:Q", y=y, tooltip=summary
    )
    median = below.mark_tick(size=40, thickness=2, color="#3a3a3a").encode(x="m:Q", y=y)
    word = below.mark_text(color="#3a3a3a", dy=-28).encode(x="m:Q", y=y, text=alt.value("@median"))
    others = (
        base.transform_filter("!datum.e")
        .mark_point(filled=True, size=60, opacity=0.6, color=OTHERS)
        .encode(x=x, y=y, tooltip=tooltip)
    )
    own = base.transform_filter("datum.e")
    mark = own.mark_point(filled=True, size=190, color=OWN, shape="diamond", opacity=1).encode(
        x=x, y=y, tooltip=tooltip
    )
    label = own.mark_text(dy=32, fontWeight="bold", color=OWN).encode(x=x, y=y, text="k:N")
    return _drawn(alt.layer(span, box, median, word, others, mark, label))


def municipalities(
    shown: Protected,
    indicator: Indicator,
    names: dict[str, str],
    boundaries: dict[str, Any],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """Map of the municipalities in five classes; one without a figure is grey and says so."""
    found = dict(zip(shown.frame["ags"].astype(str), shown.frame["value"], strict=True))
    features = [
        {
            "type": "Feature",
            "geometry": feature["geometry"],
            "properties": {
                "n": names[feature["properties"]["ags"]],
                "w": _plain(found.get(feature["properties"]["ags"])),
            },
        }
        for feature in boundaries["features"]
    ]
    places = {**_words(indicator, book), "place": book.texts["columns"]["municipality"]}
    return _finish(_map(), places, {"d": features}, sentence)


@cache
def _map() -> Spec:
    colour = alt.condition(
        "isValid(datum.properties.w)",
        alt.Color(
            "properties.w:Q",
            title="@axis",
            scale=alt.Scale(type="quantize", scheme="blues", nice=True),
            legend=alt.Legend(orient="bottom", direction="horizontal", format="@format"),
        ),
        alt.value("#d9d9d9"),
    )
    tooltip = [alt.Tooltip("properties.n:N", title="@place"), _value("properties.w:Q")]
    shapes = alt.Chart(alt.NamedData("d")).mark_geoshape(stroke="#ffffff", strokeWidth=1)
    chart = shapes.encode(color=colour, tooltip=tooltip)
    return _drawn(chart.properties(height=420).project(type="mercator"))


def _group() -> alt.Tooltip:
    return alt.Tooltip("g:N", title="@group", format="")


def _value(field: str) -> alt.Tooltip:
    return alt.Tooltip(field, title="@axis", format="@format")


def _words(indicator: Indicator, book: Catalogue) -> dict[str, Any]:
    """What every chart of an indicator says: unit, format of numbers, names of the columns."""
    unit, columns = book.texts["units"][indicator.unit], book.texts["columns"]
    heads = {"year": columns["year"], "group": columns["group"]}
    return {"axis": str(unit["axis"]), "format": f",.{unit['decimals']}f", **heads}


def draw() -> None:
    """Draw every kind once, so that processes forked later have it."""
    for drawn in (_trend(True), _trend(False), _bars(), _strip(), _map()):
        assert drawn


def _plain(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 6)


def _drawn(chart: Any) -> Spec:
    # With names of places (``@axis``) for what varies: Altair takes 30 to 80 ms for a chart,
    # filling its places less than one.
    spec: Spec = chart.to_dict(validate=False)
    return spec


def _finish(drawn: Spec, places: dict[str, Any], data: dict[str, Any], sentence: str) -> Spec:
    """Fill the places; size, description and looks are the same for all."""
    spec: Spec = _filled(drawn, places)
    size = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {**spec, **size, "datasets": data, "description": sentence, "config": CONFIG}


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
