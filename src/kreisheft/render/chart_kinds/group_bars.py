"""One bar per comparison group, each labelled with its value."""

import math
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts.stages import Protected
from kreisheft.render import charts
from kreisheft.render.chart_parts import (
    COLOURS,
    choice_filter,
    group_tooltip,
    specification,
    value_tooltip,
)
from kreisheft.render.charts import Spec
from kreisheft.render.tables import order_groups


def fill(protected: Protected, indicator: Indicator, sentence: str, book: Catalogue) -> Spec:
    """One bar per comparison group, in the catalogue's order, each labelled with its value."""
    figures = protected.rows("group", "value")
    rows = [(group, value) for group, value in figures if not math.isnan(value)]
    order = [book.label(g) for g in order_groups((g for g, _ in rows), indicator, book)]
    if book.counts(indicator) and len(order) > 8:
        order = [book.label(g) for g, _ in sorted(rows, key=lambda r: r[1], reverse=True)]
    # The bars carry their values; room on the right for the longest of them.
    values = [value for _, value in rows]
    room = {"from": min(0.0, *values), "to": max(values) * 1.12}
    data = {"d": [{"g": book.label(g), "w": round(value, 6)} for g, value in rows]}
    places = {**charts.words(indicator, book), **room, "order": order}
    return charts.set_step(
        charts.finish(template(), places, data, sentence), "gruppe", 26, len(order)
    )


@cache
def template() -> Spec:
    """Bars, each labelled with its value."""
    base = alt.Chart(alt.NamedData("d")).transform_filter(choice_filter("gruppe", "datum.g"))
    y = alt.Y("g:N", sort=["@order"], title=None, axis=alt.Axis(labelLimit=260))
    room = alt.Scale(domain=["@from", "@to"])
    axis = alt.Axis(format=",~f", tickCount=4, labelOverlap=True)
    x = alt.X("w:Q", title="@axis", scale=room, axis=axis)
    tooltip = [group_tooltip(), value_tooltip("w:Q")]
    bar = base.mark_bar(color=COLOURS[0]).encode(x=x, y=y, tooltip=tooltip)
    text = base.mark_text(align="left", dx=4).encode(
        x=x, y=y, text=alt.Text("w:Q", format="@format")
    )
    return specification(alt.layer(bar, text), "gruppe")


def draw() -> None:
    """Draw it, so that processes forked later have it."""
    template()
