"""One bar per answer that could be chosen, with its share."""

from collections.abc import Mapping
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue
from kreisheft.participation import survey_charts
from kreisheft.participation.shares import Choice
from kreisheft.render import charts
from kreisheft.render.chart_parts import COLOURS, specification
from kreisheft.render.charts import Spec
from kreisheft.render.sentences import number


def fill(choice: Choice, words: Mapping[str, str], sentence: str, book: Catalogue) -> Spec:
    """One bar per answer that could be chosen, with its share."""
    rows = [
        {
            "z": survey_charts.in_lines(a.label),
            "w": round(share, 1),
            "t": number(share, "personen", book),
        }
        for a, _, share in choice.shares
    ]
    labels = [str(row["z"]) for row in rows]
    places = {"axis": words["share"], "order": labels}
    spec = charts.finish(template(), places, {"d": rows}, sentence)
    return {**spec, "height": survey_charts.height(labels, 30)}


@cache
def template() -> Spec:
    """Bars of shares, each with its number; labels may have lines."""
    base = alt.Chart(alt.NamedData("d"))
    axis = alt.Axis(labelLimit=300, labelExpr=survey_charts.LINES, title=None)
    y = alt.Y("z:N", sort=["@order"], axis=axis)
    room = alt.Scale(domain=[0, 105])
    x = alt.X("w:Q", title="@axis", scale=room, axis=alt.Axis(tickCount=5))
    bar = base.mark_bar(color=COLOURS[0], size=20).encode(
        x=x, y=y, tooltip=[alt.Tooltip("t:N", title="@axis")]
    )
    text = base.mark_text(align="left", dx=4).encode(x=x, y=y, text="t:N")
    return specification(alt.layer(bar, text))


def draw() -> None:
    """Draw it, so that processes forked later have it."""
    template()
