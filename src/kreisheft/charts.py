"""Charts as Vega-Lite specifications. Only the columns a chart encodes are in it.

In: `Protected`. Out: the specification as a plain dict, with the German sentence as description.
Colours are those of Okabe and Ito (2008), told apart by people who see red and green alike.
"""

from collections.abc import Sequence
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
    frame = shown.frame.dropna(subset="value").sort_values(["group", "year"])
    order = in_order(frame["group"], indicator, book)
    data = _data(frame, book)
    new_run = (
        (frame["group"] != frame["group"].shift())
        | (frame["segment"] != frame["segment"].shift())
        | (frame["year"] != frame["year"].shift() + 1)
    )
    data["s"] = new_run.cumsum().astype(int).to_numpy()
    base = alt.Chart(data)
    span = [int(frame["year"].min()) - 0.5, int(frame["year"].max()) + 0.5]
    x = alt.X(
        "j:Q",
        title=None,
        scale=alt.Scale(domain=span, nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True),
    )
    y = _y(indicator, book)
    colour = _colour([book.label(g) for g in order])
    shape = alt.Shape("g:N", sort=[book.label(g) for g in order], legend=None)
    layers = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, detail="s:N"),
        base.mark_point(size=45, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=_tooltip(indicator, book, "j", "g")
        ),
    ]
    cuts = [(year - 0.5, b.label) for year, b in breaks_within(frame, book)]
    if cuts:
        rule = alt.Chart(pd.DataFrame(cuts, columns=["j", "t"]))
        layers += [
            rule.mark_rule(strokeDash=[4, 3], color="#8a8a8a").encode(x="j:Q"),
            rule.mark_text(
                angle=270, align="right", baseline="bottom", dy=-3, color="#6a6a6a", y=4
            ).encode(x="j:Q", text="t:N"),
        ]
    return _finish(alt.layer(*layers, height=280), sentence)


