"""What drawings of several kinds of charts share: colours, axes, tooltips, choices.

A kind of chart is drawn with places for what varies: a text ``@name``, filled by `charts.finish`.
What a reader may choose are the parameters ``jahr``, ``gruppe`` and ``ort``: null, which is all, or
a list of the texts that the table has; book/assets/auswahl.js sets them.
Colours are those of Okabe and Ito (2008), told apart by people who see red and green alike.
"""

from typing import Any

import altair as alt

from kreisheft.render.charts import Spec

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5a5a5a", "#000000"]
OWN, OTHERS = "#d55e00", "#7a8b99"


def value_axis() -> alt.Y:
    """Values upwards from zero."""
    scale, axis = alt.Scale(zero=True, nice=True), alt.Axis(format=",~f", tickCount=5)
    return alt.Y("w:Q", title="@axis", scale=scale, axis=axis)


def line_colours(**legend: Any) -> alt.Color:
    """A colour for every line, the same order everywhere; legend: further options of the legend."""
    return alt.Color(
        "g:N",
        title=None,
        sort=["@order"],
        scale=alt.Scale(domain=["@order"], range=["@colours"]),
        legend=alt.Legend(orient="top", labelLimit=300, symbolType="circle", **legend),
    )


def cuts(within: str = "true") -> list[alt.Chart]:
    """A rule with its name at every break; within: Vega expression of breaks to keep."""
    rule = alt.Chart(alt.NamedData("b")).transform_filter(within)
    name = rule.mark_text(angle=270, align="right", baseline="bottom", dy=-3, color="#6a6a6a", y=4)
    return [
        rule.mark_rule(strokeDash=[4, 3], color="#8a8a8a").encode(x="j:Q"),
        name.encode(x="j:Q", text="t:N"),
    ]


def group_tooltip() -> alt.Tooltip:
    """The name of the group."""
    return alt.Tooltip("g:N", title="@group", format="")


def value_tooltip(field: str) -> alt.Tooltip:
    """A figure in the unit of the axis."""
    return alt.Tooltip(field, title="@axis", format="@format")


def choice_filter(name: str, datum: str) -> str:
    """Vega expression: true if nothing is chosen, or if the choice `name` contains `datum`."""
    return f"!{name} || indexof({name}, {datum}) >= 0"


def specification(chart: Any, *choices: str, **fixed: object) -> Spec:
    """The specification with a parameter for every choice; fixed: parameters that never change."""
    spec: Spec = chart.to_dict(validate=False)
    given = {**dict.fromkeys(choices), **fixed}
    # Names and order are the contract with the scripts; Altair would sort and count them.
    return {**spec, "params": [{"name": name, "value": value} for name, value in given.items()]}
