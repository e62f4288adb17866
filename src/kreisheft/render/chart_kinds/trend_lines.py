"""Lines by group over the years; no line crosses a break, a missing year, or a change of table."""

import math
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts.stages import Protected
from kreisheft.render import charts
from kreisheft.render.chart_parts import (
    COLOURS,
    choice_filter,
    cuts,
    group_tooltip,
    line_colours,
    specification,
    value_axis,
    value_tooltip,
)
from kreisheft.render.charts import Spec
from kreisheft.render.sentences import breaks_within
from kreisheft.render.tables import order_groups

#: Where the axis of years begins and ends: with the years chosen, or with all.
ENDS = ("toNumber(jahr[0]) - 0.5", "toNumber(jahr[length(jahr) - 1]) + 0.5")
WHOLE = ("beginn", "ende")


def fill(protected: Protected, indicator: Indicator, sentence: str, book: Catalogue) -> Spec:
    """Lines by group; no line crosses a break, a missing year, or a change of table."""
    rows = protected.rows("group", "year", "segment", "value")
    rows = sorted((r for r in rows if not math.isnan(r[3])), key=lambda r: r[:2])
    labels = [book.label(g) for g in order_groups((r[0] for r in rows), indicator, book)]
    years = [year for _, year, _, _ in rows]
    points = [
        {"j": year, "g": book.label(group), "w": round(value, 6), "s": run}
        for (group, year, _, value), run in zip(rows, charts.number_runs(rows), strict=True)
    ]
    cuts = [{"j": year - 0.5, "t": b.label} for year, b in breaks_within(protected, book)]
    places = {
        **charts.words(indicator, book),
        "from": min(years) - 0.5,
        "to": max(years) + 0.5,
        "order": labels,
        "colours": COLOURS[: max(len(labels), 1)],
    }
    data = {"d": points, **({"b": cuts} if cuts else {})}
    return charts.finish(template(bool(cuts)), places, data, sentence)


@cache
def template(cut: bool) -> Spec:
    """Lines by group with points; cut: with a rule at every break."""
    groups, years = choice_filter("gruppe", "datum.g"), choice_filter("jahr", "toString(datum.j)")
    base = alt.Chart(alt.NamedData("d")).transform_filter(f"({groups}) && ({years})")
    first, last = (f"(jahr ? {end} : {whole})" for end, whole in zip(ENDS, WHOLE, strict=True))
    # With more marks than years, halves of years would be marked.
    marks = alt.ExprRef(f"min(8, {last} - {first})")
    x = alt.X(
        "j:Q",
        title=None,
        scale=alt.Scale(domain=[alt.ExprRef(first), alt.ExprRef(last)], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=marks, grid=False, labelOverlap=True),
    )
    # The colour of a group stays whoever else is chosen; the legend names only who is shown.
    y, colour = value_axis(), line_colours(values=alt.ExprRef("gruppe || alle"))
    shape = alt.Shape("g:N", sort=["@order"], legend=None)
    year = alt.Tooltip("j:Q", title="@year", format="d")
    layers = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, detail="s:N"),
        base.mark_point(size=45, filled=True, opacity=1).encode(
            x=x,
            y=y,
            color=colour,
            shape=shape,
            tooltip=[year, group_tooltip(), value_tooltip("w:Q")],
        ),
    ]
    if cut:
        layers += cuts(f"!jahr || (datum.j > {ENDS[0]} && datum.j < {ENDS[1]})")
    whole = {WHOLE[0]: "@from", WHOLE[1]: "@to", "alle": "@order"}
    return specification(alt.layer(*layers, height=280), "gruppe", "jahr", **whole)


def draw() -> None:
    """Draw it with and without breaks, so that processes forked later have both."""
    for cut in (True, False):
        template(cut)