def bars(shown: Protected, indicator: Indicator, sentence: str, book: Catalogue) -> Spec:
    """One bar per comparison group, in the catalogue's order, each labelled with its value."""
    frame = shown.frame.dropna(subset="value")
    order = [book.label(g) for g in in_order(frame["group"], indicator, book)]
    if book.counts(indicator) and len(order) > 8:
        order = [book.label(g) for g in frame.sort_values("value", ascending=False)["group"]]
    y = alt.Y("g:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    # The bars carry their values; room on the right for the longest of them.
    room = alt.Scale(domain=[min(0.0, frame["value"].min()), frame["value"].max() * 1.12])
    axis = alt.Axis(format=",~f", tickCount=4, labelOverlap=True)
    x = alt.X("w:Q", title=_axis(indicator, book), scale=room, axis=axis)
    base = alt.Chart(_data(frame, book)[["g", "w"]])
    bar = base.mark_bar(color=COLOURS[0]).encode(x=x, y=y, tooltip=_tooltip(indicator, book, "g"))
    text = base.mark_text(align="left", dx=4).encode(
        x=x, y=y, text=alt.Text("w:Q", format=_format(indicator, book))
    )
    return _finish(alt.layer(bar, text, height=26 * len(order)), sentence)


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
    frame = peers.frame.dropna(subset="value")
    frame = frame.assign(k=frame["ags"].astype(str).map(names))
    # By name or code: the order of the data must tell no more than the table does.
    frame = frame.sort_values(["period", "k"])
    data = pd.DataFrame(
        {
            "k": frame["k"],
            "w": frame["value"].round(6),
            "e": frame["ags"] == ags,
            "j": frame["period"].astype(str).map(period),
        }
    )
    columns = {"lo": "minimum", "a": "p25", "m": "median", "b": "p75", "hi": "maximum"}
    quartiles = pd.DataFrame(
        [
            {"j": period(r.period), **{c: round(getattr(r, f), 6) for c, f in columns.items()}}
            for r in found
        ]
    )
    order = [period(r.period) for r in found]
    x = alt.X(
        "w:Q",
        title=_axis(indicator, book),
        scale=alt.Scale(zero=False, nice=True, padding=10),
        axis=alt.Axis(format=",~f", tickCount=6, labelOverlap=True),
    )
    y = alt.Y("j:N", title=None, sort=order, axis=alt.Axis(ticks=False, domain=False))
    heads, write = book.texts["columns"], _format(indicator, book)
    summary = [alt.Tooltip(f"{c}:Q", title=heads[f], format=write) for c, f in columns.items()]
    base, below = alt.Chart(data), alt.Chart(quartiles)
    tooltip = [
        alt.Tooltip("k:N", title=heads["member"]),
        alt.Tooltip("w:Q", title=_axis(indicator, book), format=write),
    ]
    span = below.mark_rule(color="#8a8a8a").encode(x=alt.X("lo:Q"), x2="hi:Q", y=y)
    box = below.mark_bar(size=40, color="#c9d3dc", stroke="#8a8a8a").encode(
        x=alt.X("a:Q"), x2="b:Q", y=y, tooltip=summary
    )
    median = below.mark_tick(size=40, thickness=2, color="#3a3a3a").encode(x="m:Q", y=y)
    word = below.mark_text(color="#3a3a3a", dy=-28).encode(
        x="m:Q", y=y, text=alt.value(heads["median"])
    )
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
    chart = alt.layer(span, box, median, word, others, mark, label, height=100 * len(order))
    return _finish(chart, sentence)


def municipalities(
    shown: Protected,
    indicator: Indicator,
    names: dict[str, str],
    boundaries: dict[str, Any],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """Map of the municipalities in five classes; one without a figure is grey and says so."""
    found = shown.frame.set_index("ags")["value"]
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
    # Altair leaves its constructors for raw data untyped.
    base = alt.Chart(alt.InlineData(values=features))
    colour = alt.condition(
        "isValid(datum.properties.w)",
        alt.Color(
            "properties.w:Q",
            title=_axis(indicator, book),
            scale=alt.Scale(type="quantize", scheme="blues", nice=True),
            legend=alt.Legend(
                orient="bottom", direction="horizontal", format=_format(indicator, book)
            ),
        ),
        alt.value("#d9d9d9"),
    )
    shapes = base.mark_geoshape(stroke="#ffffff", strokeWidth=1).encode(
        color=colour,
        tooltip=[
            alt.Tooltip("properties.n:N", title=book.texts["columns"]["municipality"]),
            alt.Tooltip(
                "properties.w:Q", title=_axis(indicator, book), format=_format(indicator, book)
            ),
        ],
    )
    return _finish(shapes.properties(height=420).project(type="mercator"), sentence)


def _data(frame: pd.DataFrame, book: Catalogue) -> pd.DataFrame:
    """Columns j year, g group, w value: short, for every row of the page repeats them."""
    return pd.DataFrame(
        {
            "j": frame["year"].astype(int),
            "g": frame["group"].map(book.label),
            "w": frame["value"].astype(float).round(6),
        }
    )


def _plain(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 6)


def _axis(indicator: Indicator, book: Catalogue) -> str:
    return str(book.texts["units"][indicator.unit]["axis"])


def _format(indicator: Indicator, book: Catalogue) -> str:
    return f",.{book.texts['units'][indicator.unit]['decimals']}f"


def _y(indicator: Indicator, book: Catalogue) -> alt.Y:
    return alt.Y(
        "w:Q",
        title=_axis(indicator, book),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(format=",~f", tickCount=5),
    )


def _colour(labels: list[str]) -> alt.Color:
    return alt.Color(
        "g:N",
        title=None,
        sort=labels,
        scale=alt.Scale(domain=labels, range=COLOURS[: max(len(labels), 1)]),
        legend=alt.Legend(orient="top", labelLimit=300, symbolType="circle"),
    )


def _tooltip(indicator: Indicator, book: Catalogue, *columns: str) -> list[alt.Tooltip]:
    heads = {"j": "year", "g": "group"}
    known = [
        alt.Tooltip(
            f"{c}:{'Q' if c == 'j' else 'N'}",
            title=book.texts["columns"][heads[c]],
            format="d" if c == "j" else "",
        )
        for c in columns
    ]
    value = alt.Tooltip("w:Q", title=_axis(indicator, book), format=_format(indicator, book))
    return [*known, value]


def _finish(chart: Any, sentence: str) -> Spec:
    """Size, description, looks: set on the finished dict, for each Altair call copies the chart."""
    spec: Spec = chart.to_dict(validate=False)
    size = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {**spec, **size, "description": sentence, "config": CONFIG}
