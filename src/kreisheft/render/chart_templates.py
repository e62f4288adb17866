"""The kinds of charts, drawn with Altair once per process, with places for what varies.

Out: specifications in which a text ``@name`` is a place; `charts` fills them for each figure.
What a reader may choose are the parameters ``jahr``, ``gruppe`` and ``ort``: null, which is all, or
a list of the texts that the table has; book/assets/auswahl.js sets them.
Colours are those of Okabe and Ito (2008), told apart by people who see red and green alike.
"""

from functools import cache
from typing import Any

import altair as alt

Spec = dict[str, Any]
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5a5a5a", "#000000"]
#: Short names of the data of a strip → columns of the texts.
QUARTILES = {"lo": "minimum", "a": "p25", "m": "median", "b": "p75", "hi": "maximum"}
#: Where the axis of years begins and ends: with the years chosen, or with all.
ENDS = ("toNumber(jahr[0]) - 0.5", "toNumber(jahr[length(jahr) - 1]) + 0.5")
WHOLE = ("beginn", "ende")
OWN, OTHERS = "#d55e00", "#7a8b99"
#: From the negative to the positive end; told apart by people who see red and green alike.
AGAINST, FOR, NEITHER = (
    ["#b35806", "#f1a340", "#fee0b6"],
    ["#d1e5f0", "#67a9cf", "#2166ac"],
    "#d9d9d9",
)
#: A label of an axis in lines.
LINES = "split(datum.label, '\\n')"


@cache
def trend(cut: bool) -> Spec:
    """Lines by group with points; cut: with a rule at every break."""
    base = alt.Chart(alt.NamedData("d")).transform_filter(
        f"({_chosen('gruppe', 'datum.g')}) && ({_chosen('jahr', 'toString(datum.j)')})"
    )
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
    y, colour = _height(), _lines(values=alt.ExprRef("gruppe || alle"))
    shape = alt.Shape("g:N", sort=["@order"], legend=None)
    year = alt.Tooltip("j:Q", title="@year", format="d")
    layers = [
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, detail="s:N"),
        base.mark_point(size=45, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape, tooltip=[year, _group(), _value("w:Q")]
        ),
    ]
    if cut:
        layers += _cuts(f"!jahr || (datum.j > {ENDS[0]} && datum.j < {ENDS[1]})")
    whole = {WHOLE[0]: "@from", WHOLE[1]: "@to", "alle": "@order"}
    return _drawn(alt.layer(*layers, height=280), "gruppe", "jahr", **whole)


@cache
def path(cut: bool) -> Spec:
    """What was observed as a line, the way to a target dashed with its ends; cut: see `trend`."""
    x = alt.X(
        "j:Q",
        title=None,
        scale=alt.Scale(domain=["@from", "@to"], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True),
    )
    y, colour = _height(), _lines()
    tooltip = [alt.Tooltip("j:Q", title="@year", format="d"), _group(), _value("w:Q")]
    seen, way = alt.Chart(alt.NamedData("d")), alt.Chart(alt.NamedData("p"))
    ends = alt.Chart(alt.NamedData("e"))
    layers = [
        way.mark_line(strokeWidth=2, strokeDash=[6, 4]).encode(x=x, y=y, color=colour),
        ends.mark_point(size=110, filled=True, opacity=1, shape="diamond").encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
        seen.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, detail="s:N"),
        seen.mark_point(size=45, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
    ]
    return _drawn(alt.layer(*layers, *(_cuts() if cut else ()), height=280))


@cache
def bars() -> Spec:
    """Bars, each labelled with its value."""
    base = alt.Chart(alt.NamedData("d")).transform_filter(_chosen("gruppe", "datum.g"))
    y = alt.Y("g:N", sort=["@order"], title=None, axis=alt.Axis(labelLimit=260))
    room = alt.Scale(domain=["@from", "@to"])
    axis = alt.Axis(format=",~f", tickCount=4, labelOverlap=True)
    x = alt.X("w:Q", title="@axis", scale=room, axis=axis)
    tooltip = [_group(), _value("w:Q")]
    bar = base.mark_bar(color=COLOURS[0]).encode(x=x, y=y, tooltip=tooltip)
    text = base.mark_text(align="left", dx=4).encode(
        x=x, y=y, text=alt.Text("w:Q", format="@format")
    )
    return _drawn(alt.layer(bar, text), "gruppe")


@cache
def strip() -> Spec:
    """Dots over a box from quartile to quartile, the own dot marked."""
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
    # A period ends with its year. Boxes are those of all, whoever is chosen.
    at = _chosen("jahr", "slice(datum.j, -4)")
    base, below = (alt.Chart(alt.NamedData(name)).transform_filter(at) for name in "dq")
    base = base.transform_filter(_chosen("ort", "datum.k"))
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
    return _drawn(alt.layer(span, box, median, word, others, mark, label), "jahr", "ort")


