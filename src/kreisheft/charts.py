"""Charts as Vega-Lite specifications, drawn with Altair once and filled for each figure.

Only what a chart encodes is in it.

In: `Protected`. Out: the specification as a plain dict, with the German sentence as description.
Colours are those of Okabe and Ito (2008), told apart by people who see red and green alike.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from kreisheft.catalogue import Catalogue, Indicator
from kreisheft.comparison import Ring
from kreisheft.model import Protected, with_number
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
    frame = with_number(shown.frame).sort_values(["group", "year"])
    labels = [book.label(g) for g in in_order(frame["group"], indicator, book)]
    new_run = (
        (frame["group"] != frame["group"].shift())
        | (frame["segment"] != frame["segment"].shift())
        | (frame["year"] != frame["year"].shift() + 1)
    )
    years = frame["year"].tolist()
    points = {
        "j": years,
        "g": [book.label(g) for g in frame["group"]],
        "w": _rounded(frame["value"]),
        "s": np.cumsum(new_run).tolist(),
    }
    cuts = [{"j": year - 0.5, "t": b.label} for year, b in breaks_within(frame, book)]
    places = {
        **_words(indicator, book),
        "from": min(years) - 0.5,
        "to": max(years) + 0.5,
        "order": labels,
        "colours": COLOURS[: max(len(labels), 1)],
    }
    data = {"d": _rows(points), **({"b": cuts} if cuts else {})}
    return _finish(_trend(bool(cuts)), places, data, sentence)


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
    frame = with_number(shown.frame)
    order = [book.label(g) for g in in_order(frame["group"], indicator, book)]
    if book.counts(indicator) and len(order) > 8:
        order = [book.label(g) for g in frame.sort_values("value", ascending=False)["group"]]
    # The bars carry their values; room on the right for the longest of them.
    room = {"from": min(0.0, frame["value"].min()), "to": frame["value"].max() * 1.12}
    groups = [book.label(g) for g in frame["group"]]
    data = {"d": _rows({"g": groups, "w": _rounded(frame["value"])})}
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
    frame = with_number(peers.frame)
    frame = frame.assign(k=[names[str(a)] for a in frame["ags"]])
    # By name or code: the order of the data must tell no more than the table does.
    frame = frame.sort_values(["period", "k"])
    dots = {
        "k": frame["k"].tolist(),
        "w": _rounded(frame["value"]),
        "e": (frame["ags"] == ags).tolist(),
        "j": [period(str(p)) for p in frame["period"]],
    }
    boxes = [
        {"j": period(r.period), **{c: round(getattr(r, f), 6) for c, f in QUARTILES.items()}}
        for r in found
    ]
    heads = {name: book.texts["columns"][name] for name in (*QUARTILES.values(), "member")}
    order = [period(r.period) for r in found]
    places = {**_words(indicator, book), **heads, "order": order}
    spec = _finish(_strip(), places, {"d": _rows(dots), "q": boxes}, sentence)
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


def _rounded(values: "pd.Series[float]") -> list[float]:
    return [round(v, 6) for v in values.tolist()]


def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """One object per row; names are short, for every row of the page repeats them."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


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
