"""Diverging bars of a scale: what is against lies left of zero, what is for right of it."""

import math
from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue
from kreisheft.participation import survey_charts
from kreisheft.participation.shares import Line
from kreisheft.render import charts
from kreisheft.render.chart_parts import specification
from kreisheft.render.charts import Spec
from kreisheft.render.sentences import number

#: From the negative to the positive end; told apart by people who see red and green alike.
AGAINST, FOR, NEITHER = (
    ["#b35806", "#f1a340", "#fee0b6"],
    ["#d1e5f0", "#67a9cf", "#2166ac"],
    "#d9d9d9",
)


def fill(
    lines: Sequence[Line],
    names: Sequence[str],
    answers: Mapping[str, str],
    words: Mapping[str, str],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """Diverging bars: what is against lies left of zero, what is for right, the middle on it.

    names: of the bars; answers: id → label, in the order of the scale
    """
    labels = [survey_charts.in_lines(name) for name in names]
    sides = [answer.side for answer, _ in lines[0].shares]
    colours = dict(zip(answers, _sides(sides), strict=True))
    rows, ends, left = [], [0.0], {"against": 1.0, "neutral": 0.5}
    for label, line in zip(labels, lines, strict=True):
        at = -sum(share * left.get(answer.side, 0.0) for answer, share in line.shares)
        for answer, share in line.shares:
            place = {"a": round(at, 2), "b": round(at + share, 2), "m": round(at + share / 2, 2)}
            dark = colours[answer.id] in (AGAINST[0], FOR[-1])
            text = number(share, "personen", book)
            rows.append({"z": label, "k": answers[answer.id], "t": text, **place, "h": dark})
            ends += [at, at + share]
            at += share
    places = {
        "axis": words["share"],
        "answer": words["answer"],
        "from": 10 * math.floor(min(ends) / 10),
        "to": 10 * math.ceil(max(ends) / 10),
        "order": labels,
        "answers": list(answers.values()),
        "colours": list(colours.values()),
    }
    spec = charts.finish(template(), places, {"d": rows, "zero": [{"x": 0}]}, sentence)
    return {**spec, "height": survey_charts.height(labels, 38)}


@cache
def template() -> Spec:
    """Stacked bars to both sides of zero, each part with its share; labels may have lines."""
    base = alt.Chart(alt.NamedData("d"))
    axis = alt.Axis(
        labelLimit=300, labelExpr=survey_charts.LINES, ticks=False, domain=False, title=None
    )
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
    return specification(alt.layer(bar, zero, text))


def draw() -> None:
    """Draw it, so that processes forked later have it."""
    template()


def _sides(sides: Sequence[str]) -> list[str]:
    """A colour per answer: dark at both ends, grey in the middle."""
    against, good = sides.count("against"), sides.count("for")
    left = [AGAINST[min(i, 2)] for i in range(against)]
    right = [FOR[max(3 - good, 0) :][min(i, 2)] for i in range(good)]
    return [*left, *[NEITHER] * (len(sides) - against - good), *right]