@cache
def likert() -> Spec:
    """Stacked bars to both sides of zero, each part with its share; labels may have lines."""
    base = alt.Chart(alt.NamedData("d"))
    axis = alt.Axis(labelLimit=300, labelExpr=LINES, ticks=False, domain=False, title=None)
    y = alt.Y("z:N", sort=["@order"], axis=axis)
    x = alt.X(
        "a:Q",
        title="@axis",
        scale=alt.Scale(domain=["@from", "@to"], nice=False),
        axis=alt.Axis(labelExpr="abs(datum.value)", tickCount=6),
    )
    colour = alt.Color(
        "k:N",
        title=None,
        sort=["@answers"],
        scale=alt.Scale(domain=["@answers"], range=["@colours"]),
        legend=alt.Legend(orient="top", columns=2, labelLimit=260, symbolType="square"),
    )
    tooltip = [
        alt.Tooltip("k:N", title="@answer"),
        alt.Tooltip("t:N", title="@axis"),
    ]
    bar = base.mark_bar(stroke="#ffffff", size=26).encode(
        x=x, x2="b:Q", y=y, color=colour, tooltip=tooltip
    )
    # Too narrow a part has no room for its share; the table has it.
    text = (
        base.transform_filter("datum.b - datum.a >= 7")
        .mark_text()
        .encode(
            x=alt.X("m:Q"),
            y=y,
            text="t:N",
            color=alt.condition("datum.h", alt.value("#ffffff"), alt.value("#1d2429")),
        )
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color="#3a3a3a").encode(x="x:Q")
    return _drawn(alt.layer(bar, zero, text))


@cache
def shares() -> Spec:
    """Bars of shares, each with its number; labels may have lines."""
    base = alt.Chart(alt.NamedData("d"))
    axis = alt.Axis(labelLimit=300, labelExpr=LINES, title=None)
    y = alt.Y("z:N", sort=["@order"], axis=axis)
    room = alt.Scale(domain=[0, 105])
    x = alt.X("w:Q", title="@axis", scale=room, axis=alt.Axis(tickCount=5))
    bar = base.mark_bar(color=COLOURS[0], size=20).encode(
        x=x, y=y, tooltip=[alt.Tooltip("t:N", title="@axis")]
    )
    text = base.mark_text(align="left", dx=4).encode(x=x, y=y, text="t:N")
    return _drawn(alt.layer(bar, text))


def draw() -> None:
    """Draw every kind once, so that processes forked later have it."""
    trends = (trend(True), trend(False))
    paths = (path(True), path(False))
    for drawn in (*trends, *paths, bars(), strip(), likert(), shares()):
        assert drawn


def _height() -> alt.Y:
    """Values upwards from zero."""
    scale, axis = alt.Scale(zero=True, nice=True), alt.Axis(format=",~f", tickCount=5)
    return alt.Y("w:Q", title="@axis", scale=scale, axis=axis)


def _lines(**legend: Any) -> alt.Color:
    """A colour for every line, in one order; legend: what it says besides."""
    return alt.Color(
        "g:N",
        title=None,
        sort=["@order"],
        scale=alt.Scale(domain=["@order"], range=["@colours"]),
        legend=alt.Legend(orient="top", labelLimit=300, symbolType="circle", **legend),
    )


def _cuts(within: str = "true") -> list[Any]:
    """A rule at every break that is within the choice, with its name."""
    rule = alt.Chart(alt.NamedData("b")).transform_filter(within)
    name = rule.mark_text(angle=270, align="right", baseline="bottom", dy=-3, color="#6a6a6a", y=4)
    return [
        rule.mark_rule(strokeDash=[4, 3], color="#8a8a8a").encode(x="j:Q"),
        name.encode(x="j:Q", text="t:N"),
    ]


def _group() -> alt.Tooltip:
    return alt.Tooltip("g:N", title="@group", format="")


def _value(field: str) -> alt.Tooltip:
    return alt.Tooltip(field, title="@axis", format="@format")


def _chosen(name: str, datum: str) -> str:
    """Expression: nothing is chosen, or what `datum` stands for is."""
    return f"!{name} || indexof({name}, {datum}) >= 0"


def _drawn(chart: Any, *choices: str, **fixed: Any) -> Spec:
    """The specification with a parameter for every choice; fixed: parameters that never change."""
    # Altair takes 30 to 80 ms for a chart, filling its places less than one.
    spec: Spec = chart.to_dict(validate=False)
    given = {**dict.fromkeys(choices), **fixed}
    # Names and order are the contract with the scripts; Altair would sort and count them.
    return {**spec, "params": [{"name": name, "value": value} for name, value in given.items()]}
