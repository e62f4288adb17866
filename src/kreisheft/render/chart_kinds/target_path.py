"""What was observed of one group beside the way to a target."""

import math
from collections.abc import Sequence
from functools import cache

import altair as alt

from kreisheft.catalogue.catalogue import Catalogue, Indicator
from kreisheft.facts.stages import Protected
from kreisheft.render import charts
from kreisheft.render.chart_parts import (
    COLOURS,
    cuts,
    group_tooltip,
    line_colours,
    specification,
    value_axis,
    value_tooltip,
)
from kreisheft.render.charts import Spec
from kreisheft.render.sentences import breaks_within


def fill(
    protected: Protected,
    indicator: Indicator,
    labels: tuple[str, str],
    way: Sequence[tuple[int, float]],
    sentence: str,
    book: Catalogue,
) -> Spec:
    """One group's figures beside the way to a target.

    protected: rows of that group. labels: what was observed, and the way. way: a value per year.
    """
    rows = protected.rows("group", "year", "segment", "value")
    rows = sorted((r for r in rows if not math.isnan(r[3])), key=lambda r: r[1])
    seen, asked = labels
    points = [
        {"j": year, "g": seen, "w": round(value, 6), "s": run}
        for (_, year, _, value), run in zip(rows, charts.number_runs(rows), strict=True)
    ]
    line = [{"j": year, "g": asked, "w": round(value, 6)} for year, value in way]
    years = [point["j"] for point in (*points, *line)]
    cuts = [{"j": year - 0.5, "t": b.label} for year, b in breaks_within(protected, book)]
    places = {
        **charts.words(indicator, book),
        "from": min(years) - 0.5,
        "to": max(years) + 0.5,
        "order": list(labels),
        "colours": COLOURS[:2],
    }
    ends = [line[0], line[-1]] if len(line) > 1 else line
    data = {"d": points, "p": line, "e": ends, **({"b": cuts} if cuts else {})}
    return charts.finish(template(bool(cuts)), places, data, sentence)


@cache
def template(cut: bool) -> Spec:
    """What was observed as a line, the way to a target dashed; cut: a rule at every break."""
    x = alt.X(
        "j:Q",
        title=None,
        scale=alt.Scale(domain=["@from", "@to"], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, tickCount=8, grid=False, labelOverlap=True),
    )
    y, colour = value_axis(), line_colours()
    year = alt.Tooltip("j:Q", title="@year", format="d")
    tooltip = [year, group_tooltip(), value_tooltip("w:Q")]
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
    return specification(alt.layer(*layers, *(cuts() if cut else ()), height=280))


def draw() -> None:
    """Draw it with and without breaks, so that processes forked later have both."""
    for cut in (True, False):
        template(cut)
